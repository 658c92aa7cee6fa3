import { type Request, type Response, Router } from 'express';
import { exampleCalendar, exampleFirstDay, nothingToExpect, whenPaid } from '../bonuses/expectation.ts';
import { amountFor, type Policy } from '../bonuses/policy.ts';
import { policyInForce } from '../bonuses/policy-queries.ts';
import { dayOf, firstDayOfPeriod } from '../lib/calendar.ts';
import { type Choice, countryChoices, countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused } from '../lib/errors.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf, signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import {
  acceptsReferrals,
  deedsFor,
  OPENING_DEEDS,
  OPENING_STATES,
  type OpeningDeed,
  type OpeningRefusal,
  type OpeningState,
} from './opening.ts';
import { filterQuery, type OpeningFilter, readCursor, readFilter, readState, writeCursor } from './opening-filter.ts';
import {
  browseOpenings,
  COUNTED_UP_TO,
  countReferralsOf,
  getOpeningPage,
  listManagedOpenings,
  listManagersOfHire,
  listOpeningChoices,
  type ManagedList,
  type OpeningChoices,
  type OpeningList,
  type OpeningPage,
  type OpeningRow,
} from './opening-queries.ts';
import { changeOpeningState } from './opening-service.ts';

/** The state of an opening as a badge shows it. */
const badges: Record<OpeningState, { kind: string; icon: string }> = {
  draft: { kind: 'waiting', icon: 'pencil' },
  published: { kind: 'done', icon: 'circle-check' },
  paused: { kind: 'waiting', icon: 'player-pause' },
  closed: { kind: 'closed', icon: 'lock' },
};

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

/** Browsing and reading for everybody; the list by state and the deeds for recruiters. */
export function openingRoutes(deps: Deps): Router {
  const router = Router();
  const { db, clock } = deps;

  router.get(paths.openings(), signedIn, async (req, res) => {
    const today = await clock.today(db);
    const filter = readFilter(req.query);
    const [list, choices, policy] = await Promise.all([
      browseOpenings(db, filter, readCursor(req.query)),
      listOpeningChoices(db),
      policyInForce(db, today),
    ]);
    page(req, res, 'openings/list', listModel(req, { filter, list, choices, policy, today }));
  });

  router.get(paths.openingsManage(), allow('recruiter'), async (req, res) => {
    const state = readState(req.query);
    const q = readFilter(req.query).q;
    const before = /^\d{1,15}$/.test(String(req.query.before)) ? Number(req.query.before) : null;
    const list = await listManagedOpenings(db, { state, q, before });
    page(req, res, 'openings/manage', manageModel(req, { state, q, before, list, timeZone: clock.timeZone }));
  });

  router.get(paths.opening(':id'), signedIn, async (req, res) => {
    const opening = await getOpeningPage(db, idOf(req));
    const recruits = hasRole(req.employee, 'recruiter');
    // A draft is nobody's business yet: for everybody else there is nothing here.
    if (opening.state === 'draft' && !recruits) throw new NotFound('openings.notFound');
    await showOpening(deps, req, res, opening);
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

type ListFacts = {
  filter: OpeningFilter;
  list: OpeningList;
  choices: OpeningChoices;
  policy: Policy | null;
  today: Temporal.PlainDate;
};

function listModel(req: Request, { filter, list, choices, policy, today }: ListFacts) {
  const { t, language } = req;
  const pageAt = (side: 'before' | 'after', row: OpeningRow | undefined): string | null => {
    if (!row?.publishedAt) return null;
    const query = filterQuery(filter);
    query.set(side, writeCursor({ ...row, publishedAt: row.publishedAt }));
    return `${paths.openings()}?${query}`;
  };
  const plain = (list: readonly string[]): Choice[] => list.map((value) => ({ value, label: value }));
  return {
    title: t('openings.list.title'),
    today,
    recruits: hasRole(req.employee, 'recruiter'),
    rows: list.rows.map((row) => rowModel(req, row, policy)),
    whenPaid: policy ? whenPaid(t, policy.terms) : null,
    count: countText(req, list.count),
    previous: list.hasPrevious ? pageAt('before', list.rows[0]) : null,
    next: list.hasNext ? pageAt('after', list.rows.at(-1)) : null,
    form: { values: { ...filter, priority: filter.priority ? 'yes' : '' }, errors: {} },
    isFiltered: filterQuery(filter).size > 0,
    opensFilters: [...filterQuery(filter).keys()].some((name) => name !== 'q'),
    wishes: wishesOf(req, filter),
    departments: plain(choices.departments),
    places: plain(choices.places),
    levels: plain(choices.levels),
    countries: countryChoices(choices.countries, language).slice(0, choices.countries.length),
    types: choices.types.map((value) => ({ value, label: t(`openings.type.${value}`) })),
  };
}

/** What is filtered by, each with the link that takes it away again. */
function wishesOf({ t, language }: Request, filter: OpeningFilter) {
  const words: Record<string, (value: string) => string> = {
    q: (value) => t('openings.list.wish.q', { q: value }),
    country: (value) => countryName(value, language),
    type: (value) => t(`openings.type.${value}`),
    priority: () => t('openings.priority'),
  };
  return [...filterQuery(filter)].map(([name, value]) => {
    const rest = filterQuery(filter);
    rest.delete(name);
    return {
      word: words[name]?.(value) ?? value,
      without: rest.size > 0 ? `${paths.openings()}?${rest}` : paths.openings(),
    };
  });
}

function rowModel({ t, language }: Request, row: OpeningRow, policy: Policy | null) {
  return {
    ...row,
    where: [row.place, countryName(row.country, language)].filter(Boolean).join(', '),
    type: t(`openings.type.${row.employmentType}`),
    skills: row.skills.slice(0, 5),
    bonus: policy ? amountFor(policy.terms, row).money : null,
  };
}

function countText({ t }: Request, count: number): string {
  return count > COUNTED_UP_TO
    ? t('openings.list.more', { number: COUNTED_UP_TO })
    : t('openings.list.count', { count });
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
  const nothing = nothingToExpect(employee, policy.terms, managerIds);
  const example = exampleCalendar(policy.terms, exampleFirstDay(today));
  return {
    amount: amountFor(policy.terms, opening).money,
    whenPaid: whenPaid(t, policy.terms),
    needsWord: policy.terms.confirmation === 'required',
    nothing: nothing && t(`programme.nothing.${nothing.reason}${'role' in nothing ? `.${nothing.role}` : ''}`),
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
