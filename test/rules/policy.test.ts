import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AmountLine,
  amountFor,
  contradictions,
  DEFAULT_TERMS,
  type PolicyTerms,
  policyTerms,
  readTerms,
} from '../../src/bonuses/policy.ts';

const line = (level: string | null, country: string | null, amountMinor: number, currency = 'EUR'): AmountLine => ({
  level,
  country,
  amountMinor,
  currency,
});
const withLines = (...lines: AmountLine[]): PolicyTerms => ({
  ...DEFAULT_TERMS,
  amounts: { lines, fallback: { amountMinor: 100_000, currency: 'EUR' } },
});

describe('the terms', () => {
  it('are the defaults where nothing is said', () => {
    assert.deepEqual(DEFAULT_TERMS, {
      amounts: { lines: [], fallback: { amountMinor: 150_000, currency: 'EUR' } },
      extraDays: 0,
      confirmation: 'automatic',
      excludedFunctions: ['recruiter'],
      excludeReportingChain: 'chain',
      underNotice: 'excluded',
      ownershipMonths: 12,
      firstAnswerWorkingDays: 2,
      payrollCutoffDay: 20,
      probationMonths: 6,
    });
  });

  it('of an earlier release, with fewer settings, are read with the defaults', () => {
    const stored = { amounts: { fallback: { amountMinor: 1, currency: 'JPY' } }, extraDays: 30 };
    const terms = readTerms(JSON.parse(JSON.stringify(stored)));
    assert.deepEqual(terms, {
      ...DEFAULT_TERMS,
      amounts: { lines: [], fallback: { amountMinor: 1, currency: 'JPY' } },
      extraDays: 30,
    });
    assert.deepEqual(readTerms(JSON.parse(JSON.stringify(terms))), terms);
  });

  const bounds: [keyof PolicyTerms, number, number][] = [
    ['extraDays', 0, 365],
    ['ownershipMonths', 1, 60],
    ['firstAnswerWorkingDays', 0, 30],
    ['payrollCutoffDay', 1, 28],
    ['probationMonths', 1, 36],
  ];
  for (const [setting, least, most] of bounds) {
    it(`${setting}: ${least} to ${most}`, () => {
      const accepts = (value: unknown) => policyTerms.safeParse({ [setting]: value }).success;
      assert.deepEqual([least - 1, least, most, most + 1].map(accepts), [false, true, true, false]);
      assert.deepEqual([least + 0.5, String(least), null].map(accepts), [false, false, false]);
    });
  }

  it('refuse what is not known: a misspelt setting would silently be its default', () => {
    assert.ok(!policyTerms.safeParse({ extradays: 30 }).success);
    assert.ok(!policyTerms.safeParse({ confirmation: 'maybe' }).success);
    assert.ok(!policyTerms.safeParse({ excludedFunctions: ['boss'] }).success);
    assert.throws(() => readTerms(null));
  });

  it('pay a sum in a currency that exists, or nothing is published', () => {
    const accepts = (amountMinor: number, currency: string) =>
      policyTerms.safeParse({ amounts: { lines: [], fallback: { amountMinor, currency } } }).success;
    assert.ok(accepts(1, 'KWD') && accepts(Number.MAX_SAFE_INTEGER, 'EUR'));
    assert.ok(!accepts(0, 'EUR') && !accepts(-1, 'EUR') && !accepts(1.5, 'EUR') && !accepts(2 ** 53, 'EUR'));
    assert.ok(!accepts(1, 'EURO') && !accepts(1, 'eur') && !accepts(1, ''));
  });
});

describe('the amount', () => {
  const terms = withLines(
    line('Senior', 'JP', 300_000, 'JPY'),
    line('Senior', null, 200_000),
    line(null, 'KW', 500_500, 'KWD'),
    line(null, 'DE', 170_000),
  );
  const table: [string | null, string | null, number, string, number | null][] = [
    ['Senior', 'JP', 300_000, 'JPY', 1],
    ['Senior', 'DE', 200_000, 'EUR', 2],
    [' senior ', 'DE', 200_000, 'EUR', 2],
    ['Junior', 'KW', 500_500, 'KWD', 3],
    ['Junior', 'DE', 170_000, 'EUR', 4],
    ['Junior', 'JP', 100_000, 'EUR', null],
    ['Seniority', 'FR', 100_000, 'EUR', null],
    ['', 'DE', 170_000, 'EUR', 4],
    ['', '', 100_000, 'EUR', null],
    [null, null, 100_000, 'EUR', null],
  ];
  for (const [level, country, minor, currency, at] of table) {
    it(`${level} in ${country}: ${minor} ${currency}, ${at === null ? 'the fallback' : `line ${at}`}`, () =>
      assert.deepEqual(amountFor(terms, { level, country }), { money: { minor, currency }, line: at }));
  }
  it('is that of the first line that matches', () => {
    const twice = withLines(line(null, null, 1), line('Senior', 'DE', 2));
    assert.equal(amountFor(twice, { level: 'Senior', country: 'DE' }).money.minor, 1);
  });
});

describe('contradictions', () => {
  const found = (terms: PolicyTerms) => contradictions(terms).map(({ key, params }) => [key.split('.').at(-1), params]);

  it('are none in the defaults, and none where the narrower line comes first', () => {
    assert.deepEqual(found(DEFAULT_TERMS), []);
    assert.deepEqual(found(withLines(line('Senior', 'DE', 3), line('Senior', null, 2), line(null, 'DE', 1))), []);
    assert.deepEqual(found(withLines(line('Senior', null, 3), line('Junior', null, 2))), []);
  });
  const never = (at: number, before: number) => ['amountLineNeverReached', { line: at, before }];
  it('are lines that are never reached', () => {
    assert.deepEqual(found(withLines(line('Senior', null, 3), line('senior', 'DE', 2))), [never(2, 1)]);
    assert.deepEqual(found(withLines(line(null, 'DE', 3), line('Senior', 'DE', 2))), [never(2, 1)]);
    assert.deepEqual(found(withLines(line(null, null, 3), line('Senior', 'DE', 2), line(null, null, 1))), [
      never(2, 1),
      never(3, 1),
    ]);
    assert.deepEqual(found(withLines(line('Senior', 'DE', 3), line('Senior', 'DE', 3))), [never(2, 1)]);
    assert.deepEqual(found(withLines(line('Senior', null, 3), line(null, null, 2))), []);
    assert.deepEqual(found(withLines(line(null, 'DE', 3), line(null, null, 2))), []);
  });
  it('are two currencies in one country', () => {
    const terms = withLines(line('Senior', 'DE', 3), line('Junior', 'DE', 2, 'CHF'), line('Junior', 'CH', 2, 'CHF'));
    assert.deepEqual(found(terms), [['twoCurrenciesInOneCountry', { country: 'DE', first: 'EUR', second: 'CHF' }]]);
  });
  it('are terms under which nobody may receive anything', () => {
    assert.deepEqual(found({ ...DEFAULT_TERMS, excludedFunctions: ['recruiter', 'employee'] }), [
      ['nobodyMayReceive', {}],
    ]);
  });
});
