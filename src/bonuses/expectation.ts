import { addMonthsMinusADay, type PayrollPeriod, payrollPeriodOf } from '../lib/calendar.ts';
import type { Money } from '../lib/money.ts';
import type { Translate } from '../lib/words.ts';
import { type Employee, isInChain, type Role } from '../people/employee.ts';
import { dueOn } from './bonus.ts';
import { amountFor, type PolicyTerms } from './policy.ts';

/** The days of a bonus for somebody who would start on that day and pass a probation of the usual length. */
export type ExampleCalendar = {
  readonly firstDayOn: Temporal.PlainDate;
  readonly probationEndsOn: Temporal.PlainDate;
  readonly dueOn: Temporal.PlainDate;
  readonly payrollPeriod: PayrollPeriod;
};

export function exampleCalendar(
  terms: Pick<PolicyTerms, 'probationMonths' | 'extraDays' | 'payrollCutoffDay'>,
  firstDayOn: Temporal.PlainDate,
): ExampleCalendar {
  const probationEndsOn = addMonthsMinusADay(firstDayOn, terms.probationMonths);
  const due = dueOn({ probationEndsOn }, terms);
  return { firstDayOn, probationEndsOn, dueOn: due, payrollPeriod: payrollPeriodOf(due, terms.payrollCutoffDay) };
}

/** The first of the month after next: a day on which somebody recommended today could well start. */
export function exampleFirstDay(today: Temporal.PlainDate): Temporal.PlainDate {
  return today.with({ day: 1 }).add({ months: 2 });
}

export type NothingToExpect =
  | { readonly reason: 'excludedFunction'; readonly role: Role }
  | { readonly reason: 'managerOfTheHire' };

/**
 * Why this employee would receive nothing for a hire with these managers (nearest first), as things stand; null when
 * they would. Said before they recommend, so that nobody is disappointed afterwards.
 */
export function nothingToExpect(
  employee: Pick<Employee, 'id' | 'roles'>,
  terms: Pick<PolicyTerms, 'excludedFunctions' | 'excludeReportingChain'>,
  managerIds: readonly number[],
): NothingToExpect | null {
  const role = terms.excludedFunctions.find((one) => employee.roles.includes(one));
  if (role) return { reason: 'excludedFunction', role };
  return isInChain(employee.id, managerIds, terms.excludeReportingChain) ? { reason: 'managerOfTheHire' } : null;
}

type Expected = {
  /** Null where there is nothing to expect. */
  readonly amount: Money | null;
  readonly nothing: NothingToExpect | null;
};

/** What a hire for this opening would bring this employee: every screen that names an amount beforehand asks here. */
export function expectation(
  employee: Pick<Employee, 'id' | 'roles'>,
  terms: PolicyTerms,
  opening: { level: string; country: string; managerIds: readonly number[] },
): Expected {
  const nothing = nothingToExpect(employee, terms, opening.managerIds);
  return { amount: nothing ? null : amountFor(terms, opening).money, nothing };
}

/** Why there is nothing, in words for the employee themselves. */
export function nothingSentence(t: Translate, nothing: NothingToExpect): string {
  return t(`programme.nothing.${nothing.reason}${'role' in nothing ? `.${nothing.role}` : ''}`);
}

/** "after probation (6 months), with the payroll of the month": when a bonus is paid, in half a sentence. */
export function whenPaid(t: Translate, terms: Pick<PolicyTerms, 'probationMonths' | 'extraDays'>): string {
  const months = t('programme.months', { count: terms.probationMonths });
  if (terms.extraDays === 0) return t('programme.whenPaid', { months });
  return t('programme.whenPaidWithExtraDays', { months, days: t('programme.moreDays', { count: terms.extraDays }) });
}
