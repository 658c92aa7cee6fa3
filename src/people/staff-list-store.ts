import type { Db, Trx } from '../lib/database.ts';
import type { Column, Problem, StaffValues } from './staff-list.ts';
import type { KnownEmployee, StaffChanges } from './staff-list-rules.ts';

export type StaffListState = 'checking' | 'refused' | 'ready' | 'taking' | 'taken' | 'cancelled';

export type NewStaffList = { fileName: string; content: Uint8Array; uploadedBy: number; uploadedAt: Temporal.Instant };

export async function insertStaffList(trx: Trx, list: NewStaffList): Promise<number> {
  const { rows } = await trx.raw(
    `insert into staff_list_imports (file_name, content, uploaded_by, uploaded_at, state)
     values (?, ?, ?, ?, 'checking') returning id`,
    [list.fileName, Buffer.from(list.content), list.uploadedBy, list.uploadedAt.toString()],
  );
  return rows[0].id;
}

export type StaffListToCheck = { id: number; content: Buffer; uploadedBy: number };

/** The list with its bytes, while it is still to be checked; null when it has been checked or cancelled meanwhile. */
export async function findStaffListToCheck(db: Db, id: number): Promise<StaffListToCheck | null> {
  const { rows } = await db.raw(
    `select id, content, uploaded_by as "uploadedBy" from staff_list_imports where id = ? and state = 'checking'`,
    [id],
  );
  return rows[0] ?? null;
}

export type LockedStaffList = { id: number; state: StaffListState; fingerprint: string | null; left: number };

/** The list, locked, without its bytes. */
export async function lockStaffList(trx: Trx, id: number): Promise<LockedStaffList | null> {
  const { rows } = await trx.raw(
    'select id, state, staff_fingerprint as fingerprint, marked_left as "left" from staff_list_imports where id = ? for update',
    [id],
  );
  return rows[0] ?? null;
}

export type Staff = { byNumber: Map<string, KnownEmployee>; openEnded: Set<string>; fingerprint: string };

/** Everybody on the staff list as the file would spell them, and a fingerprint of it all, seen at one moment. */
export async function readStaff(db: Db & { transaction: Trx['transaction'] }): Promise<Staff> {
  return db.transaction(
    async (trx: Trx) => {
      const { rows } = await trx.raw(`
        select employees.id, employees.staff_number, lower(employees.email::text) as email, employees.full_name,
          employees.department, coalesce(manager.staff_number, '') as manager_staff_number, employees.country,
          employees.level, employees.employment_type, coalesce(trim_scale(employees.works_hours)::text, '') as works_hours,
          employees.employed_from::text, coalesce(employees.employed_until::text, '') as employed_until,
          coalesce(employees.notice_given_on::text, '') as notice_given_on, employees.language,
          coalesce(held.roles, '') as roles
        from employees
        left join employees manager on manager.id = employees.manager_id
        left join (select employee_id, string_agg(role, ' ' order by role) as roles from employee_roles group by 1) held
          on held.employee_id = employees.id`);
      const byNumber = new Map<string, KnownEmployee>();
      const openEnded = new Set<string>();
      for (const { id, ...values } of rows as ({ id: number } & Record<Column, string>)[]) {
        byNumber.set(values.staff_number, { id, values });
        if (values.employed_until === '') openEnded.add(values.staff_number);
      }
      return { byNumber, openEnded, fingerprint: await staffFingerprint(trx) };
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

/** One short text that differs as soon as anything on the staff list does, roles included. */
export async function staffFingerprint(trx: Trx): Promise<string> {
  const { rows } = await trx.raw(`
    select md5(
      (select coalesce(string_agg(md5(row(id, staff_number, email, full_name, department, manager_id, country, level,
         employment_type, works_hours, employed_from, employed_until, notice_given_on, language)::text), '' order by id), '')
       from employees)
      || (select coalesce(string_agg(employee_id || role, ' ' order by employee_id, role), '') from employee_roles)
    ) as fingerprint`);
  return rows[0].fingerprint;
}

export type StaffLine = {
  kind: 'added' | 'changed' | 'left';
  line: number;
  staffNumber: string;
  employeeId: number | null;
  values: StaffValues;
  changes: StaffChanges;
};

/** A check begins, or begins again after the process that did it died: from the first line. */
export async function beginCheck(db: Db, id: number, linesTotal: number): Promise<void> {
  await db.raw('delete from staff_list_lines where import_id = ?', [id]);
  await db.raw('update staff_list_imports set lines_total = ?, lines_done = 0 where id = ?', [linesTotal, id]);
}

/** Keeps what was found and how far it has come. False when the list was cancelled meanwhile: then the check ends. */
export async function saveProgress(
  db: Db,
  id: number,
  linesDone: number,
  lines: readonly StaffLine[],
): Promise<boolean> {
  const { rowCount } = await db.raw(
    `update staff_list_imports set lines_done = least(?, lines_total) where id = ? and state = 'checking'`,
    [linesDone, id],
  );
  if (rowCount === 0) return false;
  if (lines.length > 0) {
    await db.raw(
      `insert into staff_list_lines (import_id, kind, line_no, staff_number, employee_id, "values", changes)
       select ?, kind, line, "staffNumber", "employeeId", "values", changes
       from jsonb_to_recordset(?::jsonb) as line
         (kind text, line integer, "staffNumber" text, "employeeId" bigint, "values" jsonb, changes jsonb)`,
      [id, JSON.stringify(lines)],
    );
  }
  return true;
}

export type Counts = { lines: number; added: number; changed: number; left: number; unchanged: number };

/** The check found nothing wrong: the preview stands. */
export async function saveReady(db: Db, id: number, counts: Counts, fingerprint: string): Promise<void> {
  await db.raw(
    `update staff_list_imports set state = 'ready', content = null, lines_total = ?, lines_done = ?, added = ?, changed = ?,
       marked_left = ?, unchanged = ?, staff_fingerprint = ? where id = ? and state = 'checking'`,
    [counts.lines, counts.lines, counts.added, counts.changed, counts.left, counts.unchanged, fingerprint, id],
  );
}

/** Something is wrong with the list: nothing of it can be taken, and its bytes and lines are kept no longer. */
export async function saveProblems(db: Db, id: number, count: number, problems: readonly Problem[]): Promise<void> {
  await db.raw('delete from staff_list_lines where import_id = ?', [id]);
  await db.raw(
    `update staff_list_imports set state = 'refused', content = null, problem_count = ?, problems = ?::jsonb
     where id = ? and state = 'checking'`,
    [count, JSON.stringify(problems), id],
  );
}

export async function saveCancelled(trx: Trx, id: number): Promise<void> {
  await trx.raw(`update staff_list_imports set state = 'cancelled', content = null where id = ?`, [id]);
  await trx.raw('delete from staff_list_lines where import_id = ?', [id]);
}

export async function saveTaken(trx: Trx, id: number, by: number | null, at: Temporal.Instant): Promise<void> {
  await trx.raw(`update staff_list_imports set state = 'taken', taken_at = ?::timestamptz, taken_by = ? where id = ?`, [
    at.toString(),
    by,
    id,
  ]);
}

/** Of lists that are over, the numbers stay and the lines go: they hold people. */
export async function removeOldStaffListLines(db: Db, before: Temporal.Instant): Promise<number> {
  const { rowCount } = await db.raw(
    `delete from staff_list_lines using staff_list_imports
     where staff_list_imports.id = import_id and uploaded_at < ?::timestamptz and state <> 'checking'`,
    [before.toString()],
  );
  await db.raw(
    `update staff_list_imports set state = 'cancelled', content = null
     where uploaded_at < ?::timestamptz and state in ('ready', 'checking')`,
    [before.toString()],
  );
  return rowCount;
}
