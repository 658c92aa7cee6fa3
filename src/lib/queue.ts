import type { Knex } from 'knex';
import pg from 'pg';
import { type Db as BossDatabase, fromKnex, type Job, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Trx } from './database.ts';

export type SendOptions = {
  /** The queue takes one task per key, and goes on refusing the key for as long as it remembers the first. */
  singletonKey?: string;
  startAfter?: Temporal.Instant;
};

export type TaskHandler = (data: Record<string, unknown>) => Promise<unknown>;

/** Work that outlives a request. A task is sent in the transaction of the deed it belongs to, so it exists when that does. */
export type Queue = {
  /** Null for the transaction: the task belongs to no deed, as with the ticks of the timetable. */
  send(trx: Trx | null, name: string, data?: Record<string, unknown>, options?: SendOptions): Promise<void>;
  /** From now on this process takes tasks of that name, one at a time. A handler that throws is called again later. */
  work(name: string, handler: TaskHandler): Promise<void>;
  /** The same for tasks that all say "look what there is to do": those that wait together are done by one look. */
  workTogether(name: string, handler: () => Promise<unknown>): Promise<void>;
  /** Takes no more tasks and waits for those in hand. */
  stop(): Promise<void>;
};

export type QueueOptions = {
  log: Logger;
  /** Whether this process also looks after tasks that a killed one left behind. Sending works without. */
  supervise?: boolean;
};

/** Ten years: longer than the queue remembers, so a key is a key and not a key an hour. */
const singletonSeconds = 315_360_000;
const secondsToFinish = 30;
const togetherAtMost = 1000;
/** A worker that says nothing for so long is taken for dead, and its task goes to another. */
const heartbeatSeconds = 30;

/** Connects to the queues that prepareQueues has made. */
export async function openQueue(db: Knex, options: QueueOptions): Promise<Queue> {
  const supervise = options.supervise ?? false;
  const boss = new PgBoss({ db: bossDatabase(db), migrate: false, schedule: false, supervise });
  boss.on('error', (error) => options.log.error({ err: error }, 'the queue failed'));
  boss.on('warning', (warning) => options.log.debug({ warning: warning.message }, 'the queue warns'));
  await boss.start();
  const workers = new Map<string, string>();
  const wake = (name: string): void => {
    const worker = workers.get(name);
    if (worker !== undefined) boss.notifyWorker(worker);
  };
  return {
    async send(trx, name, data = {}, { singletonKey, startAfter } = {}) {
      await boss.send(name, data, {
        ...(singletonKey === undefined ? {} : { singletonKey, singletonSeconds }),
        ...(startAfter === undefined ? {} : { startAfter: startAfter.toString() }),
        ...(trx === null ? {} : { db: fromKnex(trx) }),
      });
      // A worker of this process need not wait for its next look; one elsewhere finds the task within two seconds.
      if (trx === null) wake(name);
      else trx.executionPromise.then(() => wake(name)).catch(() => undefined);
    },
    async work(name, handler) {
      const one = async ([job]: Job<Record<string, unknown>>[]): Promise<void> => {
        if (job) await handler(job.data);
      };
      workers.set(name, await boss.work<Record<string, unknown>>(name, { batchSize: 1 }, one));
    },
    async workTogether(name, handler) {
      workers.set(name, await boss.work(name, { batchSize: togetherAtMost }, handler));
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: secondsToFinish * 1000 });
    },
  };
}

/** Makes or updates the tables of the queues, and the queues. Belongs right after migrate(); safe in several processes. */
export async function prepareQueues(db: Knex, names: readonly string[]): Promise<void> {
  const boss = new PgBoss({ db: bossDatabase(db), migrate: true, schedule: false, supervise: false });
  await boss.start();
  try {
    const made = new Set((await boss.getQueues()).map((queue) => queue.name));
    for (const name of names) {
      if (made.has(name)) continue;
      await boss.createQueue(name, {
        retryLimit: 5,
        retryDelay: 30,
        retryBackoff: true,
        heartbeatSeconds,
        expireInSeconds: 3600,
      });
    }
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** pg-boss on the pool of the house. It expects pg's own types, so each statement asks for those. */
function bossDatabase(db: Knex): BossDatabase {
  return {
    async executeSql(text, values) {
      const connection: pg.Client = await db.client.acquireConnection();
      try {
        return await connection.query({ text, values: values as unknown[], types: pg.types });
      } catch (error) {
        // Some of its statements are whole transactions in one text; a failed one must not stay open on our connection.
        await connection.query('rollback').catch(() => undefined);
        throw error;
      } finally {
        await db.client.releaseConnection(connection);
      }
    },
  };
}
