import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../src/lib/database.ts';
import { openEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts';
import { isRunning, readServer } from '../../src/lib/postgres-server.ts';
import { freePort, type Running, run } from '../support/process.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'vouch-start-'));
const cluster = join(dataDir, 'postgres');
const started: Running[] = [];

const start = async (more: Record<string, string> = {}): Promise<Running> => {
  const running = run('src/server.ts', [], { DATA_DIR: dataDir, PORT: String(await freePort()), DEMO: 'off', ...more });
  started.push(running);
  return running;
};
const stop = async (running: Running): Promise<number | null> => {
  running.child.kill('SIGTERM');
  return (await running.ended()).code;
};
const postgresRuns = (): boolean => {
  const server = readServer(cluster);
  return server !== null && isRunning(server, cluster);
};

/** Asks the database of the house directly, as one more process of it. */
async function ask<T>(sql: string): Promise<T[]> {
  const postgres = await openEmbeddedPostgres(dataDir);
  const db = connect(postgres.url);
  try {
    return (await db.raw(sql)).rows;
  } finally {
    await db.destroy();
    await postgres.stop();
  }
}

describe('the house with nothing configured', () => {
  beforeEach(() => assert.equal(postgresRuns(), false, 'the test before left a PostgreSQL running'));
  after(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    const server = readServer(cluster);
    if (server && isRunning(server, cluster)) process.kill(server.pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  test('opens in an empty folder, says where, and closes without leaving a process behind', async () => {
    const house = await start();
    await house.ready();
    assert.ok(postgresRuns());
    assert.equal(await stop(house), 0);
    assert.equal(postgresRuns(), false);
    const { stdout, stderr } = await house.ended();
    assert.match(stdout, new RegExp(`^\n  Vouch is open at http://localhost:${house.port}\n`), 'no log line before it');
    assert.equal(stderr, '');
  });

  test('a second start keeps the data', async () => {
    await ask(`insert into company (name) values ('Kept')`);
    const house = await start();
    await house.ready();
    assert.deepEqual(await ask('select name from company'), [{ name: 'Kept' }]);
    await stop(house);
  });

  test('opens again after kill -9 of itself and of PostgreSQL', async () => {
    const house = await start();
    await house.ready();
    house.child.kill('SIGKILL');
    process.kill(readServer(cluster)?.pid ?? 0, 'SIGKILL');
    await house.ended();
    const again = await start();
    await again.ready();
    assert.deepEqual(await ask('select name from company'), [{ name: 'Kept' }]);
    assert.equal(await stop(again), 0);
  });

  test('takes over the PostgreSQL that a kill -9 of itself left behind', async () => {
    const house = await start();
    await house.ready();
    house.child.kill('SIGKILL');
    await house.ended();
    const orphan = readServer(cluster)?.pid;
    const again = await start();
    await again.ready();
    assert.equal(readServer(cluster)?.pid, orphan);
    assert.equal(await stop(again), 0);
    assert.equal(postgresRuns(), false, 'whoever took it over stops it');
  });

  test('a job runs beside the open house, and alone, and answers in JSON', async () => {
    const house = await start();
    await house.ready();
    for (const round of ['beside', 'alone']) {
      const { code, stdout } = await run('src/run-job.ts', ['clean-up'], { DATA_DIR: dataDir }).ended();
      assert.equal(code, 0, round);
      const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
      assert.equal(answer.job, 'clean-up');
      assert.match(answer.asOf, /^\d{4}-\d\d-\d\d$/);
      if (round === 'beside') {
        assert.equal((await fetch(`${house.url}/readyz`)).status, 200, 'the job left the database to the house');
        await stop(house);
      }
    }
  });

  test('the house that joined a PostgreSQL keeps it when the one that started it leaves', async () => {
    const first = await start();
    await first.ready();
    const second = await start();
    await second.ready();
    await stop(first);
    assert.equal((await fetch(`${second.url}/readyz`)).status, 200);
    await stop(second);
  });

  test('on SIGTERM a request in hand gets its answer, and no new one is let in', async () => {
    const house = await start();
    await house.ready();
    const body = 'email=nobody%40example.com';
    const socket = connectSocket(house.port, '127.0.0.1');
    const answer = readAll(socket);
    const head = ['POST /sign-in HTTP/1.1', 'Host: localhost', 'Content-Type: application/x-www-form-urlencoded'];
    socket.write(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
    await fetch(`${house.url}/healthz`);
    house.child.kill('SIGTERM');
    await refusesConnections(house.port);
    assert.equal(house.child.exitCode, null, 'it waits for the request');
    socket.write(body.slice(5));
    assert.match(await answer, /^HTTP\/1\.1 \d{3} /);
    assert.equal((await house.ended()).code, 0);
  });

  test('a start broken off in the middle of making the database is made good', async () => {
    const breakOff = async (): Promise<void> => {
      await rm(cluster, { recursive: true, force: true });
      const house = await start();
      await appears(`${cluster}.new/PG_VERSION`);
      house.child.kill('SIGKILL');
      await house.ended();
    };
    await breakOff();
    // On a busy machine the kill can come when the database is whole already: that one is closed, and it is tried again.
    for (let tries = 1; existsSync(cluster) && tries < 5; tries += 1) {
      const late = await start();
      await late.ready();
      assert.equal(await stop(late), 0);
      await breakOff();
    }
    assert.equal(existsSync(cluster), false, 'the test came too late');
    const again = await start();
    await again.ready();
    assert.equal(await stop(again), 0);
  });

  test('believes no process number that belongs to a stranger now', async () => {
    const lines = [process.pid, cluster, 1, 5432, '', '127.0.0.1', '', 'ready', ''];
    await writeFile(join(cluster, 'postmaster.pid'), lines.join('\n'));
    const house = await start();
    await house.ready();
    assert.equal(await stop(house), 0);
  });

  test('a port in use is one sentence, and the PostgreSQL is stopped again', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await (await start({ PORT: String(port) })).ended();
    await new Promise((resolve) => other.close(resolve));
    assert.equal(
      stderr,
      `Port ${port} is in use by another program: stop that one, or choose another with PORT=${port + 1}.\n`,
    );
    assert.equal(code, 1);
  });

  test('a second start on the same folder and port is that sentence, and the first goes on', async () => {
    const first = await start();
    await first.ready();
    const second = await start({ PORT: String(first.port) });
    const { code, stdout, stderr } = await second.ended();
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, new RegExp(`^Port ${first.port} is in use by another program: .+\\.\n$`));
    assert.equal((await fetch(`${first.url}/readyz`)).status, 200, 'its PostgreSQL was left to it');
    assert.equal(await stop(first), 0);
  });

  test('a DATA_DIR that is a file is one sentence', async () => {
    const file = join(dataDir, 'session-secret');
    const { code, stderr } = await (await start({ DATA_DIR: file })).ended();
    assert.equal(stderr, `DATA_DIR ${file} is no folder that this account can write to (EEXIST).\n`);
    assert.equal(code, 1);
  });

  test('keeps its secrets to itself', () => {
    assert.match(readFileSync(join(dataDir, 'postgres.log'), 'utf8'), /ready to accept connections/);
    assert.match(readFileSync(join(dataDir, 'session-secret'), 'utf8'), /^[0-9a-f]{64}$/);
  });
});

function readAll(socket: ReturnType<typeof connectSocket>): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('close', () => resolve(text));
  });
}

async function refusesConnections(port: number): Promise<void> {
  const accepts = (): Promise<boolean> =>
    new Promise((resolve) => {
      const probe = connectSocket(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      probe.once('connect', () => probe.destroy());
    });
  while (await accepts()) await sleep(10);
}

async function appears(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(2);
}
