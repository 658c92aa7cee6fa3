import { dayOf, daysBetween, isBefore, isOnOrBefore, later } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import type { NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import { listEmployeesWithRole } from '../people/employee-store.ts';
import { type EndingProbation, listEndingProbations } from './hire-store.ts';

const DAYS_AHEAD = 7;

/**
 * Tells HR whose probation is about to end, a week ahead: the opening's recruiter (without one every recruiter) and the
 * admins. Where a bonus waits for HR's word the reminder comes again each week after the last day. Each hire is told
 * once per last day and week, however often the job runs; a tick missed for days is caught up by the next.
 */
export async function remindProbations(
  deps: Deps,
  { asOf, dryRun = false }: { asOf: Temporal.PlainDate; dryRun?: boolean },
): Promise<{ hires: number; emails: number }> {
  return deps.db.transaction(async (trx) => {
    const ending = await listEndingProbations(trx, asOf, DAYS_AHEAD);
    const remembered = ending.map((hire) => ({ hire, on: reminderDay(hire, asOf, deps.clock.timeZone) }));
    const due = remembered.filter(({ on }) => isOnOrBefore(on, asOf));
    if (due.length === 0) return { hires: 0, emails: 0 };
    const recruiters = (await listEmployeesWithRole(trx, 'recruiter', asOf)).map(({ id }) => id);
    const admins = (await listEmployeesWithRole(trx, 'admin', asOf)).map(({ id }) => id);
    const emails: NewEmail[] = [];
    for (const [key, hires] of Map.groupBy(due, ({ on }) => on.toString())) {
      for (const toEmployeeId of new Set([...recruiters, ...admins])) {
        const theirs = hires.map(({ hire }) => hire).filter(concerns(toEmployeeId, recruiters, admins));
        if (theirs.length === 0) continue;
        const once = `probations_ending:${toEmployeeId}:${key}`;
        emails.push({ kind: 'probations_ending', toEmployeeId, data: { hires: theirs.map(toItem) }, once });
      }
    }
    if (!dryRun) await enqueueEmails(deps, trx, emails);
    return { hires: due.length, emails: emails.length };
  });
}

/**
 * The day to which a reminder belongs: a week before the last day; once that is over, each week counted from it. What
 * was recorded on such a day or later is told the day after, since that day's letters may be out already. It follows
 * from the facts alone, so whoever runs the job, and however often, comes to the same letters.
 */
export function reminderDay(
  { probationEndsOn, changedAt }: Pick<EndingProbation, 'probationEndsOn' | 'changedAt'>,
  asOf: Temporal.PlainDate,
  timeZone: string,
): Temporal.PlainDate {
  const afterChange = dayOf(changedAt, timeZone).add({ days: 1 });
  const isOver = isBefore(probationEndsOn, asOf);
  const weeks = isOver ? Math.floor((daysBetween(probationEndsOn, asOf) - 1) / 7) : 0;
  const regular = isOver
    ? probationEndsOn.add({ days: 1 + weeks * 7 })
    : probationEndsOn.subtract({ days: DAYS_AHEAD });
  return later(regular, afterChange);
}

function concerns(receiver: number, recruiters: readonly number[], admins: readonly number[]) {
  return ({ recruiterId }: EndingProbation): boolean => {
    if (admins.includes(receiver)) return true;
    return recruiterId === null ? recruiters.includes(receiver) : recruiterId === receiver;
  };
}

function toItem({ hireId, candidateName, probationEndsOn, confirmationRequired }: EndingProbation) {
  return { hireId, candidateName, probationEndsOn: probationEndsOn.toString(), confirmationRequired };
}
