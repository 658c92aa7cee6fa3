import { daysBetween, isBefore, isSameDay } from '../lib/calendar.ts';
import { isHoliday, isWeekend } from '../lib/holidays.ts';

/** How the wait for a first answer stands against its target. */
export type AnswerClock = {
  readonly kind: 'ahead' | 'today' | 'late';
  /** Working days left, or late. Counted up to `CLOCK_END`, above which nobody counts. */
  readonly workingDays: number;
};

export const CLOCK_END = 30;

/**
 * Due on that day, the day itself is still in time; late from the next day on. Weekends and public holidays of the
 * country don't count, so that a Friday's target is no day late on Sunday and one working day late on Monday.
 */
export function answerClock(
  dueOn: Temporal.PlainDate,
  today: Temporal.PlainDate,
  country: string,
  isDayOff: (country: string, day: Temporal.PlainDate) => boolean = dayOff,
): AnswerClock {
  if (isSameDay(dueOn, today)) return { kind: 'today', workingDays: 0 };
  const late = isBefore(dueOn, today);
  const [first, last] = late ? [dueOn, today] : [today, dueOn];
  const days = Math.min(daysBetween(first, last), CLOCK_END * 3);
  let workingDays = 0;
  for (let day = 1; day <= days && workingDays < CLOCK_END; day += 1) {
    if (!isDayOff(country, first.add({ days: day }))) workingDays += 1;
  }
  return { kind: late ? 'late' : 'ahead', workingDays };
}

const dayOff = (country: string, day: Temporal.PlainDate): boolean =>
  isWeekend(country, day) || isHoliday(country, day);
