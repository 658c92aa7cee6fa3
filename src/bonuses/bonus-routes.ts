import { type Request, type Response, Router } from 'express';
import { listHistoryAbout } from '../history/history-queries.ts';
import { later } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { Forbidden, NotFound, Refused } from '../lib/errors.ts';
import type { Form } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf, signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { canHold, canRelease, type HoldRefusal, type ReleaseRefusal } from './bonus.ts';
import { parseHoldForm } from './bonus-form.ts';
import { findShownBonus, type ShownBonus } from './bonus-queries.ts';
import { holdBonus, releaseBonus } from './bonus-service.ts';
import { bonusBadge, bonusStory, holdReason, monthOf, whyLines } from './bonus-words.ts';

const refusals: Record<HoldRefusal | ReleaseRefusal, string> = {
  alreadyHeld: 'bonuses.refused.alreadyHeld',
  alreadyForfeited: 'bonuses.refused.alreadyForfeited',
  alreadyExported: 'bonuses.refused.alreadyExported',
  alreadyPaid: 'bonuses.refused.alreadyPaid',
  notHeld: 'bonuses.refused.notHeld',
};

/** A bonus and its "why", for who it concerns; hold and release for payroll. */
export function bonusRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.bonus(':id'), signedIn, async (req, res) => {
    await showBonus(deps, req, res, { values: {}, errors: {} });
  });

  router.post(paths.bonusHold(':id'), allow('payroll', 'admin'), async (req, res) => {
    const id = idOf(req);
    const form = parseHoldForm(req.body);
    if (!form.ok) return showBonus(deps, req, res, form, 422);
    const answer = await holdBonus(deps, req.employee, { bonusId: id, reason: form.value.reason });
    if (!answer.ok) throw new Refused(refusals[answer.reason], {}, paths.bonus(id));
    flash(res, 'good', 'bonuses.flash.held');
    res.redirect(303, paths.bonus(id));
  });

  router.post(paths.bonusRelease(':id'), allow('payroll', 'admin'), async (req, res) => {
    const id = idOf(req);
    const answer = await releaseBonus(deps, req.employee, { bonusId: id });
    if (!answer.ok) throw new Refused(refusals[answer.reason], {}, paths.bonus(id));
    flash(res, 'good', 'bonuses.flash.released');
    res.redirect(303, paths.bonus(id));
  });

  return router;
}

type HoldForm = Extract<Form<unknown>, { ok: false }> | { values: Record<string, string>; errors: object };

async function showBonus(
  { db, clock }: Deps,
  req: Request,
  res: Response,
  form: HoldForm,
  status = 200,
): Promise<void> {
  const today = await clock.today(db);
  const bonus = await findShownBonus(db, idOf(req), today);
  if (!bonus) throw new NotFound();
  const isMine = bonus.beneficiaryId === req.employee.id;
  if (!isMine && !hasRole(req.employee, 'recruiter', 'payroll', 'admin')) throw new Forbidden();
  const history = await listHistoryAbout(db, 'bonus', bonus.id);
  const mayHold = hasRole(req.employee, 'payroll', 'admin');
  const seesReferral = isMine || hasRole(req.employee, 'recruiter', 'admin');
  const { t, language } = req;
  const decided = bonus.awardedOn || bonus.forfeitedOn ? 'Decided' : 'Open';
  page(
    req,
    res,
    'bonuses/show',
    {
      title: isMine
        ? t('bonuses.show.titleMine', { sum: bonus.amount })
        : t('bonuses.show.title', { sum: bonus.amount, name: bonus.beneficiaryName }),
      lead: leadOf(req, bonus, today),
      area: isMine ? 'home' : mayHold ? 'payroll' : 'hires',
      crumbs: crumbsOf(req, bonus, { isMine, mayHold }),
      badge: bonusBadge(t, bonus.state),
      today,
      form,
      bonus,
      lines: whyLines(t, bonus.why),
      sum: bonus.forfeitedOn ? { ...bonus.amount, minor: 0 } : bonus.amount,
      sumLabel: t(bonus.forfeitedOn ? 'bonuses.show.sumForfeited' : 'bonuses.facts.amount'),
      whyTitle: t(`bonuses.show.why${decided}`),
      whyLead: t(`bonuses.show.whyLead${decided}`),
      held: bonus.heldAt
        ? { at: bonus.heldAt, reason: mayHold ? holdReason(t, bonus) : t('bonuses.held.quietly') }
        : null,
      facts: factsOf(req, bonus, { isMine, seesReferral, mayHold }),
      story: bonusStory(t, language, history, { withNames: mayHold }),
      hold:
        mayHold && canHold(bonus).ok
          ? {
              action: paths.bonusHold(bonus.id),
              text: t(bonus.awardedOn ? 'bonuses.hold.textAwarded' : 'bonuses.hold.text'),
            }
          : null,
      release: mayHold && canRelease(bonus).ok ? { action: paths.bonusRelease(bonus.id) } : null,
    },
    status,
  );
}

function crumbsOf(
  { t }: Request,
  { hireId, referralId, candidateName }: ShownBonus,
  { isMine, mayHold }: { isMine: boolean; mayHold: boolean },
): { label: string; href?: string }[] {
  const here = { label: t('bonuses.show.crumb') };
  if (mayHold && !isMine) return [{ label: t('payroll.list.title'), href: paths.payroll() }, here];
  if (isMine) {
    const mine = { label: t('referrals.mine.title'), href: paths.myReferrals() };
    return [mine, { label: candidateName, href: paths.referral(referralId) }, here];
  }
  const hires = { label: t('hires.list.title'), href: paths.hires() };
  return [hires, { label: candidateName, href: paths.hire(hireId) }, here];
}

/** What it means for the beneficiary, in one sentence. */
function leadOf({ t, language }: Request, bonus: ShownBonus, today: Temporal.PlainDate): string {
  const month = bonus.payrollPeriod ? monthOf(bonus.payrollPeriod, language) : '';
  const leavesOn = bonus.leftOn && later(bonus.leftOn, today);
  const params = {
    ...bonus,
    month,
    leavesOn,
    reason: bonus.forfeitReason ? t(`bonuses.forfeit.${bonus.forfeitReason}`) : '',
  };
  const isOpenEnded = bonus.state === 'promised' && !month;
  return t(`bonuses.lead.${isOpenEnded ? 'promisedOpen' : bonus.state}`, params);
}

function factsOf(
  { t, language }: Request,
  bonus: ShownBonus,
  reader: { isMine: boolean; seesReferral: boolean; mayHold: boolean },
): Record<string, unknown>[] {
  const month = bonus.payrollPeriod ? monthOf(bonus.payrollPeriod, language) : null;
  const isLost = bonus.forfeitedOn !== null || bonus.state === 'willForfeit';
  const sealed = bonus.state === 'exported' ? { note: t('bonuses.facts.sealed') } : {};
  const run = reader.mayHold && bonus.runId ? { href: paths.payrollRun(bonus.runId) } : {};
  return [
    { label: t('bonuses.facts.amount'), money: bonus.amount },
    ...(reader.isMine ? [] : [{ label: t('bonuses.facts.beneficiary'), text: bonus.beneficiaryName }]),
    ...(reader.seesReferral
      ? [
          {
            label: t('bonuses.facts.referral'),
            text: bonus.candidateName,
            href: paths.referral(bonus.referralId),
            note: bonus.openingTitle,
          },
        ]
      : []),
    { label: t('bonuses.facts.probationEnds'), day: bonus.probationEndsOn },
    ...(isLost ? [] : [{ label: t('bonuses.facts.due'), day: bonus.dueOn }]),
    ...(month
      ? [
          {
            label: t(bonus.runId ? 'bonuses.facts.month' : 'bonuses.facts.monthExpected'),
            text: month,
            ...run,
            ...sealed,
          },
        ]
      : []),
    ...(bonus.awardedOn ? [{ label: t('bonuses.facts.awarded'), day: bonus.awardedOn }] : []),
    ...(bonus.paidOn ? [{ label: t('bonuses.facts.paid'), day: bonus.paidOn }] : []),
    { label: t('bonuses.facts.promised'), daytime: bonus.promisedAt },
    {
      label: t('bonuses.facts.policy'),
      text: t('bonuses.facts.version', { version: String(bonus.policyVersion) }),
      href: paths.policy(bonus.policyId),
    },
  ];
}
