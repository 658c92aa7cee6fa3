import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RUN_POINTS, type RunPoint } from '../../src/bonuses/bonus-run.ts';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { extendProbation, leaveHire } from '../../src/hires/hire-service.ts';
import { changeFirstDayOfHire, takeHireBack } from '../../src/hires/record-hire-service.ts';
import { settableClock } from '../../src/lib/clock.ts';
import type { Deps } from '../../src/lib/deps.ts';
import { exportRun } from '../../src/payroll/payroll-service.ts';
import { settledOrBlocked } from '../support/blocked.ts';
import { breaches } from '../support/bonus-breaches.ts';
import { type Cast, cast } from '../support/cast.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { type Promised, promiseBonus } from '../support/promised-bonus.ts';

const day = Temporal.PlainDate.from;
const asOf = day('2027-03-01');
const later = day('2027-05-31');

describe('the bonus run against', () => {
  let house: TestHouse;
  let people: Cast;
  const clock = settableClock('Europe/Berlin', Temporal.Instant.from('2027-03-01T08:00:00Z'));
  before(async () => {
    house = await openTestHouse({ web: false, clock });
    people = await cast(house);
  });
  after(() => house.close());

  const promise = () => promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28') });
  const bonus = async ({ bonusId }: Promised) =>
    (await house.db.raw('select * from bonuses where id = ?', [bonusId])).rows[0];

  type Deed = (deps: Deps, hire: Promised) => Promise<unknown>;
  const recorder = () => ({ id: people.anna.id, roles: people.anna.roles });
  const extend: Deed = (deps, { hireId }) => extendProbation(deps, recorder(), { hireId, toOn: later, note: '' });
  const leave: Deed = (deps, { hireId }) =>
    leaveHire(deps, recorder(), { hireId, lastDayOn: day('2027-02-20'), note: '' });

  /** Whatever came first: the extension holds, and the bonus is paid once, after it. */
  const afterExtend = async (hire: Promised): Promise<void> => {
    const row = await bonus(hire);
    assert.equal(row.awarded_at, null, 'awarded although probation goes on');
    assert.equal(String(row.due_on), '2027-06-01');
    assert.equal((await payBonuses(house.deps, { asOf: later })).awarded, 0);
    assert.deepEqual(await breaches(house.db, later), {});
    assert.equal((await payBonuses(house.deps, { asOf: later.add({ days: 1 }) })).awarded, 1);
    assert.deepEqual(await breaches(house.db, later.add({ days: 1 })), {});
  };
  /** Whatever came first: the bonus is forfeited, and no line of it is left in the run. */
  const afterLeave = async (hire: Promised): Promise<void> => {
    await payBonuses(house.deps, { asOf });
    assert.equal((await bonus(hire)).forfeit_reason, 'leftInProbation');
    assert.deepEqual(await breaches(house.db, asOf), {});
  };

  const moveFirstDay: Deed = async (deps, { hireId }) => {
    const seenOn = day('2026-08-29');
    const days = { seenOn, firstDayOn: day('2026-12-01'), probation: { months: 6 } };
    return changeFirstDayOfHire(deps, recorder(), { hireId, ...days });
  };
  const takeBack: Deed = (deps, { hireId }) => takeHireBack(deps, recorder(), { hireId, seenOn: day('2026-08-29') });

  /** Either the award came first and the first day stays, or the bonus waits for the new day. */
  const afterMove = async (hire: Promised): Promise<void> => {
    const row = await bonus(hire);
    const { first_day_on } = (await house.db.raw('select * from hires where id = ?', [hire.hireId])).rows[0];
    const [first, due] = row.awarded_at === null ? ['2026-12-01', '2027-06-01'] : ['2026-08-29', '2027-03-01'];
    assert.deepEqual([first_day_on, row.due_on].map(String), [first, due]);
    assert.deepEqual(await breaches(house.db, asOf), {});
    await payBonuses(house.deps, { asOf: later.add({ days: 1 }) });
    assert.notEqual((await bonus(hire)).awarded_at, null);
  };
  /** Either the award came first and the hire stays, or both are gone, and no line is left of them. */
  const afterTakeBack = async (hire: Promised): Promise<void> => {
    const row = await bonus(hire);
    const { rows } = await house.db.raw('select * from hires where id = ?', [hire.hireId]);
    assert.deepEqual([rows.length, row === undefined], row ? [1, false] : [0, true]);
    if (row) assert.notEqual(row.awarded_at, null);
    assert.deepEqual(await breaches(house.db, asOf), {});
  };

  const deeds: [name: string, deed: Deed, check: (hire: Promised) => Promise<void>][] = [
    ['"extend"', extend, afterExtend],
    ['"left"', leave, afterLeave],
    ['"change the first day"', moveFirstDay, afterMove],
    ['"undo the hire"', takeBack, afterTakeBack],
  ];
  for (const [name, deed, check] of deeds) {
    describe(name, () => {
      for (const point of RUN_POINTS) {
        it(`which comes when the run is at "${point}"`, async () => {
          const hire = await promise();
          let started: Promise<unknown> | undefined;
          const onPoint = async (at: RunPoint): Promise<void> => {
            if (at !== point || started) return;
            started = deed(house.deps, hire);
            await settledOrBlocked(house.db, started);
          };
          await payBonuses(house.deps, { asOf, onPoint, lanes: 1 });
          assert.ok(started, `the run never came to "${point}"`);
          await started;
          await check(hire);
        });
      }

      for (const step of ['it has the lock', 'it is about to commit'] as const) {
        it(`when the run comes while ${step}`, async () => {
          const hire = await promise();
          let run: Promise<unknown> | undefined;
          const letTheRunCome = async (): Promise<void> => {
            run ??= payBonuses(house.deps, { asOf, lanes: 1 });
            assert.equal(
              await settledOrBlocked(house.db, run),
              'blocked',
              'the run should wait for the hire at its end',
            );
          };
          await deed(step === 'it has the lock' ? pausedAtLock(letTheRunCome) : pausedAtEnd(letTheRunCome), hire);
          await run;
          await check(hire);
        });
      }
    });
  }

  /** The deeds ask the clock right after they have locked the hire. */
  function pausedAtLock(pause: () => Promise<void>): Deps {
    let first = true;
    const now: Deps['clock']['now'] = async (db) => {
      if (first) await pause();
      first = false;
      return clock.now(db);
    };
    return { ...house.deps, clock: { ...clock, now } };
  }

  /** A transaction that does all but the commit: the pause comes when its work has returned. */
  function pausedAtEnd(pause: () => Promise<void>): Deps {
    const db = new Proxy(house.deps.db, {
      get: (target, name) =>
        name === 'transaction'
          ? (work: (trx: never) => Promise<unknown>) =>
              target.transaction(async (trx) => {
                const value = await work(trx as never);
                await pause();
                return value;
              })
          : Reflect.get(target, name),
    });
    return { ...house.deps, db };
  }

  describe('the export', () => {
    for (const point of RUN_POINTS) {
      it(`which comes when the run is at "${point}"`, async () => {
        const first = await promise();
        await payBonuses(house.deps, { asOf });
        const { rows } = await house.db.raw(
          'select id from payroll_runs where exported_at is null order by period limit 1',
        );
        const runId = rows[0].id;
        const second = await promise();
        let exported: Promise<unknown> | undefined;
        const onPoint = async (at: RunPoint): Promise<void> => {
          if (at !== point || exported) return;
          exported = exportRun(house.deps, { id: people.clara.id, roles: ['payroll'] }, runId);
          await settledOrBlocked(house.db, exported);
        };
        await payBonuses(house.deps, { asOf, onPoint, lanes: 1 });
        await exported;
        const lines = await house.db.raw(
          `select bonus_id, line_no is not null as numbered, exported_at is not null as sealed from payroll_lines
           join payroll_runs on payroll_runs.id = run_id where bonus_id in (?, ?) order by bonus_id`,
          [first.bonusId, second.bonusId],
        );
        assert.equal(lines.rows.length, 2);
        for (const line of lines.rows)
          assert.equal(line.numbered, line.sealed, 'a sealed run has a line without a number');
        const [{ counted, written }] = (
          await house.db.raw(
            `select line_count as counted, (select count(*) from payroll_lines where run_id = payroll_runs.id and released_at is null) as written
             from payroll_runs where id = ?`,
            [runId],
          )
        ).rows;
        assert.equal(counted, written);
        assert.deepEqual(await breaches(house.db, asOf), {});
      });
    }
  });
});
