import { parseDay } from '../lib/calendar.ts';
import { isCountry } from '../lib/countries.ts';
import { EMPLOYMENT_TYPES, LANGUAGES, ROLES } from './employee.ts';

/** The columns of a staff list, in the order of the sample. */
export const COLUMNS = [
  'staff_number',
  'email',
  'full_name',
  'department',
  'manager_staff_number',
  'country',
  'level',
  'employment_type',
  'works_hours',
  'employed_from',
  'employed_until',
  'notice_given_on',
  'language',
  'roles',
] as const;
export type Column = (typeof COLUMNS)[number];

/** Without these nobody can be put on the list. Any other column may be absent: then it is left as it is. */
export const REQUIRED_COLUMNS: readonly Column[] = ['staff_number', 'email', 'full_name', 'country', 'employed_from'];

/** What a line says, column by column, as plain text in one spelling: days as YYYY-MM-DD, roles sorted. */
export type StaffValues = Partial<Record<Column, string>>;

/** Something in the file that needs another look. Line and column count as in a spreadsheet; null: the file as a whole. */
export type Problem = {
  readonly line: number | null;
  readonly column: string | null;
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
};

export type LineChecked = { values: StaffValues; problems: Problem[] };

type Judged = { text: string } | { wrong: string; params?: Record<string, string | number> };
const said = (text: string): Judged => ({ text });
const wrong = (what: string, params?: Record<string, string | number>): Judged => ({
  wrong: `people.staffList.problem.${what}`,
  ...(params ? { params } : {}),
});

/**
 * So many leave by a list that it may be the wrong one (a part of the company, an export cut short): at least five, and
 * more than a tenth of those employed today.
 */
export function isMassLeaving({ left, employed }: { left: number; employed: number }): boolean {
  return left >= 5 && left * 10 > employed;
}

/**
 * Reads the header: which column stands where, or what is wrong with it. Names are taken without regard to case, and
 * with spaces or hyphens for the underscore.
 */
export function readHeader(cells: readonly string[]): { columns: Column[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const columns = cells.map((cell) => cell.trim().toLowerCase().replace(/[ -]+/g, '_'));
  const at = (column: string, what: string): void => {
    problems.push({ line: 1, column: shorten(column), key: `people.staffList.problem.${what}` });
  };
  for (const [place, column] of columns.entries()) {
    if (column === '') at(String(place + 1), 'emptyColumn');
    else if (!isColumn(column)) at(column, 'unknownColumn');
    else if (columns.indexOf(column) < place) at(column, 'doubleColumn');
  }
  for (const column of REQUIRED_COLUMNS) if (!columns.includes(column)) at(column, 'missingColumn');
  return { columns: columns as Column[], problems };
}

function isColumn(name: string): name is Column {
  return (COLUMNS as readonly string[]).includes(name);
}

/** Reads one line of the list by itself; what lines must be to each other is judged by StaffListRules. */
export function readLine(columns: readonly Column[], cells: readonly string[], line: number): LineChecked {
  if (cells.length !== columns.length) {
    const params = { found: cells.length, expected: columns.length };
    return { values: {}, problems: [{ line, column: null, key: 'people.staffList.problem.cellCount', params }] };
  }
  const values: StaffValues = {};
  const problems: Problem[] = [];
  for (const [place, column] of columns.entries()) {
    const judged = readCell(column, (cells[place] ?? '').trim());
    if ('text' in judged) values[column] = judged.text;
    else problems.push({ line, column, key: judged.wrong, ...(judged.params ? { params: judged.params } : {}) });
  }
  const { employed_from: from, employed_until: until } = values;
  if (from && until && until < from) {
    const key = 'people.staffList.problem.untilBeforeFrom';
    problems.push({ line, column: 'employed_until', key, params: { from, until } });
  }
  return { values, problems };
}

function readCell(column: Column, text: string): Judged {
  if (/\p{Cc}/u.test(text)) return wrong('controlCharacter');
  if (text === '' && REQUIRED_COLUMNS.includes(column)) return wrong('empty');
  const limit = limits[column];
  if (limit !== undefined && text.length > limit && [...text].length > limit) {
    return wrong('tooLong', { limit, found: [...text].length });
  }
  return readers[column]?.(text) ?? said(text);
}

const limits: Partial<Record<Column, number>> = {
  staff_number: 60,
  email: 254,
  full_name: 200,
  department: 100,
  manager_staff_number: 60,
  level: 60,
};

const address = /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+\.[^\s@<>()[\],;:\\"]+$/u;

const readers: Partial<Record<Column, (text: string) => Judged>> = {
  email: (text) => (address.test(text) ? said(text.toLowerCase()) : wrong('email', { found: shorten(text) })),
  country: (text) =>
    isCountry(text.toUpperCase()) ? said(text.toUpperCase()) : wrong('country', { found: shorten(text) }),
  employment_type: (text) =>
    oneOf(EMPLOYMENT_TYPES, text.toLowerCase().replace(/[ -]+/g, '_'), 'permanent', 'employmentType'),
  works_hours: readHours,
  employed_from: readDay,
  employed_until: readDay,
  notice_given_on: readDay,
  language: (text) => oneOf(LANGUAGES, text.toLowerCase(), 'en', 'language'),
  roles: readRoles,
};

function oneOf(known: readonly string[], text: string, fallback: string, what: string): Judged {
  if (text === '') return said(fallback);
  return known.includes(text) ? said(text) : wrong(what, { found: shorten(text), known: known.join(', ') });
}

/** ISO days, and as spreadsheets in Germany and Russia write them: 31.12.2026. Other orders could mean two days. */
function readDay(text: string): Judged {
  if (text === '') return said('');
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const iso = dotted ? `${dotted[3]}-${dotted[2]?.padStart(2, '0')}-${dotted[1]?.padStart(2, '0')}` : text;
  const day = parseDay(iso);
  return day.ok ? said(day.value.toString()) : wrong('day', { found: shorten(text) });
}

function readHours(text: string): Judged {
  if (text === '') return said('');
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text);
  if (!match || Number(match[1]) > 168) return wrong('hours', { found: shorten(text) });
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  return said(`${Number(match[1])}${fraction === '' ? '' : `.${fraction}`}`);
}

function readRoles(text: string): Judged {
  const names = text
    .toLowerCase()
    .split(/[\s;|,]+/)
    .filter(Boolean);
  const stranger = names.find((name) => !(ROLES as readonly string[]).includes(name));
  if (stranger !== undefined) return wrong('role', { found: shorten(stranger), known: ROLES.join(', ') });
  return said(
    [...new Set(names)]
      .filter((name) => name !== 'employee')
      .sort()
      .join(' '),
  );
}

/** A problem quotes what it found, but no five thousand letters of it. */
function shorten(text: string): string {
  const letters = [...text];
  return letters.length > 40 ? `${letters.slice(0, 40).join('')}…` : text;
}
