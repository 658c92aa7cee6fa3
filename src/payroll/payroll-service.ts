import { createHash, type Hash } from 'node:crypto';
import type { NewHistoryEntry } from '../history/history.ts';
import { insertHistory } from '../history/history-store.ts';
import { dayOf } from '../lib/calendar.ts';
import { writeCsv } from '../lib/csv.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { type Money, totalsByCurrency } from '../lib/money.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import type { Actor } from '../people/employee.ts';
import { GENERIC_DEFAULTS, genericHeader, genericRow } from './generic-format.ts';
import { canMarkPaid, type ExportRefusal, type Line, type MarkPaidRefusal, type Run, runFileName } from './payroll.ts';
import {
  insertPiece,
  listBeneficiaries,
  listNumberedLines,
  lockRun,
  lockUnpaidLines,
  numberLines,
  savePaid,
  sealRun,
} from './payroll-store.ts';

type Payer = Actor & { readonly id: number };

/** So many lines are written, or told about, at a time: some 500 KB of file. */
const atOnce = 5000;

/**
 * Exports the run, once and for all: its lines get their numbers, the file is written and kept as it went out, with its
 * count, totals per currency and SHA-256. Afterwards the database refuses every change of it, and later awards go into
 * the next run.
 */
export async function exportRun(deps: Deps, by: Payer, runId: number): Promise<Result<Run, ExportRefusal>> {
  return deps.db.transaction(async (trx) => {
    const run = await lockRun(trx, runId);
    if (!run) throw new NotFound();
    if (run.exportedAt !== null) return refuse('alreadyExported');
    const lineCount = await numberLines(trx, runId);
    if (lineCount === 0) return refuse('nothingToExport');
    const at = await deps.clock.now(trx);
    const { sha256, totals } = await writeFile(trx, run);
    const fileName = runFileName(run);
    await sealRun(trx, runId, { at, by: by.id, fileName, lineCount, totals, sha256 });
    const facts = { payrollPeriod: run.period, lineCount, sha256 };
    await insertHistory(trx, { at, actorId: by.id, about: 'run', aboutId: runId, deed: 'run.exported', facts });
    return ok({ ...run, exportedAt: at, exportedBy: by.id, fileName, lineCount, totals, sha256 });
  });
}

async function writeFile(trx: Trx, run: Run): Promise<{ sha256: string; totals: Money[] }> {
  const hash = createHash('sha256');
  let totals: Money[] = [];
  await writePiece(trx, run.id, 0, hash, writeCsv([genericHeader()], GENERIC_DEFAULTS));
  for (let pieceNo = 1, after = 0; ; pieceNo += 1) {
    const lines = await listNumberedLines(trx, run.id, after, atOnce);
    if (lines.length === 0) break;
    after = lines.at(-1)?.lineNo ?? after;
    const rows = lines.map((line) =>
      genericRow({ run, line: { ...line, costCentre: '' }, settings: GENERIC_DEFAULTS }),
    );
    await writePiece(trx, run.id, pieceNo, hash, writeCsv(rows, { delimiter: GENERIC_DEFAULTS.delimiter }));
    totals = totalsByCurrency([...totals, ...lines.map((line) => line.amount)]);
  }
  return { sha256: hash.digest('hex'), totals };
}

async function writePiece(trx: Trx, runId: number, pieceNo: number, hash: Hash, text: string): Promise<void> {
  const content = Buffer.from(text, 'utf8');
  hash.update(content);
  await insertPiece(trx, runId, pieceNo, content);
}

export type Paid = { readonly marked: number };

/**
 * Marks lines of an exported run as paid on that day: all that are not yet, or the chosen ones. Marking again marks
 * nothing more. Each beneficiary hears of it. Refuses a day before the export or in the future.
 */
export async function markPaid(
  deps: Deps,
  by: Payer,
  asked: { runId: number; paidOn: Temporal.PlainDate; lineIds: number[] | null },
): Promise<Result<Paid, MarkPaidRefusal>> {
  return deps.db.transaction(async (trx) => {
    const run = await lockRun(trx, asked.runId);
    if (!run) throw new NotFound();
    const exportedOn = run.exportedAt && dayOf(run.exportedAt, deps.clock.timeZone);
    const today = await deps.clock.today(trx);
    // The day is judged by itself first: it is wrong also when every line was marked before.
    const allowed = canMarkPaid({ paidOn: null, releasedAt: null }, exportedOn, asked.paidOn, today);
    if (!allowed.ok) return allowed;
    const lines = await lockUnpaidLines(trx, asked.runId, asked.lineIds);
    if (lines.length === 0) return ok({ marked: 0 });
    const at = await deps.clock.now(trx);
    const paid = { on: asked.paidOn, at, by: by.id };
    for (let from = 0; from < lines.length; from += atOnce)
      await payLines(deps, trx, lines.slice(from, from + atOnce), paid);
    const facts = { payrollPeriod: run.period, lineCount: lines.length, paidOn: asked.paidOn.toString() };
    await insertHistory(trx, { at, actorId: by.id, about: 'run', aboutId: run.id, deed: 'run.markedPaid', facts });
    return ok({ marked: lines.length });
  });
}

async function payLines(
  deps: Deps,
  trx: Trx,
  lines: readonly Line[],
  paid: { on: Temporal.PlainDate; at: Temporal.Instant; by: number },
): Promise<void> {
  await savePaid(
    trx,
    lines.map((line) => line.id),
    paid,
  );
  const bonuses = lines.filter((line) => line.reversesLineId === null);
  const paidTo = await listBeneficiaries(
    trx,
    bonuses.map((line) => line.bonusId),
  );
  const paidOn = paid.on.toString();
  const entries: NewHistoryEntry[] = [];
  const emails: NewEmail[] = [];
  for (const { id, bonusId, amount } of bonuses) {
    const to = paidTo.get(bonusId);
    if (!to) continue;
    const { referralId, candidateName, beneficiaryId } = to;
    const sum = { amountMinor: amount.minor, currency: amount.currency };
    const about = { at: paid.at, actorId: paid.by, about: 'bonus', aboutId: bonusId, referralId } as const;
    entries.push({ ...about, deed: 'bonus.paid', facts: { ...sum, paidOn, lineId: id } });
    emails.push({
      kind: 'bonus_paid',
      toEmployeeId: beneficiaryId,
      data: { referralId, bonusId, candidateName, ...sum, paidOn },
    });
  }
  await insertHistory(trx, entries);
  await enqueueEmails(deps, trx, emails);
}
