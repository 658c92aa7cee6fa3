import { type Request, Router } from 'express';
import { dayOf, isBefore, isOnOrBefore } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { allow, idOf, signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { getPolicyPage, listPolicies, type PolicyRow } from './policy-queries.ts';
import { amountRows, policyCrumbs, termsFacts } from './policy-words.ts';

const COUNTED_UP_TO = 1000;

/** The versions of the policy: the list for admins, each published version for everybody whom it promises something. */
export function policyRoutes(deps: Deps): Router {
  const router = Router();
  const { db, clock } = deps;
  const admin = allow('admin');

  router.get(paths.policies(), admin, async (req, res) => {
    const [policies, today] = await Promise.all([listPolicies(db), clock.today(db)]);
    const rows = policies.map((policy) => ({
      ...policy,
      ...standing(req, policy, today),
      referrals: upTo(req, policy.referralCount),
    }));
    page(req, res, 'programme/policies', {
      title: req.t('programme.policies.title'),
      crumbs: policyCrumbs(req.t),
      today,
      rows,
    });
  });

  router.get(paths.policy(':id'), signedIn, async (req, res) => {
    const [policy, today] = await Promise.all([getPolicyPage(db, idOf(req)), clock.today(db)]);
    const title = req.t('programme.policies.version', { version: String(policy.version) });
    page(req, res, 'programme/policy', {
      title,
      crumbs: [...versionCrumbs(req), { label: title }],
      today,
      policy,
      publishedOn: dayOf(policy.createdAt, clock.timeZone),
      ...standing(req, policy, today),
      referrals: upTo(req, policy.referralCount),
      amounts: amountRows(policy.terms, req.language),
      facts: termsFacts(policy.terms, req.t, req.language),
    });
  });

  return router;
}

/** Only who may open the list of versions is led back to it. */
function versionCrumbs({ t, employee }: Request) {
  return hasRole(employee, 'admin')
    ? policyCrumbs(t, true)
    : [{ label: t('programme.title'), href: paths.programme() }];
}

/** Whether a version counts now, will, or did. */
function standing({ t }: Request, policy: PolicyRow, today: Temporal.PlainDate) {
  if (isBefore(today, policy.countsFrom))
    return { badge: { kind: 'waiting', icon: 'calendar-event', word: t('programme.policies.state.ahead') } };
  const isOver = policy.followedOn !== null && isOnOrBefore(policy.followedOn, today);
  if (isOver) return { badge: { kind: 'closed', icon: 'archive', word: t('programme.policies.state.over') } };
  return { badge: { kind: 'done', icon: 'circle-check', word: t('programme.policies.state.now') } };
}

function upTo({ t }: Request, count: number): string {
  return count > COUNTED_UP_TO ? t('programme.policies.referralsMany') : t('programme.policies.referrals', { count });
}
