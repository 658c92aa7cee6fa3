import { createHash, randomBytes } from 'node:crypto';
import type { Db, Trx } from '../lib/database.ts';

export const SIGN_IN_MINUTES = 15;

/**
 * Makes a link that signs the employee in once, within 15 minutes, and returns its token. Only the token's hash is
 * stored: whoever reads the table can't sign in with it.
 */
export async function createSignInLink(trx: Trx, employeeId: number, now: Temporal.Instant): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await trx('sign_in_links').insert({
    token_hash: hashOf(token),
    employee_id: employeeId,
    created_at: now.toString(),
    expires_at: now.add({ minutes: SIGN_IN_MINUTES }).toString(),
  });
  return token;
}

export type SignInLink = { employeeId: number; expiresAt: Temporal.Instant; usedAt: Temporal.Instant | null };

const columns = 'employee_id as "employeeId", expires_at as "expiresAt", used_at as "usedAt"';

export async function findSignInLink(db: Db, token: string): Promise<SignInLink | null> {
  const { rows } = await db.raw(`select ${columns} from sign_in_links where token_hash = ?`, [hashOf(token)]);
  return rows[0] ?? null;
}

/** As findSignInLink, and whoever else wants to use the link waits until this transaction is over. */
export async function lockSignInLink(trx: Trx, token: string): Promise<SignInLink | null> {
  const { rows } = await trx.raw(`select ${columns} from sign_in_links where token_hash = ? for update`, [
    hashOf(token),
  ]);
  return rows[0] ?? null;
}

export async function markSignInLinkUsed(trx: Trx, token: string, at: Temporal.Instant): Promise<void> {
  await trx.raw('update sign_in_links set used_at = ?::timestamptz where token_hash = ?', [
    at.toString(),
    hashOf(token),
  ]);
}

/** Uses up every link the employee still has: after "sign out everywhere" none of them may open a door again. */
export async function useUpSignInLinksOf(trx: Trx, employeeId: number, now: Temporal.Instant): Promise<void> {
  await trx.raw('update sign_in_links set used_at = ?::timestamptz where employee_id = ? and used_at is null', [
    now.toString(),
    employeeId,
  ]);
}

/** Ends every session of the employee, on every device. Answers how many there were. */
export async function removeSessionsOf(trx: Trx, employeeId: number): Promise<number> {
  const { rowCount } = await trx.raw('delete from sessions where employee_id = ?', [employeeId]);
  return rowCount;
}

export async function removeOldSessions(db: Db, now: Temporal.Instant): Promise<number> {
  const { rowCount } = await db.raw('delete from sessions where expire < ?::timestamptz', [now.toString()]);
  return rowCount;
}

/** Removes links that opened nothing any more before that instant. */
export async function removeOldSignInLinks(db: Db, before: Temporal.Instant): Promise<number> {
  const { rowCount } = await db.raw('delete from sign_in_links where expires_at < ?::timestamptz', [before.toString()]);
  return rowCount;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
