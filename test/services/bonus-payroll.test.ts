import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { findRunFile, listLines, readRunFile } from '../../src/payroll/payroll-queries.ts';
import { exportRun, markPaid } from '../../src/payroll/payroll-service.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { fillWithHires } from '../support/many-hires.ts';

const asOf = Temporal.PlainDate.from('2026-03-15');
const due = 5200;

describe('a run of more lines than are written at once', () => {
  let house: TestHouse;
  const clock = settableClock('Europe/Berlin', Temporal.Instant.from('2026-03-16T08:00:00Z'));
  before(async () => {
    house = await openTestHouse({ web: false, clock });
    await fillWithHires(house.db, { employees: 600, hires: due, due, asOf });
    await payBonuses(house.deps, { asOf });
  });
  after(() => house.close());

  const run = async () => (await house.db.raw('select * from payroll_runs')).rows[0];
  const payer = async () => ({
    id: (await house.db('employees').min('id as id').first())?.id,
    roles: ['payroll' as const],
  });

  it('is exported whole: each line once, in order, with figures that add up', async () => {
    const { id } = await run();
    assert.equal((await exportRun(house.deps, await payer(), id)).ok, true);
    const file = await findRunFile(house.db, id);
    assert.ok(file && file.pieces > 2);
    const text = Buffer.concat(await Array.fromAsync(readRunFile(house.db, file))).toString('utf8');
    assert.equal(Buffer.byteLength(text), file.bytes);
    assert.equal(createHash('sha256').update(text).digest('hex'), file.sha256);
    const lines = text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(','));
    assert.equal(lines.length, due);
    assert.deepEqual(
      lines.map((line) => Number(line[1])),
      Array.from({ length: due }, (_, n) => n + 1),
    );
    assert.equal(new Set(lines.map((line) => line[3])).size, due);
    const sum = lines.reduce((total, line) => total + Number((line[7] as string).replace('.', '')), 0);
    const { totals, line_count } = await run();
    assert.deepEqual(totals, [{ minor: sum, currency: 'EUR' }]);
    assert.equal(line_count, due);
  });

  it('is the same in the ledger, page by page', async () => {
    const { id } = await run();
    const seen: (number | null)[] = [];
    for (let after = null as { staffNumber: string; id: number } | null, first = true; first || after; first = false) {
      const found = await listLines(house.db, id, { after });
      seen.push(...found.lines.map((line) => line.lineNo));
      after = found.next;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: due }, (_, n) => n + 1),
    );
  });

  it('never changes again: the database refuses', async () => {
    await assert.rejects(
      house.db.raw('update payroll_lines set amount_minor = 1 where line_no = 1'),
      /does not change/,
    );
    await assert.rejects(house.db.raw('delete from payroll_lines where line_no = 1'), /does not change/);
    await assert.rejects(house.db.raw(`update payroll_runs set sha256 = 'x'`), /does not change/);
    await assert.rejects(house.db.raw(`update payroll_file_pieces set content = 'x'`), /append-only/);
  });

  it('is marked as paid whole, and each referrer is told of each bonus', async () => {
    const { id } = await run();
    const paidOn = Temporal.PlainDate.from('2026-03-31');
    clock.set(Temporal.Instant.from('2026-04-02T08:00:00Z'));
    const first = await markPaid(house.deps, await payer(), { runId: id, paidOn, lineIds: null });
    assert.deepEqual(first, { ok: true, value: { marked: due } });
    const again = await markPaid(house.deps, await payer(), {
      runId: id,
      paidOn: paidOn.add({ days: 1 }),
      lineIds: null,
    });
    assert.deepEqual(again, { ok: true, value: { marked: 0 } });
    const { rows } = await house.db.raw(
      `select (select count(*) from payroll_lines where paid_on = '2026-03-31') as lines,
        (select count(*) from outbox_emails where kind = 'bonus_paid') as mails,
        (select count(*) from history where deed = 'bonus.paid') as told`,
    );
    assert.deepEqual(rows[0], { lines: due, mails: due, told: due });
  });
});
