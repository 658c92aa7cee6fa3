import { type Request, Router } from 'express';
import { expectation, nothingSentence, nothingToExpect, whenPaid } from '../bonuses/expectation.ts';
import type { Policy } from '../bonuses/policy.ts';
import { policyInForce } from '../bonuses/policy-queries.ts';
import { isBefore } from '../lib/calendar.ts';
import { countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { formatList, formatMoney, formatMonths } from '../lib/format.ts';
import type { Translate } from '../lib/words.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { stateWord, stepsOf } from '../referrals/referral-steps.ts';
import { signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import {
  COUNTED_UP_TO,
  findHome,
  findWaiting,
  type HomeOpening,
  type HomeReferral,
  type Waiting,
} from './home-queries.ts';
import { mineOf } from './home-words.ts';

/** Three questions at a glance: whom could I recommend, how are mine doing, what is mine. */
export function homeRoutes(deps: Deps): Router {
  const router = Router();
  const { db, clock } = deps;

  router.get(paths.home(), signedIn, async (req, res) => {
    const { employee, language, t } = req;
    const today = await clock.today(db);
    const looksAfter = {
      recruits: hasRole(employee, 'recruiter'),
      pays: hasRole(employee, 'payroll'),
      administers: hasRole(employee, 'admin'),
    };
    const hasWork = Object.values(looksAfter).some(Boolean);
    const [home, policy, waiting] = await Promise.all([
      findHome(db, employee.id),
      policyInForce(db, today),
      hasWork ? findWaiting(db, employee.id, looksAfter, today) : null,
    ]);
    // Of no opening in particular: what somebody is, and not whom they lead.
    const nothing = policy && nothingToExpect(employee, policy.terms, []);
    page(req, res, 'home', {
      title: t('home.title'),
      today,
      greeting: t('home.greeting', { name: firstName(employee.fullName) }),
      work: waiting ? workOf(req, waiting) : [],
      openings: home.openings.map((opening) => openingModel(req, opening, policy)),
      whenPaid: policy && whenPaid(t, policy.terms),
      referrals: home.referrals.map((referral) => referralModel(req, referral, { today, timeZone: clock.timeZone })),
      hasMoreReferrals: home.hasMoreReferrals,
      mine: mineOf(t, language, home.bonuses, { today, exported: home.exported }),
      nothing: nothing && nothingSentence(t, nothing),
    });
  });

  return router;
}

function firstName(fullName: string): string {
  return fullName.trim().split(/\s+/)[0] ?? fullName;
}

function openingModel({ language, employee }: Request, opening: HomeOpening, policy: Policy | null) {
  return {
    ...opening,
    where: [opening.department, opening.place || countryName(opening.country, language)].join(' · '),
    bonus: policy && expectation(employee, policy.terms, opening).amount,
  };
}

function referralModel(
  { t }: Request,
  referral: HomeReferral,
  { today, timeZone }: { today: Temporal.PlainDate; timeZone: string },
) {
  const { kind, key } = stateWord(referral);
  const isWaiting = referral.outcome === null && referral.answeredAt === null && !referral.alreadyRecommended;
  const steps = referral.alreadyRecommended ? null : stepsOf(referral, timeZone);
  return {
    id: referral.id,
    name: referral.candidateName,
    opening: referral.openingTitle ?? t('referrals.general'),
    state: { kind, word: t(key) },
    wait: isWaiting ? waitOf(t, referral.firstAnswerDueOn, today) : null,
    steps: steps?.map((step) => ({ ...step, word: t(step.key) })) ?? null,
  };
}

/** A promise whose day is over is none: then it is said that it was not kept, and what is done about it. */
function waitOf(t: Translate, day: Temporal.PlainDate, today: Temporal.PlainDate): string {
  return t(isBefore(day, today) ? 'home.referrals.late' : 'home.referrals.answerBy', { day });
}

type Work = { readonly kind: string; readonly icon: string; readonly href: string; readonly text: string };

/** What waits for those who look after the programme; nothing is said of what is in order. */
function workOf(req: Request, waiting: Waiting): Work[] {
  const late = waiting.overdue ?? 0;
  const inTime = Math.max((waiting.unanswered ?? 0) - late, 0);
  return [
    counted(req, 'overdue', late, { kind: 'needs', icon: 'alert-triangle', href: paths.review() }),
    counted(req, 'unanswered', inTime, { kind: 'waiting', icon: 'inbox', href: paths.review() }),
    counted(req, 'unconfirmed', waiting.unconfirmed, { kind: 'waiting', icon: 'calendar-check', href: paths.hires() }),
    openRun(req, waiting.run),
    counted(req, 'undelivered', waiting.undelivered, { kind: 'needs', icon: 'mail-x', href: paths.outbox() }),
    counted(req, 'held', waiting.held, { kind: 'needs', icon: 'hand-stop', href: paths.payroll() }),
  ].filter((work) => work !== null);
}

function counted({ t }: Request, what: string, count: number | null, look: Omit<Work, 'text'>): Work | null {
  if (!count) return null;
  const shown = count > COUNTED_UP_TO ? `${COUNTED_UP_TO}+` : String(count);
  return { ...look, text: t(`home.work.${what}`, { count, shown }) };
}

function openRun({ t, language }: Request, run: Waiting['run']): Work | null {
  if (!run) return null;
  const sums = formatList(
    run.totals.map((sum) => formatMoney(sum, language, true)),
    language,
  );
  const params = { month: formatMonths([run.period], language), count: run.count, sums, day: run.cutOffOn };
  const text = t(run.count === 0 ? 'home.work.runEmpty' : 'home.work.run', params);
  return { kind: 'moving', icon: 'cash', href: paths.payrollRun(run.id), text };
}
