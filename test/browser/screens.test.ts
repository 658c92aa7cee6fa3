import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ensureFirstPolicy } from '../../src/bonuses/policy-service.ts';
import { openBrowser, type PageOptions, type TestBrowser } from '../support/browser.ts';
import { type Cast, cast, signInAs } from '../support/cast.ts';
import { openDemoServer } from '../support/demo.ts';
import { faultsOf, faultsOfPage, type WatchedPage, type Wish, watch } from '../support/screen-check.ts';
import { type Screen, screensOfDemo, screensOfEmptyHouse } from '../support/screens.ts';
import { openTestServer, type TestServer } from '../support/server.ts';

/** Each language on one width; both themes on each. */
const passes: (Wish & { name: string; width: number })[] = [
  { name: 'in English on a desk', language: 'en', width: 1280, themes: ['light', 'dark'] },
  { name: 'in Russian on a phone', language: 'ru', width: 390, themes: ['light', 'dark'] },
];
const atOnce = 2;

let browser: TestBrowser;
let demo: TestServer;
let empty: TestServer;
let people: Cast;

before(async () => {
  browser = await openBrowser();
  demo = await openDemoServer();
  empty = await openTestServer({
    furnish: async (house) => {
      people = await cast(house);
      await ensureFirstPolicy(house.deps);
    },
  });
});
after(async () => {
  await Promise.all([browser?.close(), demo?.close(), empty?.close()]);
});

for (const pass of passes) {
  test(`every screen of the demo company, ${pass.name}`, { concurrency: atOnce }, async (t) => {
    await lookAtAll(t, demo, await screensOfDemo(demo), pass);
  });

  test(`every screen of an empty house, ${pass.name}`, { concurrency: atOnce }, async (t) => {
    await lookAtAll(t, empty, screensOfEmptyHouse(people), pass);
  });
}

test('the first page of all weighs at most 120 KB', async (t) => {
  const anna = (await demo.db('employees').where({ full_name: 'Anna Petrova' }).first('id')) as { id: number };
  for (const [path, id] of [
    ['/sign-in', null],
    ['/', anna.id],
    ['/review', anna.id],
    ['/recommend', anna.id],
  ] as const) {
    await t.test(path, async () => {
      const watched = await newWatchedPage(demo, {});
      await become(demo, watched, id);
      await watched.page.goto(path, { waitUntil: 'load' });
      assert.ok(watched.bytes() > 10_000, `${watched.bytes()} bytes are too few to be a page with its style`);
      assert.ok(watched.bytes() <= 120_000, `${watched.bytes()} bytes`);
      await watched.page.context().close();
    });
  }
});

test('a page with faults is told all of them', async () => {
  const { page } = await newWatchedPage(empty, { width: 390 });
  await page.setContent(`<html lang="en"><title>Home</title><body><main>
    <style>@media (prefers-color-scheme: dark) { p { background: #000; color: #333 } } button { outline: 0 !important }</style>
    <p>openings.list.title [object Object]</p><button style="width: 20px; height: 20px; padding: 0">x</button>
    <div style="width: 600px">wide</div><img src="data:,"><button class="btn-primary" tabindex="0">Go</button></main>`);
  const faults = await faultsOfPage(page, { language: 'ru', themes: ['light', 'dark'] });
  for (const expected of [
    'has 0 h1',
    'is titled "Home"',
    'says it is in en',
    'is 608 wide',
    'says "openings.list.title',
    'has a small target, 20×20',
    'shows no focus on <button',
    'light: image-alt',
    'dark: color-contrast',
  ]) {
    assert.ok(
      faults.some((fault) => fault.includes(expected)),
      `${expected} is told among ${faults.join('\n')}`,
    );
  }
  await page.context().close();
});

type Pass = (typeof passes)[number];
type Parent = { test(name: string, work: () => Promise<void>): Promise<void> };

async function lookAtAll(t: Parent, server: TestServer, screens: readonly Screen[], pass: Pass): Promise<void> {
  const { language, width } = pass;
  await server.db('employees').update({ chosen_language: language });
  const pages = await Promise.all(Array.from({ length: atOnce }, () => newWatchedPage(server, { language, width })));
  await Promise.all(
    screens.map((screen) =>
      t.test(screen.name, async () => {
        const watched = pages.pop() as WatchedPage;
        try {
          await become(server, watched, screen.by);
          assert.deepEqual(await faultsOf(watched, screen, pass), []);
        } finally {
          pages.push(watched);
        }
      }),
    ),
  );
  await Promise.all(pages.map(({ page }) => page.context().close()));
}

async function newWatchedPage(server: TestServer, options: PageOptions): Promise<WatchedPage> {
  const page = await browser.newPage({ ...options, baseUrl: server.baseUrl });
  page.setDefaultTimeout(60_000);
  const watched = await watch(page);
  // The style sheet and the scripts are the first page's business.
  if (options.language) await page.goto('/sign-in', { waitUntil: 'load' });
  return watched;
}

const sessions = new Map<string, Promise<string>>();

async function become(server: TestServer, { page }: WatchedPage, id: number | null): Promise<void> {
  const context = page.context();
  await context.clearCookies();
  if (id === null) return;
  const key = `${server.baseUrl} ${id}`;
  if (!sessions.has(key)) sessions.set(key, sessionOf(server, id));
  const value = (await sessions.get(key)) as string;
  await context.addCookies([{ name: 'vouch_session', value, url: server.baseUrl }]);
}

async function sessionOf(server: TestServer, id: number): Promise<string> {
  const agent = await signInAs(server, { id });
  const cookie = agent.jar.getCookie('vouch_session', { path: '/', domain: '127.0.0.1', secure: false, script: false });
  assert.ok(cookie);
  return cookie.value;
}
