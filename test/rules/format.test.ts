import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatDay,
  formatDaytime,
  formatInDays,
  formatMoney,
  formatMonth,
  formatNumber,
  formatShortDay,
} from '../../src/lib/format.ts';

const day = Temporal.PlainDate.from;
/** Non-breaking spaces are what keeps a number by its word; in a test they would only hide the difference. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('A day', () => {
  it('is written in words', () => {
    assert.equal(plain(formatDay(day('2027-07-14'), 'en')), '14 July 2027');
    assert.equal(plain(formatDay(day('2027-07-14'), 'ru')), '14 июля 2027');
    assert.equal(plain(formatShortDay(day('2027-07-14'), 'en')), '14 Jul');
    assert.equal(plain(formatMonth(day('2027-07-14'), 'ru')), 'июль 2027');
  });

  it('is the same day wherever the server runs', () => {
    // TZ can't be changed within a process: the suite itself runs in several zones.
    for (const one of ['2027-01-01', '2027-03-28', '2027-10-31', '2027-12-31', '1970-01-01', '2028-02-29']) {
      assert.equal(plain(formatDay(day(one), 'en')).split(' ')[0], String(day(one).day), one);
    }
  });

  it('never parts from its month at the end of a line', () => {
    assert.doesNotMatch(formatDay(day('2027-07-14'), 'en'), / /);
    assert.doesNotMatch(formatDay(day('2027-07-14'), 'ru'), / /);
  });
});

describe('An instant', () => {
  it("is told in the company's zone, also where that is another day", () => {
    const at = Temporal.Instant.from('2027-07-14T22:30:00Z');
    assert.equal(plain(formatDaytime(at, 'en', 'Europe/Berlin')), '15 July 2027, 00:30');
    assert.equal(plain(formatDaytime(at, 'en', 'America/New_York')), '14 July 2027, 18:30');
    assert.equal(plain(formatDaytime(at, 'ru', 'Pacific/Kiritimati')), '15 июля 2027, 12:30');
  });
});

describe('The distance of a day', () => {
  const today = day('2027-07-11');
  const said = (to: string, language: 'en' | 'ru') => plain(formatInDays(day(to), today, language));
  it('is said as people say it', () => {
    assert.equal(said('2027-07-14', 'en'), 'in 3 days');
    assert.equal(said('2027-07-12', 'en'), 'tomorrow');
    assert.equal(said('2027-07-11', 'en'), 'today');
    assert.equal(said('2027-07-10', 'en'), 'yesterday');
    assert.equal(said('2027-07-12', 'ru'), 'завтра');
    assert.equal(said('2027-07-16', 'ru'), 'через 5 дней');
    assert.equal(said('2027-08-01', 'ru'), 'через 21 день');
    assert.equal(said('2027-07-08', 'ru'), '3 дня назад');
  });

  it('is counted in months beyond sixty days', () => {
    assert.equal(said('2027-09-09', 'en'), 'in 60 days');
    assert.equal(said('2027-09-11', 'en'), 'in 2 months');
    assert.equal(said('2027-10-01', 'en'), 'in 2 months');
  });
});

describe('A sum', () => {
  const said = (minor: number, currency: string, language: 'en' | 'ru', exact = false) =>
    plain(formatMoney({ minor, currency }, language, exact));
  it('loses the zeros of a whole amount in a sentence, and keeps them in a ledger', () => {
    assert.equal(said(150000, 'EUR', 'en'), '1,500 EUR');
    assert.equal(said(150000, 'EUR', 'en', true), '1,500.00 EUR');
    assert.equal(said(150050, 'EUR', 'en'), '1,500.50 EUR');
    assert.equal(said(150000, 'EUR', 'ru'), '1 500 €');
    assert.equal(said(150000, 'EUR', 'ru', true), '1 500,00 €');
  });

  it('has the decimals of its currency', () => {
    assert.equal(said(1500, 'JPY', 'en', true), '1,500 JPY');
    assert.equal(said(1500, 'KWD', 'en', true), '1.500 KWD');
    assert.equal(said(5, 'USD', 'en', true), '0.05 USD');
    assert.equal(said(0, 'USD', 'en', true), '0.00 USD');
  });

  it('may be negative, and loses no minor unit however large', () => {
    assert.equal(said(-150000, 'EUR', 'en', true), '-1,500.00 EUR');
    assert.equal(said(-5, 'EUR', 'en', true), '-0.05 EUR');
    assert.equal(said(9007199254740991, 'EUR', 'en', true), '90,071,992,547,409.91 EUR');
  });
});

describe('A number', () => {
  it('is grouped', () => {
    assert.equal(plain(formatNumber(1234567, 'en')), '1,234,567');
    assert.equal(plain(formatNumber(1234567, 'ru')), '1 234 567');
  });
});
