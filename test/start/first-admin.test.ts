import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import supertest from 'supertest';
import { createApp } from '../../src/app.ts';
import { paths } from '../../src/paths.ts';
import { cloneDatabase } from '../support/database.ts';
import { press } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { run } from '../support/process.ts';

let house: TestHouse;
before(async () => {
  house = await openTestHouse();
});
after(() => house?.close());

const dana = [
  ...['--company', 'Example Ltd', '--name', 'Dana Field', '--email', 'Dana@Example.com', '--staff-number', '0017'],
  ...['--country', 'de'],
];
const command = (args: string[], url = house.url, more: Record<string, string> = {}) =>
  run('src/first-admin.ts', args, { DATABASE_URL: url, ...more }).ended();

test('opens an empty house: the link signs the first admin in, once', async () => {
  const { code, stdout } = await command(dana);
  assert.equal(code, 0, stdout);
  const link = /\/sign-in\/link\/\S+/.exec(stdout)?.[0] ?? '';
  const agent = supertest.agent(house.app);
  assert.equal((await press(agent, link, link)).status, 303);
  await agent.get(paths.staffListNew()).expect(200);
  assert.match(stdout, /It leads to http:\/\/localhost:3000, as PORT 3000 says\. Is the house open elsewhere\?/);
});

test('a second run gives the admin a fresh link and changes nothing; for anybody else it is refused', async () => {
  const before = await house.db('employees').select('*');
  const renamed = dana.with(1, 'Other Ltd').with(3, 'Somebody Else');
  const again = await command(renamed, house.url, { BASE_URL: 'https://vouch.example.com' });
  assert.equal(again.code, 0, again.stderr);
  assert.match(
    again.stdout,
    /^Dana Field is admin already\. This link .+ within 15 minutes:\nhttps:\/\/vouch\.example\.com\//,
  );
  assert.match(again.stdout, /as BASE_URL says/);
  const link = /\/sign-in\/link\/\S+/.exec(again.stdout)?.[0] ?? '';
  assert.equal((await press(supertest.agent(house.app), link, link)).status, 303);
  const stranger = await command(dana.with(5, 'erik@example.com'));
  assert.equal(stranger.code, 1);
  assert.match(stranger.stderr, /Somebody is here already, and erik@example\.com is no admin of theirs/);
  assert.deepEqual(await house.db('employees').select('*'), before);
  assert.deepEqual(await house.db('company').pluck('name'), ['Example Ltd']);
  await house.db('employee_roles').where({ role: 'admin' }).update({ role: 'recruiter' });
  assert.equal((await command(dana)).code, 1, 'an employee who is no admin gets none');
});

test('says what is missing in a sentence and changes nothing', async () => {
  const empty = await cloneDatabase();
  try {
    for (const [left, sentence] of [
      ['--email', /e-mail address/],
      ['--country', /two letters/],
      ['--company', /name of the company/],
    ] as const) {
      const place = dana.indexOf(left);
      const { code, stderr } = await command(dana.toSpliced(place, 2), empty.url);
      assert.equal(code, 1);
      assert.match(stderr, sentence);
    }
  } finally {
    await empty.drop();
  }
});

test('the demo page of people to be is not there for a real company', async () => {
  const app = await createApp(house.deps);
  await supertest(app).get(paths.beSomeone()).expect(404);
});
