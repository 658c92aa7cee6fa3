import { type Request, type Response, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused } from '../lib/errors.ts';
import type { FieldError } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { receiveFile, uploadedFile } from '../web/upload.ts';
import { COLUMNS, isMassLeaving, REQUIRED_COLUMNS } from './staff-list.ts';
import { type FileRefusal, MAX_BYTES } from './staff-list-file.ts';
import { parseTakeForm } from './staff-list-form.ts';
import {
  countEmployedOn,
  findStaffList,
  type LineKind,
  listStaffLines,
  listStaffLists,
  type StaffListCard,
  type StaffListState,
} from './staff-list-queries.ts';
import {
  type CancelRefusal,
  cancelStaffList,
  type TakeRefusal,
  takeStaffList,
  uploadStaffList,
} from './staff-list-service.ts';
import { shownChanges, shownNewcomer } from './staff-list-words.ts';

export function staffListRoutes(deps: Deps): Router {
  const router = Router();
  const admin = allow('admin');
  router.get(paths.staffListNew(), admin, (req, res) => showUpload(deps, req, res));
  router.get(paths.staffListSample(), admin, sendSample);
  const receive = receiveFile({ at: paths.staffListNew(), field: 'file', mostBytes: MAX_BYTES });
  router.post(paths.staffListNew(), admin, receive, (req, res) => takeUpload(deps, req, res));
  router.get(paths.staffList(':id'), admin, (req, res) => showStaffList(deps, req, res));
  router.post(paths.staffListTake(':id'), admin, (req, res) => takeIt(deps, req, res));
  router.post(paths.staffListCancel(':id'), admin, (req, res) => cancelIt(deps, req, res));
  return router;
}

async function showUpload(deps: Deps, req: Request, res: Response, error?: FieldError): Promise<void> {
  const lists = await listStaffLists(deps.db);
  const model = {
    title: req.t('people.staffList.title'),
    crumbs: [{ label: req.t('people.admin.title'), href: paths.admin() }, { label: req.t('people.staffList.title') }],
    form: { values: {}, errors: error ? { file: error } : {} },
    columns: COLUMNS.map((column) => ({
      column,
      name: req.t(`people.column.${column}.name`),
      text: req.t(`people.column.${column}.text`),
      required: REQUIRED_COLUMNS.includes(column),
    })),
    lists: lists.map((list) => ({ ...list, ...look(list.state), word: req.t(`people.staffList.state.${list.state}`) })),
  };
  page(req, res, 'admin/staff-list-new', model, error ? 422 : 200);
}

const looks: Record<StaffListState, 'waiting' | 'moving' | 'done' | 'closed' | 'needs'> = {
  checking: 'moving',
  refused: 'needs',
  ready: 'waiting',
  taking: 'moving',
  taken: 'done',
  cancelled: 'closed',
};
const look = (state: StaffListState) => ({ look: looks[state] });

const fileRefusals: Record<FileRefusal, string> = {
  empty: 'people.staffList.problem.emptyFile',
  workbook: 'people.staffList.problem.workbook',
  notText: 'people.staffList.problem.notText',
};

async function takeUpload(deps: Deps, req: Request, res: Response): Promise<void> {
  const file = uploadedFile(req);
  if (!file) return showUpload(deps, req, res, { key: 'people.staffList.problem.noFile' });
  if (file.isTooLarge) {
    const params = { megabytes: MAX_BYTES / 1024 / 1024 };
    return showUpload(deps, req, res, { key: 'people.staffList.problem.tooLarge', params });
  }
  const uploaded = await uploadStaffList(deps, req.employee, { fileName: nameOf(file.name), content: file.bytes });
  if (!uploaded.ok) return showUpload(deps, req, res, { key: fileRefusals[uploaded.reason] });
  res.redirect(303, paths.staffList(uploaded.value));
}

/** What a page can show of the name that somebody's computer gave the file. */
function nameOf(name: string): string {
  const shown = name.replace(/\p{Cc}/gu, '').trim();
  return [...shown].slice(-120).join('') || 'staff.csv';
}

async function showStaffList(deps: Deps, req: Request, res: Response, error?: FieldError): Promise<void> {
  const list = await findStaffList(deps.db, idOf(req));
  if (!list) throw new NotFound();
  // The page asks again by itself, also where no script runs.
  if (list.state === 'checking') res.setHeader('Refresh', '1');
  const hasLines = list.state === 'ready' || list.state === 'taken';
  const model = {
    title: req.t(`people.staffList.heading.${list.state}`),
    crumbs: [
      { label: req.t('people.admin.title'), href: paths.admin() },
      { label: req.t('people.staffList.title'), href: paths.staffListNew() },
      { label: list.fileName },
    ],
    list,
    ...look(list.state),
    stateWord: req.t(`people.staffList.state.${list.state}`),
    problems: list.problems.map((problem) => ({ ...problem, text: req.t(problem.key, problem.params) })),
    isCut: list.problemCount > list.problems.length,
    form: { values: {}, errors: error ? { leavers: { ...error, params: { count: list.left } } } : {} },
    preview: hasLines ? await previewOf(deps, req, list) : null,
    massLeaving: list.state === 'ready' ? await massLeavingOf(deps, list) : null,
  };
  page(req, res, 'admin/staff-list', model, error ? 422 : 200);
}

/** Null for an ordinary list. */
async function massLeavingOf({ db, clock }: Deps, { left }: StaffListCard): Promise<{ employed: number } | null> {
  const employed = await countEmployedOn(db, await clock.today(db));
  return isMassLeaving({ left, employed }) ? { employed } : null;
}

async function previewOf(deps: Deps, req: Request, list: StaffListCard) {
  const kinds = (['added', 'changed', 'left'] as const).map((kind) => ({ kind, count: list[kind] }));
  const asked = kinds.find(({ kind }) => kind === req.query.show) ?? kinds.find(({ count }) => count > 0);
  const kind: LineKind = asked?.kind ?? 'changed';
  const lines = await listStaffLines(deps.db, list.id, kind, {
    after: lineOf(req.query.after),
    before: lineOf(req.query.before),
  });
  const tense = list.state === 'taken' ? 'tabDone' : 'tab';
  const wordOf = (kind: LineKind): string => req.t(`people.staffList.${tense}.${kind}`);
  const url = (params: Record<string, string | number>): string =>
    `${paths.staffList(list.id)}?${new URLSearchParams({ show: kind, ...stringified(params) })}`;
  return {
    kind,
    nothing: kinds.every(({ count }) => count === 0),
    word: wordOf(kind),
    tabs: kinds.map((tab) => ({
      ...tab,
      word: wordOf(tab.kind),
      isHere: tab.kind === kind,
      href: `${paths.staffList(list.id)}?show=${tab.kind}`,
    })),
    rows: lines.rows.map((row) => ({
      ...row,
      changes: shownChanges(row.changes, req.t, req.language),
      newcomer: shownNewcomer(row.values, req.t, req.language),
      department: row.values.department ?? '',
    })),
    previous: lines.previous === null ? null : url({ before: lines.previous }),
    next: lines.next === null ? null : url({ after: lines.next }),
  };
}

function stringified(params: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

function lineOf(value: unknown): number | null {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

const takeRefusals: Record<TakeRefusal, string> = {
  unknown: 'errors.notFound.text',
  stillChecking: 'people.staffList.refused.stillChecking',
  hasProblems: 'people.staffList.refused.hasProblems',
  alreadyTaken: 'people.staffList.refused.alreadyTaken',
  cancelled: 'people.staffList.refused.cancelled',
  anotherIsTaken: 'people.staffList.refused.anotherIsTaken',
  staffChanged: 'people.staffList.refused.staffChanged',
  manyLeave: 'people.staffList.refused.manyLeave',
  ownAdmin: 'people.staffList.refused.ownAdmin',
  lastAdmin: 'people.staffList.refused.lastAdmin',
};

async function takeIt(deps: Deps, req: Request, res: Response): Promise<void> {
  const id = idOf(req);
  const taken = await takeStaffList(deps, req.employee, id, parseTakeForm(req.body));
  if (!taken.ok && taken.reason === 'unknown') throw new NotFound();
  if (!taken.ok && taken.reason === 'manyLeave') return showStaffList(deps, req, res, { key: takeRefusals.manyLeave });
  if (!taken.ok) throw new Refused(takeRefusals[taken.reason], {}, paths.staffList(id));
  flash(res, 'good', 'people.flash.staffListTaken');
  res.redirect(303, paths.staffList(id));
}

const cancelRefusals: Record<CancelRefusal, string> = {
  unknown: 'errors.notFound.text',
  alreadyTaken: 'people.staffList.refused.alreadyTaken',
};

async function cancelIt(deps: Deps, req: Request, res: Response): Promise<void> {
  const id = idOf(req);
  const cancelled = await cancelStaffList(deps, id);
  if (!cancelled.ok && cancelled.reason === 'unknown') throw new NotFound();
  if (!cancelled.ok) throw new Refused(cancelRefusals[cancelled.reason], {}, paths.staffList(id));
  flash(res, 'note', 'people.flash.staffListCancelled');
  res.redirect(303, paths.staffListNew());
}

const sample = [
  COLUMNS.join(','),
  '001,greta.lind@example.com,Greta Lind,Management,,DE,head,permanent,40,2018-04-01,,,en,admin',
  '002,farid.aliyev@example.com,Farid Aliyev,Engineering,001,DE,lead,permanent,40,2020-09-15,,,en,',
  '003,anna.petrova@example.com,Анна Петрова,People,001,DE,senior,permanent,37.5,2021-02-01,,,ru,recruiter payroll',
  '004,ben.carter@example.com,Ben Carter,Engineering,002,GB,junior,fixed_term,40,2026-01-01,2027-12-31,,en,',
];

/** With the mark of UTF-8, so that spreadsheets show its Cyrillic, and with the line ends they write. */
function sendSample(_req: Request, res: Response): void {
  res.setHeader('Content-Type', 'text/csv; charset=utf-8');
  res.setHeader('Content-Disposition', 'attachment; filename="staff-list-sample.csv"');
  res.send(`\ufeff${sample.join('\r\n')}\r\n`);
}
