import { type Request, type Response, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { BadInput, NotFound, Refused } from '../lib/errors.ts';
import type { Form } from '../lib/form.ts';
import { renderEmail } from '../mail/render.ts';
import { paths } from '../paths.ts';
import { flashWithLetter } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { DECLINE_REASONS, isOpen, isOwn } from './referral.ts';
import {
  type DeclineForm,
  FEEDBACK_MAX,
  FEEDBACK_MIN,
  parseDeclineForm,
  parseEndForm,
  parseMoveForm,
  parseReturn,
  withReturn,
} from './review-form.ts';
import { findLastDeed, findReviewSubject, type ReviewSubject } from './review-queries.ts';
import {
  closeWithoutReply,
  declineReferral,
  moveReferral,
  type ReviewRefusal,
  withdrawReferral,
} from './review-service.ts';

const sentences: Record<ReviewRefusal, string> = {
  alreadyEnded: 'review.refused.alreadyEnded',
  alreadyRecommended: 'review.refused.alreadyRecommended',
  alreadyThere: 'review.refused.alreadyThere',
  movedMeanwhile: 'review.refused.movedMeanwhile',
  ownReferral: 'review.refused.ownReferral',
};

type Ending = 'withdraw' | 'noReply';
const endings = {
  withdraw: { path: paths.referralWithdraw, deed: withdrawReferral },
  noReply: { path: paths.referralNoReply, deed: closeWithoutReply },
} as const;

/** What recruiters do with a referral: move it on, or end it with words to the referrer. */
export function reviewDeedRoutes(deps: Deps): Router {
  const router = Router();
  const recruiter = allow('recruiter');

  router.post(paths.referralMove(':id'), recruiter, async (req, res) => {
    const form = parseMoveForm(req.body);
    const referralId = idOf(req);
    if (!form.ok) throw new BadInput('review.errors.stage', {}, paths.referral(referralId));
    const answer = await moveReferral(deps, req.employee, { referralId, ...form.value });
    if (!answer.ok) throw await refused(deps, req, referralId, answer.reason);
    await done(deps, req, res, 'moved', { stage: req.t(`referrals.stage.${form.value.to}`) });
  });

  router.get(paths.referralDecline(':id'), recruiter, async (req, res) => {
    const subject = await openSubject(deps, req);
    declinePage(deps, req, res, subject, { values: { madeFor: subject.stage }, errors: {} });
  });

  router.post(paths.referralDecline(':id'), recruiter, async (req, res) => {
    const subject = await openSubject(deps, req);
    const form = parseDeclineForm(req.body);
    if (!form.ok) return declinePage(deps, req, res, subject, form, 422);
    if (req.body.step === 'preview') return declinePage(deps, req, res, subject, { values: req.body, errors: {} });
    const answer = await declineReferral(deps, req.employee, { referralId: subject.referralId, ...form.value });
    if (!answer.ok) throw await refused(deps, req, subject.referralId, answer.reason);
    await done(deps, req, res, 'declined');
  });

  for (const kind of ['withdraw', 'noReply'] as const) {
    router.get(endings[kind].path(':id'), recruiter, async (req, res) => {
      const subject = await openSubject(deps, req);
      endPage(req, res, subject, kind, { values: { madeFor: subject.stage }, errors: {} });
    });

    router.post(endings[kind].path(':id'), recruiter, async (req, res) => {
      const form = parseEndForm(req.body);
      const subject = await openSubject(deps, req);
      if (!form.ok) return endPage(req, res, subject, kind, form, 422);
      const answer = await endings[kind].deed(deps, req.employee, { referralId: subject.referralId, ...form.value });
      if (!answer.ok) throw await refused(deps, req, subject.referralId, answer.reason);
      await done(deps, req, res, kind);
    });
  }

  return router;
}

/** Back to the referral, where the next one of the inbox is offered. */
async function done(
  deps: Deps,
  req: Request,
  res: Response,
  what: string,
  params: Record<string, unknown> = {},
): Promise<void> {
  const subject = await subjectOf(deps, req);
  const words = { candidate: subject.candidateName, referrer: subject.referrerName, ...params };
  flashWithLetter(res, 'good', `review.flash.${what}`, words);
  res.redirect(303, withReturn(paths.referral(subject.referralId), parseReturn(req.body?.from)));
}

async function subjectOf(deps: Deps, req: Request): Promise<ReviewSubject> {
  const subject = await findReviewSubject(deps.db, idOf(req));
  if (!subject) throw new NotFound();
  return subject;
}

/** The referral, if it can still be decided on; otherwise the sentence that says who did what. */
async function openSubject(deps: Deps, req: Request): Promise<ReviewSubject> {
  const subject = await subjectOf(deps, req);
  if (isOwn(req.employee.id, [subject.referrerId])) throw await refused(deps, req, subject.referralId, 'ownReferral');
  if (isOpen(subject)) return subject;
  throw await refused(
    deps,
    req,
    subject.referralId,
    subject.alreadyRecommended ? 'alreadyRecommended' : 'alreadyEnded',
  );
}

async function refused(deps: Deps, req: Request, referralId: number, reason: ReviewRefusal): Promise<Refused> {
  const from = parseReturn(req.body?.from ?? req.query.from);
  const last = await findLastDeed(deps.db, referralId);
  const words = last && {
    who: last.who ?? 'Vouch',
    at: last.at,
    stage: last.stage ? req.t(`referrals.stage.${last.stage}`) : '',
  };
  const sentence = last && words ? req.t(`review.last.${last.deed.replace('referral.', '')}`, words) : '';
  return new Refused(sentences[reason], { last: sentence }, withReturn(paths.referral(referralId), from));
}

type Shown = Pick<Extract<Form<unknown>, { ok: false }>, 'values' | 'errors'>;

function declinePage(deps: Deps, req: Request, res: Response, subject: ReviewSubject, form: Shown, status = 200): void {
  const { referrerLanguage } = subject;
  page(
    req,
    res,
    'review/decline',
    {
      ...deedModel(req, subject, 'decline'),
      form,
      reasons: DECLINE_REASONS.map((reason) => ({
        value: reason,
        label: req.t(`review.reason.${reason}.name`),
        text: req.t(`review.reason.${reason}.text`),
      })),
      min: FEEDBACK_MIN,
      max: FEEDBACK_MAX,
      inOtherLanguage: referrerLanguage !== req.language,
      language: req.t(`review.decline.language.${referrerLanguage}`),
      preview: previewOf(deps, req, subject, form.values),
    },
    status,
  );
}

/** The letter as it would go out now, in the language of the referrer. */
function previewOf(deps: Deps, req: Request, subject: ReviewSubject, values: Shown['values']) {
  const feedback = (values.feedback ?? '').trim().slice(0, FEEDBACK_MAX);
  const reason = DECLINE_REASONS.find((one) => one === values.declineReason);
  if (!feedback || !reason) return null;
  const { subject: title, text } = renderEmail(deps.config, {
    kind: 'declined',
    data: {
      referralId: subject.referralId,
      candidateName: subject.nameForReferrer,
      openingTitle: subject.openingTitle,
      reason,
      feedback,
      recruiterName: req.employee.fullName,
    } satisfies { reason: DeclineForm['declineReason'] } & Record<string, unknown>,
    language: subject.referrerLanguage,
    receiverName: subject.referrerName,
  });
  const paragraphs = text.trim().split(/\n{2,}/);
  return { title, paragraphs: paragraphs.map(paragraphOf) };
}

/** Quoted words stand as a quotation, as they do in the letter. */
function paragraphOf(paragraph: string) {
  const lines = paragraph.split('\n').filter((line) => line !== '--');
  const isQuote = lines.every((line) => line.startsWith('>'));
  return isQuote ? { tag: 'blockquote', lines: lines.map((line) => line.replace(/^> ?/, '')) } : { tag: 'p', lines };
}

function endPage(req: Request, res: Response, subject: ReviewSubject, kind: Ending, form: Shown, status = 200): void {
  page(
    req,
    res,
    'review/end',
    {
      ...deedModel(req, subject, kind),
      kind,
      form,
      action: endings[kind].path(subject.referralId),
      max: FEEDBACK_MAX,
      label: req.t(`review.${kind}.words`),
      hint: req.t(`review.${kind}.hint`),
      button: req.t(`review.${kind}.button`),
      inOtherLanguage: subject.referrerLanguage !== req.language,
      language: req.t(`review.decline.language.${subject.referrerLanguage}`),
    },
    status,
  );
}

function deedModel(req: Request, subject: ReviewSubject, deed: string) {
  const from = parseReturn(req.body?.from ?? req.query.from);
  const back = withReturn(paths.referral(subject.referralId), from);
  const params = { candidate: subject.candidateName, referrer: subject.referrerName };
  return {
    title: req.t(`review.${deed}.title`, params),
    lead: req.t(`review.${deed}.lead`, params),
    crumbs: [
      { label: req.t('review.inbox.title'), href: from ?? paths.review() },
      { label: subject.candidateName, href: back },
      { label: req.t(`review.${deed}.crumb`) },
    ],
    area: 'review' as const,
    subject,
    from: from ?? '',
    back,
  };
}
