import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import knex from 'knex';
import pg from 'pg';

/** A transaction in progress: what every function that writes asks for. */
export type Trx = Knex.Transaction;
/** For reads: either of the two. */
export type Db = Knex | Knex.Transaction;

const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url));
const migrationConfig: Knex.MigratorConfig = { directory: migrationsDir, loadExtensions: ['.ts'] };
/** Any number will do, as long as every process of the house takes the same one. */
const migrationLock = 7_105_662;

type Parse = (text: string) => unknown;
const { builtins } = pg.types;

// pg on its own turns a DATE into local midnight, so into the day before, and an int8 into text.
const parsers = new Map<number, Parse>([
  [builtins.DATE, readDay],
  [builtins.TIMESTAMPTZ, (text) => Temporal.Instant.from(text.replace(' ', 'T'))],
  [builtins.TIMESTAMP, (text) => Temporal.PlainDateTime.from(text.replace(' ', 'T'))],
  [builtins.INT8, safeInteger],
  [builtins.NUMERIC, (text) => text],
]);
const arrays: ReadonlyArray<readonly [number, number]> = [
  [1182, builtins.DATE],
  [1185, builtins.TIMESTAMPTZ],
  [1016, builtins.INT8],
  [1231, builtins.NUMERIC],
];
for (const [array, element] of arrays) {
  const parse = parsers.get(element) as Parse;
  const split = pg.types.getTypeParser(1009 as number) as (text: string) => (string | null)[];
  parsers.set(array, (text) => split(text).map((one) => (one === null ? null : parse(one))));
}

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format as 'text'),
};

const days = new Map<string, Temporal.PlainDate>();

/** A day can't change, so rows may share it; and what is derived from a shared day is found again (lib/format.ts). */
export function readDay(text: string): Temporal.PlainDate {
  let day = days.get(text);
  if (!day) {
    if (days.size > 5000) days.clear();
    day = Temporal.PlainDate.from(text);
    days.set(text, day);
  }
  return day;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a safe integer`);
  return value;
}

function bindable(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  const temporal =
    value instanceof Temporal.PlainDate || value instanceof Temporal.Instant || value instanceof Temporal.PlainDateTime;
  return temporal ? value.toString() : value;
}

/** pg would bind a day or an instant as quoted JSON. A subclass, because knex makes a new client for each transaction. */
const PgDialect = knex({ client: 'pg' }).client.constructor as new (
  config: Knex.Config,
) => { prepBindings(bindings: readonly unknown[] | undefined): unknown[] | undefined };

class VouchDialect extends PgDialect {
  override prepBindings(bindings: readonly unknown[] | undefined): unknown[] | undefined {
    return super.prepBindings(bindings?.map(bindable));
  }
}

const silence = (): void => undefined;

export type ConnectOptions = { poolMax?: number; applicationName?: string };

/** A pool on PostgreSQL whose rows hold Temporal values and safe numbers; every session runs in UTC. */
export function connect(url: string, options: ConnectOptions = {}): Knex {
  return knex({
    client: VouchDialect as unknown as typeof knex.Client,
    connection: {
      connectionString: url,
      types,
      options: '-c TimeZone=UTC -c DateStyle=ISO',
      application_name: options.applicationName ?? 'vouch',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max: options.poolMax ?? 10 },
    acquireConnectionTimeout: 15_000,
    migrations: migrationConfig,
    // What goes wrong is thrown at whoever asked; knex would write it to the console as well.
    log: { warn: silence, error: silence, deprecate: silence, debug: silence },
  });
}

export type PreparedQuery = { name: string; text: string; values?: readonly unknown[] };

/**
 * Runs a named statement that PostgreSQL parses and plans once a connection: for reads on the hot path, where knex alone
 * costs a third of a page. The name must stand for one text for ever; list the columns instead of writing `*`.
 */
export async function prepared<Row>(db: Db, query: PreparedQuery): Promise<Row[]> {
  if (db.isTransaction && (db as Trx).isCompleted()) throw new Error(`${query.name}: the transaction is over`);
  const connection: pg.Client = await db.client.acquireConnection();
  try {
    return await run<Row>(connection, query);
  } catch (error) {
    // It comes from the socket; from here its stack leads to whoever asked.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  } finally {
    await db.client.releaseConnection(connection);
  }
}

type NamedQuery = { name: string } & pg.Submittable;
/** pg's types know only the way by a configuration, which pg copies field by field for each query. */
const Query = pg.Query as unknown as new (
  text: string,
  values: unknown[],
  done: (error: Error | null, result: { rows: unknown[] }) => void,
) => NamedQuery;

function run<Row>(connection: pg.Client, { name, text, values = [] }: PreparedQuery): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const query = new Query(text, values.map(bindable), (error, result) => {
      if (error) reject(error);
      else resolve(result.rows as Row[]);
    });
    query.name = name;
    connection.query(query);
  });
}

function violates(error: unknown, code: string, constraint: string | undefined): boolean {
  if (!(error instanceof Error)) return false;
  const found = error as Error & { code?: string; constraint?: string };
  return found.code === code && (constraint === undefined || found.constraint === constraint);
}

/** Whether a UNIQUE constraint or index refused the row; by its name where several could. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23505', constraint);
}

export function isExclusionViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23P01', constraint);
}

export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23503', constraint);
}

export function isCheckViolation(error: unknown, constraint?: string): boolean {
  return violates(error, '23514', constraint);
}

/** Brings the schema up to date. Any number of processes may call it at once: one works, the others wait for it. */
export async function migrate(db: Knex): Promise<void> {
  if (await migrationsAreCurrent(db)) return;
  await withAdvisoryLock(db, migrationLock, async () => {
    // knex marks its lock in a table, where a killed process leaves it behind; ours is gone with the connection, so
    // whoever holds it may clear the other.
    if (await db.schema.hasTable('knex_migrations_lock')) await db.migrate.forceFreeMigrationsLock();
    await db.migrate.latest();
  });
}

/** Whether every migration of this code has been run. */
export async function migrationsAreCurrent(db: Knex): Promise<boolean> {
  const { rows } = await db.raw(`select to_regclass('knex_migrations') is not null as exists`);
  if (!rows[0].exists) return false;
  const run = new Set<string>(await db('knex_migrations').pluck('name'));
  return migrationFiles().every((name) => run.has(name));
}

export function migrationFiles(): string[] {
  return readdirSync(migrationsDir)
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

/** Runs the work while this process alone holds the lock; the lock lives on one connection and dies with it. */
export async function withAdvisoryLock<T>(db: Knex, key: number, work: () => Promise<T>): Promise<T> {
  const connection: pg.Client = await db.client.acquireConnection();
  try {
    await connection.query('select pg_advisory_lock($1)', [key]);
    return await work();
  } finally {
    await connection.query('select pg_advisory_unlock($1)', [key]).catch(() => connection.end());
    await db.client.releaseConnection(connection);
  }
}
