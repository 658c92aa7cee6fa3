import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { type Cast, cast } from '../support/cast.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { promiseBonus } from '../support/promised-bonus.ts';

const day = Temporal.PlainDate.from;
const none = { awarded: 0, forfeited: 0, waiting: 0, held: 0 };

let house: TestHouse;
let people: Cast;

describe('the bonus run', () => {
  beforeEach(async () => {
    await house?.close();
    house = await openTestHouse({ web: false });
    people = await cast(house);
  });
  after(() => house.close());

  const run = async (asOf: string, more = {}) => {
    const { decisions: _, ...counts } = await payBonuses(house.deps, { asOf: day(asOf), ...more });
    return counts;
  };
  const rows = async (sql: string, values: unknown[] = []) => (await house.db.raw(sql, values as never)).rows;
  const bonus = async (id: number) => (await rows('select * from bonuses where id = ?', [id]))[0];

  it('awards on the day after the last day of probation, and not a day before', async () => {
    const { bonusId } = await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
    assert.deepEqual(await run('2027-02-28'), none);
    assert.equal((await bonus(bonusId)).awarded_at, null);
    assert.deepEqual(await run('2027-03-01'), { ...none, awarded: 1 });
    assert.equal(String((await bonus(bonusId)).awarded_on), '2027-03-01');
  });

  it('waits for the extra days of the policy', async () => {
    const wish = { referrer: people.ben, probationEndsOn: day('2027-02-28'), terms: { extraDays: 30 } };
    await promiseBonus(house, wish);
    assert.deepEqual(await run('2027-03-30'), none);
    assert.deepEqual(await run('2027-03-31'), { ...none, awarded: 1 });
  });

  it('writes one payroll line, one history row and one e-mail, and does nothing the second time', async () => {
    const { bonusId, referralId } = await promiseBonus(house, {
      referrer: people.ben,
      probationEndsOn: day('2027-02-28'),
      candidate: 'Maria Ivanova',
    });
    await run('2027-03-20');
    assert.deepEqual(await run('2027-03-20'), none);
    const [line, ...noMore] = await rows('select * from payroll_lines');
    assert.deepEqual(noMore, []);
    assert.equal(line.bonus_id, bonusId);
    assert.equal(line.staff_number, '004');
    assert.equal(line.amount_minor, 150_000);
    const [open] = await rows('select period, cut_off_on::text from payroll_runs');
    assert.deepEqual(open, { period: '2027-03', cut_off_on: '2027-03-20' });
    const told = await rows(`select referral_id, facts from history where deed = 'bonus.awarded'`);
    assert.equal(told.length, 1);
    assert.equal(told[0].referral_id, referralId);
    const [mail] = await rows('select kind, data, to_address from outbox_emails');
    assert.equal(mail.to_address, 'ben.carter@example.com');
    assert.deepEqual(mail.data, {
      ...{ referralId, bonusId, candidateName: 'Maria Ivanova', amountMinor: 150_000, currency: 'EUR' },
      payrollPeriod: '2027-03',
    });
    assert.equal((await bonus(bonusId)).why.length, 10);
  });

  it('puts what is awarded after the cut-off day into the next month', async () => {
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-03-20') });
    await run('2027-03-21');
    assert.deepEqual(await rows('select period from payroll_runs'), [{ period: '2027-04' }]);
  });

  it('goes to the next month when the run of the month is exported already', async () => {
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
    await run('2027-03-01');
    await house.db.raw(
      `update payroll_runs set exported_at = now(), exported_by = ?, file_name = 'x', line_count = 1, totals = '[]', sha256 = 'x'`,
      [people.clara.id],
    );
    await promiseBonus(house, { referrer: people.elena, probationEndsOn: day('2027-03-01') });
    const dry = await payBonuses(house.deps, { asOf: day('2027-03-02'), dryRun: true });
    assert.deepEqual(
      dry.decisions.map((one) => [one.verdict, one.payrollPeriod]),
      [['award', '2027-04']],
    );
    assert.deepEqual(await run('2027-03-02'), { ...none, awarded: 1 });
    const periods = await rows(
      'select period, count(*)::int as lines from payroll_runs join payroll_lines on run_id = payroll_runs.id group by 1 order by 1',
    );
    assert.deepEqual(periods, [
      { period: '2027-03', lines: 1 },
      { period: '2027-04', lines: 1 },
    ]);
  });

  it('forfeits when the hire left in probation, also before the day has come, and says why', async () => {
    const wish = { referrer: people.ben, probationEndsOn: day('2027-02-28'), leftOn: day('2026-12-10') };
    const { bonusId } = await promiseBonus(house, wish);
    assert.deepEqual(await run('2026-12-09'), none);
    assert.deepEqual(await run('2026-12-10'), { ...none, forfeited: 1 });
    assert.deepEqual(await run('2027-03-01'), none);
    assert.equal((await bonus(bonusId)).forfeit_reason, 'leftInProbation');
    assert.deepEqual(await rows('select kind from outbox_emails'), [{ kind: 'bonus_forfeited' }]);
  });

  it('names the candidate to the referrer as the referrer did', async () => {
    const wish = { referrer: people.ben, candidate: 'Amazing Grace', probationEndsOn: day('2027-02-28') };
    const { referralId } = await promiseBonus(house, wish);
    await house.db('referrals').where({ id: referralId }).update({ candidate_name: 'Grace Hopper' });
    await run('2027-03-01');
    const [letter] = await rows('select data from outbox_emails');
    assert.equal(letter.data.candidateName, 'Grace Hopper');
  });

  it('forfeits when the referrer has left, also before the day has come', async () => {
    const { bonusId } = await promiseBonus(house, { referrer: people.henry, probationEndsOn: day('2027-02-28') });
    assert.deepEqual(await run('2026-12-10'), { ...none, forfeited: 1 });
    assert.equal((await bonus(bonusId)).forfeit_reason, 'referrerLeft');
  });

  it('pays when the hire left after probation, and when HR had said "passed"', async () => {
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28'), leftOn: day('2027-03-01') });
    const passed = { passedOn: day('2027-02-10'), leftOn: day('2027-02-20') };
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28'), ...passed });
    assert.deepEqual(await run('2027-03-01'), { ...none, awarded: 2 });
  });

  it('pays nothing to a manager of the hire, however far above', async () => {
    const { bonusId } = await promiseBonus(house, {
      referrer: people.greta,
      manager: people.farid,
      probationEndsOn: day('2027-02-28'),
    });
    assert.deepEqual(await run('2027-03-01'), { ...none, forfeited: 1 });
    assert.equal((await bonus(bonusId)).forfeit_reason, 'managerOfTheHire');
  });

  it('waits for the confirmation as long as it takes, and pays once it is there', async () => {
    const wish = {
      referrer: people.ben,
      probationEndsOn: day('2027-02-28'),
      terms: { confirmation: 'required' as const },
    };
    const { hireId } = await promiseBonus(house, wish);
    assert.deepEqual(await run('2027-02-28'), none);
    assert.deepEqual(await run('2027-03-01'), { ...none, waiting: 1 });
    assert.deepEqual(await run('2028-03-01'), { ...none, waiting: 1 });
    await house.db.raw(`update hires set passed_on = '2027-04-01' where id = ?`, [hireId]);
    assert.deepEqual(await run('2027-04-02'), { ...none, awarded: 1 });
  });

  it('goes on past more waiting rows than a batch holds', async () => {
    const terms = { confirmation: 'required' as const };
    for (let n = 0; n < 7; n += 1)
      await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-20'), terms });
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
    assert.deepEqual(await run('2027-03-01', { batchSize: 3 }), { ...none, awarded: 1, waiting: 7 });
  });

  it('changes nothing in a dry run, and says what would happen', async () => {
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
    await promiseBonus(house, { referrer: people.henry, probationEndsOn: day('2027-02-28') });
    const before = await rows('select id, awarded_at, forfeited_at, xmin from bonuses order by id');
    const { decisions, ...counts } = await payBonuses(house.deps, { asOf: day('2027-03-01'), dryRun: true });
    assert.deepEqual(counts, { ...none, awarded: 1, forfeited: 1 });
    assert.deepEqual(
      decisions.map((one) => [one.verdict, one.reason, one.payrollPeriod]),
      [
        ['award', null, '2027-03'],
        ['forfeit', 'referrerLeft', null],
      ],
    );
    assert.deepEqual(await rows('select id, awarded_at, forfeited_at, xmin from bonuses order by id'), before);
    for (const table of ['payroll_runs', 'payroll_lines', 'outbox_emails', 'history']) {
      assert.deepEqual(await rows(`select 1 from ${table} limit 1`), [], table);
    }
  });

  it('holds a row whose facts are damaged, tells the admins, and pays the others', async () => {
    const bad = await promiseBonus(house, { referrer: people.elena, probationEndsOn: day('2027-02-28') });
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
    await house.db.raw(`update hires set left_on = 'infinity' where id = ?`, [bad.hireId]);
    assert.deepEqual(await run('2027-03-01'), { ...none, awarded: 1, held: 1 });
    const row = await bonus(bad.bonusId);
    assert.match(row.held_reason, /^failed: .*infinity/);
    assert.equal(row.held_by, null);
    const mails = await rows(`select to_address::text from outbox_emails where kind = 'bonus_held'`);
    assert.deepEqual(mails, [{ to_address: 'david.okafor@example.com' }]);
    assert.equal((await rows(`select 1 from history where deed = 'bonus.held'`)).length, 1);
    assert.deepEqual(await run('2027-03-02'), none);
  });

  it('holds the one row that the database refuses, in the middle of a batch', async () => {
    const made = [];
    for (let n = 0; n < 9; n += 1)
      made.push(await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') }));
    const bad = made[4]?.bonusId;
    await house.db.raw(`alter table payroll_lines add constraint not_this_one check (bonus_id <> ${bad})`);
    assert.deepEqual(await run('2027-03-01'), { ...none, awarded: 8, held: 1 });
    const held = await rows('select id, held_reason from bonuses where held_at is not null');
    assert.equal(held.length, 1);
    assert.equal(held[0].id, bad);
    assert.match(held[0].held_reason, /^failed: .*not_this_one/);
    assert.equal((await rows('select 1 from outbox_emails where kind = ?', ['bonus_awarded'])).length, 8);
    assert.equal((await rows('select 1 from history where deed = ?', ['bonus.awarded'])).length, 8);
  });

  it('does not hold anybody when the database itself goes away', async () => {
    await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
    const onPoint = async (point: string) => {
      if (point !== 'awarded') return;
      await house.db.raw(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'`);
    };
    await assert.rejects(run('2027-03-01', { onPoint }));
    assert.deepEqual(await rows('select 1 from bonuses where held_at is not null or awarded_at is not null'), []);
    assert.deepEqual(await run('2027-03-02'), { ...none, awarded: 1 });
  });

  it('passes a held bonus by', async () => {
    const { bonusId } = await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
    await house.db.raw(`update bonuses set held_at = now(), held_by = ?, held_reason = 'look' where id = ?`, [
      people.clara.id,
      bonusId,
    ]);
    assert.deepEqual(await run('2027-03-01'), none);
  });
});
