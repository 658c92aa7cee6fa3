import { isBefore, nextPeriod, type PayrollPeriod } from '../lib/calendar.ts';
import { type Money, totalsByCurrency } from '../lib/money.ts';
import { ok, type Result, refuse } from '../lib/result.ts';

/** The bonuses handed to payroll together. Once exported it never changes. */
export type Run = {
  readonly id: number;
  /** "2027-03" */
  readonly period: PayrollPeriod;
  /** The last day on which an award goes into it. */
  readonly cutOffOn: Temporal.PlainDate;
  readonly openedAt: Temporal.Instant;
  readonly exportedAt: Temporal.Instant | null;
  readonly exportedBy: number | null;
  readonly fileName: string | null;
  readonly lineCount: number | null;
  readonly totals: readonly Money[] | null;
  readonly sha256: string | null;
};

export type Line = {
  readonly id: number;
  readonly runId: number;
  /** Given at the export, from 1. */
  readonly lineNo: number | null;
  readonly bonusId: number;
  readonly staffNumber: string;
  /** Negative for a reversal. */
  readonly amount: Money;
  readonly awardedOn: Temporal.PlainDate;
  readonly reversesLineId: number | null;
  /** Taken out of the run or rejected by payroll: no longer the bonus's live line. */
  readonly releasedAt: Temporal.Instant | null;
  readonly paidOn: Temporal.PlainDate | null;
};

export const RUN_STATES = ['open', 'exported', 'paid'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** open until exported; paid when every live line is. */
export function runState(
  run: Pick<Run, 'exportedAt'>,
  lines: readonly Pick<Line, 'releasedAt' | 'paidOn'>[],
): RunState {
  if (run.exportedAt === null) return 'open';
  const live = lines.filter((line) => line.releasedAt === null);
  return live.length > 0 && live.every((line) => line.paidOn !== null) ? 'paid' : 'exported';
}

export type ExportRefusal = 'alreadyExported' | 'nothingToExport';
export type MarkPaidRefusal = 'notExported' | 'alreadyPaid' | 'takenOut' | 'inTheFuture' | 'beforeExport';

/** A run with at least one live line, exported once and never again: afterwards it is only downloaded. */
export function canExport(
  run: Pick<Run, 'exportedAt'>,
  lines: readonly Pick<Line, 'releasedAt'>[],
): Result<undefined, ExportRefusal> {
  if (run.exportedAt !== null) return refuse('alreadyExported');
  return lines.some((line) => line.releasedAt === null) ? ok() : refuse('nothingToExport');
}

/**
 * May the line be marked as paid on that day? exportedOn is the day of the export in the company's time zone (null: not
 * yet); payroll can't have paid before it, nor tomorrow.
 */
export function canMarkPaid(
  line: Pick<Line, 'paidOn' | 'releasedAt'>,
  exportedOn: Temporal.PlainDate | null,
  paidOn: Temporal.PlainDate,
  today: Temporal.PlainDate,
): Result<undefined, MarkPaidRefusal> {
  if (exportedOn === null) return refuse('notExported');
  if (line.paidOn !== null) return refuse('alreadyPaid');
  if (line.releasedAt !== null) return refuse('takenOut');
  if (isBefore(today, paidOn)) return refuse('inTheFuture');
  return isBefore(paidOn, exportedOn) ? refuse('beforeExport') : ok();
}

/** Every screen and letter that foretells a month reads these first: column `period`. */
export const selectExportedPeriods = 'select period from payroll_runs where exported_at is not null';

/** The first period from the wanted one on whose run is not exported yet: an exported run takes no more lines. */
export function openPeriodFrom(wanted: PayrollPeriod, exported: ReadonlySet<PayrollPeriod>): PayrollPeriod {
  let period = wanted;
  while (exported.has(period)) period = nextPeriod(period);
  return period;
}

/** The control figures that stand beside the file. */
export function controlFigures(lines: readonly Pick<Line, 'amount'>[]): { count: number; totals: Money[] } {
  return { count: lines.length, totals: totalsByCurrency(lines.map((line) => line.amount)) };
}

/** The words of a line on the payslip: never the candidate's name, only what leads back to the bonus. */
export function lineDescription(line: Pick<Line, 'bonusId' | 'reversesLineId'>): string {
  return line.reversesLineId === null
    ? `Referral bonus ${line.bonusId}`
    : `Referral bonus ${line.bonusId}, reversal of line ${line.reversesLineId}`;
}

/** vouch-2027-03-run-7.csv */
export function runFileName(run: Pick<Run, 'id' | 'period'>, extension = 'csv'): string {
  return `vouch-${run.period}-run-${run.id}.${extension}`;
}
