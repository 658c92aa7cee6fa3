import assert from 'node:assert/strict';
import { ok, type Result, refuse } from './result.ts';

/** A sum in the currency's smallest unit: 1,500.00 EUR is { minor: 150000, currency: 'EUR' }, 1,500 JPY { minor: 1500, … }. */
export type Money = { readonly minor: number; readonly currency: string };

const known = new Set(Intl.supportedValuesOf('currency'));
const digitsOf = new Map<string, number>();

/** An ISO 4217 code in capitals. */
export function isCurrency(text: string): boolean {
  return known.has(text);
}

/** Places after the decimal sign: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  assert(isCurrency(currency), `not a currency: ${currency}`);
  let digits = digitsOf.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    digitsOf.set(currency, digits);
  }
  return digits;
}

/** A sum, asserted to be whole minor units that a number holds exactly. */
export function money(minor: number, currency: string): Money {
  assert(Number.isSafeInteger(minor), `not a safe whole number of minor units: ${minor}`);
  assert(isCurrency(currency), `not a currency: ${currency}`);
  return { minor, currency };
}

export type MoneyTextRefusal = 'empty' | 'notAnAmount' | 'tooManyDecimals' | 'ambiguous' | 'tooLarge';

/**
 * Reads what a person typed, from the text and never through a fraction: "1500", "1 500,00", "1,500.00", "1'500.00",
 * "1.500,00". Of two different signs the last is the decimal one. A single comma before exactly three digits groups
 * (1,500 is fifteen hundred); a single point there is a decimal point, so 10.505 EUR has too many decimals and isn't ten
 * thousand. Where the currency has three decimals a single comma before three digits could be either: refused.
 */
export function parseMoney(text: string, currency: string): Result<Money, MoneyTextRefusal> {
  const digits = minorDigits(currency);
  const match = /^([-\u2212]?)(\d[\d\s'\u2019.,]*)$/u.exec(text.trim());
  if (text.trim() === '') return refuse('empty');
  if (!match) return refuse('notAnAmount');
  const [, sign, rest] = match as unknown as [string, string, string];
  const split = splitDecimals(rest, digits);
  if (typeof split === 'string') return refuse(split);
  if (split.decimals.length > digits) return refuse('tooManyDecimals');
  const minor = Number(split.whole + split.decimals.padEnd(digits, '0'));
  if (!Number.isSafeInteger(minor)) return refuse('tooLarge');
  return ok({ minor: sign === '' || minor === 0 ? minor : -minor, currency });
}

type Split = { whole: string; decimals: string };

function splitDecimals(text: string, digits: number): Split | 'notAnAmount' | 'ambiguous' {
  const signs = text.match(/[.,]/g) ?? [];
  const last = signs.at(-1);
  if (last === undefined) return grouped(text, '');
  const at = text.lastIndexOf(last);
  const decimals = text.slice(at + 1);
  if (!/^\d*$/.test(decimals)) return 'notAnAmount';
  const isOnly = signs.length === 1;
  const repeats = signs.length > 1 && signs.every((sign) => sign === last);
  if (repeats) return grouped(text, '');
  if (isOnly && last === ',' && decimals.length === 3 && !/\s/.test(text)) {
    return digits === 3 ? 'ambiguous' : grouped(text, '');
  }
  if (signs.filter((sign) => sign === last).length > 1) return 'notAnAmount';
  return decimals === '' ? 'notAnAmount' : grouped(text.slice(0, at), decimals);
}

/** Groups must be of three (or, as in India, of two before the last three), all parted by the same sign. */
function grouped(whole: string, decimals: string): Split | 'notAnAmount' {
  const parts = whole.split(/[\s'\u2019.,]/u);
  const signs = new Set(whole.replace(/\d/g, ''));
  const [first = '', ...groups] = parts;
  const middle = groups.slice(0, -1);
  const even = groups.every((group) => group.length === 3) && first.length <= 3;
  const indian = middle.every((group) => group.length === 2) && groups.at(-1)?.length === 3 && first.length <= 2;
  const fine = groups.length === 0 || (signs.size === 1 && first !== '' && (even || indian));
  return fine ? { whole: parts.join(''), decimals } : 'notAnAmount';
}

/** Throws on two currencies: sums never cross them. */
export function add(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
}

export function negate(a: Money): Money {
  return money(a.minor === 0 ? 0 : -a.minor, a.currency);
}

/** Below zero, zero or above zero, as for sorting. Throws on two currencies. */
export function compare(a: Money, b: Money): number {
  assertSameCurrency(a, b);
  return Math.sign(a.minor - b.minor);
}

export function isSameMoney(a: Money, b: Money): boolean {
  return a.minor === b.minor && a.currency === b.currency;
}

/** One total per currency, in the order of the codes. */
export function totalsByCurrency(sums: Iterable<Money>): Money[] {
  const totals = new Map<string, Money>();
  for (const sum of sums) {
    const total = totals.get(sum.currency);
    totals.set(sum.currency, total ? add(total, sum) : money(sum.minor, sum.currency));
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** "1500.00", "-0.05", "1500" (JPY), "1.500" (KWD): all the currency's decimals, no grouping; for files, not for people. */
export function toDecimal(sum: Money, separator: '.' | ',' = '.'): string {
  const digits = minorDigits(sum.currency);
  const sign = sum.minor < 0 ? '-' : '';
  const figures = String(Math.abs(sum.minor)).padStart(digits + 1, '0');
  if (digits === 0) return sign + figures;
  return `${sign}${figures.slice(0, -digits)}${separator}${figures.slice(-digits)}`;
}

function assertSameCurrency(a: Money, b: Money): void {
  assert(a.currency === b.currency, `sums never cross currencies: ${a.currency}, ${b.currency}`);
}
