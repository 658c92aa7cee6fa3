import { type Request, Router } from 'express';
import { findShownBonus, type ShownBonus } from '../bonuses/bonus-queries.ts';
import { bonusBadge, monthOf, whyLines } from '../bonuses/bonus-words.ts';
import { countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { Forbidden, NotFound } from '../lib/errors.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { isOwn } from '../referrals/referral.ts';
import { idOf, signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { leftInProbation } from './hire.ts';
import { HIRE_VIEWS, type HireFilters, hiresUrl, parseHireFilters } from './hire-form.ts';
import {
  COUNT_END,
  countHires,
  type FirstDayMove,
  findHirePage,
  type HireBonus,
  type HireCounts,
  type HireEventRow,
  type HirePage,
  type HireRow,
  leadsAnyHire,
  listFirstDayMoves,
  listHireBonuses,
  listHireEvents,
  listHires,
} from './hire-queries.ts';
import { blockedDeeds, correctionsOf, creditedFor } from './probation-deeds.ts';

/**
 * The list of probations and the page of a hire, for HR and those who lead the hire. Not for payroll: it pays without
 * ever learning who was recommended.
 */
export function hireRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.hires(), signedIn, async (req, res) => {
    const seesAll = hasRole(req.employee, 'recruiter', 'admin');
    if (!seesAll && !(await leadsAnyHire(deps.db, req.employee.id))) throw new Forbidden();
    page(req, res, 'hires/list', await listModel(deps, req, { id: req.employee.id, seesAll }));
  });

  router.get(paths.hire(':id'), signedIn, async (req, res) => {
    page(req, res, 'hires/show', await hireModel(deps, req));
  });

  return router;
}

/** 404 for a hire that isn't there, 403 for somebody who has nothing to do with it. */
async function hireFor(deps: Deps, req: Request, today: Temporal.PlainDate): Promise<HirePage> {
  const hire = await findHirePage(deps.db, idOf(req), today);
  const { id } = req.employee;
  const isHr = hasRole(req.employee, 'recruiter', 'admin');
  if (hire && !isHr && hire.managerId !== id && hire.hiringManagerId !== id) throw new Forbidden();
  if (!hire) throw new NotFound();
  return hire;
}

type Stateful = Pick<HireRow, 'state' | 'waitsForWord' | 'firstDayOn' | 'probationEndsOn' | 'passedOn' | 'leftOn'>;

/** The state of a probation as a badge. */
function badgeOf(req: Request, hire: Stateful) {
  const { state } = hire;
  if (hire.waitsForWord) return { kind: 'needs', icon: 'message-question', word: req.t('hires.state.waits') };
  const looks = {
    before: { kind: 'moving', icon: 'calendar-event' },
    running: { kind: 'moving', icon: 'progress' },
    ended: { kind: 'done', icon: 'check' },
    passed: { kind: 'done', icon: 'check' },
    left: { kind: 'closed', icon: 'door-exit' },
  } as const;
  const isLeaving = state === 'running' && hire.leftOn !== null;
  return { ...looks[state], word: req.t(`hires.state.${isLeaving ? 'leaving' : state}`, { ...hire }) };
}

async function listModel(deps: Deps, req: Request, reader: { id: number; seesAll: boolean }) {
  const filters = parseHireFilters(req.query);
  const today = await deps.clock.today(deps.db);
  const [list, counts] = await Promise.all([
    listHires(deps.db, filters, reader, today),
    countHires(deps.db, filters.search, reader, today),
  ]);
  const turn = (place: Partial<HireFilters>) => hiresUrl({ ...filters, after: null, before: null, ...place });
  return {
    title: req.t('hires.list.title'),
    today,
    filters,
    tabs: HIRE_VIEWS.map((view) => ({
      label: req.t(`hires.list.tab.${view}`),
      count: counts[view] > COUNT_END ? req.t('review.inbox.many') : String(counts[view]),
      href: hiresUrl({ view, search: filters.search }),
      isHere: view === filters.view,
    })),
    rows: list.rows.map((row) => ({ ...row, badge: badgeOf(req, row), href: paths.hire(row.hireId) })),
    previous: list.previous && turn({ before: list.previous }),
    next: list.next && turn({ after: list.next }),
    empty: emptyOf(req, filters, counts),
  };
}

function emptyOf(req: Request, filters: HireFilters, counts: HireCounts) {
  if (filters.search)
    return { name: 'search', href: hiresUrl({ view: filters.view }), action: req.t('hires.list.all') };
  const elsewhere = HIRE_VIEWS.find((view) => counts[view] > 0);
  const href = elsewhere ? hiresUrl({ view: elsewhere }) : null;
  const action = elsewhere ? req.t(`hires.list.tab.${elsewhere}`) : null;
  return { name: elsewhere ? filters.view : 'none', href, action };
}

async function hireModel(deps: Deps, req: Request) {
  const { db } = deps;
  const today = await deps.clock.today(db);
  const hire = await hireFor(deps, req, today);
  const [events, all, moves] = await Promise.all([
    listHireEvents(db, hire.hireId),
    listHireBonuses(db, hire.hireId),
    listFirstDayMoves(db, hire.hireId),
  ]);
  // Who leads a hire reads of no money: the rules behind a bonus tell of a colleague's notice, too.
  const found = hasRole(req.employee, 'recruiter', 'admin') ? all : [];
  const shown = await Promise.all(found.map(({ id }) => findShownBonus(db, id, today)));
  const bonuses = found.map((bonus, at) => bonusModel(req, bonus, shown[at] as ShownBonus));
  const canRecord = hasRole(req.employee, 'recruiter');
  const isUndecided = found.some((bonus) => bonus.awardedAt === null && bonus.forfeitedAt === null);
  return {
    title: hire.candidateName,
    lead: req.t('hires.show.lead', { opening: hire.openingTitle ?? hire.department, referrer: hire.referrerName }),
    crumbs: [{ label: req.t('hires.list.title'), href: paths.hires() }, { label: hire.candidateName }],
    today,
    hire,
    badge: badgeOf(req, hire),
    steps: stepsOf(req, hire, found[0] ?? null),
    bonuses,
    willForfeit: hire.state === 'left' && isUndecided,
    willForfeitOn: hire.state !== 'left' && leftInProbation(hire) && isUndecided ? hire.leftOn : null,
    items: storyOf(req, hire, events, moves),
    facts: factsOf(req, hire),
    canRecord,
    isOwn: isOwn(req.employee.id, creditedFor(hire, found)),
    blocked: { ...blockedDeeds(hire, events, found), ...correctionsOf(hire, events, all) },
  };
}

/** First day, last day of probation, bonus: where today stands among them. */
function stepsOf(req: Request, hire: HirePage, bonus: HireBonus | null) {
  const { state } = hire;
  const isOver = state === 'passed' || state === 'ended';
  const ended = { before: 'ahead', running: 'now', left: 'stopped', passed: 'done', ended: 'done' }[state];
  const steps = [
    { word: req.t('hires.steps.first'), state: state === 'before' ? 'now' : 'done', on: hire.firstDayOn },
    {
      word: req.t(state === 'left' ? 'hires.steps.left' : 'hires.steps.last'),
      state: ended,
      on: state === 'left' ? hire.leftOn : hire.probationEndsOn,
    },
  ];
  if (!bonus) return steps;
  const how = bonus.forfeitedAt ? 'stopped' : bonus.awardedAt ? 'done' : isOver ? 'now' : 'ahead';
  const word = req.t(
    bonus.forfeitedAt ? 'hires.steps.forfeited' : bonus.awardedAt ? 'hires.steps.awarded' : 'hires.steps.due',
  );
  return [...steps, { word, state: how, on: bonus.forfeitedAt ? null : (bonus.awardedOn ?? bonus.dueOn) }];
}

function bonusModel(req: Request, bonus: HireBonus, shown: ShownBonus) {
  return {
    id: bonus.id,
    beneficiaryName: bonus.beneficiaryName,
    badge: bonusBadge(req.t, shown.state),
    lines: whyLines(req.t, shown.why),
    amount: bonus.amount,
    sumLabel: req.t(shown.state === 'forfeited' ? 'hires.show.sumLost' : 'hires.show.sum'),
    payrollMonth: monthModel(req, shown),
    flaggedAt: bonus.flaggedAt,
    href: hasRole(req.employee, 'recruiter', 'admin') ? paths.bonus(bonus.id) : null,
  };
}

/** The payroll month in a sentence: foretold, of the run it lies in, or of one that is sealed. */
function monthModel({ t, language }: Request, { state, runId, payrollPeriod }: ShownBonus): string | null {
  if (payrollPeriod === null) return null;
  const key = runId === null ? 'month' : state === 'exported' ? 'monthSealed' : 'monthOfRun';
  return t(`hires.show.${key}`, { month: monthOf(payrollPeriod, language) });
}

const eventLooks = {
  extended: { icon: 'calendar-plus', kind: 'waiting' },
  passed: { icon: 'check', kind: 'done' },
  left: { icon: 'door-exit', kind: 'closed' },
} as const;

function storyOf(req: Request, hire: HirePage, events: readonly HireEventRow[], moves: readonly FirstDayMove[]) {
  const recorded = events.map((event) => {
    const { recordedByName: who, beforeOn: before, afterOn: day } = event;
    const text = req.t(`hires.story.${event.kind}`, { who, before, day });
    const undone = event.undoneAt ? req.t('hires.story.undone', { who: event.undoneByName, at: event.undoneAt }) : '';
    const look = event.undoneAt ? { icon: 'arrow-back-up', kind: 'closed' } : eventLooks[event.kind];
    return { ...look, text: undone ? `${text} ${undone}` : text, at: event.recordedAt, words: event.note };
  });
  const moved = moves.map(({ movedByName: who, fromOn: before, toOn: day, at }) => {
    const text = req.t('hires.story.firstDayMoved', { who, before, day });
    return { icon: 'calendar-event', kind: 'waiting', text, at, words: '' };
  });
  const { recordedByName: who } = hire;
  const day = moves.at(-1)?.fromOn ?? hire.firstDayOn;
  const begun = { text: req.t('hires.story.hired', { who, day }), at: hire.recordedAt, words: '' };
  const story = [...recorded, ...moved].sort((a, b) => Temporal.Instant.compare(b.at, a.at));
  return [...story, { icon: 'user-check', kind: 'done', ...begun }];
}

function factsOf(req: Request, hire: HirePage) {
  const isHr = hasRole(req.employee, 'recruiter', 'admin');
  const label = (name: string) => ({ label: req.t(`hires.fact.${name}`) });
  const months = hire.probationMonths;
  return [
    { ...label('referral'), text: hire.referrerName, href: isHr ? paths.referral(hire.referralId) : '' },
    {
      ...label('opening'),
      text: hire.openingTitle ?? req.t('referrals.general'),
      href: hire.openingId === null ? '' : paths.opening(hire.openingId),
    },
    { ...label('firstDay'), day: hire.firstDayOn },
    {
      ...label('probation'),
      day: hire.probationEndsOn,
      note: months === null ? '' : req.t('hires.fact.months', { count: months }),
    },
    ...(hire.passedOn ? [{ ...label('passed'), day: hire.passedOn }] : []),
    ...(hire.leftOn ? [{ ...label('left'), day: hire.leftOn }] : []),
    { ...label('level'), text: hire.level },
    { ...label('department'), text: hire.department },
    { ...label('country'), text: countryName(hire.country, req.language) },
    { ...label('employmentType'), text: req.t(`hires.employmentType.${hire.employmentType}`) },
    { ...label('manager'), text: hire.managerName ?? '' },
  ];
}
