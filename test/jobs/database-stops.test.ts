import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunPoint } from '../../src/bonuses/bonus-run.ts';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { databaseClock } from '../../src/lib/clock.ts';
import { connect, migrate } from '../../src/lib/database.ts';
import type { Deps } from '../../src/lib/deps.ts';
import { openEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts';
import { openLog } from '../../src/lib/log.ts';
import { isRunning, readServer } from '../../src/lib/postgres-server.ts';
import { breaches } from '../support/bonus-breaches.ts';
import { fillWithHires } from '../support/many-hires.ts';

const asOf = Temporal.PlainDate.from('2026-03-15');

/** What `pg_ctl stop -m immediate` does: every backend dies on the spot, and the next start recovers as from a crash. */
async function stopImmediately(cluster: string): Promise<void> {
  const server = readServer(cluster);
  assert.ok(server && isRunning(server, cluster));
  process.kill(server.pid, 'SIGQUIT');
  while (isRunning(server, cluster)) await sleep(10);
}

describe('when the database stops in the middle of the bonus run', () => {
  it('nothing is half done, and the next run does the rest', { timeout: 170_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vouch-stops-'));
    const cluster = join(folder, 'postgres');
    const open = async (): Promise<{ deps: Deps; close(): Promise<void> }> => {
      const postgres = await openEmbeddedPostgres(folder);
      const db = connect(postgres.url, { poolMax: 5 });
      const queue = { send: async () => undefined };
      const deps = { db, clock: databaseClock('Europe/Berlin'), log: openLog('silent'), queue } as unknown as Deps;
      return {
        deps,
        close: async () => {
          await db.destroy();
          await postgres.stop();
        },
      };
    };
    let house = await open();
    try {
      await migrate(house.deps.db);
      await fillWithHires(house.deps.db, { employees: 100, hires: 700, due: 600, asOf, leftEvery: 30 });
      const stops: [RunPoint, number][] = [
        ['locked', 2],
        ['awarded', 2],
        ['lined', 3],
        ['mailed', 2],
        ['committed', 4],
      ];
      for (const [point, nth] of stops) {
        let met = 0;
        const onPoint = async (at: RunPoint): Promise<void> => {
          if (at === point && ++met === nth) await stopImmediately(cluster);
        };
        await assert.rejects(payBonuses(house.deps, { asOf, batchSize: 20, lanes: 1, onPoint }), `stopped at ${point}`);
        await house.deps.db.destroy();
        house = await open();
        const found = await breaches(house.deps.db, asOf);
        assert.deepEqual(Object.keys(found), ['due and forgotten'], `after stopping at ${point}`);
        const held = await house.deps.db('bonuses').whereNotNull('held_at').first('id');
        assert.equal(held, undefined, 'a stopped database is nobody’s fault');
      }
      await payBonuses(house.deps, { asOf, batchSize: 20 });
      assert.deepEqual(await breaches(house.deps.db, asOf), {});
    } finally {
      await house.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
