import type { Db } from '../lib/database.ts';
import { readPlace, type Turned, turnPage } from '../lib/keyset.ts';
import { type AnswerClock, answerClock } from './answer-clock.ts';
import { type DeclineReason, isOwn, nextStage, type Outcome, STAGES, type Stage } from './referral.ts';
import { filtersOf, parseReturn, type ReviewFilters } from './review-form.ts';

/** Whose inbox it is. */
export type Reviewer = { readonly id: number; readonly roles: readonly string[] };

export type ReviewRow = {
  readonly referralId: number;
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly referrerName: string;
  readonly recruiterName: string | null;
  readonly why: string;
  readonly stage: Stage;
  readonly stageSince: Temporal.Instant;
  readonly madeOn: Temporal.PlainDate;
  readonly dueOn: Temporal.PlainDate;
  /** Null once the first answer was given. */
  readonly clock: AnswerClock | null;
};

const PAGE = 25;
/** Nobody reads an exact number above this; counting further only costs. */
export const COUNT_END = 1000;

const worked = 'referrals.outcome is null and not referrals.already_recommended';
const country = 'coalesce(openings.country, referrer.country)';
const rowColumns = `referrals.id as "referralId", candidates.full_name as "candidateName",
  openings.title as "openingTitle", referrer.full_name as "referrerName", recruiter.full_name as "recruiterName",
  left(referrals.why, 240) as why, referrals.stage, referrals.stage_since as "stageSince", referrals.made_on as "madeOn",
  referrals.first_answer_due_on as "dueOn", referrals.first_answered_at is not null as answered, ${country} as country`;
const joins = `join candidates on candidates.id = referrals.candidate_id
  join employees referrer on referrer.id = referrals.referrer_id
  left join openings on openings.id = referrals.opening_id
  left join employees recruiter on recruiter.id = openings.recruiter_id`;

type Where = { readonly sql: string; readonly values: readonly (string | number)[] };

function inScope(filters: Pick<ReviewFilters, 'scope' | 'openingId'>, reviewerId: number): Where {
  const parts: string[] = [worked];
  const values: number[] = [];
  if (filters.scope === 'mine') {
    parts.push('(referrals.opening_id is null or openings.recruiter_id = ?)');
    values.push(reviewerId);
  }
  if (filters.openingId !== null) {
    parts.push('referrals.opening_id = ?');
    values.push(filters.openingId);
  }
  return { sql: parts.join(' and '), values };
}

/** What waits stands by the day its answer is due; what moves, by how long it has stood at its stage. */
function orderOf(stage: ReviewFilters['stage']): { column: string; type: 'date' | 'timestamptz' } {
  return stage === 'received'
    ? { column: 'referrals.first_answer_due_on', type: 'date' }
    : { column: 'referrals.stage_since', type: 'timestamptz' };
}

type RawRow = Omit<ReviewRow, 'clock'> & { answered: boolean; country: string; place: string };

/** One page of the inbox, the longest wait first. */
export async function listReview(
  db: Db,
  filters: ReviewFilters,
  reviewerId: number,
  today: Temporal.PlainDate,
): Promise<Turned<ReviewRow>> {
  const order = orderOf(filters.stage);
  const where = inScope(filters, reviewerId);
  const from = readPlace(filters.after ?? filters.before, order.type);
  const backwards = from !== null && filters.after === null;
  const atStage = filters.stage === 'open' ? '' : 'and referrals.stage = ?';
  const fromPlace = from ? `and (${order.column}, referrals.id) ${backwards ? '<' : '>'} (?::${order.type}, ?)` : '';
  const turn = backwards ? 'desc' : 'asc';
  const { rows } = await db.raw(
    `select ${rowColumns}, ${order.column}::text || '~' || referrals.id as place from referrals ${joins}
     where ${where.sql} ${atStage} ${fromPlace}
     order by ${order.column} ${turn}, referrals.id ${turn} limit ${PAGE + 1}`,
    [...where.values, ...(filters.stage === 'open' ? [] : [filters.stage]), ...(from ?? [])],
  );
  const turned = turnPage<RawRow>(rows, { size: PAGE, isFirst: from === null, backwards });
  return { ...turned, rows: turned.rows.map((row) => toRow(row, today)) };
}

function toRow({ answered, country, ...row }: Omit<RawRow, 'place'>, today: Temporal.PlainDate): ReviewRow {
  return { ...row, clock: answered ? null : answerClock(row.dueOn, today, country) };
}

export type ReviewCounts = Readonly<Record<Stage, number>> & { readonly overdue: number };

/** How many stand at each stage, and how many of them are overdue; never counted beyond COUNT_END + 1. */
export async function countReview(
  db: Db,
  filters: Pick<ReviewFilters, 'scope' | 'openingId'>,
  reviewerId: number,
  today: Temporal.PlainDate,
): Promise<ReviewCounts> {
  const where = inScope(filters, reviewerId);
  const counted = (more: string) =>
    `(select count(*) from (select 1 from referrals left join openings on openings.id = referrals.opening_id
      where ${where.sql} and ${more} limit ${COUNT_END + 1}) capped)`;
  const { rows } = await db.raw(
    `select ${STAGES.map((stage) => `${counted(`referrals.stage = '${stage}'`)} as ${stage}`).join(', ')},
       ${counted('referrals.first_answered_at is null and referrals.first_answer_due_on < ?')} as overdue`,
    [...STAGES.flatMap(() => where.values), ...where.values, today.toString()],
  );
  return rows[0];
}

/** For the number beside "Review" in the top bar: what waits for a first answer of this recruiter. */
export async function countWaiting(db: Db, recruiterId: number): Promise<number> {
  const { rows } = await db.raw(
    `select count(*) from (select 1 from referrals left join openings on openings.id = referrals.opening_id
     where ${worked} and referrals.first_answered_at is null
       and (referrals.opening_id is null or openings.recruiter_id = ?) limit 100) capped`,
    [recruiterId],
  );
  return rows[0].count;
}

export type ReviewOpening = { readonly id: number; readonly title: string };

/** The openings for which something is being worked on, for the filter. */
export async function listReviewOpenings(
  db: Db,
  scope: ReviewFilters['scope'],
  reviewerId: number,
): Promise<ReviewOpening[]> {
  const { rows } = await db.raw(
    `select openings.id, openings.title from openings
     where ${scope === 'mine' ? 'openings.recruiter_id = ? and' : ''}
       exists (select 1 from referrals where referrals.opening_id = openings.id and ${worked})
     order by openings.title, openings.id limit 500`,
    scope === 'mine' ? [reviewerId] : [],
  );
  return rows;
}

type Neighbour = { readonly referralId: number; readonly candidateName: string };

/** The next one to be answered in an inbox with these filters, this one left out; null: nothing waits there. */
export async function findNextWaiting(
  db: Db,
  filters: Pick<ReviewFilters, 'scope' | 'openingId'>,
  reviewerId: number,
  butNot: number,
): Promise<Neighbour | null> {
  const where = inScope(filters, reviewerId);
  const { rows } = await db.raw(
    `select referrals.id as "referralId", candidates.full_name as "candidateName" from referrals ${joins}
     where ${where.sql} and referrals.first_answered_at is null and referrals.id <> ?
     order by referrals.first_answer_due_on, referrals.id limit 1`,
    [...where.values, butNot],
  );
  return rows[0] ?? null;
}

/** A referral as those who decide on it see it. */
export type ReviewSubject = {
  readonly referralId: number;
  readonly candidateId: number;
  readonly candidateName: string;
  /** As this referrer wrote it. */
  readonly nameForReferrer: string;
  readonly openingId: number | null;
  readonly openingTitle: string | null;
  readonly hiringManagerId: number | null;
  readonly referrerId: number;
  readonly referrerName: string;
  readonly referrerLanguage: 'en' | 'ru';
  readonly stage: Stage;
  readonly outcome: Outcome | null;
  readonly declineReason: DeclineReason | null;
  readonly alreadyRecommended: boolean;
  readonly madeOn: Temporal.PlainDate;
  readonly dueOn: Temporal.PlainDate;
  readonly answered: boolean;
  readonly country: string;
  readonly hireId: number | null;
};

export async function findReviewSubject(db: Db, referralId: number): Promise<ReviewSubject | null> {
  const { rows } = await db.raw(
    `select referrals.id as "referralId", candidates.id as "candidateId", candidates.full_name as "candidateName",
       coalesce(referrals.candidate_name, candidates.full_name) as "nameForReferrer", openings.id as "openingId", openings.title as "openingTitle", openings.hiring_manager_id as "hiringManagerId",
       referrer.id as "referrerId", referrer.full_name as "referrerName",
       coalesce(referrer.chosen_language, referrer.language) as "referrerLanguage",
       referrals.stage, referrals.outcome, referrals.decline_reason as "declineReason",
       referrals.already_recommended as "alreadyRecommended", referrals.made_on as "madeOn",
       referrals.first_answer_due_on as "dueOn", referrals.first_answered_at is not null as answered,
       ${country} as country, (select id from hires where hires.referral_id = referrals.id) as "hireId"
     from referrals ${joins} where referrals.id = ?`,
    [referralId],
  );
  return rows[0] ?? null;
}

export type ReviewActions = {
  readonly referralId: number;
  readonly candidateName: string;
  readonly referrerName: string;
  readonly stage: Stage;
  readonly isOpen: boolean;
  /** Their own recommendation: a colleague has to decide. */
  readonly isOwn: boolean;
  readonly alreadyRecommended: boolean;
  readonly next: Stage | null;
  /** Every other stage but the next: forward and back. */
  readonly moves: readonly Stage[];
  readonly waiting: (AnswerClock & { readonly dueOn: Temporal.PlainDate }) | null;
  /** Where in the inbox the reader came from; empty when from elsewhere. */
  readonly from: string;
  /** The same as a part of an address, to be carried along. */
  readonly fromQuery: string;
  readonly nextInInbox: Neighbour | null;
  readonly hireId: number | null;
};

/** What a recruiter can do with a referral, for the partial `review-actions`; null for everybody else. */
export async function reviewActionsModel(
  db: Db,
  about: { referralId: number; viewer: Reviewer; today: Temporal.PlainDate; from?: unknown },
): Promise<ReviewActions | null> {
  if (!about.viewer.roles.includes('recruiter')) return null;
  const subject = await findReviewSubject(db, about.referralId);
  if (!subject) return null;
  const from = parseReturn(about.from) ?? '';
  const isOpen = subject.outcome === null && !subject.alreadyRecommended;
  const next = nextStage(subject.stage);
  return {
    referralId: subject.referralId,
    candidateName: subject.candidateName,
    referrerName: subject.referrerName,
    stage: subject.stage,
    isOpen,
    isOwn: isOwn(about.viewer.id, [subject.referrerId]),
    alreadyRecommended: subject.alreadyRecommended,
    next,
    moves: STAGES.filter((stage) => stage !== subject.stage && stage !== next),
    waiting:
      isOpen && !subject.answered
        ? { ...answerClock(subject.dueOn, about.today, subject.country), dueOn: subject.dueOn }
        : null,
    from,
    fromQuery: from ? `from=${encodeURIComponent(from)}` : '',
    nextInInbox: await findNextWaiting(db, filtersOf(from), about.viewer.id, subject.referralId),
    hireId: subject.hireId,
  };
}

/** Who last did something to the referral: what the second of two recruiters reads. */
export type LastDeed = {
  readonly who: string | null;
  readonly deed: string;
  readonly at: Temporal.Instant;
  readonly stage: Stage | null;
};

export async function findLastDeed(db: Db, referralId: number): Promise<LastDeed | null> {
  const { rows } = await db.raw(
    `select actor.full_name as who, history.deed, history.at, history.facts ->> 'to' as stage
     from history left join employees actor on actor.id = history.actor_id
     where history.about = 'referral' and history.about_id = ? and history.deed = any(?::text[])
     order by history.id desc limit 1`,
    [
      referralId,
      [
        'referral.moved',
        'referral.declined',
        'referral.withdrawn',
        'referral.noReply',
        'referral.hired',
        'referral.hireUndone',
      ],
    ],
  );
  return rows[0] ?? null;
}
