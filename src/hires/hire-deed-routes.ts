import { type Request, type Response, Router } from 'express';
import { onExtension } from '../bonuses/bonus.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused } from '../lib/errors.ts';
import type { Form } from '../lib/form.ts';
import type { Result } from '../lib/result.ts';
import { paths } from '../paths.ts';
import type { Actor } from '../people/employee.ts';
import { isOwn } from '../referrals/referral.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { parseExtendForm, parseLeftForm, parsePassedForm, parseUndoForm } from './hire-form.ts';
import {
  findHirePage,
  type HireBonus,
  type HireEventRow,
  type HirePage,
  listHireBonuses,
  listHireEvents,
} from './hire-queries.ts';
import { type BonusesTouched, extendProbation, leaveHire, passProbation, undoLast } from './hire-service.ts';
import { blockedDeeds, creditedFor, type DeedRefusal, type ProbationDeed } from './probation-deeds.ts';

const sentences: Record<DeedRefusal, string> = {
  alreadyPassed: 'hires.refused.alreadyPassed',
  alreadyLeft: 'hires.refused.alreadyLeft',
  notLater: 'hires.refused.notLater',
  tooLong: 'hires.refused.tooLong',
  inTheFuture: 'hires.refused.inTheFuture',
  beforeFirstDay: 'hires.refused.beforeFirstDay',
  afterLastDay: 'hires.refused.afterLastDay',
  beforePassed: 'hires.refused.beforePassed',
  nothingToUndo: 'hires.refused.nothingToUndo',
  bonusFollowed: 'hires.refused.bonusFollowed',
  changedMeanwhile: 'hires.refused.changedMeanwhile',
  ownReferral: 'review.refused.ownReferral',
};
/** Refusals of the day that was typed: they stand by its field, and what was typed is kept. */
const ofTheDay: ReadonlySet<DeedRefusal> = new Set([
  'notLater',
  'tooLong',
  'inTheFuture',
  'beforeFirstDay',
  'afterLastDay',
  'beforePassed',
]);

type Shown = Pick<Extract<Form<unknown>, { ok: false }>, 'values' | 'errors'>;
type Case = { hire: HirePage; events: HireEventRow[]; bonuses: HireBonus[]; today: Temporal.PlainDate };
type Recorder = Actor & { readonly id: number };
type Answer = Result<{ readonly bonuses: BonusesTouched }, DeedRefusal>;

/** A deed as its page needs it: where it is, its field for a day, and how the form becomes the service's call. */
type Deed = {
  readonly path: (id: string | number) => string;
  readonly field: string;
  start(the: Case): Record<string, string>;
  parse(body: unknown): Form<unknown>;
  carryOut(deps: Deps, by: Recorder, hireId: number, value: never): Promise<Answer>;
};

const deeds: Record<ProbationDeed, Deed> = {
  extend: {
    path: paths.hireExtend,
    field: 'toOn',
    start: () => ({ toOn: '', note: '' }),
    parse: parseExtendForm,
    carryOut: (deps, by, hireId, value: { toOn: Temporal.PlainDate; note: string }) =>
      extendProbation(deps, by, { hireId, ...value }),
  },
  passed: {
    path: paths.hirePassed,
    field: 'passedOn',
    start: ({ hire, today }) => ({ passedOn: defaultPassedOn(hire, today), note: '' }),
    parse: parsePassedForm,
    carryOut: (deps, by, hireId, value: { passedOn: Temporal.PlainDate; note: string }) =>
      passProbation(deps, by, { hireId, ...value }),
  },
  left: {
    path: paths.hireLeft,
    field: 'lastDayOn',
    start: () => ({ lastDayOn: '', note: '' }),
    parse: parseLeftForm,
    carryOut: (deps, by, hireId, value: { lastDayOn: Temporal.PlainDate; note: string }) =>
      leaveHire(deps, by, { hireId, ...value }),
  },
  undo: {
    path: paths.hireUndo,
    field: '',
    start: ({ events }) => ({ eventId: String(events.find((event) => event.undoneAt === null)?.id ?? '') }),
    parse: parseUndoForm,
    carryOut: (deps, by, hireId, value: { eventId: number }) => undoLast(deps, by, { hireId, ...value }),
  },
};

/** What HR records of a hire's probation, and takes back: each deed has its own page, which says what follows from it. */
export function hireDeedRoutes(deps: Deps): Router {
  const router = Router();
  for (const [name, deed] of Object.entries(deeds) as [ProbationDeed, Deed][]) {
    router.get(deed.path(':id'), allow('recruiter'), async (req, res) => {
      const the = await openCase(deps, req, name);
      deedPage(req, res, name, the, { values: deed.start(the), errors: {} });
    });

    router.post(deed.path(':id'), allow('recruiter'), async (req, res) => {
      const the = await openCase(deps, req, name);
      const form = deed.parse(req.body);
      if (!form.ok) return deedPage(req, res, name, the, form, 422);
      const { hireId, candidateName } = the.hire;
      const answer = await deed.carryOut(deps, req.employee, hireId, form.value as never);
      if (!answer.ok) {
        if (!ofTheDay.has(answer.reason)) throw refused(req, the, answer.reason);
        const error = { key: sentences[answer.reason], params: daysOf(the.hire) };
        return deedPage(req, res, name, the, { values: req.body, errors: { [deed.field]: error } }, 422);
      }
      const isFlagged = answer.value.bonuses.flagged > 0;
      flash(res, isFlagged ? 'note' : 'good', isFlagged ? 'hires.flash.flagged' : `hires.flash.${name}`, {
        candidate: candidateName,
      });
      res.redirect(303, paths.hire(hireId));
    });
  }
  return router;
}

async function openCase(deps: Deps, req: Request, name: ProbationDeed): Promise<Case> {
  const today = await deps.clock.today(deps.db);
  const hire = await findHirePage(deps.db, idOf(req), today);
  if (!hire) throw new NotFound();
  const [events, bonuses] = await Promise.all([
    listHireEvents(deps.db, hire.hireId),
    listHireBonuses(deps.db, hire.hireId),
  ]);
  const the = { hire, events, bonuses, today };
  if (isOwn(req.employee.id, creditedFor(hire, bonuses))) throw refused(req, the, 'ownReferral');
  const blocked = blockedDeeds(hire, events, bonuses)[name];
  if (blocked) throw refused(req, the, blocked);
  return the;
}

/** Why not, and who did what before. */
function refused(req: Request, { hire, events }: Case, reason: DeedRefusal): Refused {
  const last = events.find((event) => event.undoneAt === null);
  const words = last && { who: last.recordedByName, day: last.afterOn, before: last.beforeOn, at: last.recordedAt };
  const sentence = last && words ? req.t(`hires.last.${last.kind}`, words) : '';
  return new Refused(sentences[reason], { ...daysOf(hire), last: sentence }, paths.hire(hire.hireId));
}

function daysOf({ firstDayOn, probationEndsOn, passedOn, leftOn }: HirePage): Record<string, unknown> {
  return { first: firstDayOn, ends: probationEndsOn, passed: passedOn, left: leftOn };
}

/** Today; while somebody has left already their last day, since nobody passes after it. */
function defaultPassedOn({ leftOn, firstDayOn }: HirePage, today: Temporal.PlainDate): string {
  const latest = leftOn !== null && Temporal.PlainDate.compare(leftOn, today) < 0 ? leftOn : today;
  return Temporal.PlainDate.compare(latest, firstDayOn) < 0 ? '' : latest.toString();
}

function deedPage(req: Request, res: Response, name: ProbationDeed, the: Case, form: Shown, status = 200): void {
  const { hire, events, today } = the;
  const params = { candidate: hire.candidateName, ...daysOf(hire) };
  const last = events.find((event) => event.undoneAt === null);
  const words = last && { who: last.recordedByName, day: last.afterOn, before: last.beforeOn, at: last.recordedAt };
  page(
    req,
    res,
    'hires/deed',
    {
      title: req.t(`hires.${name}.title`, params),
      lead: req.t(`hires.${name}.lead`, params),
      crumbs: [
        { label: req.t('hires.list.title'), href: paths.hires() },
        { label: hire.candidateName, href: paths.hire(hire.hireId) },
        { label: req.t(`hires.${name}.crumb`) },
      ],
      today,
      hire,
      form,
      action: deeds[name].path(hire.hireId),
      isUndo: name === 'undo',
      field: deeds[name].field,
      label: name === 'undo' ? '' : req.t(`hires.${name}.day`),
      hint: name === 'undo' ? '' : req.t(`hires.${name}.hint`, params),
      button: req.t(`hires.${name}.button`),
      undoes: name === 'undo' && last && words ? req.t(`hires.last.${last.kind}`, words) : '',
      effects: the.bonuses.flatMap((bonus) => effectOf(req, name, bonus)),
    },
    status,
  );
}

/** What becomes of a bonus if this is recorded. */
function effectOf(req: Request, name: ProbationDeed, bonus: HireBonus): string[] {
  const params = { who: bonus.beneficiaryName, sum: bonus.amount };
  const effect = onExtension({ awardedOn: bonus.awardedOn, forfeitedOn: bonus.forfeitedOn }, bonus.exportedAt);
  if (effect === 'nothing' || name === 'undo') return [];
  if (name === 'passed') {
    const isAsked = bonus.confirmationRequired && bonus.awardedAt === null;
    return [req.t(isAsked ? 'hires.effect.passed.required' : 'hires.effect.passed.automatic', params)];
  }
  return [req.t(`hires.effect.${name}.${effect}`, params)];
}
