import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ensureFirstPolicy } from '../../src/bonuses/policy-service.ts';
import { renderEmail } from '../../src/mail/render.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { press, textOf, type Upload } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { publishOpening, recommending, sendRecommendation } from '../support/referrals.ts';
import { pdf } from '../support/resumes.ts';

let house: TestHouse;
let people: Cast;
let ben: Agent;
let anna: Agent;
let openingId: number;

before(async () => {
  house = await openTestHouse();
  people = await cast(house);
  await ensureFirstPolicy(house.deps);
  openingId = await publishOpening(house, people);
  ben = await signInAs(house, people.ben);
  anna = await signInAs(house, people.rita);
});
after(() => house.close());

type Known = { candidateId: number; referralId: number };

async function known(more: Record<string, string> = {}, resume?: Upload): Promise<Known> {
  const answer = await sendRecommendation(ben, recommending({ opening: String(openingId), ...more }), resume);
  assert.equal(answer.status, 303, textOf(answer.text));
  const referralId = Number(/referrals\/(\d+)/.exec(answer.headers.location as string)?.[1]);
  const { candidate_id } = await house.db('referrals').where({ id: referralId }).first();
  return { candidateId: candidate_id, referralId };
}

const search = async (query: Record<string, string>) => {
  const answer = await anna.get(`${paths.pool()}?${new URLSearchParams(query)}`);
  assert.equal(answer.status, 200);
  return answer;
};

describe('the pool', () => {
  it('teaches while it is empty', async () => {
    assert.match(textOf((await anna.get(paths.pool())).text), /The pool fills by itself/);
  });

  it('is for recruiters and admins only', async () => {
    const { candidateId } = await known({ full_name: 'Maria Ivanova', skills: 'PostgreSQL, Go' });
    for (const name of ['ben', 'clara', 'farid'] as const) {
      const agent = await signInAs(house, people[name]);
      assert.equal((await agent.get(paths.pool())).status, 403, name);
      assert.equal((await agent.get(paths.candidate(candidateId))).status, 403, name);
    }
    const david = await signInAs(house, people.david);
    assert.equal((await david.get(paths.pool())).status, 200);
  });

  it('finds by name, e-mail, phone and skill, in any case, and marks why', async () => {
    const email = 'grace.hopper@navy.example';
    await known({ full_name: 'Grace Hopper', email, phone: '+49 170 7654321', skills: 'COBOL, COBOL II, Go' });
    const cases: [string, RegExp][] = [
      ['hopp', /Grace <mark>Hopp<\/mark>er/],
      ['grace hopper', /<mark>Grace<\/mark> <mark>Hopper<\/mark>/],
      ['navy.example', /grace\.hopper@<mark>navy\.example<\/mark>/],
      ['0170 765 43 21', /\+49<mark>1707654321<\/mark>/],
      ['cobol', /<mark>COBOL<\/mark>/],
      ['Grace cob', /<mark>COB<\/mark>OL/],
      ['hopper II', /COBOL <mark>II<\/mark>/],
    ];
    for (const [q, mark] of cases) {
      const { text } = await search({ q });
      assert.match(text, mark, q);
      assert.doesNotMatch(text, /Ivanova/, q);
    }
    const both = (await search({ q: 'go' })).text;
    assert.match(both, /Hopper[\s\S]*Ivanova/);
    assert.match(both, /<mark>Go<\/mark>/);
    assert.match(textOf(both), /2 candidates/);
  });

  it('finds a name however its letters are typed', async () => {
    const cases: [name: string, ...typed: string[]][] = [
      ['Ana Đorđević', 'dordevic', 'djordjevic', 'Đorđević', 'ĐOR', 'đo', 'dj'],
      ['Łukasz Groß', 'lukasz', 'gross', 'groß', 'Łuk'],
      ['Søren Müller', 'soren', 'soeren', 'muller', 'Mueller', 'müller'],
      ['Алёна Соловьёва', 'алена', 'соловьева', 'Алёна', 'АЛЕ'],
    ];
    for (const [name, ...typed] of cases) {
      await known({ full_name: name, email: `${randomUUID()}@example.org`, phone: '' });
      for (const q of typed) {
        const { text } = await search({ q });
        assert.match(text, /<mark>/, q);
        assert.ok(textOf(text.replace(/<\/?mark>/g, '')).includes(name), `${q} finds ${name}`);
      }
    }
    assert.match((await search({ q: 'djordj' })).text, /Ana <mark>Đorđ<\/mark>ević/);
    assert.match((await search({ q: 'gross' })).text, /Łukasz <mark>Groß<\/mark>/);
    assert.doesNotMatch(textOf((await search({ q: 'dordevic' })).text), /sound like/);
  });

  it('forgives a slip of the keys, and says so', async () => {
    const text = textOf((await search({ q: 'Ivanovva' })).text);
    assert.match(text, /Nobody matches “Ivanovva” exactly\. These names sound like it\..*Maria Ivanova/);
  });

  it('says when nobody fits, and how to get on', async () => {
    const text = textOf((await search({ q: 'zzzzqqq', standing: 'hired' })).text);
    assert.match(text, /Nobody fits all of this Take off one of the conditions/);
  });

  it('takes what is typed as text, never as a pattern or a tag', async () => {
    await known({ full_name: '<b>100%_sure</b>' });
    const { text } = await search({ q: '<b>100%' });
    assert.match(text, /<mark>&lt;b&gt;100%<\/mark>_sure&lt;\/b&gt;/);
    assert.match(textOf((await search({ q: '%%%' })).text), /0 candidates/);
    assert.equal(
      (await search({ q: "'; drop table candidates; --", skill: '\\', opening: 'x', older: '-1' })).status,
      200,
    );
  });

  it('is narrowed by how it stands, skill, department and agreement', async () => {
    const { referralId } = await known({ full_name: 'Alan Turing', skills: 'Logic' });
    await house.db('referrals').where({ id: referralId }).update({
      outcome: 'declined',
      decline_reason: 'filled',
      ended_at: house.db.fn.now(),
      agreed_at: '2020-01-01T00:00:00Z',
    });
    assert.match((await search({ standing: 'declined' })).text, /Turing/);
    assert.doesNotMatch((await search({ standing: 'open' })).text, /Turing/);
    assert.match((await search({ skill: 'logic' })).text, /Turing/);
    assert.doesNotMatch((await search({ skill: 'logi' })).text, /Turing/);
    assert.match((await search({ department: 'Engineering' })).text, /Turing/);
    assert.doesNotMatch((await search({ department: 'Sales' })).text, /Turing/);
    assert.doesNotMatch((await search({ agreed: 'lately' })).text, /Turing/);
    const facets = textOf((await search({ q: 'turing' })).text);
    assert.match(facets, /How it stands Declined 1 Skill Logic 1 Department Engineering 1/);
  });

  it('turns pages, and counts no further than a thousand', async () => {
    await house.db.raw(
      `with made as (insert into candidates (full_name, email_key, skills, created_at)
         select 'Zoe Nr' || n, 'zoe' || n || '@example.org', '{Zoology}', now() from generate_series(1, 1001) n returning id)
       insert into referrals (candidate_id, referrer_id, referrer_roles, policy_id, submission_key, relationship, why,
         agreed_at, agreed_text_version, made_at, made_on, stage_since, first_answer_due_on)
       select id, ?, '{employee}', (select id from policies limit 1), gen_random_uuid(), 'friend', 'x', now(), 1,
         now(), current_date, now(), current_date from made`,
      [people.ben.id],
    );
    const first = (await search({ q: 'zoolog' })).text;
    assert.match(textOf(first), /1,000\+ candidates/);
    const names = (text: string) => [...textOf(text).matchAll(/Zoe Nr\d+/g)].map(([name]) => name);
    const link = (text: string, rel: string) =>
      new RegExp(`href="([^"]+)" rel="${rel}"`).exec(text)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    const second = (await anna.get(link(first, 'next') as string)).text;
    assert.equal(names(first).length, 25);
    assert.equal(new Set([...names(first), ...names(second)]).size, 50);
    const back = (await anna.get(link(second, 'prev') as string)).text;
    assert.deepEqual(names(back), names(first));
    await house.db('candidates').where('email_key', 'zoe1@example.org').update({ skills: [] });
    assert.match(textOf((await search({ q: 'zoolog' })).text), /1,000 candidates/);
  });
});

describe('considering for another opening', () => {
  const consider = (agent: Agent, candidateId: number, fields: Record<string, string>) =>
    press(agent, paths.candidate(candidateId), paths.candidateConsider(candidateId), fields);
  const mailsAbout = (referralId: number) =>
    house
      .db('outbox_emails')
      .whereRaw(`data ->> 'referralId' = ?`, [String(referralId)])
      .orderBy('kind')
      .select('kind', 'to_employee_id as to');

  it('makes a referral in the name of the owner, and tells them', async () => {
    const { candidateId, referralId } = await known({ full_name: 'Barbara Liskov' });
    const other = await publishOpening(house, people, 'Platform engineer');
    const page = textOf((await anna.get(paths.candidate(candidateId))).text);
    assert.match(page, /It will be made in the name of Ben Carter, who has the credit until/);
    const answer = await consider(anna, candidateId, { opening: String(other) });
    assert.equal(answer.status, 303, textOf(answer.text));
    const made = await house.db('referrals').where({ opening_id: other }).first();
    assert.equal(answer.headers.location, paths.referral(made.id));
    assert.equal(made.referrer_id, people.ben.id);
    assert.equal(made.considered_from_id, referralId);
    assert.equal(made.considered_by, people.rita.id);
    assert.equal(made.already_recommended, false);
    assert.deepEqual(await mailsAbout(made.id), [
      { kind: 'considered_again', to: people.ben.id },
      { kind: 'new_referral', to: people.anna.id },
    ]);
    assert.match(textOf((await ben.get(paths.referral(made.id))).text), /brought this person up again/);
    assert.equal((await house.db('ownerships').where({ candidate_id: candidateId })).length, 1);
  });

  it('names the candidate to the owner as the owner does, whoever wrote the record', async () => {
    const { candidateId } = await known({ full_name: 'Grace Hopper' });
    await house.db('candidates').where({ id: candidateId }).update({ full_name: 'Amazing Grace' });
    const other = await publishOpening(house, people, `Opening ${randomUUID()}`);
    assert.equal((await consider(anna, candidateId, { opening: String(other) })).status, 303);
    const made = await house.db('referrals').where({ opening_id: other }).first();
    const mails = await house.db('outbox_emails').whereRaw(`data ->> 'referralId' = ?`, [String(made.id)]);
    assert.deepEqual(mails.map(({ kind, data }) => [kind, data.candidateName]).sort(), [
      ['considered_again', 'Grace Hopper'],
      ['new_referral', 'Amazing Grace'],
    ]);
    const page = textOf((await ben.get(paths.referral(made.id))).text);
    assert.match(page, /Grace Hopper/);
    assert.doesNotMatch(page, /Amazing Grace/);
  });

  it('shows the résumé that came before, says what was tried, and names the opening to the owner', async () => {
    const resume = { name: 'barbara.pdf', bytes: pdf() };
    const { candidateId, referralId } = await known({ full_name: 'Edith Clarke' }, resume);
    const title = `Opening ${randomUUID()}`;
    const other = await publishOpening(house, people, title);
    assert.equal((await consider(anna, candidateId, { opening: String(other) })).status, 303);
    const made = await house.db('referrals').where({ opening_id: other }).first();
    const { id: resumeId } = await house.db('resumes').where({ referral_id: referralId }).first();
    const page = (await anna.get(paths.referral(made.id))).text;
    assert.ok(page.includes(paths.resume(resumeId)));
    assert.match(textOf(page), /From an earlier recommendation/);
    assert.equal((await anna.get(paths.resume(resumeId))).status, 200);
    assert.ok(!(await ben.get(paths.referral(made.id))).text.includes(paths.resume(resumeId)));
    const letter = await house
      .db('outbox_emails')
      .where({ kind: 'considered_again' })
      .orderBy('created_at', 'desc')
      .first();
    const written = renderEmail(house.deps.config, {
      kind: 'considered_again',
      data: letter.data,
      language: 'en',
      receiverName: 'Ben',
    });
    assert.ok(written.subject.includes(title));
    await house
      .db('referrals')
      .where({ id: made.id })
      .update({ outcome: 'withdrawn', ended_at: '2026-11-20T10:00:00Z' });
    assert.match(
      textOf((await anna.get(paths.candidate(candidateId))).text),
      new RegExp(`${title}, Berlin \\(tried 20 November 2026: Withdrawn\\)`),
    );
  });

  it('twice leads to the same referral', async () => {
    const { candidateId } = await known();
    const other = await publishOpening(house, people, `Opening ${randomUUID()}`);
    const token = { opening: String(other) };
    const first = await consider(anna, candidateId, token);
    const second = await consider(anna, candidateId, token);
    assert.equal(second.headers.location, first.headers.location);
    assert.equal((await house.db('referrals').where({ opening_id: other })).length, 1);
    const next = await anna.get(second.headers.location as string);
    assert.match(textOf(next.text), /Someone is looking at this candidate for this opening already/);
  });

  it('twice at once is one referral', async () => {
    const { candidateId } = await known();
    const other = await publishOpening(house, people, `Opening ${randomUUID()}`);
    const answers = await Promise.all([1, 2, 3].map(() => consider(anna, candidateId, { opening: String(other) })));
    assert.deepEqual(
      answers.map((one) => one.status),
      [303, 303, 303],
    );
    assert.equal((await house.db('referrals').where({ opening_id: other })).length, 1);
  });

  it('without an owner is in the recruiter’s own name, once the candidate was asked', async () => {
    const { candidateId } = await known();
    await house
      .db('ownerships')
      .where({ candidate_id: candidateId })
      .update({ owned_from: '2020-01-01', owned_until: '2021-01-01' });
    const other = await publishOpening(house, people, `Opening ${randomUUID()}`);
    const unasked = await consider(anna, candidateId, { opening: String(other) });
    assert.equal(unasked.status, 422);
    assert.match(textOf(unasked.text), /Ask the candidate first, then tick this/);
    const asked = await consider(anna, candidateId, { opening: String(other), agreed: 'yes' });
    assert.equal(asked.status, 303);
    const made = await house.db('referrals').where({ opening_id: other }).first();
    assert.equal(made.referrer_id, people.rita.id);
    assert.deepEqual(await mailsAbout(made.id), [{ kind: 'new_referral', to: people.anna.id }]);
  });

  it('is refused for a closed opening, for a colleague, and without an opening', async () => {
    const { candidateId, referralId } = await known();
    const other = await publishOpening(house, people, `Opening ${randomUUID()}`);
    const empty = await consider(anna, candidateId, {});
    assert.equal(empty.status, 422);
    assert.match(textOf(empty.text), /Choose an opening\./);
    const token = await press(anna, paths.candidate(candidateId), paths.candidateConsider(candidateId), {
      opening: 'x',
    });
    assert.equal(token.status, 422);
    await house.db('openings').where({ id: other }).update({ state: 'paused' });
    const paused = await consider(anna, candidateId, { opening: String(other) });
    assert.equal(paused.status, 409);
    assert.match(textOf(paused.text), /isn't taking recommendations any more/);
    await house.db('openings').where({ id: other }).update({ state: 'published' });
    await house.db('hires').insert({
      referral_id: referralId,
      candidate_id: candidateId,
      department: 'Engineering',
      country: 'DE',
      level: 'senior',
      employment_type: 'permanent',
      first_day_on: '2026-01-01',
      probation_ends_on: '2026-06-30',
      recorded_by: people.anna.id,
      recorded_at: house.db.fn.now(),
    });
    const hired = await press(anna, paths.pool(), paths.candidateConsider(candidateId), { opening: String(other) });
    assert.equal(hired.status, 409);
    assert.match(textOf(hired.text), /This person works here already/);
  });

  it('is for recruiters', async () => {
    const { candidateId } = await known();
    const answer = await press(ben, paths.recommend(), paths.candidateConsider(candidateId), {
      opening: String(openingId),
    }).catch(() => null);
    assert.ok(answer === null || answer.status === 403);
    assert.equal((await anna.get(paths.candidate(999_999))).status, 404);
  });
});
