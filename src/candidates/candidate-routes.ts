import { type Request, type Response, Router } from 'express';
import { dayOf } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { type Form, typed } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { AGREED_TEXT_VERSION } from '../referrals/agreement.ts';
import { stateWord } from '../referrals/referral-steps.ts';
import { storyOf } from '../referrals/referral-story.ts';
import { flash, flashWithLetter } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import type { Candidate } from './candidate.ts';
import {
  type CandidateReferral,
  getCandidatePage,
  listHistoryOfCandidate,
  listOpeningsToConsider,
  listOwnerships,
  listReferralsOfCandidate,
  listResumesOfCandidate,
  type OpeningToConsider,
  worksHere,
} from './candidate-queries.ts';
import { type ConsiderValues, parseConsiderForm } from './consider-form.ts';
import { type ConsiderRefusal, considerForOpening } from './consider-service.ts';

const refusals: Record<ConsiderRefusal, { field: string; status: number }> = {
  openingNotOpen: { field: 'opening', status: 409 },
  worksHere: { field: 'opening', status: 409 },
  neverRecommended: { field: 'opening', status: 409 },
  askFirst: { field: 'agreed', status: 422 },
};

export function candidateRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.candidate(':id'), allow('recruiter', 'admin'), async (req, res) => {
    await showCandidate(deps, req, res, { values: {}, errors: {} });
  });

  router.post(paths.candidateConsider(':id'), allow('recruiter'), async (req, res) => {
    const form: Form<ConsiderValues> = parseConsiderForm(req.body);
    if (!form.ok) return showCandidate(deps, req, res, form, 422);
    const { openingId, agreed } = form.value;
    const done = await considerForOpening(deps, req.employee.id, {
      candidateId: idOf(req),
      openingId,
      agreed: agreed ? { textVersion: AGREED_TEXT_VERSION } : null,
    });
    if (!done.ok) {
      const { field, status } = refusals[done.reason];
      const errors = { [field]: { key: `candidates.refused.${done.reason}` } };
      return showCandidate(deps, req, res, { values: typed(req.body), errors }, status);
    }
    const { referralId, how, ownerName } = done.value;
    if (how === 'again') flash(res, 'note', 'candidates.flash.again');
    else if (ownerName) flashWithLetter(res, 'good', 'candidates.flash.considered', { name: ownerName });
    else flash(res, 'good', 'candidates.flash.consideredOwn');
    res.redirect(303, paths.referral(referralId));
  });

  return router;
}

type Shown = Pick<Extract<Form<unknown>, { ok: false }>, 'values' | 'errors'>;

async function showCandidate(deps: Deps, req: Request, res: Response, form: Shown, status = 200): Promise<void> {
  const { db } = deps;
  const { timeZone } = deps.config;
  const id = idOf(req);
  const today = await deps.clock.today(db);
  const candidate = await getCandidatePage(db, id);
  const [referrals, ownerships, resumes, history, openings, isColleague] = await Promise.all([
    listReferralsOfCandidate(db, id),
    listOwnerships(db, id, today),
    listResumesOfCandidate(db, id),
    listHistoryOfCandidate(db, id),
    listOpeningsToConsider(db, id),
    worksHere(db, id, today),
  ]);
  const current = ownerships.find(
    ({ fromOn, untilOn }) =>
      Temporal.PlainDate.compare(fromOn, today) <= 0 && Temporal.PlainDate.compare(today, untilOn) <= 0,
  );
  const owner = current?.isEmployed ? current : null;
  page(
    req,
    res,
    'candidates/show',
    {
      title: candidate.fullName,
      area: 'pool',
      today,
      crumbs: [{ label: req.t('candidates.pool.title'), href: paths.pool() }, { label: candidate.fullName }],
      candidate,
      form,
      facts: factsOf(req, candidate, deps.config.timeZone),
      referrals: referrals.map((one) => referralRow(req, one)),
      ownerships: ownerships.map((one) => ({
        name: one.ownerName,
        text: req.t(one === current ? 'candidates.show.ownsUntil' : 'candidates.show.ownedUntil', { day: one.untilOn }),
        isCurrent: one === current,
        hasLeft: one === current && !one.isEmployed,
      })),
      resumes,
      story: storyOf(history, req.t),
      consider: {
        canDo: req.employee.roles.includes('recruiter') && !isColleague,
        isColleague,
        options: openings.map((one) => ({ value: String(one.id), label: openingLabel(req, one, timeZone) })),
        ownerName: owner?.ownerName ?? null,
        ownedUntil: owner?.untilOn ?? null,
      },
    },
    status,
  );
}

/** The opening, and how it went if it was tried with this candidate before. */
function openingLabel({ t }: Request, one: OpeningToConsider, timeZone: string): string {
  const opening = [one.title, one.place].filter(Boolean).join(', ');
  if (one.triedAt === null || one.outcome === null) return opening;
  const outcome = t(`referrals.outcome.${one.outcome}`);
  return t('candidates.consider.triedLabel', { opening, outcome, day: dayOf(one.triedAt, timeZone) });
}

function factsOf({ t }: Request, candidate: Candidate, timeZone: string) {
  const { email, phone, profileLink } = candidate;
  return [
    ...(email
      ? [{ label: t('candidates.show.email'), text: email, href: `mailto:${encodeURIComponent(email)}` }]
      : [{ label: t('candidates.show.email') }]),
    ...(phone
      ? [{ label: t('candidates.show.phone'), text: phone, href: `tel:${phone}` }]
      : [{ label: t('candidates.show.phone') }]),
    ...(profileLink
      ? [{ label: t('candidates.show.profile'), text: profileLink.replace(/^https:\/\//, ''), href: profileLink }]
      : []),
    { label: t('candidates.show.since'), day: dayOf(candidate.createdAt, timeZone) },
  ];
}

function referralRow(req: Request, referral: CandidateReferral) {
  const { kind, key } = stateWord(referral);
  return {
    id: referral.id,
    opening: referral.openingTitle ?? req.t('referrals.general'),
    referrerName: referral.referrerName,
    madeOn: referral.madeOn,
    state: { kind, word: req.t(key) },
    reason: referral.declineReason ? req.t(`referrals.reason.${referral.declineReason}`) : null,
    why: referral.why,
  };
}
