import { dueOn, onExtension } from '../bonuses/bonus.ts';
import { listBonusesOfHire, moveDueDay, type StoredBonus, takeBackAward } from '../bonuses/bonus-store.ts';
import { getPolicy } from '../bonuses/policy-store.ts';
import type { Deed } from '../history/history.ts';
import { insertHistory } from '../history/history-store.ts';
import { isExclusionViolation, type Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { ok, type Refusal, type Result, refuse } from '../lib/result.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import { listExportedPeriods } from '../payroll/payroll-store.ts';
import { payrollPeriodsFor } from '../payroll/promise.ts';
import type { Actor } from '../people/employee.ts';
import { isOwn, type OwnRefusal } from '../referrals/referral.ts';
import {
  type ExtendRefusal,
  extend,
  type HireEvent,
  type LeaveRefusal,
  leftInProbation,
  type PassRefusal,
  recordLeft,
  recordPassed,
  type UndoRefusal,
  undo,
} from './hire.ts';
import {
  findLastEvent,
  getHireNames,
  insertHireEvent,
  lockHire,
  type StoredHire,
  saveProbation,
  saveUndone,
} from './hire-store.ts';
import { creditedFor, isDecidedSince } from './probation-deeds.ts';

/** What became of the bonuses: how many wait on or again, and how many are with payroll already and stay as they are. */
export type BonusesTouched = { readonly waiting: number; readonly flagged: number };
type Done = { readonly hire: StoredHire; readonly bonuses: BonusesTouched };
type Recorder = Actor & { readonly id: number };
type Note = { readonly note: string };

const untouched: BonusesTouched = { waiting: 0, flagged: 0 };

/**
 * Moves the last day of probation later, and the day of its bonuses along with it. An award that payroll doesn't have
 * yet goes back to waiting; one that was exported stays, and HR gets a flag. Referrers whose bonus moves are told.
 */
export async function extendProbation(
  deps: Deps,
  by: Recorder,
  asked: Note & { hireId: number; toOn: Temporal.PlainDate },
): Promise<Result<Done, ExtendRefusal | OwnRefusal>> {
  return onHire(deps, by, asked.hireId, async (trx, hire, at) => {
    const answer = extend(hire, asked.toOn);
    if (!answer.ok) return answer;
    const changed = { ...hire, ...answer.value };
    await saveProbation(trx, changed);
    await record(
      trx,
      by,
      hire,
      { kind: 'extended', beforeOn: hire.probationEndsOn, afterOn: asked.toOn },
      asked.note,
      at,
    );
    return ok({ hire: changed, bonuses: await moveBonuses(deps, trx, by, changed, at) });
  });
}

/** Records that probation was passed, on that day. Where a confirmation is required, this is it. */
export async function passProbation(
  deps: Deps,
  by: Recorder,
  asked: Note & { hireId: number; passedOn: Temporal.PlainDate },
): Promise<Result<Done, PassRefusal | OwnRefusal>> {
  return onHire(deps, by, asked.hireId, async (trx, hire, at) => {
    const answer = recordPassed(hire, asked.passedOn, await deps.clock.today(trx));
    if (!answer.ok) return answer;
    const changed = { ...hire, ...answer.value };
    await saveProbation(trx, changed);
    await record(trx, by, hire, { kind: 'passed', beforeOn: null, afterOn: asked.passedOn }, asked.note, at);
    return ok({ hire: changed, bonuses: untouched });
  });
}

/**
 * Records the last working day. When it lies in probation the next bonus run forfeits what is still open; an award that
 * payroll doesn't have yet is taken back for it, and one that was exported stays, with a flag for HR.
 */
export async function leaveHire(
  deps: Deps,
  by: Recorder,
  asked: Note & { hireId: number; lastDayOn: Temporal.PlainDate },
): Promise<Result<Done, LeaveRefusal | OwnRefusal>> {
  return onHire(deps, by, asked.hireId, async (trx, hire, at) => {
    const answer = recordLeft(hire, asked.lastDayOn);
    if (!answer.ok) return answer;
    const changed = { ...hire, ...answer.value };
    await saveProbation(trx, changed);
    await record(trx, by, hire, { kind: 'left', beforeOn: null, afterOn: asked.lastDayOn }, asked.note, at);
    if (!leftInProbation(changed)) return ok({ hire: changed, bonuses: untouched });
    const bonuses = await listBonusesOfHire(trx, hire.id);
    return ok({ hire: changed, bonuses: count(await reopen(trx, by, changed, bonuses, at)) });
  });
}

/**
 * Takes the last record of a hire back: the very event that the person saw, and only while no bonus was awarded or
 * forfeited upon it. changedMeanwhile: somebody recorded or undid something after the page was opened.
 */
export async function undoLast(
  deps: Deps,
  by: Recorder,
  asked: { hireId: number; eventId: number },
): Promise<Result<Done & { kind: HireEvent['kind'] }, UndoRefusal | OwnRefusal | 'changedMeanwhile'>> {
  try {
    return await undoOnce(deps, by, asked);
  } catch (error) {
    // Hired again since: whoever has come back can't never have left.
    if (isExclusionViolation(error, 'hires_one_at_a_time')) return refuse('changedMeanwhile');
    throw error;
  }
}

async function undoOnce(
  deps: Deps,
  by: Recorder,
  asked: { hireId: number; eventId: number },
): Promise<Result<Done & { kind: HireEvent['kind'] }, UndoRefusal | OwnRefusal | 'changedMeanwhile'>> {
  return onHire(deps, by, asked.hireId, async (trx, hire, at) => {
    const last = await findLastEvent(trx, hire.id);
    const bonuses = await listBonusesOfHire(trx, hire.id);
    const decidedSince = last !== null && bonuses.some((bonus) => isDecidedSince(bonus, last.recordedAt));
    const answer = undo(hire, last, decidedSince);
    if (!answer.ok || last === null) return answer.ok ? refuse('nothingToUndo') : answer;
    if (last.id !== asked.eventId) return refuse('changedMeanwhile');
    const changed = { ...hire, ...answer.value };
    await saveProbation(trx, changed);
    await saveUndone(trx, last.id, { by: by.id, at });
    await writeHistory(trx, by, hire, 'hire.undone', { kind: last.kind, on: last.afterOn.toString() }, at);
    const touched = last.kind === 'extended' ? await moveBonuses(deps, trx, by, changed, at) : untouched;
    return ok({ hire: changed, bonuses: touched, kind: last.kind });
  });
}

/**
 * Every deed on a hire: lock it first, so that the bonus run and other recruiters wait for their turn. Nobody does it to
 * the hire of their own recommendation.
 */
async function onHire<T>(
  deps: Deps,
  by: Recorder,
  hireId: number,
  deed: (trx: Trx, hire: StoredHire, at: Temporal.Instant) => Promise<T>,
): Promise<T | Refusal<OwnRefusal>> {
  return deps.db.transaction(async (trx) => {
    const hire = await lockHire(trx, hireId);
    if (!hire) throw new NotFound();
    const at = await deps.clock.now(trx);
    const { referrerId } = await getHireNames(trx, hire.referralId);
    const bonuses = await listBonusesOfHire(trx, hireId);
    if (isOwn(by.id, creditedFor({ referrerId }, bonuses))) return refuse('ownReferral');
    return deed(trx, hire, at);
  });
}

const deedOf = { extended: 'hire.extended', passed: 'hire.passed', left: 'hire.left' } as const;

async function record(
  trx: Trx,
  by: Recorder,
  hire: StoredHire,
  event: HireEvent,
  note: string,
  at: Temporal.Instant,
): Promise<void> {
  await insertHireEvent(trx, { ...event, hireId: hire.id, note, recordedBy: by.id, recordedAt: at });
  const facts = { fromOn: event.beforeOn?.toString() ?? null, toOn: event.afterOn.toString() };
  await writeHistory(trx, by, hire, deedOf[event.kind], facts, at);
}

async function writeHistory(
  trx: Trx,
  by: Recorder,
  { id, referralId }: StoredHire,
  deed: Deed,
  facts: Record<string, string | number | null>,
  at: Temporal.Instant,
): Promise<void> {
  await insertHistory(trx, { at, actorId: by.id, about: 'hire', aboutId: id, referralId, deed, facts });
}

type Touched = { readonly bonus: StoredBonus; readonly became: 'waiting' | 'flagged' };

/** Awards upon facts that have changed: taken back while payroll doesn't have them, and flagged once it does. */
async function reopen(
  trx: Trx,
  by: Recorder,
  hire: StoredHire,
  bonuses: readonly StoredBonus[],
  at: Temporal.Instant,
): Promise<Touched[]> {
  const touched: Touched[] = [];
  for (const bonus of bonuses) {
    const effect = onExtension(bonus, bonus.exportedAt);
    if (effect === 'nothing') continue;
    if (effect === 'waitsOn') touched.push({ bonus, became: 'waiting' });
    // Payroll may have exported the run this very moment: then there is nothing left to take back.
    const takenBack = effect === 'backToWaiting' && (await takeBackAward(trx, bonus.id, { at }));
    if (effect === 'waitsOn') continue;
    touched.push({ bonus, became: takenBack ? 'waiting' : 'flagged' });
    await insertHistory(trx, {
      at,
      actorId: by.id,
      about: 'bonus',
      aboutId: bonus.id,
      referralId: bonus.referralId,
      deed: takenBack ? 'bonus.backToWaiting' : 'bonus.flagged',
      facts: {
        hireId: hire.id,
        probationEndsOn: hire.probationEndsOn.toString(),
        leftOn: hire.leftOn?.toString() ?? null,
      },
    });
  }
  return touched;
}

/** The bonuses of a hire whose probation now ends on another day: each gets its new due day, and its owner is told. */
async function moveBonuses(
  deps: Deps,
  trx: Trx,
  by: Recorder,
  hire: StoredHire,
  at: Temporal.Instant,
): Promise<BonusesTouched> {
  const touched = await reopen(trx, by, hire, await listBonusesOfHire(trx, hire.id), at);
  const waiting = touched.filter(({ became }) => became === 'waiting').map(({ bonus }) => bonus);
  const [first] = waiting;
  if (!first) return count(touched);
  // All bonuses of one hire were promised under one version.
  const { terms } = await getPolicy(trx, first.policyId);
  await moveDueDay(trx, hire.id, dueOn(hire, terms));
  const [today, exported] = [await deps.clock.today(trx), new Set(await listExportedPeriods(trx))];
  const payrollPeriods = payrollPeriodsFor({ dueOn: dueOn(hire, terms), today, exported }, terms);
  for (const { referralId, beneficiaryId, amount } of waiting) {
    const { candidateName } = await getHireNames(trx, referralId);
    const bonus = { amountMinor: amount.minor, currency: amount.currency, payrollPeriods };
    const data = { referralId, candidateName, probationEndsOn: hire.probationEndsOn.toString(), bonus };
    await enqueueEmails(deps, trx, [{ kind: 'probation_moved', toEmployeeId: beneficiaryId, data }]);
  }
  return count(touched);
}

function count(touched: readonly Touched[]): BonusesTouched {
  const waiting = touched.filter(({ became }) => became === 'waiting').length;
  return { waiting, flagged: touched.length - waiting };
}
