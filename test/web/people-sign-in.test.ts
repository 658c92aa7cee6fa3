import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Express } from 'express';
import supertest from 'supertest';
import { createApp } from '../../src/app.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { paths } from '../../src/paths.ts';
import { FIRST_ADMIN_COMMAND } from '../../src/people/first-admin-service.ts';
import { type Agent, type Cast, cast, linkFor, signInAs } from '../support/cast.ts';
import { csrfToken, press, textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';

const begin = Temporal.Instant.from('2026-05-04T07:00:00Z');

describe('signing in', () => {
  const clock = settableClock('Europe/Berlin', begin);
  let house: TestHouse;
  let people: Cast;

  before(async () => {
    house = await openTestHouse({ clock });
    people = await cast(house);
  });
  after(() => house.close());

  const visitor = (): Agent => supertest.agent(house.app);
  /** No attempt counts any more, and the next e-mail is the only one. */
  const forget = async () => {
    await house.db('rate_limits').delete();
    await house.db('outbox_emails').delete();
  };
  const ask = async (email: string, agent = visitor()) => {
    await forget();
    return press(agent, paths.signIn(), paths.signIn(), { email });
  };
  const lastToken = async (): Promise<string> => {
    const row = await house.db('outbox_emails').where({ kind: 'sign_in_link' }).first();
    return row.data.token;
  };

  it('sends a link to an employee, whose button opens the door', async () => {
    const agent = visitor();
    const asked = await ask('Ben.Carter@Example.com', agent);
    assert.equal(asked.status, 303);
    assert.match(textOf((await agent.get(paths.signInSent())).text), /Check your e-mail/);
    const link = paths.signInLink(await lastToken());
    assert.match(textOf((await agent.get(link)).text), /signed in as Ben Carter/);
    assert.equal((await press(agent, link, link)).headers.location, '/');
    assert.match((await agent.get(paths.account())).text, /Ben Carter/);
  });

  it('keeps only the hash of a token', async () => {
    await ask(people.ben.email);
    const token = await lastToken();
    assert.match(token, /^[\w-]{43}$/);
    const { rows } = await house.db.raw('select sign_in_links::text as row from sign_in_links');
    assert.ok(rows.length > 0);
    for (const { row } of rows) assert.ok(!row.includes(token) && !row.includes(Buffer.from(token).toString('hex')));
  });

  it('answers the same for a known, an unknown and a former address, and takes as long', async () => {
    const mails = async () => (await house.db('outbox_emails')).length;
    const answers = [];
    for (const email of [people.ben.email, 'nobody@example.com', people.henry.email]) {
      const agent = visitor();
      const before = await mails();
      const csrf = await csrfToken(agent, paths.signIn());
      const began = performance.now();
      const answer = await agent.post(paths.signIn()).type('form').send({ csrf, email });
      const took = performance.now() - began;
      const sent = textOf((await agent.get(paths.signInSent())).text);
      answers.push({ status: answer.status, location: answer.headers.location, sent });
      assert.ok(took >= 190, `${email} was answered after ${took} ms already`);
      assert.equal((await mails()) - before, email === people.ben.email ? 1 : 0);
    }
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
  });

  it('is not used up by a program that opens every link', async () => {
    const link = paths.signInLink(await linkFor(house, people.ben.id));
    for (let times = 0; times < 3; times += 1) assert.equal((await visitor().get(link)).status, 200);
    const agent = visitor();
    assert.equal((await press(agent, link, link)).status, 303);
  });

  it('uses a link once: the second press is told why', async () => {
    const link = paths.signInLink(await linkFor(house, people.ben.id));
    const agent = visitor();
    const csrf = await csrfToken(agent, link);
    assert.equal((await agent.post(link).type('form').send({ csrf })).status, 303);
    const other = visitor();
    const csrfOfOther = await csrfToken(other, paths.signIn());
    const again = await other.post(link).type('form').send({ csrf: csrfOfOther });
    assert.equal(again.status, 409);
    assert.match(textOf(again.text), /already been used/);
    assert.equal((await other.get(link)).status, 410);
  });

  it('lets exactly one of many win a race for one link', async () => {
    const link = paths.signInLink(await linkFor(house, people.ben.id));
    const racers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const agent = visitor();
        return { agent, csrf: await csrfToken(agent, link) };
      }),
    );
    const answers = await Promise.all(racers.map(({ agent, csrf }) => agent.post(link).type('form').send({ csrf })));
    assert.deepEqual(answers.map((answer) => answer.status).toSorted(), [303, 409, 409, 409, 409, 409]);
  });

  it('refuses a link from its fifteenth minute on, and not a second before', async () => {
    const [early, late] = [await linkFor(house, people.ben.id), await linkFor(house, people.ben.id)];
    clock.set(begin.add({ minutes: 14, seconds: 59 }));
    const agent = visitor();
    assert.equal((await press(agent, paths.signInLink(early), paths.signInLink(early))).status, 303);
    clock.set(begin.add({ minutes: 15 }));
    const dead = await visitor().get(paths.signInLink(late));
    assert.equal(dead.status, 410);
    assert.match(textOf(dead.text), /15 minutes, and they are over/);
    clock.set(begin);
  });

  it('refuses a link of somebody who has left meanwhile, and an invented one', async () => {
    const token = await linkFor(house, people.henry.id);
    assert.match(textOf((await visitor().get(paths.signInLink(token))).text), /no longer work here/);
    const invented = await visitor().get(paths.signInLink('x'.repeat(43)));
    assert.equal(invented.status, 410);
    assert.match(textOf(invented.text), /don't know this link/);
  });

  it('refuses what is no address, and a line break in one, and keeps what was typed', async () => {
    for (const email of ['', 'ben', 'ben@', 'a b@c.de', `${'x'.repeat(250)}@e.com`]) {
      const answer = await ask(email);
      assert.equal(answer.status, 422, email);
    }
    for (const email of ['ben@example.com\r\nBcc: all@example.com', 'ben@example.com\n', '\tben@example.com']) {
      const answer = await ask(email);
      assert.equal(answer.status, 422);
      assert.match(textOf(answer.text), /single line without line breaks/);
    }
    assert.match((await ask('ben@@example.com')).text, /value="ben@@example.com"/);
  });

  it('leads back to the page that was asked for, and never to another site', async () => {
    const agent = visitor();
    const asked = await agent.get('/account?x=1');
    assert.equal(asked.headers.location, `/sign-in?back=${encodeURIComponent('/account?x=1')}`);
    const form = await agent.get(asked.headers.location as string);
    assert.match(form.text, /name="back" value="\/account\?x(?:=|&#x3D;)1"/);
    await forget();
    await press(agent, paths.signIn(), paths.signIn(), { email: people.ben.email, back: '/account?x=1' });
    const link = paths.signInLink(await lastToken());
    assert.equal((await press(agent, link, link)).headers.location, '/account?x=1');
    for (const back of ['//evil.example', 'https://evil.example', '/\\evil.example', '/\t/evil.example']) {
      const other = visitor();
      await forget();
      await press(other, paths.signIn(), paths.signIn(), { email: people.ben.email, back });
      const door = paths.signInLink(await lastToken());
      assert.equal((await press(other, door, door)).headers.location, '/', back);
    }
  });

  it('gives a new session id, so that a planted one is worth nothing', async () => {
    const agent = await signInAs(house, people.ben);
    const first = await house.db('sessions').where({ employee_id: people.ben.id }).pluck('sid');
    const link = paths.signInLink(await linkFor(house, people.ben.id));
    await press(agent, link, link);
    const second = await house.db('sessions').where({ employee_id: people.ben.id }).pluck('sid');
    assert.equal(second.filter((sid) => !first.includes(sid)).length, 1);
  });

  it('shows the account, and signs out here or everywhere', async () => {
    const phone = await signInAs(house, people.elena);
    const laptop = await signInAs(house, people.elena);
    const tablet = await signInAs(house, people.elena);
    const waiting = await linkFor(house, people.elena.id);
    const account = await phone.get(paths.account());
    assert.match(textOf(account.text), /Вы вошли в 3 браузерах/);
    assert.equal((await press(tablet, paths.account(), paths.signOut())).status, 303);
    assert.equal((await tablet.get(paths.account())).status, 303);
    assert.equal((await laptop.get(paths.account())).status, 200);
    const out = await press(phone, paths.account(), paths.signOutEverywhere());
    assert.equal(out.headers.location, paths.signIn());
    for (const agent of [phone, laptop]) assert.equal((await agent.get(paths.account())).status, 303);
    assert.equal((await visitor().get(paths.signInLink(waiting))).status, 410);
  });

  it('refuses a form without its token', async () => {
    const answer = await visitor().post(paths.signIn()).type('form').send({ email: people.ben.email });
    assert.equal(answer.status, 403);
  });
});

describe('a house where nobody lives yet', () => {
  it('says at the door how the first admin moves in, in both languages, and only until then', async () => {
    const house = await openTestHouse();
    try {
      const door = async (language = 'en') =>
        textOf((await supertest(house.app).get(paths.signIn()).set('Accept-Language', language)).text);
      assert.ok((await door()).includes(FIRST_ADMIN_COMMAND));
      assert.match(await door(), /Nobody is here yet/);
      assert.match(await door('ru'), /Здесь пока никого нет.*npm run first-admin/);
      const agent = supertest.agent(house.app);
      const wrong = await press(agent, paths.signIn(), paths.signIn(), { email: 'x' });
      assert.equal(wrong.status, 422);
      assert.match(textOf(wrong.text), /Nobody is here yet/);
      await cast(house);
      assert.doesNotMatch(await door(), /Nobody is here yet|first-admin/);
    } finally {
      await house.close();
    }
  });

  it('promises no letter where no mail server is set', async () => {
    for (const [smtpUrl, isSaid] of [
      [null, true],
      ['smtp://127.0.0.1:9', false],
    ] as const) {
      const house = await openTestHouse({ config: { smtpUrl } });
      try {
        const sent = textOf((await supertest(house.app).get(paths.signInSent())).text);
        assert.equal(/the link waits in the outbox/.test(sent), isSaid);
        assert.equal(/a link is on its way/.test(sent), !isSaid);
      } finally {
        await house.close();
      }
    }
  });
});

describe('asking for links too often', () => {
  let house: TestHouse;
  let people: Cast;
  let apps: Express[];

  before(async () => {
    house = await openTestHouse();
    people = await cast(house);
    apps = [house.app, await createApp(house.deps)];
  });
  after(() => house.close());

  const ask = (email: string, app: number) => {
    return press(supertest.agent(apps[app] as Express), paths.signIn(), paths.signIn(), { email });
  };

  it('counts an address in all processes together, known or not, in whatever spelling', async () => {
    for (const [known, other] of [
      [people.ben.email, 'BEN.carter@example.com'],
      ['nobody@example.com', 'Nobody@Example.com'],
    ] as const) {
      for (let times = 0; times < 5; times += 1) assert.equal((await ask(known, times % 2)).status, 303);
      for (const app of [0, 1]) {
        const refused = await ask(other, app);
        assert.equal(refused.status, 429);
        assert.match(textOf(refused.text), /Please wait 15 minutes/);
      }
    }
    assert.equal((await ask(people.anna.email, 0)).status, 303, 'others are not kept waiting');
  });

  it('counts a place of the network as well', async () => {
    await house.db('rate_limits').delete();
    const statuses = [];
    for (let batch = 0; batch < 32; batch += 8) {
      const some = Array.from({ length: 8 }, (_, place) => ask(`person${batch + place}@example.com`, place % 2));
      statuses.push(...(await Promise.all(some)).map((answer) => answer.status));
    }
    assert.equal(statuses.filter((status) => status === 303).length, 30);
    assert.equal(statuses.filter((status) => status === 429).length, 2);
  });
});

describe('being someone in the demo', () => {
  it('exists nowhere but in the demo company', async () => {
    const house = await openTestHouse();
    try {
      const people = await cast(house);
      await house.db('company').insert({ name: 'Real', is_demo: false });
      const agent = supertest.agent(house.app);
      assert.equal((await agent.get(paths.beSomeone())).status, 404);
      const csrf = await csrfToken(agent, paths.signIn());
      const forced = await agent.post(`${paths.beSomeone()}/${people.david.id}`).type('form').send({ csrf });
      assert.equal(forced.status, 404);
      assert.equal((await agent.get(paths.account())).status, 303);
      await house.db('company').update({ is_demo: true });
      const off = await createApp({ ...house.deps, config: { ...house.deps.config, demo: false } });
      assert.equal((await supertest(off).get(paths.beSomeone())).status, 404);
    } finally {
      await house.close();
    }
  });

  it('shows each person’s language, and those of the browser’s language first, whoever one is now', async () => {
    const house = await openTestHouse({ demo: true });
    try {
      const people = await cast(house);
      const shown = async (agent: Agent, language: string) =>
        textOf((await agent.get(paths.beSomeone()).set('Accept-Language', language)).text);
      const agent = supertest.agent(house.app);
      const english = await shown(agent, 'en-GB,en');
      assert.match(english, /Recruiters.*Rita Blum People · English.*Anna Petrova People · Russian.*Payroll/);
      assert.match(await shown(agent, 'ru-RU,ru'), /Anna Petrova People · русский.*Rita Blum People · английский/);
      await press(agent, paths.beSomeone(), `${paths.beSomeone()}/${people.anna.id}`);
      assert.match(await shown(agent, 'en-GB,en'), /Rita Blum.*Anna Petrova/);
    } finally {
      await house.close();
    }
  });

  it('shows people by what they can do, and signs in with one click', async () => {
    const house = await openTestHouse();
    try {
      const people = await cast(house);
      await house.db('company').insert({ name: 'Demo', is_demo: true });
      const agent = supertest.agent(house.app);
      const shown = textOf((await agent.get(paths.beSomeone())).text);
      assert.match(
        shown,
        /Recruiters.*Anna Petrova.*Payroll.*Clara Novak.*Admins.*David Okafor.*Employees.*Ben Carter/,
      );
      assert.doesNotMatch(shown, /Henry Moss/);
      const be = (id: number) => press(agent, paths.beSomeone(), `${paths.beSomeone()}/${id}`);
      assert.equal((await be(people.anna.id)).status, 303);
      assert.match((await agent.get(paths.account())).text, /anna.petrova@example.com/);
      assert.equal((await be(people.ben.id)).status, 303);
      assert.match((await agent.get(paths.account())).text, /ben.carter@example.com/);
      assert.equal((await be(people.henry.id)).status, 409);
      assert.equal((await be(999_999)).status, 404);
    } finally {
      await house.close();
    }
  });
});
