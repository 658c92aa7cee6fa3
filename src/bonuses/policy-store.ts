import type { Db, Trx } from '../lib/database.ts';
import { NotFound } from '../lib/errors.ts';
import { type Policy, readTerms } from './policy.ts';

const columns = `id, version, counts_from as "countsFrom", terms, note, author_id as "authorId", created_at as "createdAt"`;

/** The version in force on that day: the newest whose first day has come. Null before the first version counts. */
export async function findPolicyOn(db: Db, day: Temporal.PlainDate): Promise<Policy | null> {
  const { rows } = await db.raw(
    `select ${columns} from policies where counts_from <= ? order by version desc limit 1`,
    [day.toString()],
  );
  return rows[0] ? toPolicy(rows[0]) : null;
}

/** As findPolicyOn; throws where there is none, which a started company never sees: its first version is made at the start. */
export async function getPolicyOn(db: Db, day: Temporal.PlainDate): Promise<Policy> {
  const policy = await findPolicyOn(db, day);
  if (!policy) throw new Error(`No policy counts on ${day}`);
  return policy;
}

/** One version, whether or not it counts yet. Throws NotFound. */
export async function getPolicy(db: Db, id: number): Promise<Policy> {
  const { rows } = await db.raw(`select ${columns} from policies where id = ?`, [id]);
  if (!rows[0]) throw new NotFound('programme.policies.notFound');
  return toPolicy(rows[0]);
}

/**
 * The newest version, also one that doesn't count yet; null while there is none. Whoever publishes holds the lock until
 * the transaction ends, so two versions never come after the same one.
 */
export async function lockLatestPolicy(trx: Trx): Promise<Policy | null> {
  await trx.raw('lock table policies in share row exclusive mode');
  const { rows } = await trx.raw(`select ${columns} from policies order by version desc limit 1`);
  return rows[0] ? toPolicy(rows[0]) : null;
}

/** A new version. There is no save beside it: the table refuses every change. */
export async function insertPolicy(trx: Trx, policy: Omit<Policy, 'id'>): Promise<number> {
  const { rows } = await trx.raw(
    `insert into policies (version, counts_from, terms, note, author_id, created_at) values (?, ?, ?::jsonb, ?, ?, ?)
     returning id`,
    [
      policy.version,
      policy.countsFrom.toString(),
      JSON.stringify(policy.terms),
      policy.note,
      policy.authorId,
      policy.createdAt.toString(),
    ],
  );
  return rows[0].id;
}

function toPolicy(row: Policy): Policy {
  return { ...row, terms: readTerms(row.terms) };
}
