import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Clock } from './clock.ts';
import type { FileStore } from './files.ts';
import type { Queue } from './queue.ts';

/** What every deed needs of the house; made once in server.ts, run-job.ts or a test, and passed down. */
export type Deps = {
  readonly config: Config;
  readonly db: Knex;
  readonly clock: Clock;
  readonly log: Logger;
  readonly queue: Queue;
  readonly files: FileStore;
};
