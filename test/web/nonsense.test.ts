import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { paths } from '../../src/paths.ts';
import { type Agent, signInAs } from '../support/cast.ts';
import { press } from '../support/forms.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

/* What nobody types and somebody sends: letters and days that PostgreSQL can't hold. A sentence or a page, never a 500. */
let house: Recruiting;
let anna: Agent;
let david: Agent;
let ben: Agent;
before(async () => {
  house = await openRecruiting({ today: '2026-08-03' });
  const { people } = house;
  anna = await signInAs(house, people.anna);
  david = await signInAs(house, people.david);
  ben = await signInAs(house, people.ben);
});
after(() => house.close());

test('a place in a list that no database can hold is its first page', async () => {
  const days = ['-271821-04-20', '+275760-09-13', '0000-01-01', '2026-02-30'];
  for (const day of days) {
    const at = encodeURIComponent(`${day}T00:00:00Z`);
    await anna.get(`${paths.review()}?after=${encodeURIComponent(day)}~1`).expect(200);
    await anna.get(`${paths.review()}?stage=open&before=${at}~1`).expect(200);
    await anna.get(`${paths.hires()}?after=${encodeURIComponent(day)}~1`).expect(200);
    await ben.get(`${paths.myReferrals()}?older=${at}~1`).expect(200);
    await ben.get(`${paths.openings()}?after=1~${at}~1`).expect(200);
    await david.get(`${paths.outbox()}?after=${at}_${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`).expect(200);
  }
  await david.get(`${paths.outbox()}?after=2026-01-01T00:00:00Z_${'-'.repeat(36)}`).expect(200);
});

test('a letter that no text can hold is left out of what a form sends', async () => {
  const nul = 'a\0b';
  const opening = { title: nul, department: nul, place: nul, level: nul, description: nul, skills: nul, country: 'DE' };
  const people = { employmentType: 'permanent', hiringManager: '00\x002', recruiterId: String(house.people.anna.id) };
  const made = await press(anna, paths.openingNew(), paths.openings(), { ...opening, ...people });
  assert.equal(made.status, 303);
  const kept = await house.db('openings').orderBy('id', 'desc').first();
  assert.deepEqual([kept.title, kept.description, kept.skills], ['ab', 'ab', ['ab']]);
  const again = await press(anna, paths.openingNew(), paths.openings(), { ...opening, ...people, hiringManager: nul });
  assert.equal(again.status, 422);
  const person = {
    full_name: nul,
    email: 'n@elsewhere.example',
    why: nul,
    skills: nul,
    relationship: 'workedTogether',
  };
  const sent = { submission_key: crypto.randomUUID(), opening: 'general', ...person, agreed: 'yes' };
  assert.equal((await press(ben, paths.recommend(), paths.recommend(), sent)).status, 303);
});
