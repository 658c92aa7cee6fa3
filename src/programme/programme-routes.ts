import { type Request, Router } from 'express';
import { exampleCalendar, exampleFirstDay, whenPaid } from '../bonuses/expectation.ts';
import type { PolicyTerms } from '../bonuses/policy.ts';
import { findUpcomingPolicy, policyInForce } from '../bonuses/policy-queries.ts';
import { amountRows } from '../bonuses/policy-words.ts';
import { firstDayOfPeriod } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';

/** "How it works": the policy in force, told to employees. */
export function programmeRoutes(deps: Deps): Router {
  const router = Router();
  const { db, clock } = deps;

  router.get(paths.programme(), signedIn, async (req, res) => {
    const today = await clock.today(db);
    const [policy, upcoming] = await Promise.all([policyInForce(db, today), findUpcomingPolicy(db, today)]);
    page(req, res, 'programme/show', {
      title: req.t('programme.title'),
      today,
      isAdmin: hasRole(req.employee, 'admin'),
      policy,
      upcoming,
      guide: policy && guideOf(req, policy.terms, today),
    });
  });

  return router;
}

function guideOf(req: Request, terms: PolicyTerms, today: Temporal.PlainDate) {
  const { t, language } = req;
  const amounts = amountRows(terms, language);
  const example = exampleCalendar(terms, exampleFirstDay(today));
  return {
    steps: stepsOf(req, terms),
    amounts,
    oneAmount: amounts.length === 1 ? amounts[0]?.money : null,
    whenPaid: whenPaid(t, terms),
    example: { ...example, payrollMonth: firstDayOfPeriod(example.payrollPeriod) },
    needsWord: terms.confirmation === 'required',
    hasExtraDays: terms.extraDays > 0,
    cutoffDay: terms.payrollCutoffDay,
    nobody: whoReceivesNothing(req, terms),
    ownership: t('programme.guide.afterwards.ownership', { count: terms.ownershipMonths }),
  };
}

function stepsOf({ t }: Request, terms: PolicyTerms) {
  const days = terms.firstAnswerWorkingDays;
  const answer =
    days === 0 ? t('programme.guide.step.answerSameDay') : t('programme.guide.step.answer', { count: days });
  return [
    { icon: 'send', title: t('programme.guide.step.recommendTitle'), text: t('programme.guide.step.recommend') },
    { icon: 'message-circle', title: t('programme.guide.step.answerTitle'), text: answer },
    { icon: 'route', title: t('programme.guide.step.followTitle'), text: t('programme.guide.step.follow') },
    { icon: 'gift', title: t('programme.guide.step.bonusTitle'), text: t('programme.guide.step.bonus') },
  ];
}

function whoReceivesNothing({ t }: Request, terms: PolicyTerms): string[] {
  return [
    ...terms.excludedFunctions.map((role) => t(`programme.guide.nobody.${role}`)),
    ...(terms.excludeReportingChain === 'no' ? [] : [t(`programme.guide.nobody.${terms.excludeReportingChain}`)]),
    ...(terms.underNotice === 'excluded' ? [t('programme.guide.nobody.notice')] : []),
    t('programme.guide.nobody.left'),
    t('programme.guide.nobody.second'),
    t('programme.guide.nobody.probation'),
  ];
}
