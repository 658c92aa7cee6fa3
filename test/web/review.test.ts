import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createApp } from '../../src/app.ts';
import { paths } from '../../src/paths.ts';
import { declineReferral, moveReferral } from '../../src/referrals/review-service.ts';
import { type Agent, signInAs } from '../support/cast.ts';
import { csrfToken, press, textOf } from '../support/forms.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

const words = 'Strong in React and a pleasure to talk to; the team needs Go in production.';

describe('Review', () => {
  let house: Recruiting;
  let anna: Agent;
  let rita: Agent;
  let ben: Agent;
  let david: Agent;

  before(async () => {
    house = await openRecruiting({ today: '2027-03-01' });
    [anna, rita, ben, david] = (await Promise.all(
      [house.people.anna, house.people.rita, house.people.ben, house.people.david].map((one) => signInAs(house, one)),
    )) as [Agent, Agent, Agent, Agent];
  });
  after(() => house.close());

  const post = async (agent: Agent, action: string, fields: Record<string, string>) =>
    agent
      .post(action)
      .type('form')
      .send({ csrf: await csrfToken(agent, paths.account()), ...fields });
  const english = (agent: Agent, url: string) => agent.get(url);
  const waitingOf = async (referralId: number) =>
    (await house.db('referrals').where({ id: referralId }).first('stage', 'outcome')) as Record<string, string>;

  it('shows what waits, the longest first, with a clock in words', async () => {
    house.turnTo('2027-03-01');
    await house.refer('Clock Early');
    house.turnTo('2027-03-03');
    await house.refer('Clock Late');
    const page = textOf((await english(rita, `${paths.review()}?scope=all`)).text);
    assert.match(page, /Clock Early Due today.*Clock Late Due 5 March 2027/);
    assert.match(page, /recommended by Ben Carter/);
    house.turnTo('2027-03-04');
    assert.match(textOf((await rita.get(`${paths.review()}?scope=all`)).text), /Clock Early 1 working day late/);
    house.turnTo('2027-03-08');
    const later = textOf((await rita.get(`${paths.review()}?scope=all`)).text);
    assert.match(later, /Clock Early 3 working days late/);
    assert.match(later, /Clock Late 1 working day late/);
    assert.match(later, /2 overdue/);
  });

  it('says that a letter is on its way only where a mail server is set', async () => {
    const said = async (agent: Agent, name: string): Promise<string> => {
      const id = await house.refer(name);
      const moved = await post(agent, paths.referralMove(id), { to: 'screening', madeFor: 'received' });
      assert.equal(moved.status, 303, textOf(moved.text));
      return textOf((await agent.get(moved.headers.location as string)).text);
    };
    assert.match(await said(rita, 'Silent One'), /now at \w+\. The letter to Ben Carter waits in the outbox\./);
    const app = await createApp({ ...house.deps, config: { ...house.deps.config, smtpUrl: 'smtp://127.0.0.1:9' } });
    const ritaThere = await signInAs({ ...house, app }, house.people.rita);
    assert.match(await said(ritaThere, 'Loud One'), /now at \w+\. Ben Carter is told by e-mail\./);
  });

  it('shows recruiters theirs at first, and the general ones', async () => {
    const general = await house.refer('General Person', { openingId: null });
    const mine = textOf((await rita.get(paths.review())).text);
    assert.match(mine, /General Person/);
    assert.doesNotMatch(mine, /Clock Early/);
    assert.match(textOf((await anna.get(paths.review())).text), /Clock Early/);
    await house
      .db('referrals')
      .where({ id: general })
      .update({ outcome: 'withdrawn', ended_at: new Date(0) });
    assert.match(textOf((await rita.get(paths.review())).text), /Nobody waits for you/);
  });

  it('is for recruiters and admins; only recruiters decide', async () => {
    const id = await house.refer('Guarded Person');
    assert.equal((await ben.get(paths.review())).status, 403);
    assert.equal((await david.get(paths.review())).status, 200);
    for (const url of [paths.referralDecline(id), paths.referralWithdraw(id), paths.referralNoReply(id)]) {
      assert.equal((await david.get(url)).status, 403, url);
      assert.equal((await ben.get(url)).status, 403, url);
      assert.equal((await rita.get(url)).status, 200, url);
    }
    const move = await post(ben, paths.referralMove(id), { madeFor: 'received', to: 'screening' });
    assert.equal(move.status, 403);
    assert.equal((await waitingOf(id)).stage, 'received');
    assert.equal((await rita.get(paths.referralDecline(999_999))).status, 404);
    assert.equal((await rita.get('/referrals/abc/decline')).status, 404);
  });

  it('moves a referral on, tells the referrer, and stops the clock', async () => {
    const id = await house.refer('Moved Person');
    const from = `${paths.review()}?scope=all`;
    const answer = await post(anna, paths.referralMove(id), { madeFor: 'received', to: 'interview', from });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, `${paths.referral(id)}?from=${encodeURIComponent(from)}`);
    assert.equal((await waitingOf(id)).stage, 'interview');
    const letters = await house.emailsTo(house.people.ben, id);
    assert.equal(letters.get('stage_moved')?.data.stage, 'interview');
    await anna.get(paths.account());
    assert.doesNotMatch(textOf((await anna.get(from)).text), /Moved Person/);
    assert.match(textOf((await anna.get(`${from}&stage=interview`)).text), /Moved Person/);
    const history = await house.db('history').where({ about: 'referral', about_id: id }).orderBy('id', 'desc').first();
    assert.equal(history.deed, 'referral.moved');
    assert.deepEqual(history.facts, { from: 'received', to: 'interview' });
  });

  it('declines with a reason and words, in the language of the referrer', async () => {
    const id = await house.refer('Declined Person', { by: house.people.elena });
    const url = paths.referralDecline(id);
    const preview = await press(rita, url, url, {
      madeFor: 'received',
      declineReason: 'skills',
      feedback: words,
      step: 'preview',
    });
    assert.equal(preview.status, 200);
    assert.match(textOf(preview.text), /What Elena Sokolova will get.*Не в этот раз, и вот почему/);
    assert.match(textOf(preview.text), /Elena Sokolova reads Vouch in Russian/);
    assert.equal((await waitingOf(id)).outcome, null);
    const sent = await press(rita, url, url, { madeFor: 'received', declineReason: 'skills', feedback: words });
    assert.equal(sent.status, 303);
    const letter = (await house.emailsTo(house.people.elena, id)).get('declined');
    assert.equal(letter?.language, 'ru');
    assert.equal(letter?.data.feedback, words);
    assert.equal(letter?.data.recruiterName, 'Rita Blum');
    const kept = await house.db('referrals').where({ id }).first();
    assert.deepEqual([kept.outcome, kept.decline_reason, kept.feedback], ['declined', 'skills', words]);
    assert.notEqual(kept.first_answered_at, null);
  });

  it('keeps what was typed when declining lacks something', async () => {
    const id = await house.refer('Typed Person');
    const url = paths.referralDecline(id);
    const short = await press(rita, url, url, {
      madeFor: 'received',
      declineReason: 'salary',
      feedback: 'Too dear & far',
    });
    assert.equal(short.status, 422);
    assert.match(textOf(short.text), /at least 40 characters/);
    assert.match(short.text, /Too dear &amp; far/);
    assert.match(short.text, /value="salary" checked/);
    const empty = await press(rita, url, url, { madeFor: 'received' });
    assert.equal(empty.status, 422);
    assert.match(textOf(empty.text), /Choose the main reason/);
    assert.match(textOf(empty.text), /Write a few words to the referrer/);
    const long = await press(rita, url, url, {
      madeFor: 'received',
      declineReason: 'salary',
      feedback: 'я'.repeat(2001),
    });
    assert.equal(long.status, 422);
    const strange = { madeFor: 'received', declineReason: 'other', feedback: `\u0000=HYPERLINK("x") <script>${words}` };
    assert.equal((await press(rita, url, url, { ...strange, step: 'preview' })).status, 200);
    assert.equal((await press(rita, url, url, strange)).status, 303);
  });

  it('refuses what was meant for another stage or comes twice, and says who did what', async () => {
    const id = await house.refer('Contested Person');
    const decline = { madeFor: 'received', declineReason: 'skills', feedback: words };
    assert.equal((await post(anna, paths.referralMove(id), { madeFor: 'received', to: 'screening' })).status, 303);
    const stale = await post(rita, paths.referralDecline(id), decline);
    assert.equal(stale.status, 409);
    assert.match(textOf(stale.text), /Anna Petrova moved it to “Screening” on/);
    const again = await post(rita, paths.referralMove(id), { madeFor: 'received', to: 'screening' });
    assert.equal(again.status, 409);
    assert.match(textOf(again.text), /stands at this stage already/);
    assert.equal((await post(rita, paths.referralDecline(id), { ...decline, madeFor: 'screening' })).status, 303);
    const twice = await post(anna, paths.referralDecline(id), { ...decline, madeFor: 'screening' });
    assert.equal(twice.status, 409);
    assert.match(textOf(twice.text), /Rita Blum/);
    assert.equal((await anna.get(paths.referralDecline(id))).status, 409);
    const letters = await house.emailsTo(house.people.ben, id);
    assert.deepEqual([...letters.keys()].sort(), ['declined', 'stage_moved', 'thank_you']);
    assert.equal((await post(rita, paths.referralMove(id), { madeFor: 'screening', to: 'hired' })).status, 422);
  });

  it('lets one of two recruiters win at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const referralId = await house.refer(`Raced Person ${round}`);
      const madeFor = 'received' as const;
      const answers = await Promise.all([
        moveReferral(house.deps, house.people.anna, { referralId, madeFor, to: 'screening' }),
        declineReferral(house.deps, house.people.rita, {
          referralId,
          madeFor,
          declineReason: 'filled',
          feedback: words,
        }),
      ]);
      assert.equal(answers.filter(({ ok }) => ok).length, 1);
      const { rows } = await house.db.raw(
        `select count(*) from history where about_id = ? and deed in ('referral.moved', 'referral.declined')`,
        [referralId],
      );
      assert.equal(rows[0].count, 1);
    }
  });

  it('ends a referral when the candidate withdraws or does not reply', async () => {
    const gone = await house.refer('Gone Person');
    const silent = await house.refer('Silent Person');
    const url = paths.referralWithdraw(gone);
    const sent = await press(anna, url, url, { madeFor: 'received', feedback: 'Another offer; ask in a year.' });
    assert.equal(sent.status, 303);
    assert.equal((await post(anna, paths.referralNoReply(silent), { madeFor: 'received' })).status, 303);
    assert.equal((await waitingOf(gone)).outcome, 'withdrawn');
    assert.equal((await waitingOf(silent)).outcome, 'no_reply');
    assert.equal((await post(anna, paths.referralNoReply(silent), { madeFor: 'received' })).status, 409);
    const { ben } = house.people;
    assert.equal((await house.emailsTo(ben, gone)).get('withdrawn')?.data.feedback, 'Another offer; ask in a year.');
    assert.equal((await house.emailsTo(ben, silent)).get('no_reply')?.data.feedback, '');
  });

  it('never works on what somebody else recommended first', async () => {
    const first = await house.refer('Wanted Person');
    const { candidate_id } = await house.db('referrals').where({ id: first }).first();
    const second = await house.refer('Wanted Person Too', { by: house.people.elena });
    await house.db('referrals').where({ id: second }).update({ candidate_id, already_recommended: true });
    assert.doesNotMatch((await rita.get(`${paths.review()}?scope=all`)).text, /Wanted Person Too/);
    for (const [action, fields] of [
      [paths.referralMove(second), { to: 'screening' }],
      [paths.referralDecline(second), { declineReason: 'skills', feedback: words }],
      [paths.referralWithdraw(second), {}],
    ] as const) {
      const answer = await post(rita, action, { madeFor: 'received', ...fields });
      assert.equal(answer.status, 409, action);
      assert.match(textOf(answer.text), /Somebody else recommended this person first/);
    }
  });

  it('turns pages by place, forward and back', async () => {
    house.turnTo('2027-04-01');
    for (let nth = 0; nth < 30; nth += 1)
      await house.refer(`Many ${String(nth).padStart(2, '0')}`, { openingId: null });
    const names = (html: string) => [...html.matchAll(/row-link"[^>]*>([^<]+)</g)].map((match) => match[1]);
    const link = (html: string, rel: string) =>
      new RegExp(`href="([^"]+)" rel="${rel}"`).exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    const first = (await rita.get(paths.review())).text;
    assert.equal(names(first).length, 25);
    const second = (await rita.get(link(first, 'next') ?? '')).text;
    assert.deepEqual(names(second), ['Many 25', 'Many 26', 'Many 27', 'Many 28', 'Many 29']);
    assert.equal(link(second, 'next'), undefined);
    const back = (await rita.get(link(second, 'prev') ?? '')).text;
    assert.deepEqual(names(back), names(first));
    assert.equal(link(back, 'prev'), undefined);
    assert.equal((await rita.get(`${paths.review()}?after=nonsense~x&stage=nope&opening=-1`)).status, 200);
  });
});
