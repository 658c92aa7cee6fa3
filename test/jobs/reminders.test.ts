import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { extendProbation, leaveHire, passProbation, undoLast } from '../../src/hires/hire-service.ts';
import { remindProbations } from '../../src/hires/probation-reminder-service.ts';
import { recordHire } from '../../src/hires/record-hire-service.ts';
import type { Employee } from '../../src/people/employee.ts';
import { sendOverdueDigest } from '../../src/referrals/overdue-digest-service.ts';
import { moveReferral } from '../../src/referrals/review-service.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

const day = Temporal.PlainDate.from;

async function lettersTo(house: Recruiting, { id }: Employee, kind: string): Promise<string[][]> {
  const { rows } = await house.db.raw(
    'select data from outbox_emails where to_employee_id = ? and kind = ? order by once',
    [id, kind],
  );
  return rows.map(({ data }: { data: { hires?: Named[]; referrals?: Named[] } }) =>
    (data.hires ?? data.referrals ?? []).map(({ candidateName }) => candidateName),
  );
}
type Named = { candidateName: string };

type More = { openingId?: null; firstDayOn?: string };

async function hired(house: Recruiting, name: string, lastDayOn: string, more: More = {}): Promise<number> {
  const referralId = await house.refer(name, more.openingId === null ? { openingId: null } : {});
  const answer = await recordHire(house.deps, house.people.anna, {
    referralId,
    madeFor: 'received',
    firstDayOn: day(more.firstDayOn ?? '2026-09-01'),
    probation: { lastDayOn: day(lastDayOn) },
    level: '',
    country: 'DE',
    department: '',
    employmentType: 'permanent',
    managerId: null,
  });
  assert.ok(answer.ok);
  return answer.value.hireId;
}

describe('The reminder of probations about to end', () => {
  let house: Recruiting;
  before(async () => {
    house = await openRecruiting({ today: '2026-08-03' });
  });
  after(() => house.close());

  const remind = (asOf: string) => remindProbations(house.deps, { asOf: day(asOf) });

  it('comes a week ahead, to the opening’s recruiter and the admins, once', async () => {
    const { anna, rita, david, ben } = house.people;
    await hired(house, 'Week Ahead', '2027-02-28');
    assert.deepEqual(await remind('2027-02-20'), { hires: 0, emails: 0 });
    assert.deepEqual(await remindProbations(house.deps, { asOf: day('2027-02-21'), dryRun: true }), {
      hires: 1,
      emails: 2,
    });
    assert.deepEqual(await lettersTo(house, anna, 'probations_ending'), []);
    await Promise.all([remind('2027-02-21'), remind('2027-02-21'), remind('2027-02-21')]);
    await remind('2027-02-22');
    await remind('2027-02-28');
    await remind('2027-03-01');
    assert.deepEqual(await lettersTo(house, anna, 'probations_ending'), [['Week Ahead']]);
    assert.deepEqual(await lettersTo(house, david, 'probations_ending'), [['Week Ahead']]);
    assert.deepEqual(await lettersTo(house, rita, 'probations_ending'), []);
    assert.deepEqual(await lettersTo(house, ben, 'probations_ending'), []);
  });

  it('is caught up after missed days, and tells every recruiter of a general hire', async () => {
    const { rita } = house.people;
    await hired(house, 'Missed Days', '2027-04-30', { openingId: null });
    await remind('2027-04-28');
    assert.deepEqual(await lettersTo(house, rita, 'probations_ending'), [['Missed Days']]);
  });

  it('comes again for a new last day, and not for who passed or leaves', async () => {
    const { anna } = house.people;
    const tell = async () => (await lettersTo(house, anna, 'probations_ending')).flat();
    const moved = await hired(house, 'Moved Day', '2027-05-31');
    const passed = await hired(house, 'Passed Early', '2027-05-31');
    const leaving = await hired(house, 'Leaving Soon', '2027-05-31');
    await passProbation(house.deps, anna, { hireId: passed, passedOn: day('2026-08-03'), note: '' }).then(({ ok }) =>
      assert.equal(ok, false, 'the first day lies ahead'),
    );
    house.turnTo('2026-10-01');
    assert.ok((await passProbation(house.deps, anna, { hireId: passed, passedOn: day('2026-10-01'), note: '' })).ok);
    assert.ok((await leaveHire(house.deps, anna, { hireId: leaving, lastDayOn: day('2027-05-15'), note: '' })).ok);
    await remind('2027-05-24');
    assert.deepEqual(
      (await tell()).filter((name) => name !== 'Week Ahead' && name !== 'Missed Days'),
      ['Moved Day'],
    );
    house.turnTo('2027-05-25');
    assert.ok((await extendProbation(house.deps, anna, { hireId: moved, toOn: day('2027-06-30'), note: '' })).ok);
    await remind('2027-05-26');
    assert.equal((await tell()).filter((name) => name === 'Moved Day').length, 1);
    await remind('2027-06-23');
    assert.equal((await tell()).filter((name) => name === 'Moved Day').length, 2);
    const { id: eventId } = await house.db('hire_events').where({ hire_id: moved }).first();
    assert.ok((await undoLast(house.deps, anna, { hireId: moved, eventId })).ok);
    await remind('2027-05-26');
    assert.equal((await tell()).filter((name) => name === 'Moved Day').length, 3, 'the old day counts again');
    house.turnTo('2026-08-03');
  });

  it('names the one recorded late on the day after, beside letters that are out already', async () => {
    const { anna } = house.people;
    house.turnTo('2027-07-23');
    await hired(house, 'Known In Time', '2027-07-31', { firstDayOn: '2027-07-26' });
    await remind('2027-07-25');
    house.turnTo('2027-07-25');
    await hired(house, 'Recorded Late', '2027-07-31', { firstDayOn: '2027-07-26' });
    await remind('2027-07-25');
    await remind('2027-07-26');
    const told = (await lettersTo(house, anna, 'probations_ending')).flat();
    assert.equal(told.filter((name) => name === 'Known In Time').length, 1);
    assert.equal(told.filter((name) => name === 'Recorded Late').length, 1);
  });
});

describe('The reminder where the policy wants HR’s word', () => {
  let house: Recruiting;
  before(async () => {
    house = await openRecruiting({ today: '2026-08-03', terms: { confirmation: 'required' } });
  });
  after(() => house.close());

  it('comes again each week after the last day until the word is there', async () => {
    const { anna } = house.people;
    const hireId = await hired(house, 'Waiting Person', '2027-02-28');
    const remind = (asOf: string) => remindProbations(house.deps, { asOf: day(asOf) });
    const count = async () => (await lettersTo(house, anna, 'probations_ending')).length;
    await remind('2027-02-21');
    await remind('2027-02-28');
    assert.equal(await count(), 1);
    await remind('2027-03-01');
    assert.equal(await count(), 2);
    await remind('2027-03-07');
    assert.equal(await count(), 2);
    await remind('2027-03-08');
    assert.equal(await count(), 3);
    await remind('2027-04-20');
    assert.equal(await count(), 4, 'many missed weeks are one letter');
    house.turnTo('2027-04-20');
    assert.ok((await passProbation(house.deps, anna, { hireId, passedOn: day('2027-04-20'), note: '' })).ok);
    await remind('2027-04-27');
    assert.equal(await count(), 4);
  });
});

describe('The digest of what is overdue', () => {
  let house: Recruiting;
  before(async () => {
    house = await openRecruiting({ today: '2027-03-01' });
  });
  after(() => house.close());

  it('reaches each recruiter with theirs, once a day, not on a weekend or holiday', async () => {
    const { anna, rita, david } = house.people;
    const digest = (asOf: string) => sendOverdueDigest(house.deps, { asOf: day(asOf) });
    const late = await house.refer('Late Person');
    await house.refer('General Person', { openingId: null });
    const answered = await house.refer('Answered Person');
    await moveReferral(house.deps, anna, { referralId: answered, madeFor: 'received', to: 'screening' });
    assert.deepEqual(await digest('2027-03-03'), { recruiters: 0, overdue: 0 }, 'due on that day is in time');
    await Promise.all([digest('2027-03-04'), digest('2027-03-04')]);
    assert.deepEqual(await lettersTo(house, anna, 'overdue_digest'), [['Late Person', 'General Person']]);
    assert.deepEqual(await lettersTo(house, rita, 'overdue_digest'), [['General Person']]);
    assert.deepEqual(await lettersTo(house, david, 'overdue_digest'), []);
    assert.deepEqual(await digest('2027-03-06'), { recruiters: 0, overdue: 2 }, 'a Saturday');
    assert.deepEqual(await digest('2027-03-26'), { recruiters: 0, overdue: 2 }, 'Good Friday in Germany');
    await digest('2027-03-05');
    assert.equal((await lettersTo(house, anna, 'overdue_digest')).length, 2);
    await moveReferral(house.deps, anna, { referralId: late, madeFor: 'received', to: 'screening' });
    await house.db('employees').where({ id: rita.id }).update({ employed_until: '2027-03-05' });
    assert.deepEqual(await digest('2027-03-08'), { recruiters: 1, overdue: 1 });
  });
});
