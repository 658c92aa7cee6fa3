import type { Trx } from '../lib/database.ts';

/** Any number will do, as long as every process takes the same one. */
const takingLock = 7_105_701;

/** True for the one transaction that takes a list now; the lock goes with it. Meanwhile nobody else changes employees. */
export async function beginTaking(trx: Trx): Promise<boolean> {
  const { rows } = await trx.raw('select pg_try_advisory_xact_lock(?) as alone', [takingLock]);
  if (!rows[0].alone) return false;
  await trx.raw('lock table employees, employee_roles in share row exclusive mode');
  return true;
}

/**
 * Writes the list: added, changed, marked as left, each in one statement. Addresses that change hands are let go of
 * first, so two people may swap theirs, and a newcomer may get that of somebody who has left.
 */
export async function applyLines(trx: Trx, importId: number, today: Temporal.PlainDate): Promise<void> {
  await releaseEmails(trx, importId);
  await addEmployees(trx, importId);
  await changeEmployees(trx, importId);
  await setManagers(trx, importId);
  await setRoles(trx, importId);
  await markAsLeft(trx, importId, today);
}

async function releaseEmails(trx: Trx, importId: number): Promise<void> {
  await trx.raw(
    `update employees set email = 'staff-' || employees.id || '@left.invalid'
     from staff_list_lines line
     where line.import_id = ? and line.kind in ('added', 'changed') and employees.email = (line."values" ->> 'email')::citext
       and employees.id is distinct from line.employee_id`,
    [importId],
  );
}

async function addEmployees(trx: Trx, importId: number): Promise<void> {
  await trx.raw(
    `insert into employees (staff_number, email, full_name, department, country, level, employment_type, works_hours,
       employed_from, employed_until, notice_given_on, language)
     select staff_number, "values" ->> 'email', "values" ->> 'full_name', coalesce("values" ->> 'department', ''),
       "values" ->> 'country', coalesce("values" ->> 'level', ''), coalesce("values" ->> 'employment_type', 'permanent'),
       nullif("values" ->> 'works_hours', '')::numeric, ("values" ->> 'employed_from')::date,
       nullif("values" ->> 'employed_until', '')::date, nullif("values" ->> 'notice_given_on', '')::date,
       coalesce("values" ->> 'language', 'en')
     from staff_list_lines where import_id = ? and kind = 'added' order by line_no`,
    [importId],
  );
  await trx.raw(
    `update staff_list_lines line set employee_id = employees.id from employees
     where line.import_id = ? and line.kind = 'added' and employees.staff_number = line.staff_number`,
    [importId],
  );
}

/** A column that the file doesn't have stays as it is. */
async function changeEmployees(trx: Trx, importId: number): Promise<void> {
  const text = (column: string): string => `${column} = coalesce("values" ->> '${column}', employees.${column})`;
  const emptied = (column: string, type: string): string =>
    `${column} = case when "values" ? '${column}' then nullif("values" ->> '${column}', '')::${type} else employees.${column} end`;
  const sets = [
    ...['email', 'full_name', 'department', 'country', 'level', 'employment_type', 'language'].map(text),
    `employed_from = coalesce(("values" ->> 'employed_from')::date, employees.employed_from)`,
    emptied('works_hours', 'numeric'),
    emptied('employed_until', 'date'),
    emptied('notice_given_on', 'date'),
  ];
  // The ? of jsonb is a binding to knex: it has to be escaped.
  await trx.raw(
    `update employees set ${sets.join(', ').replaceAll(' ? ', ' \\? ')}
     from staff_list_lines line
     where line.import_id = ? and line.kind = 'changed' and employees.id = line.employee_id`,
    [importId],
  );
}

async function setManagers(trx: Trx, importId: number): Promise<void> {
  await trx.raw(
    `update employees set manager_id = manager.id
     from staff_list_lines line
       left join employees manager on manager.staff_number = line."values" ->> 'manager_staff_number'
     where line.import_id = ? and employees.id = line.employee_id
       and (line.kind = 'added' or line.kind = 'changed' and line.changes \\? 'manager_staff_number')`,
    [importId],
  );
}

async function setRoles(trx: Trx, importId: number): Promise<void> {
  await trx.raw(
    `delete from employee_roles using staff_list_lines line
     where line.import_id = ? and line.kind = 'changed' and line.changes \\? 'roles'
       and employee_roles.employee_id = line.employee_id
       and employee_roles.role <> all (string_to_array(line."values" ->> 'roles', ' '))`,
    [importId],
  );
  await trx.raw(
    `insert into employee_roles (employee_id, role)
     select line.employee_id, unnest(string_to_array(line."values" ->> 'roles', ' '))
     from staff_list_lines line
     where line.import_id = ? and (line.kind = 'added' or line.kind = 'changed' and line.changes \\? 'roles')
       and line."values" ->> 'roles' <> ''
     on conflict do nothing`,
    [importId],
  );
}

/** Today is the last day of who is no longer on the list; whoever was to begin later has no day at all beyond the first. */
async function markAsLeft(trx: Trx, importId: number, today: Temporal.PlainDate): Promise<void> {
  await trx.raw(
    `update employees set employed_until = greatest(?::date, employed_from)
     from staff_list_lines line
     where line.import_id = ? and line.kind = 'left' and employees.id = line.employee_id and employed_until is null`,
    [today.toString(), importId],
  );
  await trx.raw(
    `delete from employee_roles using staff_list_lines line
     where line.import_id = ? and line.kind = 'left' and employee_roles.employee_id = line.employee_id`,
    [importId],
  );
}

/** Who is no longer on the list is signed out at once, on every device, and no link sent before lets them in again. */
export async function endSessionsOfLeavers(trx: Trx, importId: number, at: Temporal.Instant): Promise<void> {
  const leavers = `(select employee_id from staff_list_lines where import_id = ? and kind = 'left')`;
  await trx.raw(`delete from sessions where employee_id in ${leavers}`, [importId]);
  await trx.raw(
    `update sign_in_links set used_at = ?::timestamptz where used_at is null and employee_id in ${leavers}`,
    [at.toString(), importId],
  );
}

export async function countEmployedOn(trx: Trx, day: Temporal.PlainDate): Promise<number> {
  const { rows } = await trx.raw(
    'select count(*) from employees where employed_from <= ?::date and coalesce(employed_until >= ?::date, true)',
    [day.toString(), day.toString()],
  );
  return rows[0].count;
}

/** What the history of each person on the list will say: which columns changed, never what they held. */
export async function listTakenDeeds(
  trx: Trx,
  importId: number,
): Promise<{ kind: 'added' | 'changed' | 'left'; employeeId: number; columns: string }[]> {
  const { rows } = await trx.raw(
    `select kind, employee_id as "employeeId",
       coalesce((select string_agg(key, ' ' order by key) from jsonb_object_keys(changes) key), '') as columns
     from staff_list_lines where import_id = ? and kind in ('added', 'changed', 'left') order by kind, line_no`,
    [importId],
  );
  return rows;
}

/** Whether anybody employed on that day is admin, and whether this employee is one of them. */
export async function adminsOn(
  trx: Trx,
  employeeId: number | null,
  day: Temporal.PlainDate,
): Promise<{ any: boolean; self: boolean }> {
  const { rows } = await trx.raw(
    `select count(*) > 0 as any, coalesce(bool_or(id = ?), false) as self
     from employees join employee_roles on employee_id = id and role = 'admin'
     where employed_from <= ?::date and coalesce(employed_until >= ?::date, true)`,
    [employeeId, day.toString(), day.toString()],
  );
  return rows[0];
}
