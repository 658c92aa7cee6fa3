import type { Knex } from 'knex';
import type { Db } from '../lib/database.ts';
import type { Outcome, Stage } from '../referrals/referral.ts';
import type { PoolPlace } from './pool-form.ts';
import { type PoolSearch, plainLetters, type Standing } from './pool-search.ts';

export const PAGE_SIZE = 25;
/** Counted no further: more is said as "1,000+". */
export const COUNTED_UP_TO = 1000;

export type PoolRow = {
  readonly id: number;
  readonly fullName: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly skills: readonly string[];
  /** Of the latest referral that was worked on, or else of the latest. */
  readonly openingTitle: string | null;
  readonly stage: Stage;
  readonly outcome: Outcome | null;
  readonly answeredAt: Temporal.Instant | null;
  readonly alreadyRecommended: boolean;
  readonly madeOn: Temporal.PlainDate;
  readonly referrerName: string;
};

export type PoolPage = { readonly rows: readonly PoolRow[]; readonly hasNewer: boolean; readonly hasOlder: boolean };

type Where = { readonly sql: string; readonly values: Knex.RawBinding[] };

/** One page of the candidates that fit, the latest to come first. */
export async function listPool(
  db: Db,
  search: PoolSearch,
  today: Temporal.PlainDate,
  place: PoolPlace | null,
  soundsLike = false,
): Promise<PoolPage> {
  const where = whereOf(search, today, soundsLike);
  const isNewer = place?.side === 'newer';
  const beyond = place ? `and c.id ${isNewer ? '>' : '<'} ?` : '';
  const { rows } = await db.raw(
    `select found.id, found.full_name as "fullName", found.email::text as email, found.phone, found.skills,
       last."openingTitle", last.stage, last.outcome, last."answeredAt",
       last."alreadyRecommended", last."madeOn", last."referrerName"
     from (select c.* from candidates c where ${where.sql} ${beyond}
           order by c.id ${isNewer ? 'asc' : 'desc'} limit ${PAGE_SIZE + 1}) found
     join lateral (
       select o.title as "openingTitle", r.stage, r.outcome, r.first_answered_at as "answeredAt",
         r.already_recommended as "alreadyRecommended", r.made_on as "madeOn", e.full_name as "referrerName"
       from referrals r join employees e on e.id = r.referrer_id left join openings o on o.id = r.opening_id
       where r.candidate_id = found.id order by r.already_recommended, r.made_at desc, r.id desc limit 1
     ) last on true
     order by found.id desc`,
    place ? [...where.values, place.id] : where.values,
  );
  const isFull = rows.length > PAGE_SIZE;
  const found: PoolRow[] = isNewer ? rows.slice(-PAGE_SIZE) : rows.slice(0, PAGE_SIZE);
  return { rows: found, hasNewer: isNewer ? isFull : place !== null, hasOlder: isNewer || isFull };
}

export type Facet = { readonly value: string; readonly count: number };
export type PoolFacets = {
  /** At most COUNTED_UP_TO + 1, which means "more"; the counts below are of these only. */
  readonly total: number;
  readonly standings: readonly (Facet & { value: Standing })[];
  readonly skills: readonly Facet[];
  readonly departments: readonly Facet[];
  readonly agreedLately: number;
};

/** How the found ones divide. Looks at no more than COUNTED_UP_TO of them, however many there are. */
export async function countPool(
  db: Db,
  search: PoolSearch,
  today: Temporal.PlainDate,
  soundsLike = false,
): Promise<PoolFacets> {
  const where = whereOf(search, today, soundsLike);
  const { rows } = await db.raw(
    `with found as materialized (
       select c.id, c.skills from candidates c where ${where.sql} order by c.id desc limit ${COUNTED_UP_TO + 1}),
     theirs as materialized (
       select r.candidate_id, coalesce(r.outcome, 'open') as standing, o.department, r.agreed_at
       from found join referrals r on r.candidate_id = found.id left join openings o on o.id = r.opening_id
       where not r.already_recommended)
     select (select count(*) from found) as total,
       (select count(distinct candidate_id) from theirs where agreed_at >= ?::date) as "agreedLately",
       (select coalesce(json_agg(one), '[]') from (select standing as value, count(distinct candidate_id) as count
          from theirs group by standing) one) as standings,
       (select coalesce(json_agg(one), '[]') from (select min(skill) as value, count(distinct id) as count
          from found, unnest(skills) skill group by lower(skill) order by 2 desc, 1 limit 12) one) as skills,
       (select coalesce(json_agg(one), '[]') from (select department as value, count(distinct candidate_id) as count
          from theirs where department is not null group by department order by 2 desc, 1 limit 12) one) as departments`,
    [...where.values, aYearBefore(today)],
  );
  return rows[0];
}

function aYearBefore(today: Temporal.PlainDate): string {
  return today.subtract({ months: 12 }).toString();
}

function whereOf(search: PoolSearch, today: Temporal.PlainDate, soundsLike: boolean): Where {
  const parts: string[] = ['true'];
  const values: Knex.RawBinding[] = [];
  const add = (sql: string, ...more: Knex.RawBinding[]): void => {
    parts.push(sql);
    values.push(...more);
  };
  if (soundsLike) add('? <% name_key(c.full_name)', plainLetters(search.words.join(' ')));
  else for (const word of search.words) addWord(add, word);
  if (search.skill) add('skill_lines(c.skills) ilike ?', wholeSkill(search.skill));
  if (search.openingId !== null) add(`exists (${theirs} and r.opening_id = ?)`, search.openingId);
  if (search.standing === 'open') add(`exists (${theirs} and r.outcome is null)`);
  else if (search.standing) add(`exists (${theirs} and r.outcome = ?)`, search.standing);
  if (search.department) {
    add(`exists (${theirs} and r.opening_id in (select id from openings where department = ?))`, search.department);
  }
  if (search.agreedLately) add(`exists (${theirs} and r.agreed_at >= ?::date)`, aYearBefore(today));
  return { sql: parts.join(' and '), values };
}

const theirs = 'select 1 from referrals r where r.candidate_id = c.id and not r.already_recommended';

type Add = (sql: string, ...values: Knex.RawBinding[]) => void;

/** The word is part of the name, the address, the phone or a skill; the trigram indexes answer each of them. */
function addWord(add: Add, word: string): void {
  const part = `%${plain(word)}%`;
  // Two letters have no trigram inside a word: they count as the beginning of a name, or as a whole word of a skill (Go).
  if ([...word].length < 3) {
    const name = 'name_key(c.full_name) like ? or name_key(c.full_name) like ?';
    const skill = Array(3).fill('skill_lines(c.skills) ilike ?').join(' or ');
    const letters = plain(plainLetters(word));
    const begins = [`%\n${letters}%`, `% ${letters}%`];
    add(`(${name} or ${skill})`, ...begins, wholeSkill(word), `%\n${plain(word)} %`, `% ${plain(word)}\n%`);
    return;
  }
  const digits = word.replace(/\D/g, '').replace(/^0+/, '');
  const phone = digits.length >= 3 && /^[+\d]+$/.test(word) ? `%${digits}%` : null;
  const sql = 'name_key(c.full_name) like ? or c.email_key ilike ? or skill_lines(c.skills) ilike ?';
  const name = `%${plain(plainLetters(word))}%`;
  if (phone === null) add(`(${sql})`, name, part, part);
  else add(`(${sql} or c.phone like ?)`, name, part, part, phone);
}

function wholeSkill(skill: string): string {
  return `%\n${plain(skill)}\n%`;
}

function plain(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
