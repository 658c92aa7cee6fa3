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

export async function findSignInLink(db: Db, token: string): Promise<SignInLink | null> {
  const { rows } = await db.raw(
    `select employee_id as "employeeId", expires_at as "expiresAt", used_at as "usedAt"
     from sign_in_links where token_hash = ?`,
    [hashOf(token)],
  );
  return rows[0] ?? null;
}

/** Uses the link up. Of two who try at once exactly one gets true: the database has them in a row. */
export async function useSignInLink(trx: Trx, token: string, now: Temporal.Instant): Promise<boolean> {
  const { rowCount } = await trx.raw(
    'update sign_in_links set used_at = ?::timestamptz where token_hash = ? and used_at is null and expires_at > ?::timestamptz',
    [now.toString(), hashOf(token), now.toString()],
  );
  return rowCount === 1;
}

/** Uses up every link the employee still has: after "sign out everywhere" none of them may open a door again. */
export async function useUpSignInLinksOf(trx: Trx, employeeId: number, now: Temporal.Instant): Promise<void> {
  await trx.raw('update sign_in_links set used_at = ?::timestamptz where employee_id = ? and used_at is null', [
    now.toString(),
    employeeId,
  ]);
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
