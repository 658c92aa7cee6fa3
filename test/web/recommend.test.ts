import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ensureFirstPolicy } from '../../src/bonuses/policy-service.ts';
import { changeOpeningState, createOpening } from '../../src/openings/opening-service.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { textOf, type Upload, upload } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { docx, pdf } from '../support/resumes.ts';

let house: TestHouse;
let people: Cast;
let ben: Agent;
let elena: Agent;
let openingId: number;

before(async () => {
  house = await openTestHouse();
  people = await cast(house);
  await ensureFirstPolicy(house.deps);
  openingId = await publishedOpening('Backend engineer');
  ben = await signInAs(house, people.ben);
  elena = await signInAs(house, people.elena);
});
after(() => house.close());

async function publishedOpening(title: string): Promise<number> {
  const by = { id: people.anna.id, roles: people.anna.roles };
  const text = {
    title,
    department: 'Engineering',
    place: 'Berlin',
    country: 'DE',
    employmentType: 'permanent' as const,
    level: 'senior',
    description: 'Build things.',
    skills: ['Go'],
    hiringManagerId: people.farid.id,
    recruiterId: people.anna.id,
    isPriority: false,
  };
  const made = await createOpening(house.deps, by, text);
  const id = typeof made === 'number' ? made : (made as unknown as { value: number }).value;
  await changeOpeningState(house.deps, by, id, 'publish');
  return id;
}

const maria = (more: Record<string, string> = {}): Record<string, string> => ({
  submission_key: randomUUID(),
  opening: String(openingId),
  full_name: 'Maria Ivanova',
  email: `maria.${randomUUID().slice(0, 8)}@example.org`,
  phone: '',
  why: 'She kept our payments running for three years.',
  relationship: 'workedTogether',
  agreed: 'yes',
  ...more,
});

const send = (agent: Agent, fields: Record<string, string>, resume?: Upload) =>
  upload(agent, paths.recommend(), paths.recommend(), resume ? { resume } : {}, fields);

const rows = async (sql: string, values: unknown[] = []) => (await house.db.raw(sql, values as never)).rows;
const referralsOf = (email: string) =>
  rows(
    'select referrals.* from referrals join candidates on candidates.id = candidate_id where email = ? order by referrals.id',
    [email],
  );

describe('recommending', () => {
  it('is one page with the published openings', async () => {
    const answer = await ben.get(paths.recommend(openingId));
    assert.equal(answer.status, 200);
    assert.match(answer.text, new RegExp(`<option value="${openingId}" selected>`));
    assert.match(textOf(answer.text), /What happens next: recruiting answers by \d/);
  });

  it('makes a referral, thanks, and tells the recruiter', async () => {
    const fields = maria({ skills: ' Go, go ,  Kubernetes ,', relationship_words: 'at Acme' });
    const answer = await send(ben, fields, { name: 'cv.pdf', bytes: pdf() });
    assert.equal(answer.status, 303, textOf(answer.text));
    const [referral] = await referralsOf(fields.email as string);
    assert.equal(answer.headers.location, paths.referralThanks(referral.id));
    assert.equal(referral.already_recommended, false);
    assert.equal(referral.relationship, 'workedTogether: at Acme');
    assert.deepEqual(referral.referrer_roles, ['employee']);
    const [candidate] = await rows('select * from candidates where id = ?', [referral.candidate_id]);
    assert.deepEqual(candidate.skills, ['Go', 'Kubernetes']);
    const mails = await rows(
      `select kind, to_employee_id from outbox_emails where data ->> 'referralId' = ? order by kind`,
      [String(referral.id)],
    );
    assert.deepEqual(mails, [
      { kind: 'new_referral', to_employee_id: people.anna.id },
      { kind: 'thank_you', to_employee_id: people.ben.id },
    ]);
    const [deed] = await rows('select deed, actor_id, facts from history where referral_id = ?', [referral.id]);
    assert.equal(deed.deed, 'referral.made');
    assert.doesNotMatch(JSON.stringify(deed.facts), /Maria|example/);
    const thanks = await ben.get(answer.headers.location as string);
    assert.match(textOf(thanks.text), /Recruiting has two working days to answer; you'll hear either way\./);
  });

  it('tells every recruiter of one for the pool', async () => {
    const fields = maria({ opening: 'general' });
    assert.equal((await send(ben, fields)).status, 303);
    const [referral] = await referralsOf(fields.email as string);
    const told = await rows(
      `select to_employee_id as id from outbox_emails where kind = 'new_referral' and data ->> 'referralId' = ? order by id`,
      [String(referral.id)],
    );
    assert.deepEqual(new Set(told.map((one: { id: number }) => one.id)), new Set([people.anna.id, people.rita.id]));
  });
});
