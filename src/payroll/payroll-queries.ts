import type { Db } from '../lib/database.ts';
import type { Money } from '../lib/money.ts';
import { type Line, type Run, type RunState, selectExportedPeriods } from './payroll.ts';

export const RUNS_A_PAGE = 24;
export const LINES_A_PAGE = 100;

export type ShownRun = Omit<Run, 'totals' | 'lineCount'> & {
  readonly state: RunState;
  readonly exporterName: string | null;
  readonly lineCount: number;
  readonly paidCount: number;
  /** Of an open run as it stands, of an exported one as it went out. */
  readonly totals: readonly Money[];
};

const select = `select runs.id, runs.period, runs.cut_off_on as "cutOffOn", runs.opened_at as "openedAt",
    runs.exported_at as "exportedAt", runs.exported_by as "exportedBy", runs.file_name as "fileName", runs.sha256,
    exporter.full_name as "exporterName", coalesce(live.lines, 0) as "lineCount", coalesce(live.paid, 0) as "paidCount",
    case when runs.exported_at is null then 'open'
      when live.lines = live.paid then 'paid' else 'exported' end as state,
    coalesce(runs.totals, live.totals, '[]') as totals
  from payroll_runs runs
  left join employees exporter on exporter.id = runs.exported_by
  left join lateral (
    select sum(lines)::int as lines, sum(paid)::int as paid,
      jsonb_agg(jsonb_build_object('minor', minor, 'currency', currency) order by currency) as totals
    from (select currency, count(*) as lines, count(paid_on) as paid, sum(amount_minor) as minor
      from payroll_lines where run_id = runs.id and released_at is null group by currency) by_currency
  ) live on true`;

/** Open runs first, then the newest period first; after a period for the next page. */
export async function listRuns(
  db: Db,
  before: string | null,
): Promise<{ open: ShownRun[]; exported: ShownRun[]; next: string | null }> {
  const exported = await db.raw(
    `${select} where runs.exported_at is not null and (?::text is null or runs.period < ?) order by runs.period desc limit ?`,
    [before, before, RUNS_A_PAGE + 1],
  );
  const open =
    before === null ? (await db.raw(`${select} where runs.exported_at is null order by runs.period`)).rows : [];
  const rows = exported.rows.slice(0, RUNS_A_PAGE);
  return { open, exported: rows, next: exported.rows.length > RUNS_A_PAGE ? rows.at(-1).period : null };
}

export async function findRun(db: Db, id: number): Promise<ShownRun | null> {
  const { rows } = await db.raw(`${select} where runs.id = ?`, [id]);
  return rows[0] ?? null;
}

/** The periods whose run takes no more lines, for a screen that foretells a month. */
export async function listExportedPeriods(db: Db): Promise<string[]> {
  const { rows } = await db.raw(selectExportedPeriods);
  return rows.map((row: { period: string }) => row.period);
}

export type ShownLine = Line & { readonly employeeName: string };
export type LinePlace = { readonly staffNumber: string; readonly id: number };

/** A page of the ledger, by staff number: the order in which the lines are numbered at the export. */
export async function listLines(
  db: Db,
  runId: number,
  place: { after?: LinePlace | null; before?: LinePlace | null },
): Promise<{ lines: ShownLine[]; previous: LinePlace | null; next: LinePlace | null }> {
  const backwards = Boolean(place.before);
  const from = place.before ?? place.after ?? null;
  const turn = backwards ? 'desc' : 'asc';
  const { rows } = await db.raw(
    `select line.id, line.run_id as "runId", line.line_no as "lineNo", line.bonus_id as "bonusId",
       line.staff_number as "staffNumber", employees.full_name as "employeeName",
       json_build_object('minor', line.amount_minor, 'currency', line.currency) as amount,
       line.awarded_on as "awardedOn", line.reverses_line_id as "reversesLineId", line.released_at as "releasedAt",
       line.paid_on as "paidOn"
     from payroll_lines line join bonuses on bonuses.id = line.bonus_id
     join employees on employees.id = bonuses.beneficiary_id
     where line.run_id = ? and line.released_at is null
       ${from ? `and (line.staff_number, line.id) ${backwards ? '<' : '>'} (?, ?::bigint)` : ''}
     order by line.staff_number ${turn}, line.id ${turn} limit ?`,
    [runId, ...(from ? [from.staffNumber, from.id] : []), LINES_A_PAGE + 1],
  );
  const isMore = rows.length > LINES_A_PAGE;
  const lines: ShownLine[] = rows.slice(0, LINES_A_PAGE);
  if (backwards) lines.reverse();
  const hasPrevious = backwards ? isMore : from !== null;
  const hasNext = backwards || isMore;
  return { lines, previous: hasPrevious ? (lines[0] ?? null) : null, next: hasNext ? (lines.at(-1) ?? null) : null };
}

export type RunFile = {
  readonly runId: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly pieces: number;
};

export async function findRunFile(db: Db, runId: number): Promise<RunFile | null> {
  const { rows } = await db.raw(
    `select runs.id as "runId", runs.file_name as "fileName", runs.sha256, sum(length(content))::bigint as bytes,
       count(*)::int as pieces
     from payroll_runs runs join payroll_file_pieces on run_id = runs.id where runs.id = ? group by runs.id`,
    [runId],
  );
  return rows[0] ?? null;
}

/** The file as it went out, piece by piece: only one piece is in memory at a time. */
export async function* readRunFile(db: Db, { runId, pieces }: RunFile): AsyncGenerator<Buffer> {
  for (let pieceNo = 0; pieceNo < pieces; pieceNo += 1) {
    const { rows } = await db.raw('select content from payroll_file_pieces where run_id = ? and piece_no = ?', [
      runId,
      pieceNo,
    ]);
    yield rows[0].content;
  }
}
