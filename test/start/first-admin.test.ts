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
const command = (args: string[], url = house.url) => run('src/first-admin.ts', args, { DATABASE_URL: url }).ended();

test('opens an empty house: the link signs the first admin in, once, and nobody can do it a second time', async () => {
  const { code, stdout } = await command(dana);
  assert.equal(code, 0, stdout);
  const link = /\/sign-in\/link\/\S+/.exec(stdout)?.[0] ?? '';
  const agent = supertest.agent(house.app);
  assert.equal((await press(agent, link, link)).status, 303);
  await agent.get(paths.staffListNew()).expect(200);
  const again = await command(dana);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /Somebody is here already/);
  assert.equal((await house.db('employees')).length, 1);
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
