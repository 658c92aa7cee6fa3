import type { OwnRefusal } from '../referrals/referral.ts';
import {
  type CorrectRefusal,
  canCorrect,
  canUndoHire,
  type ExtendRefusal,
  type Followed,
  type HireEvent,
  type LeaveRefusal,
  type PassRefusal,
  type Probation,
  type UndoHireRefusal,
  type UndoRefusal,
} from './hire.ts';

/** What can be recorded of a hire. */
export const PROBATION_DEEDS = ['extend', 'passed', 'left', 'undo'] as const;
export type ProbationDeed = (typeof PROBATION_DEEDS)[number];
export type DeedRefusal = ExtendRefusal | PassRefusal | LeaveRefusal | UndoRefusal | OwnRefusal | 'changedMeanwhile';

type Recorded = Pick<HireEvent, 'kind'> & {
  readonly recordedAt: Temporal.Instant;
  readonly undoneAt: Temporal.Instant | null;
};
export type Decided = { readonly awardedAt: Temporal.Instant | null; readonly forfeitedAt: Temporal.Instant | null };

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

type Promised = Decided & { readonly promisedAt: Temporal.Instant; readonly heldAt: Temporal.Instant | null };

/**
 * What became of a hire since it was recorded. What the rules left no promise for was forfeited in the moment of hiring:
 * nothing was decided upon the hire by that.
 */
export function followedBy(
  lastEvent: Pick<HireEvent, 'kind'> | null,
  bonuses: readonly Promised[],
  wasEverAwarded: boolean,
): Followed {
  const isForfeited = ({ forfeitedAt, promisedAt }: Promised): boolean =>
    forfeitedAt !== null && Temporal.Instant.compare(forfeitedAt, promisedAt) > 0;
  return {
    isExtended: lastEvent?.kind === 'extended',
    isBonusDecided: wasEverAwarded || bonuses.some((bonus) => bonus.awardedAt !== null || isForfeited(bonus)),
    isBonusHeld: bonuses.some(({ heldAt }) => heldAt !== null),
  };
}

export type Corrections = { readonly firstDay: CorrectRefusal | null; readonly takeBack: UndoHireRefusal | null };

/** Why the record of the hire itself can't be corrected; null: it can. The services ask the rules again. */
export function correctionsOf(
  hire: Pick<Probation, 'passedOn' | 'leftOn'>,
  events: readonly Recorded[],
  bonuses: readonly (Promised & { readonly wasEverAwarded: boolean })[],
): Corrections {
  const last = events.find((event) => event.undoneAt === null) ?? null;
  const followed = followedBy(
    last,
    bonuses,
    bonuses.some((bonus) => bonus.wasEverAwarded),
  );
  const [change, undo] = [canCorrect(hire, followed), canUndoHire(hire, followed)];
  return { firstDay: change.ok ? null : change.reason, takeBack: undo.ok ? null : undo.reason };
}

/** Whose recommendation the hire is, and who would get the bonus for it: none of them decides on it. */
export function creditedFor(
  hire: { readonly referrerId: number },
  bonuses: readonly { readonly beneficiaryId: number }[],
): number[] {
  return [hire.referrerId, ...bonuses.map(({ beneficiaryId }) => beneficiaryId)];
}
