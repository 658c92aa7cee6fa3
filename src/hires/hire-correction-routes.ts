import { type Request, type Response, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused } from '../lib/errors.ts';
import type { Form } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { isOwn } from '../referrals/referral.ts';
import { findReviewSubject } from '../referrals/review-queries.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { parseFirstDayForm, parseTakeBackForm } from './hire-form.ts';
import { findHirePage, type HireBonus, type HirePage, listHireBonuses, listHireEvents } from './hire-queries.ts';
import { type Corrections, correctionsOf, creditedFor } from './probation-deeds.ts';
import {
  type ChangeFirstDayRefusal,
  changeFirstDayOfHire,
  type TakeBackRefusal,
  takeHireBack,
} from './record-hire-service.ts';

const sentences: Record<ChangeFirstDayRefusal | TakeBackRefusal, string> = {
  ownReferral: 'review.refused.ownReferral',
  alreadyExtended: 'hires.correct.refused.alreadyExtended',
  alreadyPassed: 'hires.correct.refused.alreadyPassed',
  alreadyLeft: 'hires.correct.refused.alreadyLeft',
  bonusDecided: 'hires.correct.refused.bonusDecided',
  bonusHeld: 'hires.correct.refused.bonusHeld',
  recommendedAgain: 'hires.correct.refused.recommendedAgain',
  changedMeanwhile: 'hires.correct.refused.changedMeanwhile',
  worksHere: 'hires.refused.worksHere',
  startsBeforeReferral: 'hires.errors.startsBeforeReferral',
  sameDays: 'hires.errors.sameDays',
  endsBeforeFirstDay: 'hires.errors.endsBeforeFirstDay',
  tooLong: 'hires.errors.tooLong',
};
/** Refusals of the day that was typed: they stand by its field, and what was typed is kept. */
const ofTheDay: ReadonlySet<string> = new Set(['startsBeforeReferral', 'sameDays', 'endsBeforeFirstDay', 'tooLong']);

type Shown = Pick<Extract<Form<unknown>, { ok: false }>, 'values' | 'errors'>;
type Case = { hire: HirePage; bonuses: HireBonus[]; today: Temporal.PlainDate };

/** What was recorded of the hire itself was a slip, or the day was put off: another first day, or no hire at all. */
export function hireCorrectionRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.hireFirstDay(':id'), allow('recruiter'), async (req, res) => {
    const the = await openCase(deps, req, 'firstDay');
    firstDayPage(req, res, the, { values: startOf(the.hire), errors: {} });
  });

  router.post(paths.hireFirstDay(':id'), allow('recruiter'), async (req, res) => {
    const the = await openCase(deps, req, 'firstDay');
    const form = parseFirstDayForm(req.body);
    if (!form.ok) return firstDayPage(req, res, the, form, 422);
    const { hireId, candidateName } = the.hire;
    const { seenOn, firstDayOn, probation } = form.value;
    const answer = await changeFirstDayOfHire(deps, req.employee, { hireId, seenOn, firstDayOn, probation });
    if (!answer.ok) {
      if (!ofTheDay.has(answer.reason)) throw refused(the.hire, answer.reason);
      const errors = { firstDayOn: { key: sentences[answer.reason] } };
      return firstDayPage(req, res, the, { values: req.body, errors }, 422);
    }
    const { firstDayOn: first, probationEndsOn: ends } = answer.value.hire;
    flash(res, 'good', 'hires.flash.firstDay', { candidate: candidateName, first, ends });
    res.redirect(303, paths.hire(hireId));
  });

  router.get(paths.hireTakeBack(':id'), allow('recruiter'), async (req, res) => {
    const the = await openCase(deps, req, 'takeBack');
    const subject = await findReviewSubject(deps.db, the.hire.referralId);
    const promised = the.bonuses
      .filter(({ forfeitedAt }) => forfeitedAt === null)
      .map(({ beneficiaryName: who, amount: sum }) => req.t('hires.takeBack.bonus', { who, sum }));
    const stage = req.t(`referrals.stage.${subject?.stage ?? 'offer'}`);
    page(req, res, 'hires/take-back', {
      ...modelOf(req, the, 'takeBack'),
      seenOn: the.hire.firstDayOn.toString(),
      stage,
      promised,
    });
  });

  router.post(paths.hireTakeBack(':id'), allow('recruiter'), async (req, res) => {
    const the = await openCase(deps, req, 'takeBack');
    const form = parseTakeBackForm(req.body);
    if (!form.ok) throw refused(the.hire, 'changedMeanwhile');
    const asked = { hireId: the.hire.hireId, ...form.value };
    const answer = await takeHireBack(deps, req.employee, asked);
    if (!answer.ok) throw refused(the.hire, answer.reason);
    flash(res, 'good', 'hires.flash.takeBack', { candidate: the.hire.candidateName });
    res.redirect(303, paths.referral(answer.value.referralId));
  });

  return router;
}

async function openCase(deps: Deps, req: Request, deed: keyof Corrections): Promise<Case> {
  const today = await deps.clock.today(deps.db);
  const hire = await findHirePage(deps.db, idOf(req), today);
  if (!hire) throw new NotFound();
  const [events, bonuses] = await Promise.all([
    listHireEvents(deps.db, hire.hireId),
    listHireBonuses(deps.db, hire.hireId),
  ]);
  if (isOwn(req.employee.id, creditedFor(hire, bonuses))) throw refused(hire, 'ownReferral');
  const blocked = correctionsOf(hire, events, bonuses)[deed];
  if (blocked) throw refused(hire, blocked);
  return { hire, bonuses, today };
}

function refused(hire: HirePage, reason: keyof typeof sentences): Refused {
  return new Refused(sentences[reason], { first: hire.firstDayOn }, paths.hire(hire.hireId));
}

/** The days as they stand: months where it was counted in months, so that only the first day needs typing. */
function startOf({ firstDayOn, probationMonths: months, probationEndsOn }: HirePage): Record<string, string> {
  return {
    seenOn: firstDayOn.toString(),
    firstDayOn: firstDayOn.toString(),
    probationBy: months === null ? 'date' : 'months',
    probationMonths: months === null ? '' : String(months),
    probationEndsOn: months === null ? probationEndsOn.toString() : '',
  };
}

function modelOf(req: Request, { hire, today }: Case, deed: keyof Corrections) {
  const params = { candidate: hire.candidateName, first: hire.firstDayOn, ends: hire.probationEndsOn };
  return {
    title: req.t(`hires.${deed}.title`, params),
    lead: req.t(`hires.${deed}.lead`, params),
    crumbs: [
      { label: req.t('hires.list.title'), href: paths.hires() },
      { label: hire.candidateName, href: paths.hire(hire.hireId) },
      { label: req.t(`hires.${deed}.crumb`) },
    ],
    today,
    hire,
  };
}

function firstDayPage(req: Request, res: Response, the: Case, form: Shown, status = 200): void {
  const model = {
    ...modelOf(req, the, 'firstDay'),
    form,
    hint: req.t('hires.firstDay.hint', { first: the.hire.firstDayOn }),
    ways: (['months', 'date'] as const).map((value) => ({ value, label: req.t(`hires.form.by.${value}`) })),
  };
  page(req, res, 'hires/first-day', model, status);
}
