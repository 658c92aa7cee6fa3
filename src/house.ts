import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { databaseClock } from './lib/clock.ts';
import { connect, migrate } from './lib/database.ts';
import type { Deps } from './lib/deps.ts';
import { openEmbeddedPostgres } from './lib/embedded-postgres.ts';
import { openFiles } from './lib/files.ts';
import { openQueue, prepareQueues } from './lib/queue.ts';
import { explainStartFailure, requireSupportedServer } from './lib/start-failure.ts';
import { queueNames } from './timetable.ts';

export type House = { readonly deps: Deps; close(): Promise<void> };

export type HouseOptions = {
  log: Logger;
  /** Whether this process looks after the tasks of killed ones; the server does, a job run by hand does not. */
  supervise?: boolean;
};

/**
 * Opens what the server and a job run by hand have in common: the database (Vouch's own where none is given), brought up
 * to date, its queues and the files. Throws StartFailure with a sentence where the reason is known.
 */
export async function openHouse(config: Config, { log, supervise = false }: HouseOptions): Promise<House> {
  const own = config.databaseUrl === null ? await openEmbeddedPostgres(config.dataDir) : null;
  const url = own?.url ?? (config.databaseUrl as string);
  const db = connect(url, { poolMax: 20 });
  const closeDatabase = async (): Promise<void> => {
    await db.destroy();
    await own?.stop();
  };
  try {
    await requireSupportedServer(db);
    await migrate(db);
    await prepareQueues(db, queueNames);
    const queue = await openQueue(db, { log, supervise });
    const files = openFiles(join(config.dataDir, 'resumes'));
    const deps: Deps = { config, db, clock: databaseClock(config.timeZone), log, queue, files };
    const close = async (): Promise<void> => {
      await queue.stop();
      await closeDatabase();
    };
    return { deps, close };
  } catch (error) {
    await closeDatabase().catch((failure) => log.error({ err: failure }, 'the database did not stop'));
    throw explainStartFailure(error, { databaseUrl: url });
  }
}
