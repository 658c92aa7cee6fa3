import { once } from 'node:events';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { databaseClock } from '../../src/lib/clock.ts';
import { connect } from '../../src/lib/database.ts';
import type { Deps } from '../../src/lib/deps.ts';
import { payNaively } from './naive-payer.ts';
import type { PayerOrders } from './payer.ts';

// One process that pays once, and dies where it is told to. It is kept lean, because hundreds of it are started: it has
// no queue (the outbox rows are what a proof counts) and no log.

const orders = JSON.parse(process.argv[2] as string) as PayerOrders;
const db = connect(orders.url, { poolMax: 3 });
const silence = () => undefined;
const deps = {
  db,
  clock: databaseClock('Europe/Berlin'),
  log: { info: silence, warn: silence, error: silence },
  queue: { send: async () => undefined },
} as unknown as Deps;

let met = 0;
const onPoint = (point: string): void => {
  const { diesAt } = orders;
  if (diesAt?.point !== point) return;
  met += 1;
  if (met === diesAt.nth) process.kill(process.pid, 'SIGKILL');
};

if (orders.waits) {
  await db.raw('select 1');
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
}
const asOf = Temporal.PlainDate.from(orders.asOf);
if (orders.naive) await payNaively(db, asOf, onPoint);
else {
  const { batchSize = 5000, lanes = 2 } = orders;
  const { decisions: _, ...counts } = await payBonuses(deps, { asOf, onPoint, batchSize, lanes });
  process.stdout.write(`${JSON.stringify(counts)}\n`);
}
await db.destroy();
process.stdin.destroy();
