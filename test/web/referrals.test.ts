import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ensureFirstPolicy } from '../../src/bonuses/policy-service.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { publishOpening, recommending, sendRecommendation } from '../support/referrals.ts';

let house: TestHouse;
let people: Cast;
let ben: Agent;
let openingId: number;

before(async () => {
  house = await openTestHouse();
  people = await cast(house);
  await ensureFirstPolicy(house.deps);
  openingId = await publishOpening(house, people);
  ben = await signInAs(house, people.ben);
});
after(() => house.close());

async function recommend(agent: Agent, more: Record<string, string> = {}): Promise<number> {
  const answer = await sendRecommendation(agent, recommending({ opening: String(openingId), ...more }));
  assert.equal(answer.status, 303, textOf(answer.text));
  return Number(/referrals\/(\d+)/.exec(answer.headers.location as string)?.[1]);
}

describe('your referrals', () => {
  it('teach when there are none', async () => {
    const text = textOf((await ben.get(paths.myReferrals())).text);
    assert.match(text, /Whom would you like to work with again\?/);
  });

  it('stand in a row of steps with the day of the first answer', async () => {
    await recommend(ben, { full_name: 'Yuki Tanaka' });
    const answer = await ben.get(paths.myReferrals());
    assert.match(textOf(answer.text), /Yuki Tanaka Backend engineer Received/);
    assert.match(textOf(answer.text), /A first answer by \d/);
    assert.match(answer.text, /aria-current="step"/);
  });

  it('are only your own', async () => {
    const elena = await signInAs(house, people.elena);
    assert.doesNotMatch((await elena.get(paths.myReferrals())).text, /Yuki/);
  });

  it('can be narrowed to those under way and those ended', async () => {
    const id = await recommend(ben, { full_name: 'Tom Weber' });
    await house.db('referrals').where({ id }).update({
      outcome: 'declined',
      decline_reason: 'skills',
      feedback: 'Strong, but we need Go.',
      ended_at: house.db.fn.now(),
      first_answered_at: house.db.fn.now(),
    });
    const open = textOf((await ben.get(`${paths.myReferrals()}?show=open`)).text);
    assert.match(open, /Yuki/);
    assert.doesNotMatch(open, /Tom Weber/);
    const ended = textOf((await ben.get(`${paths.myReferrals()}?show=ended`)).text);
    assert.match(ended, /Tom Weber .* Declined .* Skills didn't match Strong, but we need Go\./);
    assert.doesNotMatch(ended, /Yuki/);
    assert.equal((await ben.get(`${paths.myReferrals()}?show=x&older=%00~9&newer=~`)).status, 200);
  });

  it('turn pages without losing or repeating one', async () => {
    const rita = await signInAs(house, people.rita);
    await house.db.raw(
      `with made as (insert into candidates (full_name, email_key, created_at)
         select 'Person ' || n, 'p' || n || '@example.org', now() from generate_series(1, 50) n returning id)
       insert into referrals (candidate_id, referrer_id, referrer_roles, policy_id, submission_key, relationship, why,
         agreed_at, agreed_text_version, made_at, made_on, stage_since, first_answer_due_on)
       select id, ?, '{employee}', (select id from policies limit 1), gen_random_uuid(), 'friend', 'x', now(), 1,
         now() - id % 7 * interval '1 hour', current_date, now(), current_date from made`,
      [people.rita.id],
    );
    const seen: string[] = [];
    const pages: string[] = [];
    let next: string | undefined = paths.myReferrals();
    while (next) {
      pages.push(next);
      const { text } = await rita.get(next);
      seen.push(...[...text.matchAll(/Person \d+/g)].map(([name]) => name));
      next = /href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    }
    assert.equal(pages.length, 3);
    assert.equal(seen.length, 50);
    assert.equal(new Set(seen).size, 50);
    const back = await rita.get(pages[2] as string);
    const previous = /href="([^"]+)" rel="prev"/
      .exec(back.text)?.[1]
      ?.replaceAll('&amp;', '&')
      .replaceAll('&#x3D;', '=');
    const names = [...(await rita.get(previous as string)).text.matchAll(/Person \d+/g)].map(([name]) => name);
    assert.deepEqual(names, seen.slice(20, 40));
  });
});

/** A key that has no sentence would be shown as it is. */
const bareKey = /\b(referrals|candidates|common|review|bonuses)\.[a-z]+/i;

describe('the page of a referral', () => {
  it('tells the referrer the story, and nothing of other people’s', async () => {
    const id = await recommend(ben, { full_name: 'Maria Ivanova', phone: '+49 170 1112233' });
    const text = textOf((await ben.get(paths.referral(id))).text);
    assert.match(text, /Ben Carter made the recommendation/);
    assert.match(text, /Why they fit, in your words She kept our payments running/);
    assert.match(text, /Yours until/);
    assert.match(text, /How you know each other: We worked together/);
    assert.doesNotMatch(text, bareKey);
    assert.doesNotMatch(text, /1112233|example\.org/);
  });

  it('gives the recruiter the ways to reach the candidate, and the next step', async () => {
    const id = await recommend(ben, { phone: '+49 170 1112244' });
    const anna = await signInAs(house, people.anna);
    const answer = await anna.get(paths.referral(id));
    assert.match(answer.text, /href="tel:\+491701112244"/);
    assert.match(answer.text, /review-actions/);
    assert.match(answer.text, new RegExp(paths.candidate('\\d+')));
    assert.doesNotMatch(textOf(answer.text), bareKey);
    assert.doesNotMatch(textOf((await anna.get(paths.candidate(1))).text), bareKey);
    assert.doesNotMatch(textOf((await anna.get(paths.pool())).text), bareKey);
  });

  it('is read-only for the hiring manager', async () => {
    const id = await recommend(ben);
    const farid = await signInAs(house, people.farid);
    const answer = await farid.get(paths.referral(id));
    assert.equal(answer.status, 200);
    assert.match(textOf(answer.text), /because you are the hiring manager/);
    assert.doesNotMatch(answer.text, /review-actions|mailto:|tel:/);
  });

  it('does not exist for anybody else', async () => {
    const id = await recommend(ben);
    for (const name of ['elena', 'clara', 'greta'] as const) {
      const agent = await signInAs(house, people[name]);
      assert.equal((await agent.get(paths.referral(id))).status, 404, name);
      assert.equal((await agent.get(paths.referralThanks(id))).status, 404, name);
    }
    assert.equal((await ben.get(paths.referral(999_999))).status, 404);
    assert.equal((await ben.get(paths.referral('x'))).status, 404);
  });

  it('says why not this time', async () => {
    const id = await recommend(ben);
    await house.db('referrals').where({ id }).update({
      stage: 'interview',
      outcome: 'declined',
      decline_reason: 'experience',
      feedback: 'We need someone who has run large systems.',
      ended_at: house.db.fn.now(),
      first_answered_at: house.db.fn.now(),
    });
    const answer = await ben.get(paths.referral(id));
    assert.match(textOf(answer.text), /Not this time, and here is why\. Another kind of experience was needed/);
    assert.match(textOf(answer.text), /We need someone who has run large systems\./);
    assert.match(answer.text, /is-stopped/);
  });

  it('leads the recruiter back to the inbox they came from, and nowhere else', async () => {
    const id = await recommend(ben);
    const anna = await signInAs(house, people.anna);
    const inbox = await anna.get(`${paths.referral(id)}?from=${encodeURIComponent('/review?stage=open')}`);
    assert.match(inbox.text, /href="\/review\?stage(=|&#x3D;)open"/);
    const elsewhere = await anna.get(`${paths.referral(id)}?from=${encodeURIComponent('https://evil.example')}`);
    assert.doesNotMatch(elsewhere.text, /href="[^"]*evil/);
  });
});
