import { nextPeriod, type PayrollPeriod, payrollPeriodOf } from '../lib/calendar.ts';
import type { PolicyTerms } from './policy.ts';

/**
 * The payroll months in which a bonus due on that day can be paid: the month of its run, and the one after it, for a run
 * that is closed early or a confirmation that comes late.
 */
export function payrollPeriodsFor(
  dueOn: Temporal.PlainDate,
  terms: Pick<PolicyTerms, 'payrollCutoffDay'>,
): PayrollPeriod[] {
  const period = payrollPeriodOf(dueOn, terms.payrollCutoffDay);
  return [period, nextPeriod(period)];
}
