import type { Db, Trx } from '../lib/database.ts';
import type { Money } from '../lib/money.ts';
import { type Line, type Run, selectExportedPeriods } from './payroll.ts';

const runColumns = `id, period, cut_off_on as "cutOffOn", opened_at as "openedAt", exported_at as "exportedAt",
  exported_by as "exportedBy", file_name as "fileName", line_count as "lineCount", totals, sha256`;

const lineColumns = `id, run_id as "runId", line_no as "lineNo", bonus_id as "bonusId", staff_number as "staffNumber",
  json_build_object('minor', amount_minor, 'currency', currency) as amount, awarded_on as "awardedOn",
  reverses_line_id as "reversesLineId", released_at as "releasedAt", paid_on as "paidOn"`;

/**
 * Locks the run until the transaction ends. The bonus run and whoever takes an award back hold a share of it while they
 * write its lines, so whoever has this lock sees all of them, and none comes after.
 */
export async function lockRun(trx: Trx, id: number): Promise<Run | null> {
  const { rows } = await trx.raw(`select ${runColumns} from payroll_runs where id = ? for update`, [id]);
  return rows[0] ?? null;
}

/** Gives the live lines of the run their numbers, from 1, by staff number; answers how many there are. */
export async function numberLines(trx: Trx, runId: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `update payroll_lines set line_no = numbered.line_no
     from (select id, row_number() over (order by staff_number, id) as line_no from payroll_lines
       where run_id = ? and released_at is null) numbered
     where payroll_lines.id = numbered.id`,
    [runId],
  );
  return rowCount;
}

/** Numbered lines after that number, in their order. */
export async function listNumberedLines(
  trx: Trx,
  runId: number,
  after: number,
  limit: number,
): Promise<(Line & { lineNo: number })[]> {
  const { rows } = await trx.raw(
    `select ${lineColumns} from payroll_lines where run_id = ? and line_no > ? and released_at is null
     order by line_no limit ?`,
    [runId, after, limit],
  );
  return rows;
}

export async function insertPiece(trx: Trx, runId: number, pieceNo: number, content: Buffer): Promise<void> {
  await trx.raw('insert into payroll_file_pieces (run_id, piece_no, content) values (?, ?, ?)', [
    runId,
    pieceNo,
    content,
  ]);
}

/** The periods whose run takes no more lines. */
export async function listExportedPeriods(db: Db): Promise<string[]> {
  const { rows } = await db.raw(selectExportedPeriods);
  return rows.map((row: { period: string }) => row.period);
}

export type Seal = {
  readonly at: Temporal.Instant;
  readonly by: number;
  readonly fileName: string;
  readonly lineCount: number;
  readonly totals: readonly Money[];
  readonly sha256: string;
};

/** The last write to a run: from here on the database refuses every change of it and of its lines. */
export async function sealRun(trx: Trx, runId: number, seal: Seal): Promise<void> {
  await trx.raw(
    `update payroll_runs set exported_at = ?, exported_by = ?, file_name = ?, line_count = ?, totals = ?::jsonb, sha256 = ?
     where id = ?`,
    [seal.at.toString(), seal.by, seal.fileName, seal.lineCount, JSON.stringify(seal.totals), seal.sha256, runId],
  );
}

/** Live lines of the run that nobody marked as paid yet, locked; only the chosen ones when ids are given. */
export async function lockUnpaidLines(trx: Trx, runId: number, chosen: number[] | null): Promise<Line[]> {
  const { rows } = await trx.raw(
    `select ${lineColumns} from payroll_lines
     where run_id = ? and released_at is null and paid_on is null and (?::bigint[] is null or id = any (?::bigint[]))
     order by id for no key update`,
    [runId, chosen, chosen],
  );
  return rows;
}

export async function savePaid(
  trx: Trx,
  lineIds: number[],
  paid: { on: Temporal.PlainDate; at: Temporal.Instant; by: number },
): Promise<void> {
  await trx.raw(
    'update payroll_lines set paid_on = ?, paid_recorded_at = ?, paid_recorded_by = ? where id = any (?::bigint[])',
    [paid.on.toString(), paid.at.toString(), paid.by, lineIds],
  );
}

export type PaidTo = { bonusId: number; referralId: number; beneficiaryId: number; candidateName: string };

/** Whom to tell about these bonuses, by bonus. */
export async function listBeneficiaries(db: Db, bonusIds: number[]): Promise<Map<number, PaidTo>> {
  const { rows } = await db.raw(
    `select bonuses.id as "bonusId", bonuses.referral_id as "referralId", bonuses.beneficiary_id as "beneficiaryId",
       coalesce(referrals.candidate_name, candidates.full_name) as "candidateName"
     from bonuses join referrals on referrals.id = bonuses.referral_id
     join candidates on candidates.id = referrals.candidate_id
     where bonuses.id = any (?::bigint[])`,
    [bonusIds],
  );
  return new Map(rows.map((row: PaidTo) => [row.bonusId, row]));
}
