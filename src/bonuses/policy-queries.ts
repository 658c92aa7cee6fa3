import type { Db } from '../lib/database.ts';
import { NotFound } from '../lib/errors.ts';
import { type Policy, readTerms } from './policy.ts';

/** A version with what a page says beside it. */
export type PolicyRow = Policy & {
  readonly authorName: string | null;
  /** The first day of the version after it; null for the newest. */
  readonly followedOn: Temporal.PlainDate | null;
  /** Referrals that were made under it, and keep it. */
  readonly referralCount: number;
};

const select = `select policies.id, version, counts_from as "countsFrom", terms, note, author_id as "authorId",
    policies.created_at as "createdAt", author.full_name as "authorName",
    (select min(later.counts_from) from policies later where later.version > policies.version) as "followedOn"`;
const from = 'from policies left join employees author on author.id = policies.author_id';

/** More than this is said as "1,000+". */
const countedUpTo = 1001;
const referralCount = `(select count(*) from (select 1 from referrals where policy_id = policies.id limit ${countedUpTo}) few)
  as "referralCount"`;

/** All versions, the newest first. */
export async function listPolicies(db: Db): Promise<PolicyRow[]> {
  const { rows } = await db.raw(`${select}, ${referralCount} ${from} order by version desc`);
  return rows.map(toRow);
}

/** One version; throws NotFound. */
export async function getPolicyPage(db: Db, id: number): Promise<PolicyRow> {
  const { rows } = await db.raw(`${select}, ${referralCount} ${from} where policies.id = ?`, [id]);
  if (!rows[0]) throw new NotFound('programme.policies.notFound');
  return toRow(rows[0]);
}

/** The version in force on that day, for a screen; null before the first one counts. */
export async function policyInForce(db: Db, day: Temporal.PlainDate): Promise<PolicyRow | null> {
  const { rows } = await db.raw(
    `${select}, 0 as "referralCount" ${from} where counts_from <= ? order by version desc limit 1`,
    [day.toString()],
  );
  return rows[0] ? toRow(rows[0]) : null;
}

/** The next version that is published and doesn't count yet. */
export async function findUpcomingPolicy(db: Db, day: Temporal.PlainDate): Promise<PolicyRow | null> {
  const { rows } = await db.raw(
    `${select}, 0 as "referralCount" ${from} where counts_from > ? order by version limit 1`,
    [day.toString()],
  );
  return rows[0] ? toRow(rows[0]) : null;
}

/** Levels and countries that the staff list and the openings know, for the form's suggestions. */
export async function listPlaces(db: Db): Promise<{ levels: string[]; countries: string[] }> {
  const { rows } = await db.raw(
    `select array(select level from employees where level <> '' union select level from openings where level <> '' order by 1
              limit 200) as levels,
            array(select country::text from employees union select country::text from openings order by 1) as countries`,
  );
  return rows[0];
}

function toRow(row: PolicyRow): PolicyRow {
  return { ...row, terms: readTerms(row.terms), referralCount: Number(row.referralCount) };
}
