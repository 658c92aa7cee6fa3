import Handlebars from 'handlebars';
import {
  formatDay,
  formatDaytime,
  formatInDays,
  formatMoney,
  formatMonth,
  formatNumber,
  formatShortDay,
  type Language,
  remembered,
} from './format.ts';
import type { Helpers, Templates } from './templates.ts';
import { isSum, type Words } from './words.ts';

const { SafeString, escapeExpression } = Handlebars;

type Options = Omit<Handlebars.HelperOptions, 'data'> & { data: { language: Language; today?: Temporal.PlainDate } };

/** Helpers that pages and e-mails share: words, days, sums and a little logic. Anything of the web stands in web/. */
export function sharedHelpers(words: Words, timeZone: string, render: Templates['render']): Helpers {
  return {
    ...wordHelpers(words),
    ...dayHelpers(timeZone),
    ...logicHelpers,
    ...numberHelpers,
    wrap: wrapHelper(render),
  };
}

function wordHelpers(words: Words): Helpers {
  return {
    t(key: string, ...rest: unknown[]) {
      const options = rest.pop() as Options;
      return words[options.data.language](key, params(rest[0], options));
    },
    /** The sentence itself may hold tags; what is put into it is escaped. */
    tHtml(key: string, ...rest: unknown[]) {
      const options = rest.pop() as Options;
      const given = params(rest[0], options) ?? {};
      const safe: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(given))
        safe[name] = typeof value === 'string' ? escapeExpression(value) : asHtml(value);
      return new SafeString(words[options.data.language](key, safe));
    },
  };
}

function asHtml(value: unknown): unknown {
  return value instanceof SafeString ? value.toString() : value;
}

function params(given: unknown, options: Options): Record<string, unknown> | undefined {
  const hash = options.hash as Record<string, unknown>;
  if (typeof given === 'object' && given !== null) return { ...given, ...hash };
  for (const _ in hash) return hash;
  return undefined;
}

function dayHelpers(timeZone: string): Helpers {
  return {
    day: (day: Temporal.PlainDate | null | undefined, options: Options) => day && longTime(day, options.data.language),
    shortDay: (day: Temporal.PlainDate | null | undefined, options: Options) => {
      return day && shortTime(day, options.data.language);
    },
    /** A payroll month: any day in it, or "2027-07". */
    month: (month: Temporal.PlainDate | string | null | undefined, options: Options) => {
      if (!month) return '';
      const first = typeof month === 'string' ? Temporal.PlainDate.from(`${month}-01`) : month;
      return time(first.toString().slice(0, 7), formatMonth(first, options.data.language));
    },
    daytime: (at: Temporal.Instant | null | undefined, options: Options) => {
      return at && time(at, formatDaytime(at, options.data.language, timeZone));
    },
    inDays(day: Temporal.PlainDate | null | undefined, ...rest: unknown[]) {
      const options = rest.pop() as Options;
      const today = (rest[0] as Temporal.PlainDate | undefined) ?? options.data.today;
      if (!day) return '';
      if (!today) throw new Error('inDays needs today: give the model a `today`, or the helper a second day');
      const { language } = options.data;
      return new SafeString(`${formatInDays(day, today, language)}, ${time(day, formatDay(day, language))}`);
    },
  };
}

function time(value: { toString(): string }, text: string): Handlebars.SafeString {
  return new SafeString(`<time datetime="${value.toString()}">${text}</time>`);
}

const longTime = remembered((day, language) => time(day, formatDay(day, language)));
/** The `<time>` of a day in few letters. */
export const shortTime = remembered((day, language) => time(day, formatShortDay(day, language)));

const numberHelpers: Helpers = {
  money(sum: unknown, options: Options) {
    if (sum === null || sum === undefined) return '';
    if (!isSum(sum)) throw new Error('money needs { minor, currency }');
    return formatMoney(sum, options.data.language, options.hash.exact === true);
  },
  number: (value: number | null | undefined, options: Options) => {
    return value === null || value === undefined ? '' : formatNumber(value, options.data.language);
  },
};

function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

const logicHelpers: Helpers = {
  eq: (a: unknown, b: unknown) => a === b || (a != null && b != null && String(a) === String(b)),
  ne: (a: unknown, b: unknown) => !(a === b || (a != null && b != null && String(a) === String(b))),
  gt: (a: number, b: number) => a > b,
  lt: (a: number, b: number) => a < b,
  and: (...values: unknown[]) => values.slice(0, -1).every(truthy),
  or: (...values: unknown[]) => values.slice(0, -1).find(truthy),
  not: (value: unknown) => !truthy(value),
  concat: (...values: unknown[]) =>
    values
      .slice(0, -1)
      .filter((value) => value != null)
      .join(''),
  default: (value: unknown, fallback: unknown) =>
    value === undefined || value === null || value === '' ? fallback : value,
  list: (...values: unknown[]) => values.slice(0, -1),
  dict: (options: Options) => options.hash,
  has: (list: unknown, item: unknown) => {
    if (list instanceof Set) return list.has(item);
    return Array.isArray(list) && list.some((one) => String(one) === String(item));
  },
  checked: (on: unknown) => (truthy(on) ? new SafeString('checked') : ''),
  selected: (on: unknown) => (truthy(on) ? new SafeString('selected') : ''),
  json: (value: unknown) => JSON.stringify(value),
};

/** `{{#wrap "card" title=…}}inner{{/wrap}}`: the partial gets its parameters and, as `body`, what stands inside. */
function wrapHelper(render: Templates['render']): Handlebars.HelperDelegate {
  return function wrap(this: unknown, partial: string, options: Options) {
    const body = new SafeString(options.fn(this));
    return new SafeString(render(`partials/${partial}`, { ...options.hash, body }, options.data));
  };
}
