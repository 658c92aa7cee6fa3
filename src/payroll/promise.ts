import type { PolicyTerms } from '../bonuses/policy.ts';
import { later, nextPeriod, type PayrollPeriod, payrollPeriodOf } from '../lib/calendar.ts';
import { openPeriodFrom } from './payroll.ts';

type Foretold = {
  readonly dueOn: Temporal.PlainDate;
  readonly today: Temporal.PlainDate;
  /** The periods whose run is with payroll already. */
  readonly exported: ReadonlySet<PayrollPeriod>;
};

/**
 * The payroll months that a promise may name for a bonus due on that day (today, when that day is over): the one that the
 * cut-off rule gives and whose run still takes lines. Where the policy wants HR's word, which may come late, the month
 * after it too.
 */
export function payrollPeriodsFor(
  { dueOn, today, exported }: Foretold,
  terms: Pick<PolicyTerms, 'payrollCutoffDay' | 'confirmation'>,
): PayrollPeriod[] {
  const period = openPeriodFrom(payrollPeriodOf(later(dueOn, today), terms.payrollCutoffDay), exported);
  return terms.confirmation === 'automatic' ? [period] : [period, openPeriodFrom(nextPeriod(period), exported)];
}
