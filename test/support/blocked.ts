import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';

/**
 * Waits until the work is done, or stands before a lock that somebody else holds: from then on nothing moves until the
 * other one does. So a test can force an interleaving without guessing at times.
 */
export async function settledOrBlocked(db: Knex, work: Promise<unknown>): Promise<'settled' | 'blocked'> {
  let settled = false;
  const done = () => {
    settled = true;
  };
  work.then(done, done);
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await sleep(2)) {
    if (settled) return 'settled';
    const { rows } = await db.raw(
      `select count(*) as waiting from pg_locks join pg_stat_activity using (pid)
       where not granted and datname = current_database()`,
    );
    if (rows[0].waiting > 0) return 'blocked';
  }
  throw new Error('neither done nor blocked in half a minute');
}
