import assert from 'node:assert/strict';
import { addMonthsMinusADay, isBefore, isOnOrBefore } from '../lib/calendar.ts';
import { ok, type Result, refuse } from '../lib/result.ts';

/** A referred candidate who starts work, with a probation. */
export type Hire = {
  readonly id: number;
  readonly referralId: number;
  readonly candidateId: number;
  readonly openingId: number | null;
  /** What the amount is chosen by. */
  readonly level: string;
  readonly country: string;
  /** Whom they report to; null while not known. */
  readonly managerId: number | null;
  /** The first day of work. */
  readonly firstDayOn: Temporal.PlainDate;
  /** Counted in months from the first day, or null when the last day was given as a date. */
  readonly probationMonths: number | null;
  /** The last day of probation, extensions included. */
  readonly probationEndsOn: Temporal.PlainDate;
  /** The day HR says probation was passed; null while not said. */
  readonly passedOn: Temporal.PlainDate | null;
  /** The last day of work; null while not left. The day before the first day says: never started. */
  readonly leftOn: Temporal.PlainDate | null;
  readonly recordedAt: Temporal.Instant;
};

/** The facts that the law of probation is about. */
export type Probation = Pick<Hire, 'firstDayOn' | 'probationEndsOn' | 'passedOn' | 'leftOn'>;

/** As asked for when hiring: so many months, or the last day as a date. */
export type ProbationTerm = { readonly months: number } | { readonly lastDayOn: Temporal.PlainDate };

export const LONGEST_PROBATION_MONTHS = 36;

export type TermRefusal = 'endsBeforeFirstDay' | 'tooLong';
export type ExtendRefusal = 'alreadyPassed' | 'alreadyLeft' | 'notLater' | 'tooLong';
export type PassRefusal = 'alreadyPassed' | 'inTheFuture' | 'beforeFirstDay' | 'afterLastDay';
export type LeaveRefusal = 'alreadyLeft' | 'beforeFirstDay' | 'beforePassed';
export type UndoRefusal = 'nothingToUndo' | 'bonusFollowed';
/** What followed upon a hire, so that its record can't be corrected any more. */
export type CorrectRefusal = 'alreadyExtended' | 'alreadyPassed' | 'alreadyLeft' | 'bonusDecided';
export type FirstDayRefusal = CorrectRefusal | TermRefusal | 'startsBeforeReferral' | 'sameDays';
export type UndoHireRefusal = CorrectRefusal | 'bonusHeld';
export type HireRefusal =
  | TermRefusal
  | ExtendRefusal
  | PassRefusal
  | LeaveRefusal
  | UndoRefusal
  | FirstDayRefusal
  | UndoHireRefusal;

/** The first and the last day of probation. No probation is longer than three years: a slip in the year is caught. */
export function planProbation(
  firstDayOn: Temporal.PlainDate,
  term: ProbationTerm,
): Result<Pick<Hire, 'firstDayOn' | 'probationMonths' | 'probationEndsOn'>, TermRefusal> {
  const probationMonths = 'months' in term ? term.months : null;
  if (probationMonths !== null && probationMonths > LONGEST_PROBATION_MONTHS) return refuse('tooLong');
  const probationEndsOn = 'months' in term ? addMonthsMinusADay(firstDayOn, term.months) : term.lastDayOn;
  if (isBefore(probationEndsOn, firstDayOn)) return refuse('endsBeforeFirstDay');
  return isTooLong(firstDayOn, probationEndsOn)
    ? refuse('tooLong')
    : ok({ firstDayOn, probationMonths, probationEndsOn });
}

function isTooLong(firstDayOn: Temporal.PlainDate, lastDayOn: Temporal.PlainDate): boolean {
  return isBefore(addMonthsMinusADay(firstDayOn, LONGEST_PROBATION_MONTHS), lastDayOn);
}

/** Moves the last day later. Also when the old last day is over: HR's word may come late. */
export function extend(
  hire: Probation,
  toOn: Temporal.PlainDate,
): Result<{ probationEndsOn: Temporal.PlainDate }, ExtendRefusal> {
  if (hire.leftOn !== null) return refuse('alreadyLeft');
  if (hire.passedOn !== null) return refuse('alreadyPassed');
  if (isOnOrBefore(toOn, hire.probationEndsOn)) return refuse('notLater');
  return isTooLong(hire.firstDayOn, toOn) ? refuse('tooLong') : ok({ probationEndsOn: toOn });
}

/**
 * HR says that probation was passed, on that day. It may be said before the last day (which does not make the bonus fall
 * due any earlier), and of somebody who has left, if the day is not after their last day of work.
 */
export function recordPassed(
  hire: Probation,
  passedOn: Temporal.PlainDate,
  today: Temporal.PlainDate,
): Result<{ passedOn: Temporal.PlainDate }, PassRefusal> {
  if (hire.passedOn !== null) return refuse('alreadyPassed');
  if (isBefore(today, passedOn)) return refuse('inTheFuture');
  if (isBefore(passedOn, hire.firstDayOn)) return refuse('beforeFirstDay');
  return hire.leftOn !== null && isBefore(hire.leftOn, passedOn) ? refuse('afterLastDay') : ok({ passedOn });
}

/**
 * Records the last day of work, which may still lie ahead. Somebody who never started has the day before the first day as
 * their last; anything earlier is a slip.
 */
export function recordLeft(
  hire: Probation,
  lastDayOn: Temporal.PlainDate,
): Result<{ leftOn: Temporal.PlainDate }, LeaveRefusal> {
  if (hire.leftOn !== null) return refuse('alreadyLeft');
  if (isBefore(lastDayOn, hire.firstDayOn.subtract({ days: 1 }))) return refuse('beforeFirstDay');
  return hire.passedOn !== null && isBefore(lastDayOn, hire.passedOn)
    ? refuse('beforePassed')
    : ok({ leftOn: lastDayOn });
}

export const HIRE_EVENTS = ['extended', 'passed', 'left'] as const;
export type HireEventKind = (typeof HIRE_EVENTS)[number];

/** One thing recorded of a probation: the day as it was before (null where none was) and as it is after. */
export type HireEvent = {
  readonly kind: HireEventKind;
  readonly beforeOn: Temporal.PlainDate | null;
  readonly afterOn: Temporal.PlainDate;
};

/** Takes the latest event back (null: there is none left), as long as no bonus was awarded or forfeited upon it. */
export function undo(
  hire: Probation,
  last: HireEvent | null,
  bonusDecidedSince: boolean,
): Result<Pick<Hire, 'probationEndsOn' | 'passedOn' | 'leftOn'>, UndoRefusal> {
  if (last === null) return refuse('nothingToUndo');
  if (bonusDecidedSince) return refuse('bonusFollowed');
  const { probationEndsOn, passedOn, leftOn } = hire;
  if (last.kind === 'passed') return ok({ probationEndsOn, passedOn: last.beforeOn, leftOn });
  if (last.kind === 'left') return ok({ probationEndsOn, passedOn, leftOn: last.beforeOn });
  assert(last.beforeOn !== null, 'an extension has a day that it moved');
  return ok({ probationEndsOn: last.beforeOn, passedOn, leftOn });
}

/** What became of a hire since it was recorded. */
export type Followed = {
  /** An extension stands. */
  readonly isExtended: boolean;
  /** A bonus was awarded, or forfeited after it had been promised. */
  readonly isBonusDecided: boolean;
  /** Somebody holds a bonus: they have a reason, and it must not vanish with the hire. */
  readonly isBonusHeld: boolean;
};

/**
 * May the record of the hire itself be corrected? Only while nothing was built on it. An extension is undone first: the
 * day that it moved was counted from the first day as it stood.
 */
export function canCorrect(
  hire: Pick<Probation, 'passedOn' | 'leftOn'>,
  followed: Followed,
): Result<undefined, CorrectRefusal> {
  if (followed.isBonusDecided) return refuse('bonusDecided');
  if (hire.leftOn !== null) return refuse('alreadyLeft');
  if (hire.passedOn !== null) return refuse('alreadyPassed');
  return followed.isExtended ? refuse('alreadyExtended') : ok();
}

/**
 * Another first day, and the probation's last day with it. As with the first record, nobody starts before the day they
 * were recommended on (madeOn).
 */
export function changeFirstDay(
  hire: Probation,
  asked: { readonly firstDayOn: Temporal.PlainDate; readonly term: ProbationTerm },
  { followed, madeOn }: { readonly followed: Followed; readonly madeOn: Temporal.PlainDate },
): Result<Pick<Hire, 'firstDayOn' | 'probationMonths' | 'probationEndsOn'>, FirstDayRefusal> {
  const allowed = canCorrect(hire, followed);
  if (!allowed.ok) return allowed;
  if (isBefore(asked.firstDayOn, madeOn)) return refuse('startsBeforeReferral');
  const plan = planProbation(asked.firstDayOn, asked.term);
  if (!plan.ok) return plan;
  const isSame =
    plan.value.firstDayOn.equals(hire.firstDayOn) && plan.value.probationEndsOn.equals(hire.probationEndsOn);
  return isSame ? refuse('sameDays') : plan;
}

/** May the hire be taken back altogether? */
export function canUndoHire(
  hire: Pick<Probation, 'passedOn' | 'leftOn'>,
  followed: Followed,
): Result<undefined, UndoHireRefusal> {
  const allowed = canCorrect(hire, followed);
  if (!allowed.ok) return allowed;
  return followed.isBonusHeld ? refuse('bonusHeld') : ok();
}

export const PROBATION_STATES = ['before', 'running', 'ended', 'passed', 'left'] as const;
export type ProbationState = (typeof PROBATION_STATES)[number];

/** Left on or before the last day of probation, without a word of HR that it was passed. */
export function leftInProbation(hire: Omit<Probation, 'firstDayOn'>): boolean {
  return hire.passedOn === null && hire.leftOn !== null && isOnOrBefore(hire.leftOn, hire.probationEndsOn);
}

/**
 * How the probation stands at the end of that day. 'ended': the last day is over and HR has said nothing. Who left after
 * the last day counts as passed.
 */
export function probationState(hire: Probation, day: Temporal.PlainDate): ProbationState {
  const leftOn = hire.leftOn !== null && isOnOrBefore(hire.leftOn, day) ? hire.leftOn : null;
  if (leftInProbation({ ...hire, leftOn })) return 'left';
  if (hire.passedOn !== null && isOnOrBefore(hire.passedOn, day)) return 'passed';
  if (isBefore(day, hire.firstDayOn)) return 'before';
  if (isOnOrBefore(day, hire.probationEndsOn)) return 'running';
  return leftOn === null ? 'ended' : 'passed';
}
