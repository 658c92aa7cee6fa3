import { ok, type Result, refuse } from '../lib/result.ts';
import type { EmploymentType } from '../people/employee.ts';

export const OPENING_STATES = ['draft', 'published', 'paused', 'closed'] as const;
export type OpeningState = (typeof OPENING_STATES)[number];

/** A vacancy that people can be recommended for. */
export type Opening = {
  readonly id: number;
  readonly title: string;
  readonly department: string;
  readonly place: string;
  /** ISO 3166-1 alpha-2: decides the bonus and the public holidays of the answering clock. */
  readonly country: string;
  readonly employmentType: EmploymentType;
  readonly level: string;
  /** Markdown. */
  readonly description: string;
  readonly skills: readonly string[];
  readonly hiringManagerId: number;
  readonly recruiterId: number;
  readonly isPriority: boolean;
  readonly state: OpeningState;
  readonly createdAt: Temporal.Instant;
  readonly publishedAt: Temporal.Instant | null;
  readonly closedAt: Temporal.Instant | null;
};

export const OPENING_DEEDS = ['publish', 'pause', 'resume', 'close', 'reopen'] as const;
export type OpeningDeed = (typeof OPENING_DEEDS)[number];

export type OpeningRefusal =
  | 'stillDraft'
  | 'alreadyPublished'
  | 'isPaused'
  | 'alreadyPaused'
  | 'notPaused'
  | 'isClosed'
  | 'alreadyClosed'
  | 'notClosed';

type Stateful = Pick<Opening, 'state'>;
type Answer = Result<OpeningState, OpeningRefusal>;

// One table says it all: for each deed, where it leads from each state, or why it does not.
const TABLE: Record<OpeningDeed, Record<OpeningState, Answer>> = {
  publish: {
    draft: ok('published'),
    published: refuse('alreadyPublished'),
    paused: refuse('isPaused'),
    closed: refuse('isClosed'),
  },
  pause: {
    draft: refuse('stillDraft'),
    published: ok('paused'),
    paused: refuse('alreadyPaused'),
    closed: refuse('isClosed'),
  },
  resume: {
    draft: refuse('stillDraft'),
    published: refuse('notPaused'),
    paused: ok('published'),
    closed: refuse('isClosed'),
  },
  close: { draft: ok('closed'), published: ok('closed'), paused: ok('closed'), closed: refuse('alreadyClosed') },
  reopen: {
    draft: refuse('notClosed'),
    published: refuse('notClosed'),
    paused: refuse('notClosed'),
    closed: ok('published'),
  },
};

/** The state after the deed, or the reason why it can't be done. */
export function carryOut(opening: Stateful, deed: OpeningDeed): Answer {
  return TABLE[deed][opening.state];
}

export const publish = (opening: Stateful): Answer => carryOut(opening, 'publish');
export const pause = (opening: Stateful): Answer => carryOut(opening, 'pause');
export const resume = (opening: Stateful): Answer => carryOut(opening, 'resume');
export const close = (opening: Stateful): Answer => carryOut(opening, 'close');
export const reopen = (opening: Stateful): Answer => carryOut(opening, 'reopen');

/** What can be done with the opening now, in the order of the buttons. */
export function deedsFor(opening: Stateful): OpeningDeed[] {
  return OPENING_DEEDS.filter((deed) => carryOut(opening, deed).ok);
}

/** People can be recommended for a published opening, and for no other. */
export function acceptsReferrals(opening: Stateful): boolean {
  return opening.state === 'published';
}
