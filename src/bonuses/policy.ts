import { z } from 'zod';
import { isCurrency, type Money } from '../lib/money.ts';
import { ROLES } from '../people/employee.ts';

const amount = {
  amountMinor: z.int().min(1),
  currency: z.string().refine(isCurrency),
};

const amountLine = z.strictObject({
  /** null: any. Compared without regard to case and outer spaces. */
  level: z.string().trim().min(1).nullable(),
  country: z
    .string()
    .trim()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  ...amount,
});

/**
 * The terms of the programme: one document, pinned to a referral by its version. A setting that comes later gets a
 * default that means what was done before, so that an older version is always read as it was written. A setting that is
 * not known is refused: a misspelt one would otherwise silently be its default.
 */
export const policyTerms = z.strictObject({
  /** The first line that matches the hire's level and country says the amount; the fallback where none does. */
  amounts: z
    .strictObject({ lines: z.array(amountLine).max(500).default([]), fallback: z.strictObject(amount) })
    .default({ lines: [], fallback: { amountMinor: 150_000, currency: 'EUR' } }),
  /** Days after the last day of probation that must pass as well. */
  extraDays: z.int().min(0).max(365).default(0),
  /** required: nothing is awarded until HR has recorded that probation was passed. */
  confirmation: z.enum(['automatic', 'required']).default('automatic'),
  /** Who has one of these roles on the day of the award receives nothing. */
  excludedFunctions: z.array(z.enum(ROLES)).default(['recruiter']),
  /** Managers of the hire receive nothing: none of them, the direct one, or all the way up. */
  excludeReportingChain: z.enum(['no', 'direct', 'chain']).default('chain'),
  /** allow: who is under notice on the day of the award still receives. */
  underNotice: z.enum(['excluded', 'allowed']).default('excluded'),
  ownershipMonths: z.int().min(1).max(60).default(12),
  /** Working days to the first answer. */
  firstAnswerWorkingDays: z.int().min(0).max(30).default(2),
  /** Awarded on this day of the month: this month's payroll run; the day after: the next. */
  payrollCutoffDay: z.int().min(1).max(28).default(20),
  /** What the form for a hire proposes. */
  probationMonths: z.int().min(1).max(36).default(6),
});

export type PolicyTerms = z.infer<typeof policyTerms>;
export type AmountLine = z.infer<typeof amountLine>;
export type Confirmation = PolicyTerms['confirmation'];

/** A published version. */
export type Policy = {
  readonly id: number;
  readonly version: number;
  readonly countsFrom: Temporal.PlainDate;
  readonly terms: PolicyTerms;
  readonly note: string;
  readonly authorId: number | null;
  readonly createdAt: Temporal.Instant;
};

/** The terms that a new programme starts with. */
export const DEFAULT_TERMS: PolicyTerms = policyTerms.parse({});

/** The terms as stored, also by an earlier release; throws on what was never a policy. */
export function readTerms(stored: unknown): PolicyTerms {
  return policyTerms.parse(stored);
}

export type AmountFound = {
  readonly money: Money /** Counted from 1; null: the fallback. */;
  readonly line: number | null;
};

/** What the terms pay for a hire of that level in that country. An unknown level ('' or null) matches only "any". */
export function amountFor(
  terms: Pick<PolicyTerms, 'amounts'>,
  hire: { level: string | null; country: string | null },
): AmountFound {
  const at = terms.amounts.lines.findIndex(
    (line) => matches(line.level, hire.level) && matches(line.country, hire.country),
  );
  const found = terms.amounts.lines[at] ?? terms.amounts.fallback;
  return { money: { minor: found.amountMinor, currency: found.currency }, line: at < 0 ? null : at + 1 };
}

function matches(wanted: string | null, given: string | null): boolean {
  return wanted === null || plain(wanted) === plain(given ?? '');
}

const plain = (text: string): string => text.trim().toLowerCase();

/** A contradiction in the terms: the key of its sentence, and what goes into it. */
export type Contradiction = { readonly key: ContradictionKey; readonly params: Record<string, string | number> };
export type ContradictionKey =
  | 'programme.contradiction.amountLineNeverReached'
  | 'programme.contradiction.twoCurrenciesInOneCountry'
  | 'programme.contradiction.nobodyMayReceive';

/** What can't be meant: shown before a version is published, which it stops. Empty: the terms say one thing. */
export function contradictions(terms: PolicyTerms): Contradiction[] {
  const found: Contradiction[] = [];
  const { lines } = terms.amounts;
  lines.forEach((line, at) => {
    const before = lines.findIndex((other, otherAt) => otherAt < at && covers(other, line));
    if (before < 0) return;
    const params = { line: at + 1, before: before + 1 };
    found.push({ key: 'programme.contradiction.amountLineNeverReached', params });
  });
  const currencyOf = new Map<string, string>();
  for (const { country, currency } of lines) {
    if (country === null) continue;
    const first = currencyOf.get(country);
    if (first === undefined) currencyOf.set(country, currency);
    else if (first !== currency) {
      const params = { country, first, second: currency };
      found.push({ key: 'programme.contradiction.twoCurrenciesInOneCountry', params });
    }
  }
  if (terms.excludedFunctions.includes('employee')) {
    found.push({ key: 'programme.contradiction.nobodyMayReceive', params: {} });
  }
  return found;
}

function covers(earlier: AmountLine, later: AmountLine): boolean {
  const level = earlier.level === null || (later.level !== null && plain(earlier.level) === plain(later.level));
  const country = earlier.country === null || earlier.country === later.country;
  return level && country;
}
