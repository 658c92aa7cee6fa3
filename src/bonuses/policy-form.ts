import { z } from 'zod';
import { parseDay } from '../lib/calendar.ts';
import { findCountry } from '../lib/countries.ts';
import { type FieldError, type Form, parseForm, typed } from '../lib/form.ts';
import { isCurrency, parseMoney } from '../lib/money.ts';
import { type AmountLine, contradictions, type PolicyTerms, policyTerms } from './policy.ts';

/** Lines of amounts that the form takes; the four fields of each must fit into what a request may carry. */
export const MAX_ROWS = 100;
const SPARE_ROWS = 2;
const cells = ['level', 'country', 'amount', 'currency'] as const;
export const EXCLUDABLE = ['recruiter', 'payroll', 'admin'] as const;

export type PolicyFormValues = {
  readonly afterVersion: number | null;
  readonly countsFrom: Temporal.PlainDate;
  readonly terms: PolicyTerms;
  readonly note: string;
};

type Values = Record<string, string>;
type Errors = Record<string, FieldError>;

const whole = (min: number, max: number, key: string) =>
  z
    .string(key)
    .trim()
    .regex(/^\d{1,3}$/, key)
    .transform(Number)
    .pipe(z.number().min(min, key).max(max, key));

const day = z.string('programme.form.error.countsFrom').transform((text, context) => {
  const read = parseDay(text);
  if (read.ok) return read.value;
  context.addIssue({ code: 'custom', message: 'programme.form.error.countsFrom' });
  return z.NEVER;
});

const simple = z.object({
  afterVersion: z
    .string()
    .regex(/^\d{0,6}$/)
    .transform((text) => (text === '' ? null : Number(text))),
  countsFrom: day,
  note: z
    .string('programme.form.error.note')
    .trim()
    .min(1, 'programme.form.error.note')
    .max(2000, 'programme.form.error.noteTooLong'),
  probationMonths: whole(1, 36, 'programme.form.error.probationMonths'),
  extraDays: whole(0, 365, 'programme.form.error.extraDays'),
  confirmation: z.enum(['automatic', 'required'], 'programme.form.error.choose'),
  excludeReportingChain: z.enum(['no', 'direct', 'chain'], 'programme.form.error.choose'),
  underNotice: z.enum(['excluded', 'allowed'], 'programme.form.error.choose'),
  ownershipMonths: whole(1, 60, 'programme.form.error.ownershipMonths'),
  firstAnswerWorkingDays: whole(0, 30, 'programme.form.error.firstAnswerWorkingDays'),
  payrollCutoffDay: whole(1, 28, 'programme.form.error.payrollCutoffDay'),
});

/**
 * Reads a posted version of the policy, its contradictions included. Amounts are read in the line's own currency; lines
 * without level, country and amount are spare ones and left out.
 */
export function parsePolicyForm(body: unknown): Form<PolicyFormValues> {
  const values = typed(body);
  const read = parseForm(simple, body);
  const amounts = readAmounts(values);
  const errors: Errors = { ...amounts.errors, ...(read.ok ? {} : read.errors) };
  if (!read.ok || !amounts.fallback || Object.keys(errors).length > 0) return { ok: false, values, errors };
  const { afterVersion, countsFrom, note, ...rest } = read.value;
  const terms = policyTerms.parse({
    amounts: { lines: amounts.lines, fallback: amounts.fallback },
    excludedFunctions: EXCLUDABLE.filter((role) => values[`excludes_${role}`] === 'yes'),
    ...rest,
  });
  const against = contradictory(terms, amounts.rows);
  if (Object.keys(against).length > 0) return { ok: false, values, errors: against };
  return { ok: true, value: { afterVersion, countsFrom, terms, note } };
}

type Amount = { amountMinor: number; currency: string };
type Amounts = { lines: AmountLine[]; rows: number[]; fallback: Amount | null; errors: Errors };

function readAmounts(values: Values): Amounts {
  const found: Amounts = { lines: [], rows: [], fallback: null, errors: {} };
  for (let row = 1; row <= rowCount(values); row += 1) {
    if (isSpare(values, row)) continue;
    const country = readCountry(values[`country${row}`] ?? '');
    if (country === undefined) found.errors[`country${row}`] = { key: 'programme.form.error.country', params: { row } };
    const level = (values[`level${row}`] ?? '').replace(/\s+/gu, ' ').trim();
    if (level.length > 100) found.errors[`level${row}`] = { key: 'programme.form.error.level', params: { row } };
    const amount = readAmount(values, `amount${row}`, `currency${row}`, found.errors, row);
    if (!amount || country === undefined) continue;
    found.lines.push({ level: level || null, country, ...amount });
    found.rows.push(row);
  }
  found.fallback = readAmount(values, 'fallbackAmount', 'fallbackCurrency', found.errors, 0);
  return found;
}

/** null: any; undefined: not a country. */
function readCountry(text: string): string | null | undefined {
  return text.trim() === '' ? null : (findCountry(text) ?? undefined);
}

function readAmount(
  values: Values,
  amountField: string,
  currencyField: string,
  errors: Errors,
  row: number,
): Amount | null {
  const currency = (values[currencyField] ?? '').trim().toUpperCase();
  const where = row === 0 ? 'fallback' : 'line';
  if (!isCurrency(currency)) {
    errors[currencyField] = { key: `programme.form.error.currency.${where}`, params: { row } };
    return null;
  }
  const read = parseMoney(values[amountField] ?? '', currency);
  if (read.ok && read.value.minor > 0) return { amountMinor: read.value.minor, currency };
  const reason = read.ok ? 'notAnAmount' : read.reason;
  errors[amountField] = { key: `programme.form.error.amount.${reason}`, params: { row, currency } };
  return null;
}

function contradictory(terms: PolicyTerms, rows: readonly number[]): Errors {
  const errors: Errors = {};
  for (const { key, params } of contradictions(terms)) {
    const rowOf = (name: string): number | undefined => rows[Number(params[name]) - 1];
    const shown = { ...params, ...('line' in params && { line: rowOf('line'), before: rowOf('before') }) };
    const field = 'line' in params ? `level${rowOf('line')}` : 'form';
    errors[field] ??= { key, params: shown };
  }
  return errors;
}

export function rowCount(values: Values): number {
  const count = Number(values.rows);
  return Number.isInteger(count) ? Math.min(Math.max(count, 1), MAX_ROWS) : 1;
}

function isSpare(values: Values, row: number): boolean {
  return ['level', 'country', 'amount'].every((cell) => (values[cell + row] ?? '').trim() === '');
}

/** What a button inside the table of amounts does to what was typed: two more lines, or one line a place up. */
export function rearrange(values: Values, deed: string): Values {
  const moved = { ...values };
  const up = /^up:(\d{1,3})$/.exec(deed);
  const row = Number(up?.[1]);
  if (deed === 'more') moved.rows = String(Math.min(rowCount(values) + SPARE_ROWS, MAX_ROWS));
  if (up && row > 1 && row <= rowCount(values)) {
    for (const cell of cells) {
      moved[cell + row] = values[cell + (row - 1)] ?? '';
      moved[cell + (row - 1)] = values[cell + row] ?? '';
    }
  }
  return moved;
}

type Written = {
  readonly money: (minor: number, currency: string) => string;
  readonly country: (code: string) => string;
};

/** The terms as the form shows them: what a new version begins with. */
export function valuesOfTerms(terms: PolicyTerms, written: Written): Values {
  const { lines, fallback } = terms.amounts;
  const values: Values = {
    rows: String(Math.min(lines.length + SPARE_ROWS, MAX_ROWS)),
    fallbackAmount: written.money(fallback.amountMinor, fallback.currency),
    fallbackCurrency: fallback.currency,
    probationMonths: String(terms.probationMonths),
    extraDays: String(terms.extraDays),
    confirmation: terms.confirmation,
    excludeReportingChain: terms.excludeReportingChain,
    underNotice: terms.underNotice,
    ownershipMonths: String(terms.ownershipMonths),
    firstAnswerWorkingDays: String(terms.firstAnswerWorkingDays),
    payrollCutoffDay: String(terms.payrollCutoffDay),
  };
  for (const role of terms.excludedFunctions) values[`excludes_${role}`] = 'yes';
  lines.forEach((line, at) => {
    values[`level${at + 1}`] = line.level ?? '';
    values[`country${at + 1}`] = line.country ? written.country(line.country) : '';
    values[`amount${at + 1}`] = written.money(line.amountMinor, line.currency);
    values[`currency${at + 1}`] = line.currency;
  });
  return values;
}
