import type { Db } from '../lib/database.ts';
import type { Problem, StaffValues } from './staff-list.ts';
import type { StaffChanges } from './staff-list-rules.ts';

export type StaffListState = 'checking' | 'refused' | 'ready' | 'taking' | 'taken' | 'cancelled';

export type StaffListSummary = {
  id: number;
  fileName: string;
  uploadedAt: Temporal.Instant;
  uploadedByName: string;
  state: StaffListState;
  linesTotal: number;
  linesDone: number;
  added: number;
  changed: number;
  left: number;
  unchanged: number;
  problemCount: number;
  takenAt: Temporal.Instant | null;
  takenByName: string | null;
};
export type StaffListCard = StaffListSummary & { problems: Problem[] };

const columns = `list.id, list.file_name as "fileName", list.uploaded_at as "uploadedAt",
  uploader.full_name as "uploadedByName", list.state, list.lines_total as "linesTotal", list.lines_done as "linesDone",
  list.added, list.changed, list.marked_left as "left", list.unchanged, list.problem_count as "problemCount",
  list.taken_at as "takenAt", taker.full_name as "takenByName"`;
const from = `from staff_list_imports list join employees uploader on uploader.id = list.uploaded_by
  left join employees taker on taker.id = list.taken_by`;

/** One uploaded list with everything but its bytes and its lines. */
export async function findStaffList(db: Db, id: number): Promise<StaffListCard | null> {
  const { rows } = await db.raw(`select ${columns}, list.problems ${from} where list.id = ?`, [id]);
  return rows[0] ?? null;
}

/** The lists uploaded last, newest first. */
export async function listStaffLists(db: Db, limit = 10): Promise<StaffListSummary[]> {
  const { rows } = await db.raw(`select ${columns} ${from} order by list.id desc limit ?`, [limit]);
  return rows;
}

/** How many work here on that day: what the number of those marked as left is measured by. */
export async function countEmployedOn(db: Db, day: Temporal.PlainDate): Promise<number> {
  const { rows } = await db.raw(
    'select count(*) from employees where employed_from <= ?::date and coalesce(employed_until >= ?::date, true)',
    [day.toString(), day.toString()],
  );
  return rows[0].count;
}

export type LineKind = 'added' | 'changed' | 'left';
export type StaffLineRow = {
  line: number;
  staffNumber: string;
  employeeId: number | null;
  fullName: string;
  values: StaffValues;
  changes: StaffChanges;
};
export type StaffLinePage = { rows: StaffLineRow[]; previous: number | null; next: number | null };

const pageSize = 50;

/** A page of the preview by line: those after a line, or those before it (keyset, so deep pages cost what the first does). */
export async function listStaffLines(
  db: Db,
  id: number,
  kind: LineKind,
  { after, before }: { after?: number | null; before?: number | null },
): Promise<StaffLinePage> {
  const backwards = before != null;
  const { rows } = await db.raw(
    `select line.line_no as line, line.staff_number as "staffNumber", line.employee_id as "employeeId",
       coalesce(line."values" ->> 'full_name', employees.full_name) as "fullName", line."values", line.changes
     from staff_list_lines line left join employees on employees.id = line.employee_id
     where line.import_id = ? and line.kind = ? and line.line_no ${backwards ? '<' : '>'} ?
     order by line.line_no ${backwards ? 'desc' : 'asc'} limit ?`,
    [id, kind, backwards ? before : (after ?? -1), pageSize + 1],
  );
  const more = rows.length > pageSize;
  const shown = rows.slice(0, pageSize) as StaffLineRow[];
  if (backwards) shown.reverse();
  const first = shown[0]?.line ?? null;
  const last = shown.at(-1)?.line ?? null;
  return {
    rows: shown,
    previous: (backwards ? more : after != null) ? first : null,
    next: backwards || more ? last : null,
  };
}
