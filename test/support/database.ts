import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import { connect, migrate, withAdvisoryLock } from '../../src/lib/database.ts';
import { prepareQueues } from '../../src/lib/queue.ts';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

const templateLock = 7_105_663;
const migrations = fileURLToPath(new URL('../../migrations/', import.meta.url));
const queueSource = fileURLToPath(new URL('../../src/lib/queue.ts', import.meta.url));

/** A database of its own for a test file: a copy of a migrated template, made in some 50 ms. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const name = `vouch_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await withServer(async (server) => {
    const template = await ensureTemplate(server);
    await server.raw('create database ?? template ??', [name, template]);
  });
  return {
    url: urlOf(name),
    drop: () => withServer((server) => server.raw('drop database if exists ?? with (force)', [name])),
  };
}

/** A database without a single table, for what happens at a first start. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const name = `vouch_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await withServer((server) => server.raw('create database ?? template template0', [name]));
  return {
    url: urlOf(name),
    drop: () => withServer((server) => server.raw('drop database if exists ?? with (force)', [name])),
  };
}

async function ensureTemplate(server: Knex): Promise<string> {
  const queues = await queueNames();
  const name = `vouch_template_${fingerprint(queues)}`;
  if (await databaseExists(server, name)) return name;
  await withAdvisoryLock(server, templateLock, async () => {
    if (await databaseExists(server, name)) return;
    const draft = `${name}_draft`;
    await server.raw('drop database if exists ?? with (force)', [draft]);
    await server.raw('create database ?? template template0', [draft]);
    const db = connect(urlOf(draft));
    try {
      await migrate(db);
      await prepareQueues(db, queues);
    } finally {
      await db.destroy();
    }
    // Renamed at the end, so that a template under its own name is always a finished one.
    await server.raw('alter database ?? rename to ??', [draft, name]);
  });
  return name;
}

async function databaseExists(server: Knex, name: string): Promise<boolean> {
  return (await server('pg_database').where({ datname: name }).first('oid')) !== undefined;
}

/** The template is as old as what it was made from. */
function fingerprint(queues: readonly string[]): string {
  const hash = createHash('sha256').update(queues.join()).update(readFileSync(queueSource));
  for (const file of readdirSync(migrations).sort()) hash.update(file).update(readFileSync(migrations + file));
  return hash.digest('hex').slice(0, 16);
}

async function queueNames(): Promise<readonly string[]> {
  const { queueNames } = await import('../../src/timetable.ts');
  return queueNames;
}

async function withServer<T>(work: (server: Knex) => Promise<T>): Promise<T> {
  const server = connect(serverUrl(), { poolMax: 2 });
  try {
    return await work(server);
  } finally {
    await server.destroy();
  }
}

function serverUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('Tests need a PostgreSQL: run them by npm test, or set DATABASE_URL.');
  return url;
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}
