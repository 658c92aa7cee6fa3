/**
 * Days, times, sums and numbers as people read them, in English and Russian. Pages and e-mails both ask here, so a date
 * looks the same wherever it stands. Formatters are made once: making one costs more than a thousand uses.
 */
export type Language = 'en' | 'ru';

type Sum = { readonly minor: number; readonly currency: string };

const NBSP = '\u00a0';
const locales: Record<Language, string> = { en: 'en-GB', ru: 'ru-RU' };

function cached<F>(make: (language: Language, extra: string) => F): (language: Language, extra?: string) => F {
  const made = new Map<string, F>();
  return (language, extra = '') => {
    const key = language + extra;
    let formatter = made.get(key);
    if (!formatter) {
      formatter = make(language, extra);
      made.set(key, formatter);
    }
    return formatter;
  };
}

const dayFormat = cached(
  (language) => new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }),
);
const shortDayFormat = cached(
  (language) => new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'short', timeZone: 'UTC' }),
);
const monthFormat = cached(
  (language) => new Intl.DateTimeFormat(locales[language], { month: 'long', year: 'numeric', timeZone: 'UTC' }),
);
const timeFormat = cached(
  (language, timeZone) => new Intl.DateTimeFormat(locales[language], { hour: '2-digit', minute: '2-digit', timeZone }),
);
const relativeFormat = cached((language) => new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' }));
const numberFormat = cached((language) => new Intl.NumberFormat(locales[language]));
const listFormat = cached((language) => new Intl.ListFormat(locales[language], { type: 'conjunction' }));
const fractionDigits = cached(
  (_, currency) =>
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2,
);
const exactSumFormat = cached((language, currency) => sumFormat(language, currency, 'auto'));
const shortSumFormat = cached((language, currency) => sumFormat(language, currency, 'stripIfInteger'));

function sumFormat(language: Language, currency: string, trailingZeroDisplay: 'auto' | 'stripIfInteger') {
  const options = { style: 'currency', currency, currencyDisplay: language === 'en' ? 'code' : 'symbol' } as const;
  return new Intl.NumberFormat(locales[language], { ...options, trailingZeroDisplay });
}

/** A calendar day has no zone: it is shown as the midnight of UTC, formatted in UTC, so that it can't slip. */
function utc(day: Temporal.PlainDate): number {
  return day.toZonedDateTime('UTC').epochMilliseconds;
}

/**
 * A list shows the same few days over and over, and asking Intl costs more than all the rest of its row. Most days come
 * from the database, which gives the same object for the same day: by it the text is found without writing the day out.
 */
export function remembered<T>(write: (day: Temporal.PlainDate, language: Language) => T) {
  const byDay: Record<Language, WeakMap<Temporal.PlainDate, T>> = { en: new WeakMap(), ru: new WeakMap() };
  const byText = new Map<string, T>();
  return (day: Temporal.PlainDate, language: Language): T => {
    let known = byDay[language].get(day);
    if (known !== undefined) return known;
    const key = `${language}${day}`;
    known = byText.get(key);
    if (known === undefined) {
      if (byText.size > 5000) byText.clear();
      known = write(day, language);
      byText.set(key, known);
    }
    byDay[language].set(day, known);
    return known;
  };
}

/** Intl ends a Russian date with «г.», which would double the full stop of a sentence that ends with it. */
function withoutYearWord(text: string): string {
  return text.replace(/\sг\.$/, '').replaceAll(' ', NBSP);
}

/** "14 July 2027", «14 июля 2027»; the number never parts from its month. */
export const formatDay = remembered((day, language) => withoutYearWord(dayFormat(language).format(utc(day))));

/** "14 Jul", «14 июл.»: for the foot of a step, where the whole day stands beside it. */
export const formatShortDay = remembered((day, language) => {
  return shortDayFormat(language).format(utc(day)).replaceAll(' ', NBSP);
});

/** "July 2027", «июль 2027»: a payroll month, by any day in it. */
export function formatMonth(month: Temporal.PlainDate, language: Language): string {
  return withoutYearWord(monthFormat(language).format(utc(month)));
}

/** "14 July 2027, 09:30" in the given zone. */
export function formatDaytime(at: Temporal.Instant, language: Language, timeZone: string): string {
  const day = at.toZonedDateTimeISO(timeZone).toPlainDate();
  return `${formatDay(day, language)}, ${timeFormat(language, timeZone).format(at.epochMilliseconds)}`;
}

/** "in 3 days", "yesterday", «через 3 дня»; beyond two months in months, since nobody counts ninety days. */
export function formatInDays(day: Temporal.PlainDate, today: Temporal.PlainDate, language: Language): string {
  const days = today.until(day, { largestUnit: 'days' }).days;
  if (Math.abs(days) <= 60) return relativeFormat(language).format(days, 'day').replaceAll(' ', NBSP);
  const months = today.until(day, { largestUnit: 'months' }).months;
  return relativeFormat(language).format(months, 'month').replaceAll(' ', NBSP);
}

/** The sum in major units as text, digit by digit: no division, so nothing is ever rounded. */
function majorUnits(sum: Sum): `${number}` {
  const digits = fractionDigits('en', sum.currency);
  const padded = String(Math.abs(sum.minor)).padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits);
  const text = digits === 0 ? whole : `${whole}.${padded.slice(-digits)}`;
  return `${sum.minor < 0 ? '-' : ''}${text}` as `${number}`;
}

/**
 * "1,500 EUR", «1 500 €». Whole sums lose their zeros, as in a sentence; `exact` keeps them, as in a ledger or on a
 * button that spends money.
 */
export function formatMoney(sum: Sum, language: Language, exact = false): string {
  const key = `${language}${exact}${sum.currency}${sum.minor}`;
  let text = sums.get(key);
  if (text === undefined) {
    if (sums.size > 5000) sums.clear();
    text = writeMoney(sum, language, exact);
    sums.set(key, text);
  }
  return text;
}

/** Bonuses are a handful of sums, shown on every page. */
const sums = new Map<string, string>();

function writeMoney(sum: Sum, language: Language, exact: boolean): string {
  const format = (exact ? exactSumFormat : shortSumFormat)(language, sum.currency);
  if (language !== 'en') return format.format(majorUnits(sum));
  // English letters put the code behind the number ("1,500 EUR"); Intl would put it in front.
  const parts = format.formatToParts(majorUnits(sum));
  const number = parts.filter((part) => part.type !== 'currency' && part.type !== 'literal');
  return `${number.map((part) => part.value).join('')}${NBSP}${sum.currency}`;
}

/** "12,345", «12 345». */
export function formatNumber(value: number, language: Language): string {
  return numberFormat(language).format(value);
}

/** "Anna, Ben and Clara", «Анна, Борис и Клара». */
export function formatList(words: readonly string[], language: Language): string {
  return listFormat(language).format(words);
}

const monthNameFormat = cached(
  (language) => new Intl.DateTimeFormat(locales[language], { month: 'long', timeZone: 'UTC' }),
);
const eitherFormat = cached((language) => new Intl.ListFormat(locales[language], { type: 'disjunction' }));

/** "July or August 2027", «июль или август 2027»: payroll months as "2027-07", the year said once where it is the same. */
export function formatMonths(periods: readonly string[], language: Language): string {
  const months = periods.map((period) => Temporal.PlainDate.from(`${period}-01`));
  const names = months.map((month, place) => {
    const sameYearFollows = months[place + 1]?.year === month.year;
    return sameYearFollows ? monthNameFormat(language).format(utc(month)) : formatMonth(month, language);
  });
  return eitherFormat(language).format(names);
}
