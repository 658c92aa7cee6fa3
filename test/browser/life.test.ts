import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { ensureFirstPolicy } from '../../src/bonuses/policy-service.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { paths } from '../../src/paths.ts';
import { openBrowser, type TestBrowser } from '../support/browser.ts';
import { type Cast, cast } from '../support/cast.ts';
import { enter, followLetter, headings, letterTo, type Persona, says } from '../support/persona.ts';
import { pdf } from '../support/resumes.ts';
import { openTestServer, type TestServer } from '../support/server.ts';

const ben = 'ben.carter@example.com';
const anna = 'anna.petrova@example.com';
const elena = 'elena.sokolova@example.com';
const nine = (day: string) => Temporal.ZonedDateTime.from(`${day}T09:00[Europe/Berlin]`).toInstant();

let server: TestServer;
let browser: TestBrowser;
let people: Cast;
const clock = settableClock('Europe/Berlin', nine('2027-01-11'));
const turnTo = (day: string): void => clock.set(nine(day));
const payDay = (day: string) => {
  turnTo(day);
  return payBonuses(server.deps, { asOf: Temporal.PlainDate.from(day) });
};
const count = async (table: string): Promise<number> => Number((await server.db(table).count())[0]?.count);

before(async () => {
  const furnish = async (house: Pick<TestServer, 'db' | 'deps'>): Promise<void> => {
    people = await cast(house);
    await ensureFirstPolicy(house.deps);
  };
  server = await openTestServer({ clock, furnish });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

describe('the whole life of a recommendation, by four people with real letters', () => {
  /** On a phone, and without a line of JavaScript. */
  let benCarter: Persona;
  let annaPetrova: Persona;
  let claraNovak: Persona;
  let mariasPage: string;
  let tomsPage: string;

  it('Anna signs in by the link in her mail, and publishes two openings', async () => {
    annaPetrova = await enter(server, browser, people.anna);
    await publishOpening('Бэкенд-разработчик, платежи', 'Kotlin, PostgreSQL');
    await annaPetrova.reads('опубликована', 'Kotlin');
    await publishOpening('Системный администратор', 'Linux');
    assert.deepEqual(headings(await server.deliver()), []);
  });

  it('Ben recommends Maria from his phone with her résumé, and hears by when he gets an answer', async () => {
    benCarter = await enter(server, browser, people.ben, { width: 390, javaScript: false });
    await benCarter.press('frame.recommend');
    const { page } = benCarter;
    await benCarter.fill({ ...maria, opening: 'Бэкенд-разработчик, платежи, Berlin', resume: résumé });
    await benCarter.press('referrals.recommend.send');
    await benCarter.reads('Recruiting has two working days to answer', '13 January 2027');
    const thanks = page.url();

    const letters = await server.deliver();
    assert.deepEqual(headings(letters), [
      `${anna}: Ben Carter рекомендует: Maria Ivanova`,
      `${ben}: Thank you for recommending Maria Ivanova`,
    ]);
    says(letterTo(people.ben, letters), 'en', 'Maria Ivanova', 'Бэкенд-разработчик, платежи', '13 January 2027');
    says(letterTo(people.anna, letters), 'ru', 'Ben Carter', 'Maria Ivanova', '13 января 2027');

    // Back, and the same button once more: the same referral, and nobody is written to again.
    await page.goBack();
    await benCarter.fill(maria);
    await benCarter.press('referrals.recommend.send');
    await benCarter.reads('You have told us already');
    assert.equal(new URL(page.url()).pathname, new URL(thanks).pathname);
    assert.equal(await count('referrals'), 1);
    assert.deepEqual(headings(await server.deliver()), []);
    await benCarter.press('referrals.thanks.see');
    mariasPage = new URL(page.url()).pathname;
    await benCarter.reads('Received', 'cv.pdf', 'She kept our payments running');
  });

  it('Elena recommends the same person, is thanked, and learns nothing about anybody', async () => {
    const elenaSokolova = await enter(server, browser, people.elena);
    await elenaSokolova.press('frame.recommend');
    await elenaSokolova.fill({ ...maria, full_name: 'Мария Иванова', email: ' Maria@Elsewhere.example' });
    await elenaSokolova.fill({ why: 'Очень сильный инженер.', opening: 'general' });
    await elenaSokolova.press('referrals.recommend.send');
    await elenaSokolova.reads('Всё равно спасибо');
    const learnsNothing = (): Promise<void> => elenaSokolova.readsNothingOf('Ben', 'Бэкенд', 'cv.pdf', 'Maria');
    await learnsNothing();
    const letters = await server.deliver();
    assert.deepEqual(headings(letters), [`${elena}: Спасибо за рекомендацию: Мария Иванова`]);
    says(letterTo(people.elena, letters), 'ru', 'Мария Иванова', 'Всё равно спасибо');
    assert.doesNotMatch(letters[0]?.text ?? '', /Ben|Бэкенд|Maria/);
    const { page } = elenaSokolova;
    await followLetter(page, letterTo(people.elena, letters), 'Посмотреть, как идут дела');
    await elenaSokolova.reads('Мария Иванова');
    await learnsNothing();
    assert.equal((await page.goto(mariasPage))?.status(), 404, 'the first referral is not hers to read');
    await page.context().close();
  });

  it('Anna finds Maria in the inbox and moves her from stage to stage; Ben is told of each', async () => {
    const { page } = annaPetrova;
    turnTo('2027-01-12');
    await annaPetrova.open(paths.review());
    await annaPetrova.reads('Maria Ivanova', 'She kept our payments running');
    await annaPetrova.readsNothingOf('Мария Иванова');
    await page.getByRole('link', { name: 'Maria Ivanova' }).click();
    await annaPetrova.reads('maria@elsewhere.example', 'Ben Carter');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /cv\.pdf/ }).click();
    assert.deepEqual(await readFile(await (await download).path()), pdf(), 'the résumé comes back to the byte');
    for (const [day, stage, word, sentence] of stages) {
      turnTo(day);
      await annaPetrova.press(`review.actions.to.${stage}`);
      const letters = await server.deliver();
      assert.deepEqual(headings(letters), [`${ben}: Maria Ivanova: now at ${word}`]);
      says(letterTo(people.ben, letters), 'en', 'Maria Ivanova', word, sentence);
    }
  });

  it('Anna hires Maria, and Ben reads the promise: how much, the last day, the payroll months', async () => {
    turnTo('2027-01-20');
    await annaPetrova.press('review.actions.hire');
    await annaPetrova.fill({ firstDayOn: '2027-02-15', probationBy: 'months', probationMonths: '6' });
    await annaPetrova.press('hires.form.count');
    await annaPetrova.reads('14 августа 2027', /1\s500\s€/);
    await annaPetrova.press('hires.form.button');
    await annaPetrova.reads('Maria Ivanova', '14 августа 2027');
    const letters = await server.deliver();
    assert.deepEqual(headings(letters), [`${ben}: Maria Ivanova is joining us`]);
    const promise = ['1,500 EUR', '14 August 2027', 'August 2027'];
    says(letterTo(people.ben, letters), 'en', '15 February 2027', ...promise);
    await followLetter(benCarter.page, letterTo(people.ben, letters), 'See how it is going');
    assert.equal(new URL(benCarter.page.url()).pathname, mariasPage);
    await benCarter.reads('Hired, thanks to you', 'Promised', '1,500 EUR', '15 August 2027');
    await benCarter.page.locator('summary', { hasText: 'Why, rule by rule' }).click();
    await benCarter.reads('Probation runs to 14 August 2027', 'The referrer does not manage the hire');
    await benCarter.open(paths.home());
    await benCarter.reads('1,500 EUR', 'if probation ends well');
  });

  it('Tom is declined with a reason and honest words, which Ben reads in his mail and on the page', async () => {
    turnTo('2027-02-01');
    await benCarter.press('frame.recommend');
    await benCarter.fill({ ...tom, opening: 'Бэкенд-разработчик, платежи, Berlin' });
    await benCarter.press('referrals.recommend.send');
    await benCarter.press('referrals.thanks.see');
    tomsPage = new URL(benCarter.page.url()).pathname;
    const letters = await server.deliver();
    await followLetter(annaPetrova.page, letterTo(people.anna, letters), 'Прочитать и ответить');
    await annaPetrova.press('review.actions.decline');
    await annaPetrova.fill({ declineReason: 'experience', feedback: words });
    await annaPetrova.press('review.decline.see');
    await annaPetrova.reads('Not this time, and here is why', 'We needed somebody who has run payments');
    await annaPetrova.press('review.decline.button');
    const answer = await server.deliver();
    assert.deepEqual(headings(answer), [`${ben}: About Tom Weber`]);
    says(letterTo(people.ben, answer), 'en', 'Another kind of experience was needed', words, 'Anna Petrova');
    await followLetter(benCarter.page, letterTo(people.ben, answer), 'See how it is going');
    await benCarter.reads('Not this time, and here is why', 'Another kind of experience was needed', words);
  });

  it('from the pool Anna considers Tom for another opening, in the name of Ben, who is told', async () => {
    turnTo('2027-03-01');
    await annaPetrova.open(paths.pool());
    await annaPetrova.fill({ q: 'weber' });
    await annaPetrova.press('common.search');
    await annaPetrova.page.getByRole('link', { name: /Tom Weber/ }).click();
    await annaPetrova.fill({ opening: 'Системный администратор, Berlin' });
    await annaPetrova.press('candidates.consider.button', { name: 'Ben Carter' });
    await annaPetrova.reads('Ben Carter', 'Системный администратор');
    const letters = await server.deliver();
    assert.deepEqual(headings(letters), [`${ben}: Tom Weber is considered for Системный администратор`]);
    says(letterTo(people.ben, letters), 'en', 'Системный администратор', '1 February 2028');
    await followLetter(benCarter.page, letterTo(people.ben, letters), 'See how it is going');
    await benCarter.reads('Tom Weber', 'Системный администратор');
    assert.notEqual(new URL(benCarter.page.url()).pathname, tomsPage);
  });

  it('pays nothing on the last day of probation, once on the next, and nothing again', async () => {
    const { awarded, waiting } = await payDay('2027-08-14');
    assert.deepEqual({ awarded, letters: headings(await server.deliver()) }, { awarded: 0, letters: [] });
    assert.ok(waiting <= 1);
    assert.equal((await payDay('2027-08-15')).awarded, 1);
    const letters = await server.deliver();
    assert.deepEqual(headings(letters), [`${ben}: 1,500 EUR are yours`]);
    says(letterTo(people.ben, letters), 'en', 'Maria Ivanova', 'August 2027');
    assert.equal((await payDay('2027-08-16')).awarded, 0);
    assert.deepEqual(headings(await server.deliver()), []);
    assert.equal(await count('payroll_lines'), 1);
    await followLetter(benCarter.page, letterTo(people.ben, letters), 'See how it was decided');
    await benCarter.reads('Your bonus of 1,500 EUR', 'Awarded', 'Probation ended on 14 August 2027');
  });

  it('Clara exports the run, downloads the same bytes twice, and marks it paid', async () => {
    turnTo('2027-08-23');
    claraNovak = await enter(server, browser, people.clara);
    await claraNovak.open(paths.payroll());
    await claraNovak.page.getByRole('link', { name: /August 2027/ }).click();
    await claraNovak.reads('Ben Carter', '1,500.00 EUR', 'The cut-off was on 20 August 2027');
    await claraNovak.page.locator('summary', { hasText: 'Export this run' }).click();
    await claraNovak.press('payroll.export.button');
    await claraNovak.reads('Exported and sealed: 1 line', 'Sealed');
    const file = await downloaded(claraNovak);
    assert.deepEqual(await downloaded(claraNovak), file);
    assert.match(file.toString(), /004.*1500\.00.*EUR/);
    await claraNovak.reads(createHash('sha256').update(file).digest('hex'));
    assert.deepEqual(headings(await server.deliver()), []);

    turnTo('2027-08-31');
    await claraNovak.open(new URL(claraNovak.page.url()).pathname);
    await claraNovak.fill({ paidOn: '2027-08-31' });
    await claraNovak.press('payroll.paid.all', { count: 1 });
    await claraNovak.reads('1 line is marked as paid on 31 August 2027', 'paid to the last line');
    const letters = await server.deliver();
    assert.deepEqual(headings(letters), [`${ben}: Paid: 1,500 EUR`]);
    says(letterTo(people.ben, letters), 'en', 'Maria Ivanova', '1,500 EUR', '31 August 2027');
    await followLetter(benCarter.page, letterTo(people.ben, letters), 'See how it was decided');
    await benCarter.reads('Paid on 31 August 2027');
    await benCarter.open(mariasPage);
    await benCarter.reads('1,500 EUR', 'Paid');
    await benCarter.open(paths.home());
    await benCarter.reads('Paid 1,500 EUR');
  });

  it('David sees every letter of it in the outbox, with its words, and no link that would sign him in', async () => {
    const davidOkafor = await enter(server, browser, people.david);
    await davidOkafor.open(paths.outbox());
    const rows = davidOkafor.page.locator('main tbody tr');
    assert.equal(await rows.count(), await count('outbox_emails'));
    assert.equal(await rows.getByText('Sent', { exact: true }).count(), await rows.count());
    await davidOkafor.page.getByRole('link', { name: 'Bonus paid' }).click();
    const letter = davidOkafor.page.frameLocator('iframe');
    await letter.getByText('Your bonus is paid', { exact: true }).first().waitFor();
    await davidOkafor.open(paths.outbox());
    await davidOkafor.page.getByRole('link', { name: 'Sign-in link' }).first().click();
    await davidOkafor.page.locator('summary', { hasText: 'As plain text' }).click();
    await davidOkafor.readsNothingOf(/sign-in\/link\/[\w-]{20}/);
    assert.deepEqual(headings(await server.deliver()), []);
  });

  async function publishOpening(title: string, skills: string): Promise<void> {
    await annaPetrova.open(paths.openingNew());
    const place = { department: 'Engineering', level: 'senior', place: 'Berlin', country: 'DE' };
    await annaPetrova.fill({ title, ...place, description: 'Вы строите **платежи**.', skills });
    await annaPetrova.fill({ hiringManager: people.farid.email });
    await annaPetrova.press('openings.form.publish');
  }
});

const résumé = { name: 'cv.pdf', mimeType: 'application/pdf', buffer: pdf() };
const maria = {
  full_name: 'Maria Ivanova',
  email: 'maria@elsewhere.example',
  why: 'She kept our payments running for three years.',
  relationship: 'workedTogether',
  agreed: true,
};
const tom = {
  ...maria,
  full_name: 'Tom Weber',
  email: 'tom@elsewhere.example',
  why: 'He knows every corner of Linux.',
};
const words =
  'Tom explains things wonderfully. We needed somebody who has run payments at night; two years of that would have made it.';
const stages = [
  ['2027-01-13', 'screening', 'Screening', 'Recruiting is looking at Maria Ivanova more closely.'],
  ['2027-01-15', 'interview', 'Interview', 'Maria Ivanova is invited to an interview.'],
  ['2027-01-19', 'offer', 'Offer', 'Maria Ivanova is about to get an offer.'],
] as const;

async function downloaded({ page }: Persona): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the file' }).click();
  return readFile(await (await download).path());
}
