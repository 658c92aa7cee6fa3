/** What can be done, in the word of its room. Append-only, like the table: a deed that is gone keeps its word here. */
export const DEEDS = [
  'staffList.taken',
  'employee.added',
  'employee.changed',
  'employee.left',
  'employee.signedIn',
  'employee.signedOutEverywhere',
  'opening.created',
  'opening.edited',
  'opening.published',
  'opening.paused',
  'opening.resumed',
  'opening.closed',
  'opening.reopened',
  'policy.published',
  'resume.added',
  'referral.made',
  'referral.alreadyRecommended',
  'referral.considered',
  'referral.moved',
  'referral.declined',
  'referral.withdrawn',
  'referral.noReply',
  'referral.hired',
  'referral.hireUndone',
  'hire.extended',
  'hire.passed',
  'hire.left',
  'hire.undone',
  'hire.firstDayMoved',
  'bonus.promised',
  'bonus.withdrawn',
  'bonus.awarded',
  'bonus.forfeited',
  'bonus.held',
  'bonus.released',
  'bonus.backToWaiting',
  'bonus.flagged',
  'bonus.paid',
  'run.opened',
  'run.exported',
  'run.markedPaid',
  'email.sentAgain',
] as const;
export type Deed = (typeof DEEDS)[number];

/** What a deed was done to. */
export const ABOUTS = [
  'company',
  'employee',
  'staffList',
  'opening',
  'policy',
  'candidate',
  'referral',
  'hire',
  'bonus',
  'run',
  'email',
] as const;
export type About = (typeof ABOUTS)[number];

/** Ids, days (ISO), sums and words from closed lists; never a candidate's name, address or phone. */
export type HistoryFacts = Record<string, string | number | boolean | null>;

export type NewHistoryEntry = {
  readonly at: Temporal.Instant;
  /** null: Vouch itself. */
  readonly actorId: number | null;
  readonly about: About;
  readonly aboutId: number;
  /** The referral on whose page it is read, where there is one. */
  readonly referralId?: number | null;
  readonly deed: Deed;
  readonly facts?: HistoryFacts;
};

export type HistoryEntry = Required<NewHistoryEntry> & { readonly id: number };
