import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Knex } from 'knex';
import { explainStartFailure, requireSupportedServer, StartFailure } from '../../src/lib/start-failure.ts';
import { emptyDatabase } from '../support/database.ts';
import { freePort, run } from '../support/process.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'vouch-refusals-'));
after(() => rm(dataDir, { recursive: true, force: true }));

const startWith = async (env: Record<string, string>) =>
  run('src/server.ts', [], { DATA_DIR: dataDir, PORT: String(await freePort()), DEMO: 'off', ...env }).ended();

async function sentenceFor(databaseUrl: string): Promise<string> {
  const { code, stderr } = await startWith({ DATABASE_URL: databaseUrl });
  assert.equal(code, 1);
  return stderr;
}

const serverUrl = (change: (url: URL) => void): string => {
  const url = new URL(process.env.DATABASE_URL ?? '');
  change(url);
  return url.href;
};

describe('a wrong DATABASE_URL is a sentence and not a stack', () => {
  test('nobody listens there', async () => {
    const port = await freePort();
    const sentence = await sentenceFor(`postgres://vouch:pw@127.0.0.1:${port}/vouch`);
    assert.equal(sentence, `No PostgreSQL answers at 127.0.0.1:${port}: start it, or correct DATABASE_URL.\n`);
  });

  test('there is no such server', async () => {
    assert.match(
      await sentenceFor('postgres://vouch:pw@no-such-host.invalid/vouch'),
      /^DATABASE_URL names the server no-such-host\.invalid, and .+\.\n$/,
    );
  });

  test('the password is wrong', async () => {
    const url = serverUrl((to) => {
      to.password = 'wrong';
    });
    assert.equal(await sentenceFor(url), 'PostgreSQL refused the password of the user vouch: check DATABASE_URL.\n');
  });

  test('there is no such database', async () => {
    const url = serverUrl((to) => {
      to.pathname = '/no_such_database';
    });
    const sentence = 'PostgreSQL has no database no_such_database: create it, or correct DATABASE_URL.\n';
    assert.equal(await sentenceFor(url), sentence);
  });

  test('somebody else listens there', async () => {
    const other = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const sentence = await sentenceFor(`postgres://vouch:pw@127.0.0.1:${port}/vouch`);
    await new Promise((resolve) => other.close(resolve));
    assert.equal(sentence, `Whoever answers at 127.0.0.1:${port} does not speak PostgreSQL: check DATABASE_URL.\n`);
  });

  test('the server is too old', async () => {
    const old = { raw: async () => ({ rows: [{ number: 140_011 }] }) } as unknown as Knex;
    const sentence = 'DATABASE_URL leads to PostgreSQL 14, and Vouch needs 15 or newer.';
    await assert.rejects(requireSupportedServer(old), new StartFailure(sentence));
  });
});

test('a full disk is a sentence', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const explained = explainStartFailure(full, { dataDir: '/srv/vouch' });
  assert.ok(explained instanceof StartFailure);
  assert.equal(explained.message, 'The disk is full: Vouch can’t write to /srv/vouch.');
});

test('an unknown accident keeps its stack', () => {
  const bug = new TypeError('x is not a function');
  assert.equal(explainStartFailure(bug, {}), bug);
});

test('in production every missing variable is one sentence, and nothing starts', async () => {
  const { code, stderr, stdout } = await startWith({ NODE_ENV: 'production' });
  assert.equal(code, 1);
  assert.equal(stdout, '');
  const names = stderr.split('\n').map((line) => line.split(' ')[0]);
  assert.deepEqual(names, ['SESSION_SECRET', 'DATABASE_URL', 'BASE_URL', 'SMTP_URL', 'MAIL_FROM', 'TIME_ZONE', '']);
});

describe('a job by hand', async () => {
  const database = await emptyDatabase();
  after(() => database.drop());
  const job = (...args: string[]) =>
    run('src/run-job.ts', args, { DATA_DIR: dataDir, DATABASE_URL: database.url, TIME_ZONE: 'UTC' }).ended();

  test('answers with JSON in its last line', async () => {
    const { code, stdout } = await job('pay-bonuses', '--as-of', '2024-03-01');
    assert.equal(code, 0);
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    assert.equal(last, '{"job":"pay-bonuses","asOf":"2024-03-01","awarded":0,"forfeited":0,"waiting":0,"held":0}');
  });

  test('refuses a day in the future, and looks into it with --dry-run', async () => {
    const refused = await job('pay-bonuses', '--as-of', '2999-01-01');
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^2999-01-01 lies in the future, and today is \d{4}-\d\d-\d\d: add --dry-run to see what would happen\.\n$/,
    );
    const looked = await job('pay-bonuses', '--as-of', '2999-01-01', '--dry-run');
    assert.equal(looked.code, 0);
    assert.equal(JSON.parse(looked.stdout.trimEnd().split('\n').at(-1) ?? '').dryRun, true);
  });

  for (const [args, sentence] of [
    [['nope'], /^There is no job “nope”; there are pay-bonuses, .+\.\n$/],
    [['toString'], /^There is no job “toString”/],
    [[], /^Say which job to run: npm run job /],
    [['pay-bonuses', '--as-of', '2027-02-30'], /^“2027-02-30” is no day of the calendar/],
    [['pay-bonuses', '--as-of', 'tomorrow'], /^“tomorrow” is no day of the calendar/],
    [['pay-bonuses', '--asof', '2027-01-01'], /^Unknown option '--asof'\. The command is: npm run job /],
  ] as const) {
    test(`says what is wrong with “${args.join(' ')}”`, async () => {
      const { code, stdout, stderr } = await job(...args);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, sentence);
    });
  }
});
