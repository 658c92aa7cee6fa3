import { isStorable } from '../lib/keyset.ts';
import { EMPLOYMENT_TYPES, type EmploymentType } from '../people/employee.ts';
import { OPENING_STATES, type OpeningState } from './opening.ts';

/** What a person looks for among the openings; an empty text is no wish. */
export type OpeningFilter = {
  readonly q: string;
  readonly department: string;
  readonly country: string;
  readonly place: string;
  readonly level: string;
  readonly type: EmploymentType | '';
  readonly priority: boolean;
};

/** A place between two rows of the list: the row it stands at, and which side is wanted. */
export type OpeningCursor = {
  readonly side: 'after' | 'before';
  readonly isPriority: boolean;
  readonly publishedAt: Temporal.Instant;
  readonly id: number;
};

type Query = Record<string, unknown>;

const text = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, 200) : '';

/** Reads the filter of a URL. Whatever can't be meant is left out: a list is never an error. */
export function readFilter(query: Query): OpeningFilter {
  const type = text(query.type);
  return {
    q: text(query.q),
    department: text(query.department),
    country: /^[A-Z]{2}$/.test(text(query.country)) ? text(query.country) : '',
    place: text(query.place),
    level: text(query.level),
    type: EMPLOYMENT_TYPES.find((one) => one === type) ?? '',
    priority: text(query.priority) === 'yes',
  };
}

export function readState(query: Query): OpeningState {
  return OPENING_STATES.find((one) => one === query.state) ?? 'published';
}

/** The filter as a URL has it, what is empty left out. */
export function filterQuery(filter: OpeningFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (typeof value === 'string' && value !== '') query.set(name, value);
    if (value === true) query.set(name, 'yes');
  }
  return query;
}

type Place = Omit<OpeningCursor, 'side'>;

export function writeCursor(place: Place): string {
  return `${place.isPriority ? 1 : 0}~${place.publishedAt}~${place.id}`;
}

/** The place that a URL asks for; null, which is the first page, where there is none or it can't be read. */
export function readCursor(query: Query): OpeningCursor | null {
  const side = typeof query.before === 'string' ? 'before' : 'after';
  const match = /^([01])~([0-9T:.Z-]{20,40})~(\d{1,15})$/.exec(text(query[side]));
  if (!match) return null;
  try {
    const publishedAt = Temporal.Instant.from(match[2] as string);
    if (!isStorable(publishedAt)) return null;
    return { side, isPriority: match[1] === '1', publishedAt, id: Number(match[3]) };
  } catch {
    return null;
  }
}
