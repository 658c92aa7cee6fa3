import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import express, { type Express } from 'express';
import supertest from 'supertest';
import { Forbidden, Refused, TooMany } from '../../src/lib/errors.ts';
import { loadWords } from '../../src/lib/words.ts';
import { paths } from '../../src/paths.ts';
import { csrfProtection } from '../../src/web/csrf.ts';
import { errorPage, notFound } from '../../src/web/errors.ts';
import { flash } from '../../src/web/flash.ts';
import type { Frame } from '../../src/web/frame.ts';
import { allow, idOf, signedIn } from '../../src/web/guards.ts';
import { languageAndTheme } from '../../src/web/language.ts';
import { page } from '../../src/web/page.ts';
import { preferenceRoutes } from '../../src/web/preferences.ts';
import { requestLog, withoutTokens } from '../../src/web/request-log.ts';
import { securityHeaders } from '../../src/web/security-headers.ts';
import { sessions, signIn, signOut } from '../../src/web/session.ts';
import { receiveFile, uploadedFile } from '../../src/web/upload.ts';
import { createViews } from '../../src/web/views.ts';
import { type Agent, type Cast, cast } from '../support/cast.ts';
import { csrfToken, textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';

let house: TestHouse;
let people: Cast;
let app: Express;

before(async () => {
  house = await openTestHouse({ web: false });
  people = await cast(house);
  app = frameAround(house);
});
after(() => house.close());

let filesTaken = 0;

/** The middleware of the house around a few pages that do what real ones rarely do. */
function frameAround({ deps }: TestHouse): Express {
  const { config, log } = deps;
  const words = loadWords({ timeZone: config.timeZone });
  const views = createViews({ words, timeZone: config.timeZone, strict: true });
  const counts = async () => ({ review: 12, payroll: 120 });
  const frame: Frame = { config, words, views, counts, demo: true };
  const small = express();
  small.set('frame', frame);
  small.use(requestLog(log), securityHeaders(config.baseUrl));
  small.use(express.urlencoded({ extended: false, limit: '2kb' }));
  small.use(sessions(deps), languageAndTheme(words), csrfProtection(config), preferenceRoutes(deps));
  small.get('/', (req, res) => page(req, res, 'errors/error', anyPage('Home')));
  small.post('/be/:id', async (req, res) => {
    await signIn(req, idOf(req));
    res.redirect(303, '/');
  });
  small.post('/out', async (req, res) => {
    await signOut(req, res);
    res.redirect(303, '/');
  });
  small.post('/deed', (_req, res) => {
    flash(res, 'good', 'common.errorSummary', { count: 3 });
    res.redirect(303, '/');
  });
  small.get('/mine', signedIn, (req, res) => page(req, res, 'errors/error', anyPage('Mine')));
  small.post('/mine', signedIn, (_req, res) => void res.send('done'));
  small.post('/files', signedIn, receiveFile({ at: '/files', field: 'file', mostBytes: 100 }), (req, res) => {
    filesTaken += 1;
    const file = uploadedFile(req);
    res.send(file ? `${file.name}: ${file.bytes}` : 'no file');
  });
  small.get('/slow', signedIn, async (req, res) => {
    if (req.query.ends) await house.db('sessions').where({ sid: req.sessionID }).delete();
    Object.assign(req.session, { kept: req.query.ends ?? 'something' });
    res.send('done');
  });
  small.get('/payroll', allow('payroll'), (req, res) => page(req, res, 'errors/error', anyPage('Payroll')));
  small.get('/things/:id', (req, res) => void res.json(idOf(req)));
  small.get('/refused', () => {
    throw new Refused('errors.tooMany.text', {}, '/things/1');
  });
  small.get('/forbidden', () => {
    throw new Forbidden();
  });
  small.get('/too-many', () => {
    throw new TooMany();
  });
  small.get('/broken', () => {
    throw new Error('secret detail');
  });
  small.get('/broken-view', (req, res) => page(req, res, 'errors/error', { title: 'A view with a missing field' }));
  small.use(notFound, errorPage(log));
  return small;
}

function anyPage(title: string) {
  return { title, text: title, icon: 'home', status: 200, reference: null, backTo: '/', hasWayBack: false };
}

async function signedInAs(id: number) {
  const agent = supertest.agent(app);
  const token = await csrfToken(agent, '/');
  await agent.post(`/be/${id}`).type('form').send({ csrf: token }).expect(303);
  return agent;
}

const sessionsOf = (id: number) => house.db('sessions').where({ employee_id: id });
const lookingFor = (...words: string[]) => new RegExp(words.join('[\\s\\S]*'));

describe('The headers', () => {
  it('forbid inline script and style, frames and foreign forms', async () => {
    const answer = await supertest(app).get('/');
    const policy = answer.headers['content-security-policy'] ?? '';
    for (const line of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'"])
      assert.ok(policy.includes(line), line);
    assert.ok(policy.includes("frame-ancestors 'none'") && policy.includes("base-uri 'none'"));
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  it('need no exception for any page: no template holds inline script, style or handler', async () => {
    const answer = await supertest(app).get('/');
    assert.doesNotMatch(answer.text, /<style|<script(?![^>]*\bsrc=)| style=| on[a-z]+="/i);
  });
});

describe('A session', () => {
  it('gets a new id on signing in, so a planted one is worth nothing', async () => {
    const agent = await signedInAs(people.ben.id);
    const [first] = await sessionsOf(people.ben.id);
    const token = await csrfToken(agent, '/mine');
    await agent.post(`/be/${people.ben.id}`).type('form').send({ csrf: token }).expect(303);
    const ids = (await sessionsOf(people.ben.id)).map((row) => row.sid);
    assert.equal(ids.length, 1);
    assert.notEqual(ids[0], first.sid);
  });

  it('is not begun for visitors', async () => {
    const before = await house.db('sessions').count();
    const answer = await supertest(app).get('/');
    assert.deepEqual(await house.db('sessions').count(), before);
    const cookies = ([] as string[]).concat(answer.headers['set-cookie'] ?? []);
    assert.ok(cookies.every((line) => line.includes('HttpOnly') && line.includes('SameSite=Lax')));
    assert.ok(!cookies.some((line) => line.startsWith('vouch_session')));
  });

  it('ends after eight idle hours, and is moved on only when it is five minutes old', async () => {
    const agent = await signedInAs(people.elena.id);
    const expiry = async () => (await sessionsOf(people.elena.id))[0].expire.epochMilliseconds;
    const begun = await expiry();
    await agent.get('/mine').expect(200);
    assert.equal(await expiry(), begun, 'a page wrote to the database');
    await sessionsOf(people.elena.id).update({ expire: house.db.raw("now() + interval '1 hour'") });
    await agent.get('/mine').expect(200);
    assert.ok((await expiry()) >= begun, 'an old session was not moved on');
    await sessionsOf(people.elena.id).update({ expire: house.db.raw("now() - interval '1 second'") });
    await agent.get('/mine').expect(303);
  });

  it('ends seven days after signing in, however busy', async () => {
    const agent = await signedInAs(people.rita.id);
    const weekAgo = `sess || jsonb_build_object('signedInAt', now() - interval '7 days' + interval '1 hour')`;
    const soon = house.db.raw("now() + interval '50 minutes'");
    await sessionsOf(people.rita.id).update({ sess: house.db.raw(weekAgo), expire: soon });
    await agent.get('/mine').expect(200);
    const [row] = await sessionsOf(people.rita.id).select(
      house.db.raw("expire - now() > interval '55 minutes' as moved_on, expire - now() < interval '1 hour' as bounded"),
    );
    assert.deepEqual({ ...row }, { moved_on: true, bounded: true });
  });

  it('is lost by whoever has left the company', async () => {
    const agent = await signedInAs(people.henry.id);
    const answer = await agent.get('/mine');
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location ?? '', /^\/sign-in/);
  });

  it('keeps what a request puts into it, unless it was ended while the request was on its way', async () => {
    const agent = await signedInAs(people.greta.id);
    const [{ sess: begun }] = await sessionsOf(people.greta.id);
    await agent.get('/slow').expect(200);
    const [{ sess: kept }] = await sessionsOf(people.greta.id);
    assert.deepEqual([kept.kept, kept.signedInAt], ['something', begun.signedInAt]);
    await agent.get('/slow?ends=1').expect(200);
    assert.equal((await sessionsOf(people.greta.id)).length, 0);
    await agent.get('/mine').expect(303);
  });

  it('ends on signing out, and its cookie is worth nothing afterwards', async () => {
    const agent = await signedInAs(people.farid.id);
    const token = await csrfToken(agent, '/mine');
    await agent.post('/out').type('form').send({ csrf: token }).expect(303);
    assert.equal((await sessionsOf(people.farid.id)).length, 0);
    await agent.get('/mine').expect(303);
  });
});

describe('A form', () => {
  it('without a token is refused with a sentence, and nothing is done', async () => {
    const agent = await signedInAs(people.ben.id);
    const answer = await agent.post('/mine').type('form').send({});
    assert.equal(answer.status, 403);
    assert.match(textOf(answer.text), /open for too long/);
  });

  it("with somebody else's token is refused", async () => {
    const [ben, elena] = [await signedInAs(people.ben.id), await signedInAs(people.elena.id)];
    const token = await csrfToken(ben, '/mine');
    await elena.post('/mine').type('form').send({ csrf: token }).expect(403);
    await ben.post('/mine').type('form').send({ csrf: token }).expect(200);
  });

  it('with files carries its token before them, and is read only where files are taken', async () => {
    const [ben, elena] = [await signedInAs(people.ben.id), await signedInAs(people.elena.id)];
    const token = await csrfToken(ben, '/mine');
    const send = (agent: Agent, url: string, fields: Record<string, string>) =>
      agent.post(url).field(fields).attach('file', Buffer.from('some bytes'), 'x.txt');
    assert.equal((await send(ben, '/files', { csrf: token }).expect(200)).text, 'x.txt: some bytes');
    for (const refused of [
      send(ben, '/files', { other: 'x' }),
      send(ben, `/files?csrf=${token}`, { other: 'x' }),
      send(elena, '/files', { csrf: token }),
      ben.post('/files').attach('file', Buffer.from('some bytes'), 'x.txt').field('csrf', 'no token'),
    ]) {
      assert.equal((await refused).status, 403);
    }
    assert.equal(filesTaken, 1);
    for (const url of ['/mine', '/files/', `/mine?csrf=${token}`]) {
      assert.equal((await send(ben, url, { csrf: token })).status, 415, url);
    }
    const signedOut = await supertest(app).post('/files').attach('file', Buffer.from('x'), 'x.txt');
    assert.equal(signedOut.status, 401);
  });

  it('with files keeps nothing of one that came before its token', async () => {
    const ben = await signedInAs(people.ben.id);
    const token = await csrfToken(ben, '/mine');
    const answer = await ben.post('/files').attach('file', Buffer.from('x'), 'x.txt').field('csrf', token);
    assert.equal(answer.text, 'no file');
  });

  it('with an ordinary body takes no token from the URL, where it could be logged', async () => {
    const ben = await signedInAs(people.ben.id);
    const token = await csrfToken(ben, '/mine');
    await ben.post(`/mine?csrf=${token}`).type('form').send({}).expect(403);
  });
});

describe('The guards', () => {
  it('send visitors to sign in, and remember where they wanted to go', async () => {
    const answer = await supertest(app).get('/mine?a=1').expect(303);
    assert.equal(answer.headers.location, `${paths.signIn()}?back=%2Fmine%3Fa%3D1`);
  });

  it('refuse the deed of a visitor with 401', async () => {
    const agent = supertest.agent(app);
    const token = await csrfToken(agent, '/');
    const answer = await agent.post('/mine').type('form').send({ csrf: token });
    assert.equal(answer.status, 401);
    assert.match(textOf(answer.text), /signed out/);
  });

  it('open an area only to its roles', async () => {
    await (await signedInAs(people.ben.id)).get('/payroll').expect(403);
    await (await signedInAs(people.clara.id)).get('/payroll').expect(200);
  });

  it('answer 404 to a number that is none', async () => {
    for (const id of ['abc', '0', '-1', '1.5', '99999999999999999999', '1%27']) {
      await supertest(app).get(`/things/${id}`).expect(404);
    }
    await supertest(app).get('/things/7').expect(200, '7');
  });
});

describe('The error page', () => {
  const cases: [path: string, status: number, en: RegExp, ru: RegExp][] = [
    ['/nowhere', 404, /nothing here/, /ничего нет/],
    ['/forbidden', 403, /for others/, /для других/],
    ['/refused', 409, /can.t be done/, /не получится/],
    ['/too-many', 429, /slower/, /помедленнее/],
    ['/broken', 500, /broke on our side/, /сломалось/],
    ['/things/%E0%A4%A', 400, /address can.t be read/, /адрес не читается/],
  ];
  for (const [path, status, en, ru] of cases) {
    it(`${status} speaks English and Russian`, async () => {
      const english = await supertest(app).get(path).set('Accept-Language', 'en').expect(status);
      assert.match(textOf(english.text), en);
      const russian = await supertest(app).get(path).set('Accept-Language', 'ru-RU,ru').expect(status);
      assert.match(textOf(russian.text), ru);
      assert.match(russian.text, /<html lang="ru"/);
    });
  }

  it('says nothing of what broke but a reference', async () => {
    const answer = await supertest(app).get('/broken');
    assert.doesNotMatch(answer.text, /secret detail|at .*\.ts/);
    assert.match(textOf(answer.text), /Reference: [0-9A-F]{8}/);
  });

  it('shows no half-finished page when a view misses a field', async () => {
    const answer = await supertest(app).get('/broken-view').expect(500);
    assert.match(textOf(answer.text), /broke on our side/);
  });

  it('of a refusal leads back to where the deed was tried', async () => {
    const answer = await supertest(app).get('/refused');
    assert.match(answer.text, /href="\/things\/1"[^>]*>Go back/);
  });

  it('answers a body that is too large with words', async () => {
    const answer = await supertest(app)
      .post('/deed')
      .type('form')
      .send({ words: 'x'.repeat(5000) });
    assert.equal(answer.status, 413);
    assert.match(textOf(answer.text), /too large/);
  });
});

describe('A flash', () => {
  it('is shown once, in words of the reader', async () => {
    const agent = supertest.agent(app);
    const token = await csrfToken(agent, '/');
    await agent.post('/deed').type('form').send({ csrf: token }).expect(303);
    assert.match(textOf((await agent.get('/').set('Accept-Language', 'ru')).text), /Проверьте 3 поля/);
    assert.doesNotMatch(textOf((await agent.get('/').set('Accept-Language', 'ru')).text), /Проверьте/);
  });

  it('that somebody forged is not shown', async () => {
    const forged = Buffer.from('{"kind":"good","key":"Send money","params":{}}').toString('base64url');
    const answer = await supertest(app).get('/').set('Cookie', `vouch_flash=${forged}.abc`).expect(200);
    assert.doesNotMatch(answer.text, /Send money/);
  });
});

describe('Language and theme', () => {
  it('follow the browser until somebody chooses', async () => {
    const answer = await supertest(app)
      .get('/')
      .set('Accept-Language', 'ru')
      .set('Sec-CH-Prefers-Color-Scheme', 'dark');
    assert.match(answer.text, /<html lang="ru" data-bs-theme="dark">/);
    assert.match((await supertest(app).get('/')).text, /<html lang="en">[\s\S]*theme\.js/);
    assert.match(answer.headers.vary ?? '', /Accept-Language/);
  });

  it('are kept with the employee, and win over the browser', async () => {
    const agent = await signedInAs(people.ben.id);
    const choose = async (choice: object) => {
      const csrf = await csrfToken(agent, '/mine');
      return agent
        .post(paths.preferences())
        .type('form')
        .send({ csrf, back: '/mine', ...choice });
    };
    assert.equal((await choose({ language: 'ru' })).headers.location, '/mine');
    await choose({ theme: 'dark' });
    assert.match((await agent.get('/mine').set('Accept-Language', 'en')).text, /<html lang="ru" data-bs-theme="dark">/);
    await choose({ theme: 'system', language: 'en' });
    assert.match((await agent.get('/mine').set('Accept-Language', 'ru')).text, /<html lang="en">/);
  });

  it('of a visitor are kept in a cookie', async () => {
    const agent = supertest.agent(app);
    const csrf = await csrfToken(agent, '/');
    await agent.post(paths.preferences()).type('form').send({ csrf, language: 'ru', theme: 'light' }).expect(303);
    assert.match((await agent.get('/')).text, /<html lang="ru" data-bs-theme="light">/);
  });

  it('never lead to another site', async () => {
    for (const back of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'javascript:1',
    ]) {
      const agent = supertest.agent(app);
      const csrf = await csrfToken(agent, '/');
      const answer = await agent.post(paths.preferences()).type('form').send({ csrf, language: 'en', back });
      assert.equal(answer.headers.location, '/', back);
    }
  });
});

describe('The top bar', () => {
  it('shows the areas that the roles open, with what waits there', async () => {
    const ben = textOf((await (await signedInAs(people.ben.id)).get('/mine')).text);
    assert.match(ben, lookingFor('Home', 'Openings', 'Recommend someone'));
    assert.doesNotMatch(ben, /Review|Payroll|Admin/);
    const david = textOf((await (await signedInAs(people.david.id)).get('/mine')).text);
    assert.match(
      david,
      lookingFor('Review 12 waiting', 'Pool', 'Hires', 'Payroll 99\\+ waiting', 'Programme', 'Admin'),
    );
  });

  it('lights the area the page belongs to', async () => {
    const answer = await (await signedInAs(people.clara.id)).get('/payroll');
    assert.match(answer.text, /href="\/payroll" aria-current="page"/);
    assert.equal(
      answer.text.match(/aria-current="page"/g)?.length,
      2,
      'once in the bar and once in the menu of phones',
    );
  });

  it('gives visitors the choice of language, and nothing that needs an account', async () => {
    const visitor = textOf((await supertest(app).get('/')).text);
    assert.match(visitor, /Русский/);
    assert.doesNotMatch(visitor, /Recommend someone|Sign out/);
  });
});

describe('The log', () => {
  it('keeps neither what people search for nor the token of a link', () => {
    assert.equal(withoutTokens('/pool?q=Maria+Ivanova'), '/pool');
    assert.equal(withoutTokens(paths.signInLink('Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6')), '/sign-in/link/…');
    assert.equal(withoutTokens('/referrals/12/decline'), '/referrals/12/decline');
  });
});
