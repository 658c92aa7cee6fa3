import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { FIRST_ADMIN_COMMAND } from '../../src/people/first-admin-service.ts';
import { welcome } from '../../src/welcome.ts';
import { cast } from '../support/cast.ts';
import { cloneDatabase } from '../support/database.ts';
import { openTestHouse } from '../support/house.ts';
import { freePort, type Running, run } from '../support/process.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'vouch-terminal-'));
after(() => rm(dataDir, { recursive: true, force: true }));

const stop = async (running: Running) => {
  running.child.kill('SIGTERM');
  return running.ended();
};

describe('what the terminal says', () => {
  test('an empty house says how the first admin moves in, with the settings it was started with, and nothing else', async () => {
    const database = await cloneDatabase();
    const port = await freePort();
    const env = { DATA_DIR: dataDir, PORT: String(port), DATABASE_URL: database.url, DEMO: 'off' };
    try {
      const house = run('src/server.ts', [], env);
      await house.ready();
      await fetch(house.url);
      const { stdout, stderr } = await stop(house);
      assert.deepEqual(
        stdout
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean),
        [
          `Vouch is open at http://localhost:${port}`,
          'Nobody is here yet. Move in as the first admin from another terminal, with the same DATABASE_URL, and open the link it prints:',
          `DATA_DIR=${dataDir} PORT=${port} ${FIRST_ADMIN_COMMAND}`,
          'No e-mail leaves the house until SMTP_URL is set; the outbox shows them all.',
          'Ctrl+C closes the house and keeps everything.',
        ],
      );
      assert.equal(stderr, '');
    } finally {
      await database.drop();
    }
  });

  test('in production it is JSON and nothing else, with a warning for plain http and one for an empty house', async () => {
    const database = await cloneDatabase();
    const port = await freePort();
    const env = {
      ...{
        NODE_ENV: 'production',
        DATA_DIR: dataDir,
        PORT: String(port),
        HOST: '127.0.0.1',
        DATABASE_URL: database.url,
      },
      ...{ BASE_URL: 'http://vouch.example.com', SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'vouch@example.com' },
      ...{ TIME_ZONE: 'UTC', SESSION_SECRET: '8f14e45fceea167a5a36dedd4bea2543' },
    };
    try {
      const house = run('src/server.ts', [], env);
      await house.ready();
      const { stdout } = await stop(house);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { level: number; msg: string });
      const warnings = lines.filter(({ level }) => level === 40).map(({ msg }) => msg);
      assert.equal(warnings.length, 2);
      assert.match(warnings[0] as string, /^BASE_URL is plain http: /);
      assert.ok(warnings[1]?.endsWith(FIRST_ADMIN_COMMAND));
      assert.ok(lines.some(({ msg }) => msg === 'the house is open'));
    } finally {
      await database.drop();
    }
  });

  test('the demo names somebody for each role, nobody twice, and who speaks English where there is one', async () => {
    const house = await openTestHouse({ web: false, demo: true });
    try {
      const people = await cast(house);
      await house.db('employee_roles').insert([
        { employee_id: people.anna.id, role: 'admin' },
        { employee_id: people.greta.id, role: 'recruiter' },
        { employee_id: people.greta.id, role: 'admin' },
      ]);
      const named = (text: string) => [...text.matchAll(/^ {4}(.+) \((\w+)\)$/gm)].map(([, who, what]) => [who, what]);
      assert.deepEqual(named(await welcome(house.deps)), [
        ['Rita Blum', 'recruiter'],
        ['Clara Novak', 'payroll'],
        ['David Okafor', 'admin'],
      ]);
      await house
        .db('employees')
        .whereIn('id', [people.rita.id, people.greta.id])
        .update({ employed_until: '2024-01-01' });
      assert.deepEqual(
        named(await welcome(house.deps))[0],
        ['Anna Petrova', 'recruiter'],
        'better in Russian than nobody',
      );
      const shut = await welcome({ ...house.deps, config: { ...house.deps.config, demo: false } });
      assert.match(shut, /DEMO=off keeps its people out/);
      assert.doesNotMatch(shut, /\/be|Clara/);
    } finally {
      await house.close();
    }
  });
});
