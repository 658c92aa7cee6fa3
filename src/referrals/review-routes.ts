import { type Request, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { paths } from '../paths.ts';
import { allow } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { STAGES, type Stage } from './referral.ts';
import { parseReviewFilters, type ReviewFilters, reviewUrl, withReturn } from './review-form.ts';
import { COUNT_END, countReview, listReview, listReviewOpenings, type ReviewCounts } from './review-queries.ts';

/** The inbox: what waits for recruiting, the longest first. Admins read along. */
export function reviewRoutes(deps: Deps): Router {
  const router = Router();
  router.get(paths.review(), allow('recruiter', 'admin'), async (req, res) => {
    page(req, res, 'review/inbox', await inboxModel(deps, req));
  });
  return router;
}

async function inboxModel(deps: Deps, req: Request) {
  const asked = parseReviewFilters(req.query);
  const { id, roles } = req.employee;
  // An admin has no openings in charge: "mine" would always be nearly empty.
  const filters: ReviewFilters = roles.includes('recruiter') ? asked : { ...asked, scope: 'all' };
  const today = await deps.clock.today(deps.db);
  const [list, counts, openings] = await Promise.all([
    listReview(deps.db, filters, id, today),
    countReview(deps.db, filters, id, today),
    listReviewOpenings(deps.db, filters.scope, id),
  ]);
  const here = reviewUrl(filters);
  const turn = (place: Partial<ReviewFilters>) => reviewUrl({ ...filters, after: null, before: null, ...place });
  return {
    title: req.t('review.inbox.title'),
    today,
    filters,
    canDecide: roles.includes('recruiter'),
    tabs: tabsOf(req, filters, counts),
    scopes: (['mine', 'all'] as const).map((scope) => ({
      label: req.t(`review.inbox.scope.${scope}`),
      href: turn({ scope, openingId: null }),
      isHere: filters.scope === scope,
    })),
    openings: openings.map(({ id, title }) => ({ value: id, label: title, isChosen: id === filters.openingId })),
    overdue: counts.overdue,
    overdueText: counted(req, counts.overdue),
    rows: list.rows.map((row) => ({ ...row, href: withReturn(paths.referral(row.referralId), here) })),
    previous: list.previous && turn({ before: list.previous }),
    next: list.next && turn({ after: list.next }),
    empty: emptyOf(req, filters, counts),
  };
}

const counted = (req: Request, count: number): string =>
  count > COUNT_END ? req.t('review.inbox.many') : String(count);

function tabsOf(req: Request, filters: ReviewFilters, counts: ReviewCounts) {
  return STAGES.map((stage: Stage) => ({
    label: req.t(`review.inbox.tab.${stage}`),
    count: counted(req, counts[stage]),
    href: reviewUrl({ ...filters, stage, after: null, before: null }),
    isHere: filters.stage === stage,
  }));
}

/** Why there is nothing, and where there is something. */
function emptyOf(req: Request, filters: ReviewFilters, counts: ReviewCounts) {
  const elsewhere = filters.stage === 'open' ? undefined : STAGES.find((stage) => counts[stage] > 0);
  if (filters.openingId !== null || filters.after || filters.before) {
    const href = reviewUrl({ scope: filters.scope, stage: filters.stage });
    return { name: 'filtered', href, action: req.t('review.inbox.empty.showAll') };
  }
  if (filters.scope === 'mine' && filters.stage === 'received') {
    return { name: 'mine', href: reviewUrl({ scope: 'all' }), action: req.t('review.inbox.empty.showOthers') };
  }
  if (elsewhere) {
    const href = reviewUrl({ scope: filters.scope, stage: elsewhere });
    return { name: 'stage', href, action: req.t(`review.inbox.tab.${elsewhere}`) };
  }
  return { name: 'all', href: paths.openings(), action: req.t('review.inbox.empty.openings') };
}
