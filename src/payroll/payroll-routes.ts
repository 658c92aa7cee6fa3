import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { listHeldBonuses } from '../bonuses/bonus-queries.ts';
import { holdReason, monthOf } from '../bonuses/bonus-words.ts';
import { policyInForce } from '../bonuses/policy-queries.ts';
import { cutOffOn, dayOf, isBefore, payrollPeriodOf } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused } from '../lib/errors.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { flash, flashWithLetter } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { type ExportRefusal, type MarkPaidRefusal, openPeriodFrom } from './payroll.ts';
import { parsePaidForm } from './payroll-form.ts';
import {
  findRun,
  findRunFile,
  type LinePlace,
  listExportedPeriods,
  listLines,
  listRuns,
  readRunFile,
  type ShownRun,
} from './payroll-queries.ts';
import { exportRun, markPaid } from './payroll-service.ts';

const exportRefusals: Record<ExportRefusal, string> = {
  alreadyExported: 'payroll.refused.alreadyExported',
  nothingToExport: 'payroll.refused.nothingToExport',
};
const paidRefusals: Record<MarkPaidRefusal, string> = {
  notExported: 'payroll.refused.notExported',
  alreadyPaid: 'payroll.refused.alreadyPaid',
  takenOut: 'payroll.refused.takenOut',
  inTheFuture: 'payroll.refused.inTheFuture',
  beforeExport: 'payroll.refused.beforeExport',
};
const heldShown = 20;

/** Runs, their ledger, the export and its file, and what payroll says back. Admins read; payroll acts. */
export function payrollRoutes(deps: Deps): Router {
  const router = Router();
  const { db } = deps;
  const mayRead = allow('payroll', 'admin');
  const mayAct = allow('payroll');

  router.get(paths.payroll(), mayRead, (req, res) => showRuns(deps, req, res));
  router.get(paths.payrollRun(':id'), mayRead, (req, res) => showRun(deps, req, res, noForm));

  router.post(paths.payrollRunExport(':id'), mayAct, async (req, res) => {
    const id = idOf(req);
    const answer = await exportRun(deps, req.employee, id);
    if (!answer.ok) throw new Refused(exportRefusals[answer.reason], {}, paths.payrollRun(id));
    flash(res, 'good', 'payroll.flash.exported', { count: answer.value.lineCount });
    res.redirect(303, paths.payrollRun(id));
  });

  router.get(paths.payrollRunFile(':id'), mayRead, async (req, res) => {
    const id = idOf(req);
    if (!(await findRun(db, id))) throw new NotFound();
    const file = await findRunFile(db, id);
    if (!file) throw new Refused('payroll.refused.noFileYet', {}, paths.payrollRun(id));
    res.setHeader('ETag', `"${file.sha256}"`);
    // no-transform: it goes out as it is, uncompressed, so that length and hash are those of the file.
    res.setHeader('Cache-Control', 'private, no-cache, no-transform');
    if (req.fresh) return void res.status(304).end();
    res.setHeader('Content-Type', 'text/csv; charset=utf-8');
    res.setHeader('Content-Length', file.bytes);
    res.attachment(file.fileName);
    await pipeline(Readable.from(readRunFile(db, file)), res).catch(unlessClosed);
  });

  router.post(paths.payrollRunPaid(':id'), mayAct, async (req, res) => {
    const id = idOf(req);
    const form = parsePaidForm(req.body);
    if (!form.ok) return showRun(deps, req, res, { ...form, chosen: chosenIn(req.body) }, 422);
    const answer = await markPaid(deps, req.employee, { runId: id, ...form.value });
    if (!answer.ok) throw new Refused(paidRefusals[answer.reason], {}, paths.payrollRun(id));
    const { marked } = answer.value;
    if (marked === 0) flash(res, 'note', 'payroll.flash.paidBefore');
    else flashWithLetter(res, 'good', 'payroll.flash.paid', { count: marked, day: form.value.paidOn });
    res.redirect(303, paths.payrollRun(id));
  });

  return router;
}

/** Whoever closes the window in the middle of a download has done nothing wrong, and neither have we. */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}

async function showRuns({ db, clock }: Deps, req: Request, res: Response): Promise<void> {
  const { t, language } = req;
  const before = /^\d{4}-\d{2}$/.test(String(req.query.before)) ? String(req.query.before) : null;
  const today = await clock.today(db);
  const [runs, held, policy, exported] = await Promise.all([
    listRuns(db, before),
    before === null ? listHeldBonuses(db, heldShown) : [],
    policyInForce(db, today),
    listExportedPeriods(db),
  ]);
  const row = (run: ShownRun) => ({
    ...run,
    ...shownState(req, run),
    monthName: capital(monthOf(run.period, language)),
  });
  page(req, res, 'payroll/list', {
    title: t('payroll.list.title'),
    lead: t('payroll.list.lead'),
    today,
    isFirstPage: before === null,
    open: runs.open.map((run) => ({
      ...row(run),
      isOverdue: isBefore(run.cutOffOn, today),
      note: cutOffNote(req, run, today),
    })),
    nextCutOff: policy ? nextCutOff(req, policy.terms.payrollCutoffDay, { today, exported: new Set(exported) }) : null,
    exported: runs.exported.map(row),
    next: runs.next ? `${paths.payroll()}?before=${runs.next}` : null,
    previous: before === null ? null : paths.payroll(),
    held: held.slice(0, heldShown).map((bonus) => ({ ...bonus, why: holdReason(t, bonus) })),
    moreHeld: held.length > heldShown,
  });
}

/** A month that stands alone begins with a capital, also where the language writes it small. */
const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** Where an award of today goes: on to the next month, once this one's run is exported before its cut-off. */
function nextCutOff(
  { t, language }: Request,
  cutoffDay: number,
  { today, exported }: { today: Temporal.PlainDate; exported: ReadonlySet<string> },
): string {
  const period = openPeriodFrom(payrollPeriodOf(today, cutoffDay), exported);
  return t('payroll.list.nextCutOff', { day: cutOffOn(period, cutoffDay), month: monthOf(period, language) });
}

function cutOffNote({ t }: Request, run: ShownRun, today: Temporal.PlainDate): string {
  const isOver = isBefore(run.cutOffOn, today);
  return t(isOver ? 'payroll.run.cutOffOver' : 'payroll.run.cutOffAhead', { day: run.cutOffOn });
}

function shownState({ t }: Request, run: ShownRun): Record<string, unknown> {
  const looks = {
    open: { kind: 'moving', icon: 'lock-open' },
    exported: { kind: 'waiting', icon: 'lock' },
    paid: { kind: 'done', icon: 'check' },
  } as const;
  return { badge: { ...looks[run.state], word: t(`payroll.state.${run.state}`) } };
}

type PaidFormShown = { values: Record<string, string>; errors: object; chosen: ReadonlySet<string> };
const noForm: PaidFormShown = { values: {}, errors: {}, chosen: new Set() };

function chosenIn(body: unknown): Set<string> {
  return new Set([(body as { line?: string | string[] } | undefined)?.line ?? []].flat().map(String));
}

async function showRun(
  { db, clock }: Deps,
  req: Request,
  res: Response,
  form: PaidFormShown,
  status = 200,
): Promise<void> {
  const { t, language } = req;
  const run = await findRun(db, idOf(req));
  if (!run) throw new NotFound();
  const today = await clock.today(db);
  const { lines, previous, next } = await listLines(db, run.id, {
    after: readPlace(req.query.after),
    before: readPlace(req.query.before),
  });
  const month = monthOf(run.period, language);
  const mayAct = hasRole(req.employee, 'payroll');
  const mayMark = mayAct && run.state === 'exported';
  const here = paths.payrollRun(run.id);
  const title = t('payroll.run.title', { month });
  page(
    req,
    res,
    'payroll/run',
    {
      title,
      lead: t(`payroll.run.lead.${run.state}`, { count: run.lineCount, paid: run.paidCount }),
      crumbs: [{ label: t('payroll.list.title'), href: paths.payroll() }, { label: month }],
      today,
      run,
      ...shownState(req, run),
      lines: lines.map((line) => ({
        ...line,
        canMark: mayMark && line.paidOn === null,
        isChosen: form.chosen.has(String(line.id)),
        pick: t('payroll.paid.pick', { name: line.employeeName, sum: line.amount }),
      })),
      form: { values: form.values, errors: form.errors },
      previous: previous && `${here}?before=${placeOf(previous)}`,
      next: next && `${here}?after=${placeOf(next)}`,
      isSealed: run.exportedAt !== null,
      exportable: mayAct && run.state === 'open' && run.lineCount > 0 ? exportModel(req, run, today) : null,
      cutOffNote: run.state === 'open' ? cutOffNote(req, run, today) : null,
      mark: mayMark
        ? {
            action: paths.payrollRunPaid(run.id),
            left: run.lineCount - run.paidCount,
            ...daysFor(run, today, clock.timeZone),
          }
        : null,
    },
    status,
  );
}

function daysFor(run: ShownRun, today: Temporal.PlainDate, timeZone: string): Record<string, string> {
  return { latest: today.toString(), earliest: run.exportedAt ? dayOf(run.exportedAt, timeZone).toString() : '' };
}

function exportModel({ t }: Request, run: ShownRun, today: Temporal.PlainDate): Record<string, unknown> {
  const early = !isBefore(run.cutOffOn, today);
  return {
    action: paths.payrollRunExport(run.id),
    text: t('payroll.export.text', { count: run.lineCount }),
    early: early ? t('payroll.export.early', { day: run.cutOffOn }) : null,
  };
}

/** "007~42": the staff number (it may hold anything but this sign's last place), then the line. */
function placeOf({ staffNumber, id }: LinePlace): string {
  return encodeURIComponent(`${staffNumber}~${id}`);
}

function readPlace(given: unknown): LinePlace | null {
  const match = /^(.{1,200})~([1-9]\d{0,14})$/s.exec(String(given ?? ''));
  return match ? { staffNumber: match[1] as string, id: Number(match[2]) } : null;
}
