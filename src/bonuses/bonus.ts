import { leftInProbation, type Probation } from '../hires/hire.ts';
import { dayAfter, isOnOrBefore } from '../lib/calendar.ts';
import type { Money } from '../lib/money.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { PolicyTerms } from './policy.ts';

/** One sum, once, promised to one employee for one hire. */
export type Bonus = {
  readonly id: number;
  readonly hireId: number;
  readonly referralId: number;
  readonly beneficiaryId: number;
  readonly policyId: number;
  readonly amount: Money;
  readonly promisedAt: Temporal.Instant;
  readonly dueOn: Temporal.PlainDate;
  readonly awardedAt: Temporal.Instant | null;
  readonly awardedOn: Temporal.PlainDate | null;
  readonly forfeitedAt: Temporal.Instant | null;
  readonly forfeitedOn: Temporal.PlainDate | null;
  readonly forfeitReason: ForfeitReason | null;
  readonly heldAt: Temporal.Instant | null;
  /** A person's own words, or a HoldReason when Vouch held it. */
  readonly heldReason: string | null;
};

export const FORFEIT_REASONS = [
  'notTheOwner',
  'excludedFunction',
  'managerOfTheHire',
  'referrerLeft',
  'referrerUnderNotice',
  'leftInProbation',
] as const;
export type ForfeitReason = (typeof FORFEIT_REASONS)[number];

/** heldByHand: somebody stopped it; noAmount: there is nothing to pay; failed: its row broke in the job. */
export const HOLD_REASONS = ['heldByHand', 'noAmount', 'failed'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

export const WAIT_REASONS = ['probation', 'extraDays', 'confirmation'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** The life of a bonus, which is not the life of its referral. */
export const BONUS_STATES = [
  'promised',
  'waitingForConfirmation',
  'willForfeit',
  'held',
  'awarded',
  'inRun',
  'paid',
  'forfeited',
] as const;
export type BonusState = (typeof BONUS_STATES)[number];

/**
 * When the bonus falls due: the day after the last day of probation and of the extra days.
 */
export function dueOn(
  hire: { probationEndsOn: Temporal.PlainDate },
  terms: Pick<PolicyTerms, 'extraDays'>,
): Temporal.PlainDate {
  return dayAfter(hire.probationEndsOn, terms.extraDays + 1);
}

type HireFacts = Pick<Probation, 'probationEndsOn' | 'passedOn' | 'leftOn'>;

/** What the state is derived from: the facts of the bonus, of its hire and of its live payroll line. */
export type StateFacts = Pick<Bonus, 'dueOn' | 'awardedOn' | 'forfeitedOn' | 'heldAt'> &
  HireFacts & {
    /** Does the policy want HR's word? */
    readonly confirmation: PolicyTerms['confirmation'];
    /** Of the live payroll line: its run, and the day it was paid. */
    readonly runId: number | null;
    readonly paidOn: Temporal.PlainDate | null;
  };

/**
 * How the bonus stands on that day. A promise whose day has come stays a promise until the job awards it; one whose hire is
 * known to leave in probation is none any more, and the bonus run of that day forfeits it.
 */
export function bonusState(facts: StateFacts, today: Temporal.PlainDate): BonusState {
  if (facts.forfeitedOn !== null) return 'forfeited';
  if (facts.paidOn !== null) return 'paid';
  if (facts.heldAt !== null) return 'held';
  if (facts.awardedOn !== null) return facts.runId === null ? 'awarded' : 'inRun';
  if (leftInProbation(facts)) return 'willForfeit';
  const lacksWord = facts.confirmation === 'required' && facts.passedOn === null;
  return lacksWord && isOnOrBefore(facts.dueOn, today) ? 'waitingForConfirmation' : 'promised';
}

export type HoldRefusal = 'alreadyHeld' | 'alreadyForfeited' | 'alreadyExported' | 'alreadyPaid';
export type ReleaseRefusal = 'notHeld';

type Holdable = Pick<Bonus, 'heldAt' | 'forfeitedOn'> & {
  readonly exportedAt: Temporal.Instant | null;
  readonly paidOn: Temporal.PlainDate | null;
};

/** May somebody stop this bonus? As long as it isn't decided for good or with payroll. */
export function canHold(bonus: Holdable): Result<undefined, HoldRefusal> {
  if (bonus.forfeitedOn !== null) return refuse('alreadyForfeited');
  if (bonus.paidOn !== null) return refuse('alreadyPaid');
  if (bonus.exportedAt !== null) return refuse('alreadyExported');
  return bonus.heldAt === null ? ok() : refuse('alreadyHeld');
}

export function canRelease(bonus: Pick<Bonus, 'heldAt'>): Result<undefined, ReleaseRefusal> {
  return bonus.heldAt === null ? refuse('notHeld') : ok();
}

/**
 * What an extension of probation does to the bonus: it waits on; or it goes back to waiting, its line taken out of the
 * run; or, once the run is exported, HR gets a flag and nothing changes silently. A forfeited one stays forfeited.
 */
export function onExtension(
  bonus: Pick<Bonus, 'awardedOn' | 'forfeitedOn'>,
  exportedAt: Temporal.Instant | null,
): 'nothing' | 'waitsOn' | 'backToWaiting' | 'flag' {
  if (bonus.forfeitedOn !== null) return 'nothing';
  if (bonus.awardedOn === null) return 'waitsOn';
  return exportedAt === null ? 'backToWaiting' : 'flag';
}
