import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import type { Knex } from 'knex';
import { type Config, loadConfig } from '../../src/config.ts';
import { type Clock, databaseClock } from '../../src/lib/clock.ts';
import { connect } from '../../src/lib/database.ts';
import type { Deps } from '../../src/lib/deps.ts';
import { openFiles } from '../../src/lib/files.ts';
import { openLog } from '../../src/lib/log.ts';
import { openQueue } from '../../src/lib/queue.ts';
import { cloneDatabase } from './database.ts';

export type TestHouseOptions = {
  /** `settableClock('Europe/Berlin', instant)` for a test that turns the calendar; the database's clock otherwise. */
  clock?: Clock;
  config?: Partial<Config>;
  /** A demo company lives here, so anybody may be anybody. */
  demo?: boolean;
  /** `false` for a test of services, which needs no web. */
  web?: boolean;
};

export type TestHouse = {
  readonly deps: Deps;
  readonly app: Express;
  readonly db: Knex;
  readonly url: string;
  close(): Promise<void>;
};

/** The whole house on a database of its own. No worker runs: a test calls the service that the queue would call. */
export async function openTestHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  const database = await cloneDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'vouch-test-'));
  const config: Config = { ...testConfig(dataDir), databaseUrl: database.url, ...options.config };
  const db = connect(database.url);
  const log = openLog('silent');
  const queue = await openQueue(db, { log });
  const clock = options.clock ?? databaseClock(config.timeZone);
  const deps: Deps = { config, db, clock, log, queue, files: openFiles(join(dataDir, 'resumes')) };
  if (options.demo) await db('company').insert({ name: 'Demo', is_demo: true });
  const app = options.web === false ? noApp : await realApp(deps);
  const close = async (): Promise<void> => {
    await queue.stop();
    await db.destroy();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { deps, app, db, url: database.url, close };
}

function testConfig(dataDir: string): Config {
  return loadConfig({
    DATA_DIR: dataDir,
    BASE_URL: 'http://vouch.test',
    SESSION_SECRET: '0123456789abcdef0123456789abcdef',
    LOG_LEVEL: 'silent',
  });
}

const noApp = null as unknown as Express;

async function realApp(deps: Deps): Promise<Express> {
  // Loaded late, so that tests of services do not pay for the web.
  const { createApp } = await import('../../src/app.ts');
  // Printing a field that a page's model does not have fails the test.
  return createApp(deps, { strictViews: true });
}
