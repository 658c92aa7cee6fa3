import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { withLockFile } from './lock-file.ts';
import { findPostgresProgram, type PostgresProgram } from './postgres-program.ts';
import { isRunning, readServer, type Server } from './postgres-server.ts';
import { explainStartFailure, StartFailure } from './start-failure.ts';

export type EmbeddedPostgres = {
  readonly url: string;
  /** Stops the server, unless another process of the house is using it: the last one turns off the light. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Settings of the server, as in `{ fsync: 'off' }` for a database that may be lost. */
  settings?: Readonly<Record<string, string>>;
};

type Place = {
  readonly dataDir: string;
  readonly cluster: string;
  readonly logFile: string;
  readonly password: string;
  readonly program: PostgresProgram;
};

const user = 'vouch';
const database = 'vouch';
/** Each process of the house holds one connection by this name for as long as it uses the server. */
const keeperName = 'vouch-keeper';
const startMs = 60_000;
const stopMs = 60_000;
const pollMs = 15;
/** What a start right after a crash can run into, and what passes by itself. */
const passing = /pre-existing shared memory|lock file .* already exists|could not (?:bind|create any TCP)/;

/**
 * A real PostgreSQL in `dataDir`/postgres, from the npm package, reachable from this machine only. The first call makes
 * it; later ones start it, or join the one that runs already, also one that a killed process left behind.
 */
export async function openEmbeddedPostgres(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  try {
    mkdirSync(dataDir, { recursive: true });
    const lockFile = join(dataDir, 'postgres.lock');
    return await withLockFile(lockFile, async () => {
      const place = findPlace(realpathSync(dataDir));
      if (!existsSync(place.cluster)) await initialise(place);
      const { port } = await ensureRunning(place, options.settings ?? {});
      const keeper = await connectKeeper(place, port);
      return {
        url: `postgres://${user}:${place.password}@127.0.0.1:${port}/${database}`,
        stop: () => withLockFile(lockFile, () => leave(place, keeper)),
      };
    });
  } catch (error) {
    throw explainStartFailure(error, { dataDir });
  }
}

function findPlace(dataDir: string): Place {
  const program = findPostgresProgram(dataDir);
  const passwordFile = join(dataDir, 'postgres-password');
  if (!existsSync(passwordFile)) {
    writeFileSync(`${passwordFile}.new`, randomBytes(24).toString('hex'), { mode: 0o600 });
    renameSync(`${passwordFile}.new`, passwordFile);
  }
  // initdb reads it under its own account.
  if (program.account) chownSync(passwordFile, program.account.uid, program.account.gid);
  const password = readFileSync(passwordFile, 'utf8').trim();
  return { dataDir, cluster: join(dataDir, 'postgres'), logFile: join(dataDir, 'postgres.log'), password, program };
}

/** Made beside its place and renamed at the end: what stands in the place is whole, whenever the power went out. */
async function initialise({ dataDir, cluster, program }: Place): Promise<void> {
  const draft = `${cluster}.new`;
  let output = '';
  // Without a UTF-8 LC_CTYPE, pg_trgm sees no letters in Cyrillic; lower() has its own rules, the same on every machine.
  for (const locale of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    program.makeFolder(draft);
    const settings = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${locale}`];
    const access = [`--username=${user}`, '--auth=scram-sha-256', `--pwfile=${join(dataDir, 'postgres-password')}`];
    const initdb = program.spawn('initdb', [`--pgdata=${draft}`, '--lc-messages=C', ...settings, ...access]);
    output = '';
    initdb.stdout?.on('data', (text) => {
      output += text;
    });
    initdb.stderr?.on('data', (text) => {
      output += text;
    });
    const code = await new Promise<number | null>((resolve, reject) => initdb.on('error', reject).on('close', resolve));
    if (code === 0) return rename(draft, cluster);
    if (!/locale/.test(output)) break;
  }
  await rm(draft, { recursive: true, force: true });
  throw failure(output, 'PostgreSQL could not be set up');
}

async function ensureRunning(place: Place, settings: Readonly<Record<string, string>>): Promise<Server> {
  const deadline = performance.now() + startMs;
  for (;;) {
    const found = readServer(place.cluster);
    if (found && isRunning(found, place.cluster)) {
      if (found.ready) return found;
      if (performance.now() > deadline) throw new StartFailure('The PostgreSQL in DATA_DIR does not become ready.');
      await sleep(pollMs);
      continue;
    }
    // Its process is gone. The number in the file may belong to a stranger by now, and PostgreSQL would believe it.
    await rm(join(place.cluster, 'postmaster.pid'), { force: true });
    const output = await start(place, settings, deadline);
    if (output === null) continue;
    if (!passing.test(output) || performance.now() > deadline) throw failure(output, 'PostgreSQL did not start');
    await sleep(100);
  }
}

/** Null when the server is up, its last words when it is not. */
async function start(
  place: Place,
  settings: Readonly<Record<string, string>>,
  deadline: number,
): Promise<string | null> {
  const own = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const args = Object.entries(own).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(place.logFile, 'w', 0o600);
  // In a session of its own: Ctrl-C at the terminal is for us, who then let the requests in hand finish first.
  const postgres = place.program.spawn('postgres', ['-D', place.cluster, '-p', String(await freePort()), ...args], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  postgres.unref();
  let exited = false;
  postgres.on('exit', () => {
    exited = true;
  });
  postgres.on('error', () => {
    exited = true;
  });
  while (!exited && performance.now() < deadline) {
    const found = readServer(place.cluster);
    if (found?.ready && found.pid === postgres.pid) return null;
    await sleep(pollMs);
  }
  if (!exited) postgres.kill('SIGKILL');
  return readFileSync(place.logFile, 'utf8');
}

async function connectKeeper(place: Place, port: number): Promise<pg.Client> {
  const keeper = new pg.Client({
    host: '127.0.0.1',
    port,
    user,
    password: place.password,
    database: 'postgres',
    application_name: keeperName,
    keepAlive: true,
  });
  // Should the server die, every query of the house says so; this connection has nothing to add.
  keeper.on('error', () => undefined);
  await keeper.connect();
  const { rowCount } = await keeper.query('select from pg_database where datname = $1', [database]);
  if (rowCount === 0) await keeper.query(`create database ${database}`);
  return keeper;
}

async function leave(place: Place, keeper: pg.Client): Promise<void> {
  const others = await keeper
    .query('select from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()', [keeperName])
    .then(({ rowCount }) => rowCount ?? 0)
    .catch(() => 0);
  await keeper.end().catch(() => undefined);
  const server = readServer(place.cluster);
  if (others > 0 || !server || !isRunning(server, place.cluster)) return;
  process.kill(server.pid, 'SIGINT');
  const deadline = performance.now() + stopMs;
  // It removes its file as the last thing it does; its process may linger as a zombie where nobody reaps.
  while (readServer(place.cluster) && isRunning(server, place.cluster)) {
    if (performance.now() > deadline) throw new Error('the PostgreSQL in DATA_DIR does not stop');
    await sleep(pollMs);
  }
}

function failure(output: string, what: string): StartFailure {
  if (/No space left on device/.test(output)) {
    return new StartFailure('The disk is full: PostgreSQL can’t write to DATA_DIR.');
  }
  const lines = output.split('\n').filter((line) => /FATAL|error|PANIC/i.test(line));
  const reason = (lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '').replace(/^.*?(?:FATAL|PANIC|error):\s*/, '');
  return new StartFailure(`${what}: ${reason.replace(/\.?$/, '.')}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.on('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
