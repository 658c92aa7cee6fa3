import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openEmbeddedPostgres } from '../src/lib/embedded-postgres.ts';

// npm test                          everything
// npm test -- test/web/x.test.ts    these files
// npm test -- --grep "pays once"    the tests whose name matches
//
// On the PostgreSQL of DATABASE_URL where that is set, otherwise on one from the npm package in a temporary folder.

type Server = { url: string; stop(): Promise<void> };

/** A database that may be lost need not wait for the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  shared_buffers: '256MB',
  max_connections: '300',
};

/** Each test file is a process that loads much the same: what one has compiled, the others need not. */
const compileCache = fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url));

const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });
const everything = globSync('test/**/*.test.ts', { exclude: ['test/bench/**'] }).sort();
const files = positionals.length > 0 ? positionals : everything;

const server = await openServer();
// npm hands a signal on and so does the terminal: wait for the tests to end, then clean up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal));
const tests = spawn(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    '--test-timeout=600000',
    ...(values.grep === undefined ? [] : [`--test-name-pattern=${values.grep}`]),
    ...files,
  ],
  { stdio: 'inherit', env: { ...process.env, DATABASE_URL: server.url, NODE_COMPILE_CACHE: compileCache } },
);
const code = await new Promise<number>((resolve) => tests.on('close', (status) => resolve(status ?? 1)));
await server.stop();
process.exitCode = code;

async function openServer(): Promise<Server> {
  const url = process.env.DATABASE_URL;
  if (url) return { url, stop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'vouch-tests-'));
  const postgres = await openEmbeddedPostgres(folder, { settings });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
