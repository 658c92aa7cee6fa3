import { type Db, isUniqueViolation, type Trx } from '../lib/database.ts';
import type { Candidate } from './candidate.ts';
import type { Named } from './named.ts';
import { MOST_SKILLS, normaliseSkills } from './skills.ts';

const columns = `id, full_name as "fullName", email::text as email, phone, profile_link as "profileLink", skills,
  created_at as "createdAt"`;

export async function findCandidate(db: Db, id: number): Promise<Candidate | null> {
  const { rows } = await db.raw(`select ${columns} from candidates where id = ?`, [id]);
  return rows[0] ?? null;
}

/** Waits for whoever else works on this candidate; null when there is none. */
export async function lockCandidate(trx: Trx, id: number): Promise<Candidate | null> {
  const { rows } = await trx.raw(`select ${columns} from candidates where id = ? for no key update`, [id]);
  return rows[0] ?? null;
}

/** Works here through a referral: hired, and no last day behind them. */
export async function isHired(db: Db, candidateId: number, today: Temporal.PlainDate): Promise<boolean> {
  const { rows } = await db.raw(
    'select exists (select 1 from hires where candidate_id = ? and coalesce(left_on >= ?::date, true)) as hired',
    [candidateId, today.toString()],
  );
  return rows[0].hired;
}

/**
 * The one record of this human being, made when there is none. The unique keys decide, so of two who recommend the same
 * unknown person at once one makes the record and the other gets it. Keys that point at different people: the e-mail
 * counts first, then the phone, then the profile. What was not known of the person is filled in; nothing is overwritten.
 */
export async function findOrInsertCandidate(trx: Trx, named: Named, at: Temporal.Instant): Promise<Candidate> {
  // More than once only if the record that stood in the way was rolled back in between.
  for (let tries = 0; tries < 5; tries += 1) {
    const inserted = await insertCandidate(trx, named, at);
    if (inserted) return inserted;
    const known = await lockKnown(trx, named);
    if (known) return fillIn(trx, known, named);
  }
  throw new Error('A candidate is neither there nor can be inserted');
}

async function insertCandidate(trx: Trx, named: Named, at: Temporal.Instant): Promise<Candidate | null> {
  const { rows } = await trx.raw(
    `insert into candidates (full_name, email, email_key, phone, profile_link, profile_key, skills, created_at)
     values (?, ?, ?, ?, ?, ?, ?::text[], ?) on conflict do nothing returning ${columns}`,
    [
      named.fullName,
      named.email,
      named.emailKey,
      named.phone,
      named.profileLink,
      named.profileKey,
      [...named.skills],
      at.toString(),
    ],
  );
  return rows[0] ?? null;
}

async function lockKnown(trx: Trx, { emailKey, phone, profileKey }: Named): Promise<Candidate | null> {
  const { rows } = await trx.raw(
    `select ${columns} from candidates where email_key = ? or phone = ? or profile_key = ?
     order by email_key is not distinct from ?::text desc, phone is not distinct from ?::text desc, id
     limit 1 for no key update`,
    [emailKey, phone, profileKey, emailKey, phone],
  );
  return rows[0] ?? null;
}

async function fillIn(trx: Trx, known: Candidate, named: Named): Promise<Candidate> {
  if (known.email === null && named.emailKey) {
    await fillKey(trx, known.id, { email: named.email, email_key: named.emailKey });
  }
  if (known.phone === null && named.phone) await fillKey(trx, known.id, { phone: named.phone });
  if (known.profileLink === null && named.profileKey) {
    await fillKey(trx, known.id, { profile_link: named.profileLink, profile_key: named.profileKey });
  }
  const skills = normaliseSkills([...known.skills, ...named.skills]).slice(0, MOST_SKILLS);
  if (skills.length > known.skills.length) {
    await trx.raw('update candidates set skills = ?::text[] where id = ?', [skills, known.id]);
  }
  return (await findCandidate(trx, known.id)) as Candidate;
}

/** A key that is another person's already stays theirs: the attempt is taken back alone, not the whole deed. */
async function fillKey(trx: Trx, id: number, values: Record<string, string | null>): Promise<void> {
  try {
    await trx.transaction((inner) => inner('candidates').where({ id }).update(values));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}
