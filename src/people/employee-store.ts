import type { Db, Trx } from '../lib/database.ts';
import type { Employee, Role } from './employee.ts';

/** The columns of an Employee as every query of the house reads them; `employees` must be in the FROM. */
export const employeeColumns = `employees.id, employees.staff_number as "staffNumber", employees.email::text as email,
  employees.full_name as "fullName", employees.department, employees.manager_id as "managerId", employees.country,
  nullif(employees.level, '') as level, employees.employment_type as "employmentType",
  trim_scale(employees.works_hours) as "worksHours", employees.employed_from as "employedFrom",
  employees.employed_until as "employedUntil", employees.notice_given_on as "noticeGivenOn",
  coalesce(employees.chosen_language, employees.language) as language,
  array['employee'] || array(select role from employee_roles where employee_id = employees.id order by role) as roles`;

/** The employee with this id, also one who has left; null when there is none. */
export async function findEmployee(db: Db, id: number): Promise<Employee | null> {
  return findOne(db, 'employees.id = ?', id);
}

/** As findEmployee, for an id that must exist: throws when it does not. */
export async function getEmployee(db: Db, id: number): Promise<Employee> {
  const employee = await findEmployee(db, id);
  if (!employee) throw new Error(`There is no employee ${id}`);
  return employee;
}

/** The e-mail is compared without regard to case. Finds those who have left as well. */
export async function findEmployeeByEmail(db: Db, email: string): Promise<Employee | null> {
  return findOne(db, 'employees.email = ?::citext', email);
}

export async function findEmployeeByStaffNumber(db: Db, staffNumber: string): Promise<Employee | null> {
  return findOne(db, 'employees.staff_number = ?', staffNumber);
}

async function findOne(db: Db, where: string, value: number | string): Promise<Employee | null> {
  const { rows } = await db.raw(`select ${employeeColumns} from employees where ${where}`, [value]);
  return rows[0] ?? null;
}

/**
 * The managers of an employee up to the top, nearest first. A ring in the staff list ends where it would repeat, and
 * the employee is never among their own managers.
 */
export async function listManagerIds(db: Db, employeeId: number): Promise<number[]> {
  const { rows } = await db.raw(
    `with recursive above (id, manager_id, height) as (
       select id, manager_id, 0 from employees where id = ?
       union all
       select manager.id, manager.manager_id, above.height + 1
       from above join employees manager on manager.id = above.manager_id
     ) cycle id set repeats using way
     select id from above where height > 0 and not repeats order by height`,
    [employeeId],
  );
  return rows.map((row: { id: number }) => row.id);
}

/**
 * Everybody who holds the role, by name. With a day, only those employed on it: whoever has left gets no mail and no
 * work, also while the staff list still gives them the role.
 */
export async function listEmployeesWithRole(db: Db, role: Role, employedOn?: Temporal.PlainDate): Promise<Employee[]> {
  const day = employedOn?.toString() ?? null;
  const holds =
    role === 'employee'
      ? 'true'
      : 'exists (select 1 from employee_roles where employee_id = employees.id and role = ?)';
  const { rows } = await db.raw(
    `select ${employeeColumns} from employees
     where ${holds}
       and (?::date is null or (employed_from <= ?::date and coalesce(employed_until >= ?::date, true)))
     order by full_name, id`,
    [...(role === 'employee' ? [] : [role]), day, day, day],
  );
  return rows;
}

export type NewEmployee = Omit<Employee, 'id' | 'roles' | 'level'> & {
  readonly level?: string | null;
  readonly roles?: readonly Role[];
};

/** One employee, by hand: for the demo company and for tests. The staff list writes its own, thousands at once. */
export async function insertEmployee(trx: Trx, employee: NewEmployee): Promise<Employee> {
  const { rows } = await trx.raw(
    `insert into employees (staff_number, email, full_name, department, manager_id, country, level, employment_type,
       works_hours, employed_from, employed_until, notice_given_on, language)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
    [
      employee.staffNumber,
      employee.email,
      employee.fullName,
      employee.department,
      employee.managerId,
      employee.country,
      employee.level ?? '',
      employee.employmentType,
      employee.worksHours,
      employee.employedFrom.toString(),
      employee.employedUntil?.toString() ?? null,
      employee.noticeGivenOn?.toString() ?? null,
      employee.language,
    ],
  );
  await saveRoles(trx, rows[0].id, employee.roles ?? []);
  return getEmployee(trx, rows[0].id);
}

/** The roles the employee holds from now on; 'employee' is everybody's and isn't stored. */
export async function saveRoles(trx: Trx, employeeId: number, roles: readonly Role[]): Promise<void> {
  const stored = roles.filter((role) => role !== 'employee');
  await trx.raw('delete from employee_roles where employee_id = ? and role <> all (?::text[])', [employeeId, stored]);
  await trx.raw('insert into employee_roles (employee_id, role) select ?, unnest(?::text[]) on conflict do nothing', [
    employeeId,
    stored,
  ]);
}

/** Nobody else changes roles until this transaction is over. */
export async function lockRoles(trx: Trx): Promise<void> {
  await trx.raw('lock table employee_roles in share row exclusive mode');
}

/** The company that lives here; false when one does already. */
export async function insertCompany(
  trx: Trx,
  company: { name: string; isDemo: boolean; createdAt: Temporal.Instant },
): Promise<boolean> {
  const { rowCount } = await trx.raw(
    'insert into company (name, is_demo, created_at) values (?, ?, ?) on conflict do nothing',
    [company.name, company.isDemo, company.createdAt.toString()],
  );
  return rowCount === 1;
}

export async function countEmployees(db: Db): Promise<number> {
  const { rows } = await db.raw('select count(*) from employees');
  return rows[0].count;
}
