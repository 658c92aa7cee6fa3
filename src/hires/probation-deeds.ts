import type { ExtendRefusal, HireEvent, LeaveRefusal, PassRefusal, Probation, UndoRefusal } from './hire.ts';

/** What can be recorded of a hire. */
export const PROBATION_DEEDS = ['extend', 'passed', 'left', 'undo'] as const;
export type ProbationDeed = (typeof PROBATION_DEEDS)[number];
export type DeedRefusal = ExtendRefusal | PassRefusal | LeaveRefusal | UndoRefusal | 'changedMeanwhile';

type Recorded = Pick<HireEvent, 'kind'> & {
  readonly recordedAt: Temporal.Instant;
  readonly undoneAt: Temporal.Instant | null;
};
type Decided = { readonly awardedAt: Temporal.Instant | null; readonly forfeitedAt: Temporal.Instant | null };

/** Whether a bonus was awarded or forfeited at that moment or after it: then what was recorded can't be undone. */
export function isDecidedSince(bonus: Decided, since: Temporal.Instant): boolean {
  const decidedAt = bonus.awardedAt ?? bonus.forfeitedAt;
  return decidedAt !== null && Temporal.Instant.compare(decidedAt, since) >= 0;
}

/**
 * What can't be recorded whatever the day, and why; null: it can. The rules themselves are asked again, with the day,
 * when it is recorded: this only keeps buttons away that would lead nowhere.
 */
export function blockedDeeds(
  hire: Probation,
  events: readonly Recorded[],
  bonuses: readonly Decided[],
): Record<ProbationDeed, DeedRefusal | null> {
  const last = events.find((event) => event.undoneAt === null);
  const isFollowed = last !== undefined && bonuses.some((bonus) => isDecidedSince(bonus, last.recordedAt));
  const over = hire.leftOn !== null ? 'alreadyLeft' : hire.passedOn !== null ? 'alreadyPassed' : null;
  return {
    extend: over,
    passed: hire.passedOn !== null ? 'alreadyPassed' : null,
    left: hire.leftOn !== null ? 'alreadyLeft' : null,
    undo: last === undefined ? 'nothingToUndo' : isFollowed ? 'bonusFollowed' : null,
  };
}
