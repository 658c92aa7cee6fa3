import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Knex } from 'knex';
import {
  connect,
  isExclusionViolation,
  isUniqueViolation,
  migrate,
  migrationFiles,
  migrationsAreCurrent,
  prepared,
  type Trx,
} from '../../src/lib/database.ts';
import { openLog } from '../../src/lib/log.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let db: Knex;
before(async () => {
  database = await emptyDatabase();
  db = connect(database.url);
});
after(async () => {
  await db.destroy();
  await database.drop();
});

const one = async (sql: string, ...values: unknown[]): Promise<unknown> =>
  (await db.raw(`select ${sql} as value`, values as string[])).rows[0].value;

describe('what comes out of the database', () => {
  // The zone of this machine must not matter; the suite runs under several.
  test('a date is that day, on the days on which some zone has no midnight too', async () => {
    for (const day of ['2026-03-29', '2026-10-25', '2018-11-04', '0001-01-01', '9999-12-31']) {
      assert.equal(String(await one(`'${day}'::date`)), day);
    }
    assert.ok((await one(`'2026-03-29'::date`)) instanceof Temporal.PlainDate);
  });

  test('a timestamptz is that instant to the microsecond', async () => {
    const instant = await one(`'2026-03-29 02:30:00.123456+02'::timestamptz`);
    assert.ok(instant instanceof Temporal.Instant);
    assert.equal(instant.toString(), '2026-03-29T00:30:00.123456Z');
  });

  test('an int8 is a number, and one that would be rounded throws', async () => {
    assert.equal(await one('9007199254740991::int8'), Number.MAX_SAFE_INTEGER);
    await assert.rejects(one('9007199254740992::int8'), /does not fit into a safe integer/);
  });

  test('a numeric stays text, so that no cent is rounded', async () => {
    assert.equal(await one(`'1.15'::numeric`), '1.15');
  });

  test('arrays hold the same', async () => {
    assert.deepEqual(((await one(`array['2026-01-31'::date, null]`)) as unknown[]).map(String), ['2026-01-31', 'null']);
    assert.deepEqual(await one('array[1, null, 3]::int8[]'), [1, null, 3]);
    assert.deepEqual(await one(`array['1.10']::numeric[]`), ['1.10']);
    assert.deepEqual(String(await one(`array['2026-01-01Z'::timestamptz]`)), '2026-01-01T00:00:00Z');
  });

  test('the session is in UTC wherever the server stands', async () => {
    assert.equal(await one(`current_setting('TimeZone')`), 'UTC');
  });
});

test('days and instants may be bound as they are, in a transaction too', async () => {
  const day = Temporal.PlainDate.from('2026-02-28');
  const instant = Temporal.Instant.from('2026-02-28T12:00:00Z');
  assert.equal(String(await one('?::date + 1', day)), '2026-03-01');
  // As text it shows that no quotes came along: PostgreSQL overlooks them in a date, and nowhere else.
  assert.equal(await one('?::text', day), '2026-02-28');
  assert.equal(await one('?::text', instant), '2026-02-28T12:00:00Z');
  await db.transaction(async (trx) => {
    const { rows } = await trx.raw('select ?::timestamptz as at', [instant as unknown as string]);
    assert.ok(instant.equals(rows[0].at));
  });
});

describe('prepared', () => {
  const query = { name: 'test-next-day', text: 'select $1::date + 1 as day' };

  test('answers the same on every connection, and sees its own transaction', async () => {
    const values = [Temporal.PlainDate.from('2024-02-28')];
    const rounds = Array.from({ length: 30 }, () => prepared<{ day: Temporal.PlainDate }>(db, { ...query, values }));
    for (const [row] of await Promise.all(rounds)) assert.equal(row?.day.toString(), '2024-02-29');
    await db.transaction(async (trx) => {
      await trx.raw('create temporary table seen (n int) on commit drop');
      await trx.raw('insert into seen values (7)');
      assert.deepEqual(await prepared(trx, { name: 'test-seen', text: 'select n from seen' }), [{ n: 7 }]);
    });
  });

  test('refuses a transaction that is over, whose connection belongs to others by now', async () => {
    let kept: Knex.Transaction | undefined;
    await db.transaction(async (trx) => {
      kept = trx;
    });
    await assert.rejects(
      prepared(kept as Knex.Transaction, { ...query, values: ['2024-01-01'] }),
      /transaction is over/,
    );
  });

  test('gives its connection back when the statement fails', async () => {
    const failing = { name: 'test-failing', text: 'select 1 / $1::int', values: [0] };
    for (let round = 0; round < 15; round += 1) await assert.rejects(prepared(db, failing), /division by zero/);
    assert.equal(await one('1'), 1);
  });
});

describe('migrate', () => {
  test('four processes at once make one schema', async () => {
    assert.equal(await migrationsAreCurrent(db), false);
    const others = Array.from({ length: 4 }, () => connect(database.url, { poolMax: 4 }));
    try {
      await Promise.all(others.map(migrate));
    } finally {
      await Promise.all(others.map((other) => other.destroy()));
    }
    assert.equal(await migrationsAreCurrent(db), true);
    assert.equal(await one('(select count(*) from knex_migrations)'), migrationFiles().length);
  });

  test('a lock that a killed process left in the table stops nobody', async () => {
    await db('knex_migrations_lock').update({ is_locked: 1 });
    await db('knex_migrations').delete();
    // It gets as far as running the migration again, and so into the tables that are there already.
    await assert.rejects(migrate(db), /already exists/);
  });
});

test('violations are told apart by their constraint', async () => {
  await db.raw(
    'create table rooms (id int constraint one_of_each primary key, during int4range, constraint free exclude using gist (during with &&))',
  );
  const insert = (id: number, during: string) => db('rooms').insert({ id, during });
  await insert(1, '[1,5)');
  const twice = await insert(1, '[10,11)').then(null, (error: unknown) => error);
  assert.equal(isUniqueViolation(twice), true);
  assert.equal(isUniqueViolation(twice, 'one_of_each'), true);
  assert.equal(isUniqueViolation(twice, 'free'), false);
  assert.equal(isExclusionViolation(twice), false);
  const overlapping = await insert(2, '[4,6)').then(null, (error: unknown) => error);
  assert.equal(isExclusionViolation(overlapping, 'free'), true);
  assert.equal(isUniqueViolation(overlapping), false);
});

test('what the database refuses is told and logged without the values of the row, in a transaction too', async () => {
  await db.raw('create table guests (email text unique)');
  const lines: string[] = [];
  const log = openLog('error', { write: (line) => void lines.push(line) });
  const write = (on: Knex | Trx) => on.raw('insert into guests (email) values (?)', ['maria.ivanova@example.org']);
  await write(db);
  for (const again of [() => write(db), () => db.transaction((trx) => write(trx))]) {
    await assert.rejects(
      async () => again(),
      (error: Error) => {
        log.error({ err: error }, 'request failed');
        // The queue keeps the message of a task that failed.
        assert.doesNotMatch(error.message, /maria/);
        return isUniqueViolation(error, 'guests_email_key');
      },
    );
  }
  assert.equal(lines.length, 2);
  assert.doesNotMatch(lines.join(), /maria/);
});
