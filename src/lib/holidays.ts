import { createRequire } from 'node:module';

// date-holidays costs a tenth of a second to load: whoever never asks for a holiday never pays for it.
const require = createRequire(import.meta.url);

type Entry = { date: string; start: Date; end: Date; type: string };
type Library = new (country: string) => { getHolidays(year: number): Entry[] };

let library: Library | null = null;
const perYear = new Map<string, ReadonlySet<string>>();
const weekends = new Map<string, readonly number[]>();

/** A public holiday of the whole country (ISO alpha-2; not of a part of it). A country that is not known has none. */
export function isHoliday(country: string, day: Temporal.PlainDate): boolean {
  return holidaysOf(country, day.year).has(day.toString());
}

/** The country's weekend: Saturday and Sunday, or, say, Friday and Saturday. Not known: Saturday and Sunday. */
export function isWeekend(country: string, day: Temporal.PlainDate): boolean {
  let days = weekends.get(country);
  if (days === undefined) {
    days = weekendOf(country);
    weekends.set(country, days);
  }
  return days.includes(day.dayOfWeek);
}

export function isWorkingDay(country: string, day: Temporal.PlainDate): boolean {
  return !isWeekend(country, day) && !isHoliday(country, day);
}

type WeekInfo = { weekend: number[] };

function weekendOf(country: string): readonly number[] {
  const usual = [6, 7];
  if (!/^[A-Z]{2}$/.test(country)) return usual;
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getWeekInfo?: () => WeekInfo };
  return locale.getWeekInfo?.().weekend ?? usual;
}

function holidaysOf(country: string, year: number): ReadonlySet<string> {
  const key = `${country} ${year}`;
  let days = perYear.get(key);
  if (days === undefined) {
    days = new Set(readHolidays(country, year));
    perYear.set(key, days);
  }
  return days;
}

function* readHolidays(country: string, year: number): Generator<string> {
  if (!/^[A-Z]{2}$/.test(country)) return;
  library ??= require('date-holidays') as Library;
  const found = new library(country);
  // Also last year's: holidays that begin in December may reach into January.
  for (const entry of [...found.getHolidays(year - 1), ...found.getHolidays(year)]) {
    if (entry.type === 'public') yield* daysOf(entry);
  }
}

/**
 * The whole days of a holiday. The day is taken from the text, since start and end are instants in the country's zone;
 * two hours of grace, since a day on which the clocks change has 23. Half a day off is a working day.
 */
function* daysOf(entry: Entry): Generator<string> {
  const hours = (entry.end.getTime() - entry.start.getTime()) / 3_600_000;
  const first = Temporal.PlainDate.from(entry.date.slice(0, 10));
  for (let days = 0; days < Math.floor((hours + 2) / 24); days += 1) yield first.add({ days }).toString();
}
