import assert from 'node:assert/strict';
import { ok, type Result, refuse } from './result.ts';

type Day = Temporal.PlainDate;

export function isBefore(a: Day, b: Day): boolean {
  return Temporal.PlainDate.compare(a, b) < 0;
}

export function isOnOrBefore(a: Day, b: Day): boolean {
  return Temporal.PlainDate.compare(a, b) <= 0;
}

export function isSameDay(a: Day, b: Day): boolean {
  return a.equals(b);
}

export function earlier(a: Day, b: Day): Day {
  return isOnOrBefore(a, b) ? a : b;
}

export function later(a: Day, b: Day): Day {
  return isOnOrBefore(a, b) ? b : a;
}

export function dayAfter(day: Day, days = 1): Day {
  return day.add({ days });
}

/** Whole days from a to b; negative where b is earlier. */
export function daysBetween(a: Day, b: Day): number {
  return a.until(b, { largestUnit: 'days' }).days;
}

/** The calendar day of an instant in that zone, wherever the server runs. */
export function dayOf(instant: Temporal.Instant, zone: string): Day {
  return instant.toZonedDateTimeISO(zone).toPlainDate();
}

export type DayTextRefusal = 'empty' | 'notADay' | 'outOfRange';

/**
 * Reads a day as a form or a file has it: YYYY-MM-DD and nothing around it. No day that does not exist (30 February), no
 * other order of the parts, and no year before 1900 or after 2200, which is always a slip.
 */
export function parseDay(text: string): Result<Day, DayTextRefusal> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  if (text.trim() === '') return refuse('empty');
  if (!match) return refuse('notADay');
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (year < 1900 || year > 2200) return refuse('outOfRange');
  try {
    return ok(Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }));
  } catch {
    return refuse('notADay');
  }
}

/**
 * The last of so many months counted from the first day: the day before the same day of the month, and where that month
 * has no such day, its last day. Six months from 28 Aug 2026 end on 27 Feb 2027; from 29, 30 or 31 Aug and from 1 Sep on
 * 28 Feb 2027.
 */
export function addMonthsMinusADay(firstDayOn: Day, months: number): Day {
  assert(Number.isInteger(months) && months >= 0, `not a number of months: ${months}`);
  const sameDay = firstDayOn.add({ months }, { overflow: 'constrain' });
  return sameDay.day === firstDayOn.day ? sameDay.subtract({ days: 1 }) : sameDay;
}

/** The last day of an ownership, which still counts: the same day of the month, or the month's last. 31 Aug + 6 months: 28 or 29 Feb. */
export function ownershipEndsOn(madeOn: Day, months: number): Day {
  assert(Number.isInteger(months) && months > 0, `not a number of months: ${months}`);
  return madeOn.add({ months }, { overflow: 'constrain' });
}

/** The n-th working day after the day, which itself is not counted; n = 0 is the day itself. */
export function workingDaysAfter(day: Day, n: number, isDayOff: (day: Day) => boolean): Day {
  assert(Number.isInteger(n) && n >= 0, `not a number of working days: ${n}`);
  let found = day;
  for (let left = n, walked = 0; left > 0; walked += 1) {
    assert(walked < 366 * (n + 1), 'a year without a working day');
    found = found.add({ days: 1 });
    if (!isDayOff(found)) left -= 1;
  }
  return found;
}

/** A month of payroll, as "2027-03". */
export type PayrollPeriod = string;

/** On the cut-off day it is still this month's run, the day after it is the next month's. */
export function payrollPeriodOf(day: Day, cutoffDay: number): PayrollPeriod {
  assert(Number.isInteger(cutoffDay) && cutoffDay >= 1 && cutoffDay <= 28, `not a cut-off day: ${cutoffDay}`);
  const month = day.toPlainYearMonth();
  return (day.day <= cutoffDay ? month : month.add({ months: 1 })).toString();
}

export function nextPeriod(period: PayrollPeriod): PayrollPeriod {
  return Temporal.PlainYearMonth.from(period).add({ months: 1 }).toString();
}

/** The last day on which an award still goes into this period's run. */
export function cutOffOn(period: PayrollPeriod, cutoffDay: number): Day {
  return Temporal.PlainYearMonth.from(period).toPlainDate({ day: cutoffDay });
}

export function firstDayOfPeriod(period: PayrollPeriod): Day {
  return Temporal.PlainYearMonth.from(period).toPlainDate({ day: 1 });
}
