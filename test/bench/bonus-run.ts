import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { databaseClock } from '../../src/lib/clock.ts';
import { connect } from '../../src/lib/database.ts';
import type { Deps } from '../../src/lib/deps.ts';
import { openLog } from '../../src/lib/log.ts';
import { openQueue } from '../../src/lib/queue.ts';
import { cloneDatabase } from '../support/database.ts';
import { fillWithHires } from '../support/many-hires.ts';
import { bonusRunByHand } from './bonus-run-by-hand.ts';
import { type BenchOptions, type Figure, figureOf, inTurn, median } from './rounds.ts';

const asOf = Temporal.PlainDate.from('2026-03-15');
const sizes = {
  small: { employees: 3000, hires: 12_000, due: 11_000 },
  full: { employees: 50_000, hires: 200_000, due: 184_000 },
};
const rounds = 8;

/** payBonuses against one statement written by hand that does the same writes, each on a fresh copy of the same data. */
export async function benchBonusRun({ full, say }: BenchOptions): Promise<Figure> {
  const size = full ? sizes.full : sizes.small;
  const source = await cloneDatabase();
  try {
    say(`bonus-run: filling ${size.hires.toLocaleString('en')} hires`);
    await withDatabase(source.url, (db) => fillWithHires(db, { ...size, asOf, leftEvery: 50 }));
    const pairs = await inTurn(rounds, {
      ours: () => onACopy(source.url, (db) => payOurs(db, size.due)),
      reference: () => onACopy(source.url, (db) => payByHand(db, size.due)),
    });
    const ms = (side: 'ours' | 'reference') => Math.round(median(pairs.map((pair) => pair[side].ms)));
    const nothing = median(pairs.flatMap((pair) => pair.ours.nothingDueMs)).toFixed(1);
    const note = `${size.due.toLocaleString('en')} due: ${ms('ours')} ms, by hand ${ms('reference')} ms; nothing due: ${nothing} ms`;
    return figureOf(
      'bonus-run',
      '<=1.5',
      pairs.map((pair) => pair.ours.ms / pair.reference.ms),
      note,
    );
  } finally {
    await source.drop();
  }
}

type Run = { ms: number; nothingDueMs: number[] };

async function payOurs(db: Knex, due: number): Promise<Run> {
  const log = openLog('silent');
  const queue = await openQueue(db, { log });
  const deps = { db, clock: databaseClock('Europe/Berlin'), log, queue } as unknown as Deps;
  try {
    const began = performance.now();
    const report = await payBonuses(deps, { asOf });
    const ms = performance.now() - began;
    assert.ok(report.awarded + report.forfeited >= due, 'not all was paid');
    const nothingDueMs: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const start = performance.now();
      await payBonuses(deps, { asOf });
      nothingDueMs.push(performance.now() - start);
    }
    return { ms, nothingDueMs };
  } finally {
    await queue.stop();
  }
}

async function payByHand(db: Knex, due: number): Promise<Run> {
  const began = performance.now();
  const values = { period: '2026-03', cutOffOn: '2026-03-20', at: '2026-03-15T01:00:00Z', asOf: asOf.toString() };
  const { rows } = await db.raw(bonusRunByHand, values);
  const ms = performance.now() - began;
  assert.equal(rows[0].saved, due);
  return { ms, nothingDueMs: [] };
}

async function onACopy<T>(source: string, work: (db: Knex) => Promise<T>): Promise<T> {
  const name = `vouch_bench_${randomBytes(6).toString('hex')}`;
  const from = new URL(source);
  const server = connect(String(Object.assign(new URL(source), { pathname: '/postgres' })), { poolMax: 1 });
  await server.raw('create database ?? template ?? strategy file_copy', [name, from.pathname.slice(1)]);
  try {
    return await withDatabase(String(Object.assign(new URL(source), { pathname: `/${name}` })), async (db) => {
      // Both sides find their pages in memory, as in a database that is at work.
      await db.raw('select count(*), sum(length(why::text)) from bonuses');
      await db.raw(
        'select count(*) from hires join referrals on referrals.id = referral_id join candidates on candidates.id = hires.candidate_id',
      );
      return work(db);
    });
  } finally {
    await server.raw('drop database if exists ?? with (force)', [name]);
    await server.destroy();
  }
}

async function withDatabase<T>(url: string, work: (db: Knex) => Promise<T>): Promise<T> {
  const db = connect(url, { poolMax: 5 });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
