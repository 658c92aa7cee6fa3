import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { validate } from 'node-cron';
import { openQueue } from '../../src/lib/queue.ts';
import { jobNames, queueNames, startTimetable, timetable } from '../../src/timetable.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';

let house: TestHouse;
before(async () => {
  house = await openTestHouse({ web: false });
});
after(() => house.close());

describe('the timetable', () => {
  test('every line can be read by the clock, and every job has one', () => {
    for (const { cron } of timetable) assert.ok(validate(cron), cron);
    assert.deepEqual([...new Set(timetable.map(({ job }) => job))].sort(), [...jobNames].sort());
  });

  test('bonuses are paid each day at six, and the digest goes out on working days at eight', () => {
    const lines = new Map(timetable.map(({ job, cron }) => [job, cron]));
    assert.equal(lines.get('pay-bonuses'), '0 6 * * *');
    assert.equal(lines.get('overdue-digest'), '0 8 * * 1-5');
  });

  test('every queue was made with the tables', async () => {
    const made = await house.db('pgboss.queue').pluck('name');
    for (const name of queueNames) assert.ok(made.includes(name), name);
  });

  test('each process that starts catches up, and stops with nothing left in hand', async () => {
    const started = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const queue = await openQueue(house.db, { log: house.deps.log });
        return { queue, clock: await startTimetable({ ...house.deps, queue }) };
      }),
    );
    const caughtUp = ['deliver-mail', 'pay-bonuses', 'remind-probations'];
    for (const { clock, queue } of started) {
      await clock.stop();
      await queue.stop();
    }
    const states = await house
      .db('pgboss.job')
      .distinct('name')
      .whereIn('state', ['created', 'completed'])
      .orderBy('name');
    assert.deepEqual(
      states.map(({ name }) => name),
      caughtUp,
    );
    assert.equal(await house.db('pgboss.job').whereIn('state', ['active', 'failed', 'retry']).first('id'), undefined);
  });
});
