import { isBefore, workingDaysAfter } from '../lib/calendar.ts';
import { isHoliday as isPublicHoliday, isWeekend } from '../lib/holidays.ts';
import { ok, type Refusal, type Result, refuse } from '../lib/result.ts';

/** Where a referral stands while it is open, in the order people expect. */
export const STAGES = ['received', 'screening', 'interview', 'offer'] as const;
export type Stage = (typeof STAGES)[number];

/** How a referral ended. */
export const OUTCOMES = ['hired', 'declined', 'withdrawn', 'no_reply'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why somebody was declined: what was missing, so that the referrer knows what to look for next time. */
export const DECLINE_REASONS = [
  'skills',
  'experience',
  'language',
  'interview',
  'salary',
  'location',
  'availability',
  'filled',
  'other',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/** One employee's recommendation of one candidate, for one opening or for the pool. */
export type Referral = {
  readonly id: number;
  readonly candidateId: number;
  readonly referrerId: number;
  /** null: for the pool. */
  readonly openingId: number | null;
  /** The policy version it was made under, and keeps. */
  readonly policyId: number;
  readonly madeAt: Temporal.Instant;
  /** The day of madeAt in the company's time zone. */
  readonly madeOn: Temporal.PlainDate;
  /** Someone else owned the candidate on that day: thanked, and not worked on. */
  readonly alreadyRecommended: boolean;
  readonly stage: Stage;
  readonly stageSince: Temporal.Instant;
  readonly firstAnswerDueOn: Temporal.PlainDate;
  readonly answeredAt: Temporal.Instant | null;
  readonly outcome: Outcome | null;
  readonly endedAt: Temporal.Instant | null;
  readonly declineReason: DeclineReason | null;
  /** The words for the referrer. */
  readonly feedback: string | null;
  /** The referral that a recruiter came from when considering the candidate again, in the owner's name. */
  readonly consideredFromId: number | null;
};

type Standing = Pick<Referral, 'stage' | 'outcome' | 'alreadyRecommended'>;
type Waiting = Pick<Referral, 'outcome' | 'answeredAt' | 'alreadyRecommended'>;

export type EndRefusal = 'alreadyEnded' | 'alreadyRecommended';
export type MoveRefusal = EndRefusal | 'alreadyThere';
export type HireRefusal = EndRefusal | 'alreadyHired' | 'startsBeforeReferral';
export type ReopenRefusal = 'notHired';
export type ReferralRefusal = MoveRefusal | HireRefusal | ReopenRefusal | OwnRefusal;
/** Nobody decides on their own recommendation. */
export type OwnRefusal = 'ownReferral';

/** Being worked on: not ended, and not one that was only thanked for because someone else was first. */
export function isOpen(referral: Pick<Referral, 'outcome' | 'alreadyRecommended'>): boolean {
  return referral.outcome === null && !referral.alreadyRecommended;
}

function whyNotOpen(referral: Standing): Refusal<EndRefusal> | null {
  if (referral.alreadyRecommended) return refuse('alreadyRecommended');
  return referral.outcome === null ? null : refuse('alreadyEnded');
}

/** To any other stage, forward or back: what recruiters really did is the truth, and people do skip a step. */
export function move(referral: Standing, to: Stage): Result<{ stage: Stage }, MoveRefusal> {
  return whyNotOpen(referral) ?? (referral.stage === to ? refuse('alreadyThere') : ok({ stage: to }));
}

/** The stage that usually follows; null after the last. */
export function nextStage(stage: Stage): Stage | null {
  return STAGES[STAGES.indexOf(stage) + 1] ?? null;
}

export type Declined = { outcome: 'declined'; declineReason: DeclineReason; feedback: string };

/** Ends it with a reason and the words for the referrer. The stage stays where it was: how far somebody came is a fact. */
export function decline(
  referral: Standing,
  answer: { declineReason: DeclineReason; feedback: string },
): Result<Declined, EndRefusal> {
  return whyNotOpen(referral) ?? ok({ outcome: 'declined', ...answer });
}

export function withdraw(referral: Standing): Result<{ outcome: 'withdrawn' }, EndRefusal> {
  return whyNotOpen(referral) ?? ok({ outcome: 'withdrawn' });
}

export function recordNoReply(referral: Standing): Result<{ outcome: 'no_reply' }, EndRefusal> {
  return whyNotOpen(referral) ?? ok({ outcome: 'no_reply' });
}

/** Ends it as hired, from any stage. Who had started before they were recommended was not hired through the referral. */
export function hire(
  referral: Standing & Pick<Referral, 'madeOn'>,
  firstDayOn: Temporal.PlainDate,
): Result<{ outcome: 'hired' }, HireRefusal> {
  if (referral.outcome === 'hired') return refuse('alreadyHired');
  const closed = whyNotOpen(referral);
  if (closed) return closed;
  return isBefore(firstDayOn, referral.madeOn) ? refuse('startsBeforeReferral') : ok({ outcome: 'hired' });
}

/** Takes "hired" back: the referral is open again, at the stage where it stood. */
export function reopen(referral: Pick<Referral, 'outcome'>): Result<{ outcome: null; endedAt: null }, ReopenRefusal> {
  return referral.outcome === 'hired' ? ok({ outcome: null, endedAt: null }) : refuse('notHired');
}

/**
 * Whether somebody would decide on what they recommended, or would get the bonus for: a colleague has to do that. Vouch
 * itself (null) recommends nobody.
 */
export function isOwn(deciderId: number | null, theirs: readonly number[]): boolean {
  return deciderId !== null && theirs.includes(deciderId);
}

/** Nobody has answered yet: open, and never moved. */
export function waitsForAnswer(referral: Waiting): boolean {
  return isOpen(referral) && referral.answeredAt === null;
}

/** Overdue from the day after the day the first answer was due. */
export function isOverdue(referral: Waiting & Pick<Referral, 'firstAnswerDueOn'>, today: Temporal.PlainDate): boolean {
  return waitsForAnswer(referral) && isBefore(referral.firstAnswerDueOn, today);
}

/**
 * The day by which the referrer should have heard: so many working days after the day it was made, which itself is not
 * counted. Weekends and public holidays are those of the country.
 */
export function firstAnswerDueOn(
  madeOn: Temporal.PlainDate,
  country: string,
  workingDays = 2,
  isHoliday: (country: string, day: Temporal.PlainDate) => boolean = isPublicHoliday,
): Temporal.PlainDate {
  return workingDaysAfter(madeOn, workingDays, (day) => isWeekend(country, day) || isHoliday(country, day));
}
