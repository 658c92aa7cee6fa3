import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Knex } from 'knex';
import { connect } from '../../src/lib/database.ts';
import { openLog } from '../../src/lib/log.ts';
import { openQueue, prepareQueues, type Queue } from '../../src/lib/queue.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';

const log = openLog('silent');
let database: TestDatabase;
let db: Knex;
let queue: Queue;

before(async () => {
  database = await emptyDatabase();
  db = connect(database.url);
  await Promise.all([prepareQueues(db, ['letters', 'looks']), prepareQueues(db, ['letters', 'looks'])]);
});
after(async () => {
  await db.destroy();
  await database.drop();
});
beforeEach(async () => {
  await db('pgboss.job').delete();
  queue = await openQueue(db, { log });
});
afterEach(() => queue.stop());

const waiting = (name: string): Promise<unknown[]> => db('pgboss.job').where({ name, state: 'created' }).pluck('data');

describe('sending', () => {
  test('a task exists when its transaction does', async () => {
    await db.transaction(async (trx) => {
      await queue.send(trx, 'letters', { id: 1 });
      assert.deepEqual(await waiting('letters'), [], 'nobody else sees it yet');
    });
    assert.deepEqual(await waiting('letters'), [{ id: 1 }]);
  });

  test('a deed rolled back sends nothing', async () => {
    const broken = db.transaction(async (trx) => {
      await queue.send(trx, 'letters', { id: 2 });
      throw new Error('the deed fails');
    });
    await assert.rejects(broken, /the deed fails/);
    assert.deepEqual(await waiting('letters'), []);
  });

  test('eight processes that send one key make one task, and the key stays used when the task is done', async () => {
    const key = { singletonKey: '2026-11-22T05:00' };
    await Promise.all(Array.from({ length: 8 }, () => queue.send(null, 'looks', {}, key)));
    assert.equal((await waiting('looks')).length, 1);
    await db('pgboss.job').update({ state: 'completed' });
    await queue.send(null, 'looks', {}, key);
    assert.equal((await waiting('looks')).length, 0);
    await queue.send(null, 'looks', {}, { singletonKey: '2026-11-23T05:00' });
    assert.equal((await waiting('looks')).length, 1);
  });

  test('a task for later carries its moment', async () => {
    const startAfter = Temporal.Instant.from('2099-01-01T12:00:00Z');
    await queue.send(null, 'letters', {}, { startAfter });
    const task = await db('pgboss.job').first('start_after');
    assert.ok(startAfter.equals(task.start_after));
  });

  test('an unknown queue is a mistake that shows at once', async () => {
    await assert.rejects(queue.send(null, 'no-such-queue'), /does not exist/);
  });
});

describe('working', () => {
  test('stop waits for the task in hand', async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    let finished = false;
    await queue.work('letters', async () => {
      begun.resolve();
      await finish.promise;
      finished = true;
    });
    await queue.send(null, 'letters');
    await begun.promise;
    const stopped = queue.stop();
    for (let look = 0; look < 20; look += 1) {
      assert.equal((await db('pgboss.job').first('state')).state, 'active', 'nobody takes it away from the worker');
    }
    finish.resolve();
    await stopped;
    assert.equal(finished, true);
    assert.equal((await db('pgboss.job').first('state')).state, 'completed');
  });

  test('a task that fails is kept for another try', async () => {
    const failed = Promise.withResolvers<void>();
    await queue.work('letters', async () => {
      setImmediate(failed.resolve);
      throw new Error('not today');
    });
    await queue.send(null, 'letters', { id: 3 });
    await failed.promise;
    await queue.stop();
    const task = await db('pgboss.job').first('state', 'data');
    assert.deepEqual(task, { state: 'retry', data: { id: 3 } });
  });

  test('tasks that only say "look" are done by one look', async () => {
    for (let n = 0; n < 25; n += 1) await queue.send(null, 'looks');
    let looks = 0;
    const looked = Promise.withResolvers<void>();
    await queue.workTogether('looks', async () => {
      looks += 1;
      looked.resolve();
    });
    await looked.promise;
    await queue.stop();
    assert.equal(looks, 1);
    assert.equal(
      await db('pgboss.job')
        .where({ state: 'completed' })
        .count()
        .then(([row]) => row?.count),
      25,
    );
  });
});
