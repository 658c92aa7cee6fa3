import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RUN_POINTS, type RunPoint } from '../../src/bonuses/bonus-run.ts';
import { breaches } from '../support/bonus-breaches.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { fillWithHires } from '../support/many-hires.ts';
import { pay, seededRandom } from '../support/payer.ts';

const asOf = Temporal.PlainDate.from('2026-03-15');
const seed = Number(process.env.SEED ?? 20_260_315);
const kills = 200;

describe(`killed ${kills} times (SEED=${seed})`, () => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse({ web: false });
  });
  after(() => house.close());

  it('the bonus run pays each due bonus once', async (t) => {
    const due = 2400;
    await fillWithHires(house.db, { employees: 200, hires: due + 100, due, asOf, leftEvery: 25 });
    const random = seededRandom(seed);
    const died: Record<string, number> = {};
    let left = kills;
    // Two at a time: the living one meets what the dying one leaves behind.
    const lane = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const point = RUN_POINTS[Math.floor(random() * RUN_POINTS.length)] as RunPoint;
        const diesAt = { point, nth: 1 + Math.floor(random() * 2) };
        const end = await pay({ url: house.url, asOf: asOf.toString(), batchSize: 5, diesAt });
        assert.ok(end.killed, `not killed at ${point}: ${end.stderr}`);
        died[point] = (died[point] ?? 0) + 1;
      }
    };
    await Promise.all([lane(), lane()]);
    t.diagnostic(`died at ${JSON.stringify(died)}`);
    assert.deepEqual(Object.keys(died).sort(), [...RUN_POINTS].sort());
    const before = await breaches(house.db, asOf);
    assert.deepEqual(Object.keys(before), ['due and forgotten'], 'only what is still to be done may be open');

    const last = await pay({ url: house.url, asOf: asOf.toString() });
    assert.ok((last.counts?.awarded ?? 0) > 0, 'the kills should have left something to do');
    assert.deepEqual(await breaches(house.db, asOf), {});
    const { rows } = await house.db.raw(
      'select count(awarded_at) + count(forfeited_at) as decided from bonuses where due_on <= ?',
      [asOf.toString()],
    );
    assert.equal(rows[0].decided, due);
  });
});

describe('the proof itself', () => {
  let house: TestHouse;
  before(async () => {
    house = await openTestHouse({ web: false });
    await fillWithHires(house.db, { employees: 50, hires: 60, due: 50, asOf });
  });
  after(() => house.close());

  it('finds out a naive loop: killed in the middle it pays twice', async () => {
    // The database refuses the second line by itself; the loop has to be let do its worst.
    await house.db.raw('drop index payroll_lines_one_live_per_bonus');
    for (const point of ['lined', 'told', 'mailed'] as const) {
      const end = await pay({ url: house.url, asOf: asOf.toString(), naive: true, diesAt: { point, nth: 5 } });
      assert.ok(end.killed);
    }
    await pay({ url: house.url, asOf: asOf.toString(), naive: true });
    const found = await breaches(house.db, asOf);
    assert.ok((found['without exactly one live payroll line for its award'] ?? 0) >= 3, JSON.stringify(found));
    assert.ok((found['without exactly one row of history for its award'] ?? 0) >= 2, JSON.stringify(found));
    assert.ok((found['without exactly one e-mail for each decision'] ?? 0) >= 1, JSON.stringify(found));
  });

  it('finds out what is early and what is forgotten', async () => {
    await house.db.raw(
      'update bonuses set awarded_on = due_on - 1, awarded_at = now() where id = (select min(id) from bonuses)',
    );
    await house.db.raw(
      'update bonuses set awarded_at = null, awarded_on = null where id = (select max(id) from bonuses where awarded_at is not null)',
    );
    const found = await breaches(house.db, asOf);
    assert.equal(found['awarded before the end of probation and the extra days'], 1);
    assert.equal(found['due and forgotten'], 1);
  });
});
