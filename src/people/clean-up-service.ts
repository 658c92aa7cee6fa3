import type { Deps } from '../lib/deps.ts';
import { removeOldRateLimits } from './sign-in-limit-store.ts';
import { removeOldSessions, removeOldSignInLinks } from './sign-in-store.ts';
import { removeOldStaffListLines } from './staff-list-store.ts';

export type CleanUp = { signInLinks: number; rateLimits: number; sessions: number; staffListLines: number };

const keepLinksHours = 24;
const keepStaffListsHours = 30 * 24;

/**
 * Removes what has done its work: sign-in links a day after they expired, sessions and counters that are over, and the
 * lines of staff lists after thirty days. Rerunning it removes nothing twice.
 */
export async function cleanUpPeople({ db, clock }: Deps): Promise<CleanUp> {
  const now = await clock.now(db);
  return {
    signInLinks: await removeOldSignInLinks(db, now.subtract({ hours: keepLinksHours })),
    rateLimits: await removeOldRateLimits(db, now),
    sessions: await removeOldSessions(db, now),
    staffListLines: await removeOldStaffListLines(db, now.subtract({ hours: keepStaffListsHours })),
  };
}
