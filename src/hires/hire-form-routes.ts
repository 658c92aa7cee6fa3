import { type Request, type Response, Router } from 'express';
import { dueOn } from '../bonuses/bonus.ts';
import { amountFor } from '../bonuses/policy.ts';
import { countryCodes, countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused } from '../lib/errors.ts';
import type { Form } from '../lib/form.ts';
import { formatMonths, type Language } from '../lib/format.ts';
import { paths } from '../paths.ts';
import { listExportedPeriods } from '../payroll/payroll-queries.ts';
import { payrollPeriodsFor } from '../payroll/promise.ts';
import { EMPLOYMENT_TYPES } from '../people/employee.ts';
import { isOpen, isOwn } from '../referrals/referral.ts';
import { parseReturn, withReturn } from '../referrals/review-form.ts';
import { findReviewSubject, type ReviewSubject } from '../referrals/review-queries.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { type HireForm, parseHireForm } from './hire-form.ts';
import {
  findManager,
  getHireProposal,
  type HireProposal,
  listHireSuggestions,
  listManagerOptions,
} from './hire-queries.ts';
import { checkHire, type RecordHireRefusal, recordHire } from './record-hire-service.ts';

const sentences: Record<RecordHireRefusal, string> = {
  alreadyHired: 'hires.refused.alreadyHired',
  alreadyEnded: 'hires.refused.alreadyEnded',
  alreadyRecommended: 'review.refused.alreadyRecommended',
  ownReferral: 'review.refused.ownReferral',
  movedMeanwhile: 'hires.refused.movedMeanwhile',
  worksHere: 'hires.refused.worksHere',
  startsBeforeReferral: 'hires.errors.startsBeforeReferral',
  endsBeforeFirstDay: 'hires.errors.endsBeforeFirstDay',
  tooLong: 'hires.errors.tooLong',
};

type Bad = Extract<Form<unknown>, { ok: false }>;
type Shown = Pick<Bad, 'values' | 'errors'>;

/** The form that turns a referral into a hire. */
export function hireFormRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.referralHire(':id'), allow('recruiter'), async (req, res) => {
    const subject = await openSubject(deps, req);
    const proposal = await getHireProposal(deps.db, subject.referralId);
    const { department, country, level, employmentType, managerEmail: manager, terms } = proposal;
    const probation = { probationBy: 'months', probationMonths: String(terms.probationMonths), probationEndsOn: '' };
    const values = { madeFor: subject.stage, firstDayOn: '', ...probation, level, country, department, employmentType };
    await formPage(deps, req, res, { subject, proposal, form: { values: { ...values, manager }, errors: {} } });
  });

  router.post(paths.referralHire(':id'), allow('recruiter'), async (req, res) => {
    const subject = await openSubject(deps, req);
    const proposal = await getHireProposal(deps.db, subject.referralId);
    const form = parseHireForm(req.body);
    if (!form.ok) return formPage(deps, req, res, { subject, proposal, form }, 422);
    const again = (field: string, key: string) => {
      const form: Shown = { values: req.body, errors: { [field]: { key } } };
      return formPage(deps, req, res, { subject, proposal, form }, 422);
    };
    const { manager: typedManager, probationEndsOn, ...asked } = form.value;
    const manager = typedManager ? await findManager(deps.db, typedManager, await deps.clock.today(deps.db)) : null;
    if (typedManager && !manager) return again('manager', 'hires.errors.manager');
    const who = { referralId: subject.referralId, managerId: manager?.id ?? null };
    const wish = { ...asked, ...who };
    // What recording would refuse, counting refuses too: nobody is promised a day that can't be.
    const counting = req.body.step === 'count' ? await checkHire(deps, req.employee, wish) : null;
    if (counting?.ok) {
      const counted = { subject, proposal, form: { values: req.body, errors: {} }, counted: form.value };
      return formPage(deps, req, res, counted);
    }
    const answer = counting ?? (await recordHire(deps, req.employee, wish));
    if (answer.ok) {
      const key = answer.value.bonus ? 'recorded' : 'recordedWithoutBonus';
      const ends = answer.value.probationEndsOn;
      flash(res, 'good', `hires.flash.${key}`, { candidate: subject.candidateName, ends });
      return res.redirect(303, paths.hire(answer.value.hireId));
    }
    if (answer.reason === 'startsBeforeReferral') return again('firstDayOn', sentences[answer.reason]);
    throw new Refused(sentences[answer.reason], {}, paths.referral(subject.referralId));
  });

  return router;
}

async function openSubject(deps: Deps, req: Request): Promise<ReviewSubject> {
  const subject = await findReviewSubject(deps.db, idOf(req));
  if (!subject) throw new NotFound();
  const backTo = paths.referral(subject.referralId);
  if (isOwn(req.employee.id, [subject.referrerId])) throw new Refused(sentences.ownReferral, {}, backTo);
  if (isOpen(subject)) return subject;
  if (subject.hireId !== null) throw new Refused(sentences.alreadyHired, {}, paths.hire(subject.hireId));
  const reason = subject.alreadyRecommended ? 'alreadyRecommended' : 'alreadyEnded';
  throw new Refused(sentences[reason], {}, backTo);
}

type FormPage = { subject: ReviewSubject; proposal: HireProposal; form: Shown; counted?: HireForm };

async function formPage(
  deps: Deps,
  req: Request,
  res: Response,
  { subject, proposal, form, counted }: FormPage,
  status = 200,
): Promise<void> {
  const today = await deps.clock.today(deps.db);
  const [words, managers, exported] = await Promise.all([
    listHireSuggestions(deps.db),
    listManagerOptions(deps.db, today),
    listExportedPeriods(deps.db),
  ]);
  const from = parseReturn(req.body?.from ?? req.query.from);
  const back = withReturn(paths.referral(subject.referralId), from);
  const params = { candidate: subject.candidateName, referrer: subject.referrerName };
  const model = {
    title: req.t('hires.form.title', params),
    lead: req.t('hires.form.lead', params),
    crumbs: [
      { label: req.t('review.inbox.title'), href: from ?? paths.review() },
      { label: subject.candidateName, href: back },
      { label: req.t('hires.form.crumb') },
    ],
    area: 'review' as const,
    today,
    subject,
    form,
    from: from ?? '',
    back,
    countries: countryOptions(words.countries, req.language),
    employmentTypes: EMPLOYMENT_TYPES.map((value) => ({ value, label: req.t(`hires.employmentType.${value}`) })),
    ways: (['months', 'date'] as const).map((value) => ({ value, label: req.t(`hires.form.by.${value}`) })),
    levels: words.levels,
    departments: words.departments,
    managers,
    counted: counted ? outlook(counted, proposal, req.language, { today, exported: new Set(exported) }) : null,
  };
  page(req, res, 'hires/form', model, status);
}

/** What follows from what was typed: the last day of probation, and when which bonus would be paid. */
function outlook(
  form: HireForm,
  { terms }: HireProposal,
  language: Language,
  now: { today: Temporal.PlainDate; exported: ReadonlySet<string> },
) {
  const due = dueOn(form, terms);
  return {
    endsOn: form.probationEndsOn,
    dueOn: due,
    amount: amountFor(terms, form).money,
    months: formatMonths(payrollPeriodsFor({ ...now, dueOn: due }, terms), language),
    needsWord: terms.confirmation === 'required',
  };
}

/** The countries that the company knows first, then all others. */
function countryOptions(known: readonly string[], language: Language) {
  const rest = countryCodes().filter((code) => !known.includes(code));
  const byName = (codes: readonly string[]) =>
    codes
      .map((value) => ({ value, label: countryName(value, language) }))
      .sort((a, b) => a.label.localeCompare(b.label, language));
  return [...byName(known), ...byName(rest)];
}
