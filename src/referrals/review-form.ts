import { z } from 'zod';
import { cleanText } from '../candidates/named.ts';
import { type Form, parseForm, typed } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { DECLINE_REASONS, type DeclineReason, STAGES, type Stage } from './referral.ts';

/** What the inbox shows: whose referrals, of which opening, at which stage, and from where on. */
export type ReviewFilters = {
  /** mine: of the openings in my charge, and the general ones, which are everybody's. */
  readonly scope: 'mine' | 'all';
  readonly openingId: number | null;
  readonly stage: Stage | 'open';
  readonly after: string | null;
  readonly before: string | null;
};

export const FEEDBACK_MIN = 40;
export const FEEDBACK_MAX = 2000;

/** Reads the inbox's address. Whatever it can't read falls back to what the inbox shows at first: a link never fails. */
export function parseReviewFilters(query: unknown): ReviewFilters {
  const { scope, opening, stage, after, before } = typed(query);
  return {
    scope: scope === 'all' ? 'all' : 'mine',
    openingId: /^[1-9]\d{0,14}$/.test(opening ?? '') ? Number(opening) : null,
    stage: stage === 'open' || STAGES.some((one) => one === stage) ? (stage as Stage | 'open') : 'received',
    after: after || null,
    before: before || null,
  };
}

/** The inbox with these filters; what is as at first stays out of the address. */
export function reviewUrl(filters: Partial<ReviewFilters>): string {
  const query = new URLSearchParams();
  if (filters.scope === 'all') query.set('scope', 'all');
  if (filters.stage && filters.stage !== 'received') query.set('stage', filters.stage);
  if (filters.openingId) query.set('opening', String(filters.openingId));
  if (filters.after) query.set('after', filters.after);
  else if (filters.before) query.set('before', filters.before);
  const text = query.toString();
  return text ? `${paths.review()}?${text}` : paths.review();
}

/** Where in the inbox somebody came from, or null: only ever an address of the inbox, never one of another site. */
export function parseReturn(from: unknown): string | null {
  if (typeof from !== 'string' || from.length > 400) return null;
  return from === paths.review() || from.startsWith(`${paths.review()}?`) ? from : null;
}

/** An address that remembers where in the inbox somebody came from. */
export function withReturn(url: string, from: string | null): string {
  return from ? `${url}?from=${encodeURIComponent(from)}` : url;
}

/** The filters behind an address of the inbox. */
export function filtersOf(returnTo: string): ReviewFilters {
  return parseReviewFilters(Object.fromEntries(new URLSearchParams(returnTo.slice(paths.review().length))));
}

const stage = z.enum(STAGES, 'review.errors.stage');
const words = z.preprocess((value) => value ?? '', z.string('errors.field.invalid')).transform(cleanText);

const moveForm = z.object({ madeFor: stage, to: stage });
export type MoveForm = z.infer<typeof moveForm>;

export function parseMoveForm(body: unknown): Form<MoveForm> {
  return parseForm(moveForm, body);
}

const declineForm = z.object({
  madeFor: stage,
  declineReason: z.enum(DECLINE_REASONS, 'review.errors.reason'),
  feedback: words.pipe(
    z
      .string()
      .min(1, 'review.errors.feedbackMissing')
      .min(FEEDBACK_MIN, 'review.errors.feedbackShort')
      .max(FEEDBACK_MAX, 'review.errors.feedbackLong'),
  ),
});
export type DeclineForm = { madeFor: Stage; declineReason: DeclineReason; feedback: string };

export function parseDeclineForm(body: unknown): Form<DeclineForm> {
  return parseForm(declineForm, body);
}

const endForm = z.object({
  madeFor: stage,
  feedback: words.pipe(z.string().max(FEEDBACK_MAX, 'review.errors.feedbackLong')),
});
/** Withdrawn, or no reply: the words are welcome, and may be empty. */
export type EndForm = z.infer<typeof endForm>;

export function parseEndForm(body: unknown): Form<EndForm> {
  return parseForm(endForm, body);
}
