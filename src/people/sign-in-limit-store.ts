import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

/** How often links may be asked for: for one address, and from one place of the network, within so many minutes. */
export const SIGN_IN_LIMITS = { perAddress: 5, perPlace: 30, minutes: 15 } as const;

export type SignInAttempt = { email: string; ip: string };

/**
 * Counts an attempt to sign in; false when it is one too many. Counted in the database, so for all processes together,
 * and before anybody looks whether the address is known: the limit says nothing about that either.
 */
export async function countSignInAttempt(db: Knex, { email, ip }: SignInAttempt): Promise<boolean> {
  const place = limiter(db, 'sign-in-place', SIGN_IN_LIMITS.perPlace);
  const address = limiter(db, 'sign-in-address', SIGN_IN_LIMITS.perAddress);
  return (await consume(place, networkOf(ip))) && (await consume(address, fingerprint(email)));
}

function limiter(db: Knex, keyPrefix: string, points: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: db,
    storeType: 'knex',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration: SIGN_IN_LIMITS.minutes * 60,
  });
}

async function consume(limit: RateLimiterPostgres, key: string): Promise<boolean> {
  try {
    await limit.consume(key);
    return true;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return false;
    throw refusal;
  }
}

/** Addresses of strangers aren't ours to keep: the counter needs only to know one from another. */
function fingerprint(email: string): string {
  return createHash('sha256').update(email).digest('base64url');
}

/** An IPv6 user has 2^64 addresses, which share their first half. */
function networkOf(ip: string): string {
  if (!ip.includes(':') || ip.includes('.')) return ip;
  const [head = '', tail] = ip.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  if (tail !== undefined) groups.push(...Array(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest);
  return groups.slice(0, 4).join(':');
}

/** Removes counters that count nothing any more. Times are the limiter's: milliseconds since 1970. */
export async function removeOldRateLimits(db: Knex, now: Temporal.Instant): Promise<number> {
  return db('rate_limits').where('expire', '<', now.epochMilliseconds).delete();
}
