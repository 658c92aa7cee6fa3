import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ConfigError, isUnencrypted, loadConfig } from '../../src/config.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'vouch-config-'));
after(() => rmSync(dataDir, { recursive: true }));

const secret = '8f14e45fceea167a5a36dedd4bea2543';
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://vouch:pw@db/vouch',
  BASE_URL: 'https://vouch.example.com/',
  SMTP_URL: 'smtp://mail.example.com:587',
  MAIL_FROM: 'Vouch <vouch@example.com>',
  TIME_ZONE: 'Europe/Moscow',
  SESSION_SECRET: secret,
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig({ DATA_DIR: dataDir, ...env });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}

describe('development', () => {
  test('needs nothing, listens to this machine alone, and shows the demo company', () => {
    const config = loadConfig({ DATA_DIR: dataDir });
    assert.equal(config.port, 3000);
    assert.equal(config.host, '127.0.0.1');
    assert.equal(config.baseUrl, 'http://localhost:3000');
    assert.equal(config.databaseUrl, null);
    assert.equal(config.demo, true);
    assert.equal(config.timeZone, 'Europe/Berlin');
    assert.equal(config.logLevel, 'warn', 'the terminal is for the person at it');
  });

  test('makes a secret once and keeps it', () => {
    const first = loadConfig({ DATA_DIR: dataDir }).sessionSecret;
    assert.match(first, /^[0-9a-f]{64}$/);
    assert.equal(loadConfig({ DATA_DIR: dataDir }).sessionSecret, first);
    assert.equal(readFileSync(join(dataDir, 'session-secret'), 'utf8'), first);
  });

  test('takes an empty variable for one that is not set', () => {
    assert.equal(loadConfig({ DATA_DIR: dataDir, PORT: '', SMTP_URL: ' ' }).port, 3000);
  });

  for (const [env, sentence] of [
    [{ PORT: 'abc' }, 'PORT must be a number from 1 to 65535.'],
    [{ PORT: '65536' }, 'PORT must be a number from 1 to 65535.'],
    [{ PORT: '0' }, 'PORT must be a number from 1 to 65535.'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must look like postgres://user:password@host:5432/vouch.'],
    [{ SMTP_URL: 'mail.example.com' }, 'SMTP_URL must look like smtp://user:password@mail.example.com:587.'],
    [{ MAIL_FROM: 'nobody' }, 'MAIL_FROM must be an e-mail address, as in Vouch <vouch@example.com>.'],
    [{ MAIL_FROM: 'a@b.c\r\nBcc: x@y.z' }, 'MAIL_FROM must be an e-mail address, as in Vouch <vouch@example.com>.'],
    [{ BASE_URL: 'vouch' }, 'BASE_URL must be the address people open, as in https://vouch.example.com.'],
    ...[
      'https://',
      'https:vouch',
      'https://vouch.example.com/?a',
      'https://me:pw@vouch.example.com',
      'ftp://vouch',
    ].map(
      (url) =>
        [{ BASE_URL: url }, 'BASE_URL must be the address people open, as in https://vouch.example.com.'] as const,
    ),
    [{ TIME_ZONE: 'Mars/Olympus' }, 'TIME_ZONE must be the name of a time zone, as in Europe/Berlin.'],
    [{ TIME_ZONE: '+02:00' }, 'TIME_ZONE must be the name of a time zone, as in Europe/Berlin.'],
    [{ DEMO: 'yes' }, 'DEMO must be on or off.'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.'],
  ] as const) {
    test(`refuses ${JSON.stringify(env)} with one sentence`, () => assert.deepEqual(problemsOf(env), [sentence]));
  }
});

describe('production', () => {
  test('opens with everything in place, without the demo, to every address', () => {
    const config = loadConfig(production);
    assert.equal(config.demo, false);
    assert.equal(config.host, '0.0.0.0');
    assert.equal(config.logLevel, 'info');
    assert.equal(config.baseUrl, 'https://vouch.example.com');
  });

  for (const name of Object.keys(production).filter((key) => key !== 'NODE_ENV')) {
    test(`says in one sentence that ${name} is missing`, () => {
      const problems = problemsOf({ ...production, [name]: undefined });
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', new RegExp(`^${name} is missing: `));
    });
  }

  for (const weak of ['short', 'a'.repeat(40), 'please-change-me-please-change-me-1', `${'abcdefg'.repeat(5)}`]) {
    test(`refuses the weak secret ${weak}`, () => {
      const problems = problemsOf({ ...production, SESSION_SECRET: weak });
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', /^SESSION_SECRET (?:is too short|can be guessed)/);
    });
  }

  test('refuses a BASE_URL that is no URL, and knows one that is not encrypted', () => {
    assert.deepEqual(problemsOf({ ...production, BASE_URL: 'vouch.example.com' }), [
      'BASE_URL must be the address people open, as in https://vouch.example.com.',
    ]);
    const unencrypted = (url: string) => isUnencrypted(loadConfig({ ...production, BASE_URL: url }));
    for (const url of ['http://vouch.example.com', 'http://10.0.0.5:3000', 'HTTP://vouch'])
      assert.ok(unencrypted(url), url);
    for (const url of ['https://vouch.example.com', 'http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:3000'])
      assert.ok(!unencrypted(url), url);
  });

  test('says everything at once', () => {
    assert.equal(problemsOf({ NODE_ENV: 'production', PORT: 'x' }).length, 7);
  });
});
