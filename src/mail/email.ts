/**
 * Every kind of e-mail and the facts it is written from. Facts only (ids, names, days as ISO dates, sums in minor
 * units): the words are put to them at delivery, in the receiver's language.
 */
export type EmailFacts = {
  sign_in_link: { token: string; minutes: number };
  thank_you: { referralId: number; candidateName: string; openingTitle: string | null; answerDueOn: string };
  already_recommended: { referralId: number; candidateName: string; openingTitle: string | null };
  new_referral: {
    referralId: number;
    candidateName: string;
    openingTitle: string | null;
    referrerName: string;
    answerDueOn: string;
  };
  stage_moved: { referralId: number; candidateName: string; openingTitle: string | null; stage: string };
  declined: {
    referralId: number;
    candidateName: string;
    openingTitle: string | null;
    reason: string;
    feedback: string;
    recruiterName: string;
  };
  withdrawn: { referralId: number; candidateName: string; openingTitle: string | null; feedback: string };
  no_reply: { referralId: number; candidateName: string; openingTitle: string | null; feedback: string };
  hired: {
    referralId: number;
    candidateName: string;
    openingTitle: string | null;
    firstDayOn: string;
    /** Null where the policy gives none; then noBonusRule names the rule of the why-list that says so. */
    bonus: {
      amountMinor: number;
      currency: string;
      probationEndsOn: string;
      dueOn: string;
      payrollPeriods: string[];
    } | null;
    noBonusRule: string | null;
  };
  considered_again: { referralId: number; candidateName: string; openingTitle: string | null; ownedUntil: string };
  first_day_moved: EmailFacts['hired'];
  /** The stage at which the referral goes on; and whether a bonus had been promised. */
  hire_undone: {
    referralId: number;
    candidateName: string;
    openingTitle: string | null;
    stage: string;
    hadBonus: boolean;
  };
  probation_moved: {
    referralId: number;
    candidateName: string;
    probationEndsOn: string;
    bonus: { amountMinor: number; currency: string; payrollPeriods: string[] } | null;
  };
  bonus_awarded: {
    referralId: number;
    bonusId: number;
    candidateName: string;
    amountMinor: number;
    currency: string;
    payrollPeriod: string;
  };
  bonus_paid: {
    referralId: number;
    bonusId: number;
    candidateName: string;
    amountMinor: number;
    currency: string;
    paidOn: string;
  };
  bonus_forfeited: {
    referralId: number;
    bonusId: number;
    candidateName: string;
    amountMinor: number;
    currency: string;
    reason: string;
  };
  bonus_held: { bonusId: number; referrerName: string; reason: string };
  probations_ending: {
    hires: { hireId: number; candidateName: string; probationEndsOn: string; confirmationRequired: boolean }[];
  };
  overdue_digest: {
    referrals: {
      referralId: number;
      candidateName: string;
      openingTitle: string | null;
      madeOn: string;
      dueOn: string;
    }[];
  };
};

export type EmailKind = keyof EmailFacts;

export const EMAIL_KINDS = [
  'sign_in_link',
  'thank_you',
  'already_recommended',
  'new_referral',
  'stage_moved',
  'declined',
  'withdrawn',
  'no_reply',
  'hired',
  'considered_again',
  'first_day_moved',
  'hire_undone',
  'probation_moved',
  'bonus_awarded',
  'bonus_paid',
  'bonus_forfeited',
  'bonus_held',
  'probations_ending',
  'overdue_digest',
] as const satisfies readonly EmailKind[];

export type NewEmail = {
  [Kind in EmailKind]: {
    kind: Kind;
    toEmployeeId: number;
    data: EmailFacts[Kind];
    /** What must be told once, however often it is asked to be: a key that is unique among all e-mails. */
    once?: string;
  };
}[EmailKind];
