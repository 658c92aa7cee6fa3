import type { Deps } from '../lib/deps.ts';
import { isHoliday, isWeekend } from '../lib/holidays.ts';
import type { NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import type { Employee } from '../people/employee.ts';
import { listEmployeesWithRole } from '../people/employee-store.ts';
import { listOverdue, type OverdueReferral } from './review-store.ts';

/** More would be a list that nobody reads; the inbox has them all. */
const DIGEST_END = 50;

/**
 * Tells each recruiter what of theirs is overdue: the openings in their charge, and the general ones, which are
 * everybody's. Once a recruiter and day, however often the job runs, and not on a weekend or public holiday where the
 * recruiter works.
 */
export async function sendOverdueDigest(
  deps: Deps,
  { asOf, dryRun = false }: { asOf: Temporal.PlainDate; dryRun?: boolean },
): Promise<{ recruiters: number; overdue: number }> {
  return deps.db.transaction(async (trx) => {
    const overdue = await listOverdue(trx, asOf);
    if (overdue.length === 0) return { recruiters: 0, overdue: 0 };
    const recruiters = await listEmployeesWithRole(trx, 'recruiter', asOf);
    const digests = recruiters
      .filter(({ country }) => !isWeekend(country, asOf) && !isHoliday(country, asOf))
      .flatMap((recruiter) => digestFor(recruiter, overdue, asOf));
    if (!dryRun) await enqueueEmails(deps, trx, digests);
    return { recruiters: digests.length, overdue: overdue.length };
  });
}

function digestFor({ id }: Employee, overdue: readonly OverdueReferral[], asOf: Temporal.PlainDate): NewEmail[] {
  const theirs = overdue.filter(({ recruiterId }) => recruiterId === null || recruiterId === id);
  if (theirs.length === 0) return [];
  const referrals = theirs.slice(0, DIGEST_END).map((one) => ({
    referralId: one.referralId,
    candidateName: one.candidateName,
    openingTitle: one.openingTitle,
    madeOn: one.madeOn.toString(),
    dueOn: one.dueOn.toString(),
  }));
  return [{ kind: 'overdue_digest', toEmployeeId: id, data: { referrals }, once: `overdue_digest:${id}:${asOf}` }];
}
