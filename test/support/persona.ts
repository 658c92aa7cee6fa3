import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { loadWords } from '../../src/lib/words.ts';
import { paths } from '../../src/paths.ts';
import type { Employee } from '../../src/people/employee.ts';
import type { PageOptions, TestBrowser } from './browser.ts';
import type { TestServer } from './server.ts';
import type { Letter } from './smtp.ts';

type Upload = { name: string; mimeType: string; buffer: Buffer };
export type Fields = Record<string, string | boolean | Upload>;

/** Somebody at a browser of their own: signed in by the link in their mail, reading and pressing as people do. */
export type Persona = {
  readonly page: Page;
  readonly employee: Employee;
  /** Opens a page of the house; fails when it is not there for them. */
  open(path: string): Promise<void>;
  /** Fills the fields of the page, by their names. */
  fill(fields: Fields): Promise<void>;
  /** Presses the button or the link that says this, in their language, and waits for where it leads. */
  press(key: string, params?: Record<string, unknown>): Promise<void>;
  /** What the page says, with plain spaces. */
  text(): Promise<string>;
  reads(...words: (string | RegExp)[]): Promise<void>;
  readsNothingOf(...words: (string | RegExp)[]): Promise<void>;
};

const words = loadWords({ timeZone: 'Europe/Berlin' });

/** Opens a browser for the employee and goes through the whole sign-in: address, letter, link, button. */
export async function enter(
  server: TestServer,
  browser: TestBrowser,
  employee: Employee,
  options: PageOptions = {},
): Promise<Persona> {
  const { language } = employee;
  const page = await browser.newPage({ language, baseUrl: server.baseUrl, ...options });
  page.setDefaultTimeout(60_000);
  const persona = personaOf(page, employee);
  await persona.open(paths.home());
  assert.equal(new URL(page.url()).pathname, paths.signIn());
  await persona.fill({ email: employee.email });
  await persona.press('people.signIn.button');
  const letters = await server.deliver();
  assert.deepEqual(headings(letters), [`${employee.email}: ${words[language]('mail.sign_in_link.subject')}`]);
  await followLetter(page, letters[0] as Letter, words[language]('mail.button.signIn'));
  await persona.press('people.link.button');
  assert.equal(new URL(page.url()).pathname, paths.home());
  return persona;
}

function personaOf(page: Page, employee: Employee): Persona {
  const say = words[employee.language];
  const text = async (): Promise<string> => plain(await page.locator('body').innerText());
  return {
    page,
    employee,
    text,
    async open(path) {
      const answer = await page.goto(path);
      assert.equal(answer?.status(), 200, `${employee.fullName} opens ${path}`);
    },
    async fill(fields) {
      for (const [name, value] of Object.entries(fields)) await fillOne(page, name, value);
    },
    async press(key, params) {
      const name = say(key, params);
      await (await findPressable(page, name)).click();
      await page.waitForLoadState();
    },
    async reads(...expected) {
      const seen = await text();
      for (const one of expected) assert.ok(contains(seen, one), `${employee.fullName} reads ${one} in: ${seen}`);
    },
    async readsNothingOf(...unexpected) {
      const seen = await text();
      for (const one of unexpected) assert.ok(!contains(seen, one), `${employee.fullName} reads ${one} in: ${seen}`);
    },
  };
}

/** The button or link of that name: the page's own before the frame's, a button before a link. */
async function findPressable(page: Page, name: string): Promise<Locator> {
  for (const place of [page.locator('main'), page.locator('body')]) {
    for (const role of ['button', 'link'] as const) {
      const found = place.getByRole(role, { name, exact: true });
      if (await found.count()) return found.first();
    }
  }
  throw new Error(`Nothing to press says "${name}" on ${page.url()}: ${plain(await page.locator('body').innerText())}`);
}

async function fillOne(page: Page, name: string, value: string | boolean | Upload): Promise<void> {
  const field: Locator = page.locator(`main [name="${name}"]`).and(page.locator(':not([type=hidden])'));
  const first = field.first();
  const tag = await first.evaluate((one) => (one as unknown as { type: string }).type);
  await openFolded(first);
  if (typeof value === 'object') await first.setInputFiles(value);
  else if (typeof value === 'boolean') await first.setChecked(value);
  else if (tag === 'radio') await page.locator(`main [name="${name}"][value="${value}"]`).check({ force: true });
  else if (tag === 'select-one') await first.selectOption(/^\w*$/.test(value) ? value : { label: value });
  else await first.fill(value);
}

/** A field that lies folded is unfolded first, as a person would. */
async function openFolded(field: Locator): Promise<void> {
  const folded = field.locator('xpath=ancestor::details[not(@open)]');
  for (let left = await folded.count(); left > 0; left -= 1) await folded.first().locator('summary').first().click();
}

/** Opens the letter as a mail program shows it, and clicks what it offers. */
export async function followLetter(page: Page, letter: Letter, button: string): Promise<void> {
  assert.ok(letter.html);
  await page.setContent(letter.html);
  await page.getByRole('link', { name: button, exact: true }).click();
  await page.waitForLoadState();
}

/** "address: subject" of each, in alphabetical order, with plain spaces. */
export function headings(letters: readonly Letter[]): string[] {
  return letters.map((letter) => `${letter.receivers.join()}: ${plain(letter.subject ?? '')}`).sort();
}

/** The letter to this address; throws unless there is exactly one. */
export function letterTo({ email }: Employee, letters: readonly Letter[]): Letter {
  const found = letters.filter((one) => one.receivers.includes(email));
  assert.equal(found.length, 1, `one letter to ${email} among ${headings(letters).join(' | ')}`);
  return found[0] as Letter;
}

/** What the letter must say, in its text and in its HTML alike, and in which language it is written. */
export function says(letter: Letter, language: Employee['language'], ...facts: string[]): void {
  assert.match(letter.html ?? '', new RegExp(`<html lang="${language}">`));
  const html = plain((letter.html ?? '').replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' '));
  for (const fact of facts) {
    assert.ok(plain(letter.text ?? '').includes(fact), `the letter's text says ${fact}: ${letter.text}`);
    assert.ok(html.includes(fact.replaceAll("'", '&#x27;')), `the letter's HTML says ${fact}: ${html}`);
  }
}

export function plain(text: string): string {
  return text.replace(/[\s\u00a0\u202f]+/g, ' ').trim();
}

function contains(text: string, part: string | RegExp): boolean {
  return typeof part === 'string' ? text.includes(part) : part.test(text);
}
