import { type Request, type Response, Router } from 'express';
import { exampleCalendar, exampleFirstDay, expectation, nothingSentence, whenPaid } from '../bonuses/expectation.ts';
import type { Policy } from '../bonuses/policy.ts';
import { policyInForce } from '../bonuses/policy-queries.ts';
import { firstDayOfPeriod } from '../lib/calendar.ts';
import { countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { idOf, signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { acceptsReferrals, deedsFor, type OpeningDeed, type OpeningState } from './opening.ts';
import {
  COUNTED_UP_TO,
  countReferralsOf,
  getOpeningPage,
  listManagersOfHire,
  type OpeningPage,
} from './opening-queries.ts';

/** The state of an opening as a badge shows it. */
const badges: Record<OpeningState, { kind: string; icon: string }> = {
  draft: { kind: 'waiting', icon: 'pencil' },
  published: { kind: 'done', icon: 'circle-check' },
  paused: { kind: 'waiting', icon: 'player-pause' },
  closed: { kind: 'closed', icon: 'lock' },
};

/** One opening: what it is about, what is the reader's and when, and for recruiters what can be done with it. */
export function openingRoutes(deps: Deps): Router {
  const router = Router();
  const { db } = deps;

  router.get(paths.opening(':id'), signedIn, async (req, res) => {
    const opening = await getOpeningPage(db, idOf(req));
    const recruits = hasRole(req.employee, 'recruiter');
    // A draft is nobody's business yet: for everybody else there is nothing here.
    if (opening.state === 'draft' && !recruits) throw new NotFound('openings.notFound');
    await showOpening(deps, req, res, opening);
  });

  return router;
}

async function showOpening(deps: Deps, req: Request, res: Response, opening: OpeningPage): Promise<void> {
  const { db, clock } = deps;
  const recruits = hasRole(req.employee, 'recruiter');
  const today = await clock.today(db);
  const [policy, managerIds, referrals] = await Promise.all([
    policyInForce(db, today),
    listManagersOfHire(db, opening.hiringManagerId),
    recruits ? countReferralsOf(db, opening.id) : null,
  ]);
  const { t, language } = req;
  const bonus = policy ? bonusModel(req, { opening, policy, managerIds, today }) : null;
  page(req, res, 'openings/show', {
    title: opening.title,
    crumbs: [{ label: t('openings.list.title'), href: paths.openings() }, { label: opening.title }],
    today,
    opening,
    isPublished: acceptsReferrals(opening),
    badge: { ...badges[opening.state], word: t(`openings.state.${opening.state}`) },
    showsBadge: recruits || opening.state !== 'published',
    eyebrow: [opening.department, opening.place || countryName(opening.country, language)].join(' · '),
    lead: bonus && !bonus.nothing ? t('openings.bonus.lead', bonus) : null,
    description: markdownToHtml(opening.description),
    bonus,
    facts: factsOf(req, opening),
    recruits,
    referrals: referrals && {
      all:
        referrals.all > COUNTED_UP_TO
          ? t('openings.show.referralsMany')
          : t('openings.show.referrals', { count: referrals.all }),
      open: t('openings.show.referralsOpen', { count: referrals.open }),
      hasAny: referrals.all > 0,
      href: `${paths.review()}?scope=all&opening=${opening.id}`,
    },
    deeds: recruits ? deedsOf(req, opening) : [],
    canEdit: recruits && opening.state !== 'closed',
  });
}

type BonusFacts = { opening: OpeningPage; policy: Policy; managerIds: number[]; today: Temporal.PlainDate };

function bonusModel({ t, employee }: Request, { opening, policy, managerIds, today }: BonusFacts) {
  const { amount, nothing } = expectation(employee, policy.terms, { ...opening, managerIds });
  const example = exampleCalendar(policy.terms, exampleFirstDay(today));
  return {
    amount,
    whenPaid: whenPaid(t, policy.terms),
    needsWord: policy.terms.confirmation === 'required',
    nothing: nothing && nothingSentence(t, nothing),
    example: { ...example, payrollMonth: firstDayOfPeriod(example.payrollPeriod) },
  };
}

function factsOf({ t, language }: Request, opening: OpeningPage) {
  return [
    { label: t('openings.field.department'), text: opening.department },
    {
      label: t('openings.field.place'),
      text: [opening.place, countryName(opening.country, language)].filter(Boolean).join(', '),
    },
    { label: t('openings.field.employmentType'), text: t(`openings.type.${opening.employmentType}`) },
    ...(opening.level ? [{ label: t('openings.field.level'), text: opening.level }] : []),
    { label: t('openings.show.hiringManager'), text: opening.hiringManagerName },
    { label: t('openings.show.recruiter'), text: opening.recruiterName, href: `mailto:${opening.recruiterEmail}` },
  ];
}

const deedIcons: Record<OpeningDeed, string> = {
  publish: 'send',
  pause: 'player-pause',
  resume: 'player-play',
  close: 'lock',
  reopen: 'lock-open',
};

/** Only what the rule would do is offered: there are no dead buttons. */
function deedsOf({ t }: Request, opening: OpeningPage) {
  return deedsFor(opening).map((deed) => ({
    deed,
    isMain: deed !== 'close' && deed !== 'pause',
    asks: deed === 'close',
    icon: deedIcons[deed],
    label: t(`openings.deed.${deed}`),
    text: t(`openings.deedText.${deed}`),
    action: paths.openingDeed(opening.id, deed),
  }));
}
