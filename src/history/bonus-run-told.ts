import type { ToAward, Verdicts } from '../bonuses/bonus-run.ts';
import type { NewEmail } from '../mail/email.ts';
import type { NewHistoryEntry } from './history.ts';

/** What a batch of the bonus run leaves in the history, and whom it writes to. */

export type SharedRun = { readonly id: number; readonly period: string; readonly opened: boolean };
/** The payroll runs that a batch shares, by the period wanted and the cut-off day it was reckoned with. */
export type SharedRuns = ReadonlyMap<string, SharedRun>;

export const runKey = (period: string, cutoffDay: number): string => `${period}/${cutoffDay}`;

/** The run that an award goes into. */
export function runOf(runs: SharedRuns, { decision: { payrollPeriod }, cutoffDay }: ToAward): SharedRun {
  const run = runs.get(runKey(payrollPeriod, cutoffDay));
  if (!run) throw new Error(`No run was shared for ${payrollPeriod}`);
  return run;
}

type When = { on: Temporal.PlainDate; at: Temporal.Instant };

export function historyOf(verdicts: Verdicts, runs: SharedRuns, { on, at }: When): NewHistoryEntry[] {
  const entries: NewHistoryEntry[] = [];
  for (const award of verdicts.award) {
    const { row } = award;
    const run = runOf(runs, award);
    const sum = { amountMinor: Number(row.amountMinor), currency: row.currency };
    const facts = { ...sum, awardedOn: on.toString(), runId: run.id, payrollPeriod: run.period };
    entries.push({
      at,
      actorId: null,
      about: 'bonus',
      aboutId: row.bonusId,
      referralId: row.referralId,
      deed: 'bonus.awarded',
      facts,
    });
  }
  for (const { row, decision } of verdicts.forfeit) {
    const facts = { reason: decision.reason, forfeitedOn: on.toString() };
    entries.push({
      at,
      actorId: null,
      about: 'bonus',
      aboutId: row.bonusId,
      referralId: row.referralId,
      deed: 'bonus.forfeited',
      facts,
    });
  }
  return entries;
}

export function openedRuns(runs: SharedRuns, at: Temporal.Instant): NewHistoryEntry[] {
  const opened = [...runs.values()].filter((run) => run.opened);
  return opened.map(({ id, period }) => {
    return { at, actorId: null, about: 'run', aboutId: id, deed: 'run.opened', facts: { payrollPeriod: period } };
  });
}

export function emailsOf(verdicts: Verdicts, runs: SharedRuns): NewEmail[] {
  const emails: NewEmail[] = [];
  for (const award of verdicts.award) {
    const { row } = award;
    const { bonusId, referralId, candidateName, currency } = row;
    const payrollPeriod = runOf(runs, award).period;
    const data = { referralId, bonusId, candidateName, amountMinor: Number(row.amountMinor), currency, payrollPeriod };
    emails.push({ kind: 'bonus_awarded', toEmployeeId: row.beneficiaryId, data });
  }
  for (const { row, decision } of verdicts.forfeit) {
    const { bonusId, referralId, candidateName, currency } = row;
    const { reason } = decision;
    const data = { referralId, bonusId, candidateName, amountMinor: Number(row.amountMinor), currency, reason };
    emails.push({ kind: 'bonus_forfeited', toEmployeeId: row.beneficiaryId, data });
  }
  return emails;
}
