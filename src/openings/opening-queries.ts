import type { Knex } from 'knex';
import type { Db } from '../lib/database.ts';
import { NotFound } from '../lib/errors.ts';
import { chainOf } from '../people/reporting-chain.ts';
import type { Opening, OpeningState } from './opening.ts';
import type { OpeningCursor, OpeningFilter } from './opening-filter.ts';

export const PAGE_SIZE = 20;
/** Counted no further than this; more is said as "1,000+". */
export const COUNTED_UP_TO = 1000;

/** An opening as lists show it. */
export type OpeningRow = Pick<
  Opening,
  | 'id'
  | 'title'
  | 'department'
  | 'place'
  | 'country'
  | 'employmentType'
  | 'level'
  | 'skills'
  | 'isPriority'
  | 'publishedAt'
>;
/** And who would manage the hire, nearest first: they have no bonus to expect. */
export type BrowsedOpening = OpeningRow & { readonly managerIds: readonly number[] };
export type OpeningList = {
  readonly rows: readonly BrowsedOpening[];
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  /** At most COUNTED_UP_TO + 1, which means "more". */
  readonly count: number;
};

const rowColumns = `openings.id, title, openings.department, place, openings.country,
  openings.employment_type as "employmentType", openings.level, skills, is_priority as "isPriority",
  published_at as "publishedAt"`;

const browsedColumns = `${rowColumns}, ${chainOf('openings.hiring_manager_id')} as "managerIds"`;

type Where = { sql: string; values: Knex.RawBinding[] };

/** The published openings that fit: priority ones first, then the newest; one page at the cursor. */
export async function browseOpenings(db: Db, filter: OpeningFilter, at: OpeningCursor | null): Promise<OpeningList> {
  const where = whereOf(filter);
  const isBefore = at?.side === 'before';
  const order = isBefore ? 'is_priority asc, published_at asc, id asc' : 'is_priority desc, published_at desc, id desc';
  const place = at ? `and (is_priority, published_at, id) ${isBefore ? '>' : '<'} (?, ?, ?)` : '';
  const placeValues = at ? [at.isPriority, at.publishedAt.toString(), at.id] : [];
  const [{ rows }, count] = await Promise.all([
    db.raw(
      `select ${browsedColumns} from openings where ${where.sql} ${place} order by ${order} limit ${PAGE_SIZE + 1}`,
      [...where.values, ...placeValues],
    ),
    countOpenings(db, where),
  ]);
  const isFull = rows.length > PAGE_SIZE;
  const found: BrowsedOpening[] = rows.slice(0, PAGE_SIZE);
  if (isBefore) found.reverse();
  return {
    rows: found,
    hasPrevious: isBefore ? isFull : at !== null,
    hasNext: isBefore ? true : isFull,
    count,
  };
}

async function countOpenings(db: Db, where: Where): Promise<number> {
  const limit = COUNTED_UP_TO + 1;
  const sql = `select count(*) from (select 1 from openings where ${where.sql} limit ${limit}) found`;
  const { rows } = await db.raw(sql, where.values);
  return rows[0].count;
}

function whereOf(filter: OpeningFilter): Where {
  const parts = [`state = 'published'`];
  const values: Knex.RawBinding[] = [];
  const add = (sql: string, ...more: Knex.RawBinding[]): void => {
    parts.push(sql);
    values.push(...more);
  };
  if (filter.department) add('department = ?', filter.department);
  if (filter.country) add('country = ?', filter.country);
  if (filter.place) add('place = ?', filter.place);
  if (filter.level) add('level = ?', filter.level);
  if (filter.type) add('employment_type = ?', filter.type);
  if (filter.priority) add('is_priority');
  // Every word must be somewhere in what stands here; a slip of the keys in a longer word of the title is forgiven.
  for (const word of filter.q.split(/\s+/).filter(Boolean).slice(0, 8)) {
    const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    const alike = word.length >= 6 ? ' or word_similarity(?, title) >= 0.38' : '';
    const searched = ['title', `array_to_string(skills, ' ')`, 'place', 'department'];
    const anywhere = searched.map((text) => `${text} ilike ?`).join(' or ');
    add(`(${anywhere}${alike})`, ...searched.map(() => like), ...(word.length >= 6 ? [word.toLowerCase()] : []));
  }
  return { sql: parts.join(' and '), values };
}

export type OpeningChoices = {
  readonly departments: string[];
  readonly countries: string[];
  readonly places: string[];
  readonly levels: string[];
  readonly types: string[];
};

/** What the filter offers: only what some published opening has. */
export async function listOpeningChoices(db: Db): Promise<OpeningChoices> {
  const one = (column: string, name: string) =>
    `array(select distinct ${column}::text from openings where state = 'published' and ${column} <> '' order by 1 limit 300) as ${name}`;
  const { rows } = await db.raw(
    `select ${one('department', 'departments')}, ${one('country', 'countries')}, ${one('place', 'places')},
            ${one('level', 'levels')}, ${one('employment_type', 'types')}`,
  );
  return rows[0];
}

export type OpeningPage = Opening & {
  readonly hiringManagerName: string;
  readonly hiringManagerEmail: string;
  readonly hiringManagerStaffNumber: string;
  readonly recruiterName: string;
  readonly recruiterEmail: string;
};

/** One opening with its people. Throws NotFound. */
export async function getOpeningPage(db: Db, id: number): Promise<OpeningPage> {
  const { rows } = await db.raw(
    `select ${rowColumns}, description, hiring_manager_id as "hiringManagerId", recruiter_id as "recruiterId", state,
            openings.created_at as "createdAt", closed_at as "closedAt",
            manager.full_name as "hiringManagerName", manager.email::text as "hiringManagerEmail",
            manager.staff_number as "hiringManagerStaffNumber",
            recruiter.full_name as "recruiterName", recruiter.email::text as "recruiterEmail"
     from openings
     join employees manager on manager.id = hiring_manager_id
     join employees recruiter on recruiter.id = recruiter_id
     where openings.id = ?`,
    [id],
  );
  if (!rows[0]) throw new NotFound('openings.notFound');
  return rows[0];
}

/** How many referrals the opening has, at most COUNTED_UP_TO + 1 each: all, and those still open. */
export async function countReferralsOf(db: Db, openingId: number): Promise<{ all: number; open: number }> {
  const { rows } = await db.raw(
    `select count(*) as all, count(*) filter (where outcome is null and not already_recommended) as open
     from (select outcome, already_recommended from referrals where opening_id = ? limit ${COUNTED_UP_TO + 1}) few`,
    [openingId],
  );
  return rows[0];
}

/** Who would manage a hire for this hiring manager: the manager and everybody above, nearest first. */
export async function listManagersOfHire(db: Db, hiringManagerId: number): Promise<number[]> {
  const { rows } = await db.raw(`select ${chainOf('?')} as ids`, [hiringManagerId]);
  return rows[0].ids;
}

export type ManagedRow = OpeningRow & {
  readonly state: OpeningState;
  readonly recruiterName: string;
  readonly referralCount: number;
  readonly openReferralCount: number;
};

export type ManagedList = {
  readonly rows: readonly ManagedRow[];
  readonly counts: Readonly<Record<OpeningState, number>>;
  readonly hasNext: boolean;
};

/** The recruiters' list: the openings in one state, the newest first, with what has come in for each. */
export async function listManagedOpenings(
  db: Db,
  { state, q, before }: { state: OpeningState; q: string; before: number | null },
): Promise<ManagedList> {
  const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  const [{ rows }, { rows: counted }] = await Promise.all([
    db.raw(
      `select ${rowColumns}, state, recruiter.full_name as "recruiterName", counted.all as "referralCount",
              counted.open as "openReferralCount"
       from openings
       join employees recruiter on recruiter.id = recruiter_id
       cross join lateral (
         select count(*) as all, count(*) filter (where outcome is null and not already_recommended) as open
         from (select outcome, already_recommended from referrals where opening_id = openings.id
               limit ${COUNTED_UP_TO + 1}) few
       ) counted
       where state = ? and (title ilike ? or openings.department ilike ?) and (?::bigint is null or openings.id < ?::bigint)
       order by openings.id desc limit ${PAGE_SIZE + 1}`,
      [state, like, like, before, before],
    ),
    db.raw(
      `select state, (select count(*) from (select 1 from openings where openings.state = states.state
              limit ${COUNTED_UP_TO + 1}) few) as count
       from unnest(array['draft', 'published', 'paused', 'closed']) as states (state)`,
    ),
  ]);
  const counts = { draft: 0, published: 0, paused: 0, closed: 0 };
  for (const row of counted as { state: OpeningState; count: number }[]) counts[row.state] = row.count;
  return { rows: rows.slice(0, PAGE_SIZE), counts, hasNext: rows.length > PAGE_SIZE };
}

type Person = { readonly id: number; readonly fullName: string; readonly email: string; readonly staffNumber: string };

/** The employed people that a typed staff number, e-mail or full name can mean; two rows tell that a name is not enough. */
export async function findPeopleBy(db: Db, typed: string, today: Temporal.PlainDate): Promise<Person[]> {
  const { rows } = await db.raw(
    `select id, full_name as "fullName", email::text as email, staff_number as "staffNumber" from employees
     where (staff_number = ? or email = ?::citext or lower(full_name) = lower(?))
       and employed_from <= ? and (employed_until is null or employed_until >= ?)
     order by (staff_number = ?) desc, (email = ?::citext) desc, id limit 2`,
    [typed, typed, typed, today.toString(), today.toString(), typed, typed],
  );
  const [first] = rows as Person[];
  if (first && (first.staffNumber === typed || first.email.toLowerCase() === typed.toLowerCase())) return [first];
  return rows;
}

export type FormChoices = {
  readonly recruiters: { id: number; fullName: string }[];
  readonly managers: { email: string; fullName: string; department: string }[];
  readonly departments: string[];
  readonly levels: string[];
  readonly places: string[];
  readonly countries: string[];
};

/** What the form offers: recruiters to choose from, and suggestions for what is typed. */
export async function listFormChoices(db: Db, today: Temporal.PlainDate): Promise<FormChoices> {
  const day = today.toString();
  const employed = 'employed_from <= ? and (employed_until is null or employed_until >= ?)';
  const { rows } = await db.raw(
    `select
       coalesce((select json_agg(json_build_object('id', id, 'fullName', full_name) order by full_name, id)
         from employees where ${employed}
           and exists (select 1 from employee_roles where employee_id = employees.id and role = 'recruiter')), '[]') as recruiters,
       coalesce((select json_agg(few) from (
         select email, full_name as "fullName", department from employees where ${employed}
           and exists (select 1 from employees below where below.manager_id = employees.id)
         order by full_name, id limit 200) few), '[]') as managers,
       array(select department from employees where department <> '' union select department from openings order by 1 limit 200) as departments,
       array(select level from employees where level <> '' union select level from openings where level <> '' order by 1 limit 100) as levels,
       array(select distinct place from openings where place <> '' order by 1 limit 100) as places,
       array(select country::text from employees union select country::text from openings order by 1) as countries`,
    [day, day, day, day],
  );
  return rows[0];
}
