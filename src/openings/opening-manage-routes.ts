import { type Request, Router } from 'express';
import { dayOf } from '../lib/calendar.ts';
import { countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { Refused } from '../lib/errors.ts';
import { paths } from '../paths.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { OPENING_DEEDS, OPENING_STATES, type OpeningRefusal, type OpeningState } from './opening.ts';
import { readFilter, readState } from './opening-filter.ts';
import { COUNTED_UP_TO, listManagedOpenings, type ManagedList } from './opening-queries.ts';
import { changeOpeningState } from './opening-service.ts';

const refusals: Record<OpeningRefusal, string> = {
  stillDraft: 'openings.refused.stillDraft',
  alreadyPublished: 'openings.refused.alreadyPublished',
  isPaused: 'openings.refused.isPaused',
  alreadyPaused: 'openings.refused.alreadyPaused',
  notPaused: 'openings.refused.notPaused',
  isClosed: 'openings.refused.isClosed',
  alreadyClosed: 'openings.refused.alreadyClosed',
  notClosed: 'openings.refused.notClosed',
};

/** The list by state, and the deeds that lead from one to the next: recruiters only. Mounted before the page of an opening. */
export function openingManageRoutes(deps: Deps): Router {
  const router = Router();
  const { db, clock } = deps;

  router.get(paths.openingsManage(), allow('recruiter'), async (req, res) => {
    const state = readState(req.query);
    const q = readFilter(req.query).q;
    const before = /^\d{1,15}$/.test(String(req.query.before)) ? Number(req.query.before) : null;
    const list = await listManagedOpenings(db, { state, q, before });
    page(req, res, 'openings/manage', manageModel(req, { state, q, before, list, timeZone: clock.timeZone }));
  });

  for (const deed of OPENING_DEEDS) {
    router.post(paths.openingDeed(':id', deed), allow('recruiter'), async (req, res) => {
      const id = idOf(req);
      const done = await changeOpeningState(deps, req.employee, id, deed);
      if (!done.ok) throw new Refused(refusals[done.reason], {}, paths.opening(id));
      flash(res, 'good', `openings.flash.${deed}`, { title: done.value.title });
      res.redirect(303, paths.opening(id));
    });
  }

  return router;
}

type ManageFacts = {
  state: OpeningState;
  q: string;
  before: number | null;
  list: ManagedList;
  timeZone: string;
};

function manageModel(req: Request, { state, q, before, list, timeZone }: ManageFacts) {
  const { t, language } = req;
  const href = (params: Record<string, string>): string => {
    const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== ''));
    return `${paths.openingsManage()}?${query}`;
  };
  const last = list.rows.at(-1);
  return {
    title: t('openings.manage.title'),
    crumbs: [{ label: t('openings.list.title'), href: paths.openings() }, { label: t('openings.manage.title') }],
    state,
    q,
    tabs: OPENING_STATES.map((one) => ({
      state: one,
      word: t(`openings.manage.tab.${one}`),
      href: href({ state: one, q }),
      isHere: one === state,
      count: upTo(req, list.counts[one]),
    })),
    rows: list.rows.map((row) => ({
      ...row,
      where: [row.place, countryName(row.country, language)].filter(Boolean).join(', '),
      referrals: row.referralCount > COUNTED_UP_TO ? upTo(req, row.referralCount) : row.referralCount,
      publishedOn: row.publishedAt && dayOf(row.publishedAt, timeZone),
    })),
    hasAny: Object.values(list.counts).some((count) => count > 0),
    previous: before === null ? null : href({ state, q }),
    next: list.hasNext && last ? href({ state, q, before: String(last.id) }) : null,
  };
}

function upTo({ t }: Request, count: number): string {
  return count > COUNTED_UP_TO ? t('openings.thousandPlus') : String(count);
}
