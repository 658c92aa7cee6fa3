import type { Db } from '../lib/database.ts';
import type { Language, Role } from './employee.ts';
import type { EmployeeCard } from './employee-card.ts';

const rolesOf = (alias: string): string =>
  `array['employee'] || array(select role from employee_roles where employee_id = ${alias}.id order by role)`;
const employedOn = `employed_from <= cast(:day as date) and coalesce(employed_until >= cast(:day as date), true)`;

/** Whether the company in this house is the invented one. */
export async function isDemoCompany(db: Db): Promise<boolean> {
  const { rows } = await db.raw('select is_demo from company');
  return rows[0]?.is_demo ?? false;
}

/** Whether not a single employee is known, as in a house that nobody has moved into. */
export async function isUninhabited(db: Db): Promise<boolean> {
  const { rows } = await db.raw('select not exists (select 1 from employees) as uninhabited');
  return rows[0].uninhabited;
}

export type PersonToBe = {
  id: number;
  fullName: string;
  department: string;
  /** In which they will see every page. */
  language: Language;
  roles: Role[];
  referrals: number;
  reports: number;
};
export type PeopleToBe = { role: Role; people: PersonToBe[] };

/**
 * The employed of the demo company by what they can do, each once; first those who speak the language, and among them
 * who has recommended most.
 */
export async function listPeopleToBe(db: Db, today: Temporal.PlainDate, language: Language): Promise<PeopleToBe[]> {
  const { rows } = await db.raw(
    `select employees.id, full_name as "fullName", department, ${rolesOf('employees')} as roles,
       coalesce(chosen_language, language) as language,
       (select count(*) from referrals where referrer_id = employees.id) as referrals,
       (select count(*) from employees report where report.manager_id = employees.id) as reports
     from employees where ${employedOn}
     order by coalesce(chosen_language, language) = :language desc, referrals desc, full_name, id limit 300`,
    { day: today.toString(), language },
  );
  const people = rows as PersonToBe[];
  const order: Role[] = ['recruiter', 'payroll', 'admin', 'employee'];
  const groupOf = (person: PersonToBe): Role => order.find((role) => person.roles.includes(role)) ?? 'employee';
  return order
    .map((role) => ({ role, people: people.filter((person) => groupOf(person) === role) }))
    .filter((group) => group.people.length > 0);
}

/** All that the staff list says of one person, with the manager's name. */
export async function findEmployeeCard(db: Db, id: number): Promise<EmployeeCard | null> {
  const { rows } = await db.raw(
    `select employees.id, employees.staff_number as "staffNumber", employees.full_name as "fullName",
       employees.email::text as email, employees.department, employees.manager_id as "managerId",
       manager.full_name as "managerName", employees.country, employees.level,
       employees.employment_type as "employmentType", trim_scale(employees.works_hours) as "worksHours",
       employees.employed_from as "employedFrom", employees.employed_until as "employedUntil",
       employees.notice_given_on as "noticeGivenOn",
       coalesce(employees.chosen_language, employees.language) as language, ${rolesOf('employees')} as roles,
       (select count(*) from referrals where referrer_id = employees.id) as referrals
     from employees left join employees manager on manager.id = employees.manager_id
     where employees.id = ?`,
    [id],
  );
  return rows[0] ?? null;
}

/** How many browsers this person is signed in with. */
export async function countSessions(db: Db, employeeId: number): Promise<number> {
  const { rows } = await db.raw('select count(*) as count from sessions where employee_id = ? and expire > now()', [
    employeeId,
  ]);
  return rows[0].count;
}

export type EmployeeFilter = {
  /** A part of the name or the e-mail, or the beginning of the staff number. */
  search?: string;
  role?: Role | '';
  department?: string;
  standing?: 'employed' | 'left' | 'all';
  /** Keyset: the last row of the page before, or the first of the page after. */
  after?: EmployeeKey | null;
  before?: EmployeeKey | null;
};
export type EmployeeKey = { name: string; id: number };
export type EmployeeRow = {
  id: number;
  fullName: string;
  email: string;
  staffNumber: string;
  department: string;
  roles: Role[];
  employedFrom: Temporal.PlainDate;
  employedUntil: Temporal.PlainDate | null;
  standing: 'employed' | 'left' | 'ahead';
};
export type EmployeePage = { rows: EmployeeRow[]; hasPrevious: boolean; hasNext: boolean };

const pageSize = 50;

/** A page of the staff by name; the name's order is PostgreSQL's, and the id decides between two of a name. */
export async function searchEmployees(
  db: Db,
  filter: EmployeeFilter,
  today: Temporal.PlainDate,
): Promise<EmployeePage> {
  const back = filter.before ?? null;
  const key = back ?? filter.after ?? null;
  const { where, bindings } = conditions(filter, today);
  if (key) where.push(`(employees.full_name, employees.id) ${back ? '<' : '>'} (:keyName, :keyId)`);
  const direction = back ? 'desc' : 'asc';
  const { rows } = await db.raw(
    `select employees.id, full_name as "fullName", email::text as email, staff_number as "staffNumber", department,
       ${rolesOf('employees')} as roles, employed_from as "employedFrom", employed_until as "employedUntil",
       case when employed_until < cast(:day as date) then 'left' when employed_from > cast(:day as date) then 'ahead' else 'employed' end
         as standing
     from employees where ${where.join(' and ')}
     order by full_name ${direction}, id ${direction} limit ${pageSize + 1}`,
    { ...bindings, keyName: key?.name ?? null, keyId: key?.id ?? null },
  );
  const more = rows.length > pageSize;
  const shown = rows.slice(0, pageSize) as EmployeeRow[];
  if (back) shown.reverse();
  return { rows: shown, hasPrevious: back ? more : key !== null, hasNext: back ? true : more };
}

/** How many the filter finds, counted no further than 1,001: beyond that the page says "1,000+". */
export async function countEmployees(db: Db, filter: EmployeeFilter, today: Temporal.PlainDate): Promise<number> {
  const { where, bindings } = conditions(filter, today);
  const { rows } = await db.raw(
    `select count(*) as count from (select 1 from employees where ${where.join(' and ')} limit 1001) found`,
    bindings,
  );
  return rows[0].count;
}

function conditions(filter: EmployeeFilter, today: Temporal.PlainDate) {
  const where = ['true'];
  const bindings: Record<string, string> = { day: today.toString() };
  if (filter.search) {
    where.push(`(full_name ilike :pattern or email ilike :pattern or staff_number ilike :prefix)`);
    const escaped = filter.search.replace(/[\\%_]/g, '\\$&');
    Object.assign(bindings, { pattern: `%${escaped}%`, prefix: `${escaped}%` });
  }
  if (filter.role && filter.role !== 'employee') {
    where.push('exists (select 1 from employee_roles where employee_id = employees.id and role = :role)');
    bindings.role = filter.role;
  }
  if (filter.department) {
    where.push('department = :department');
    bindings.department = filter.department;
  }
  const standing = filter.standing ?? 'employed';
  if (standing === 'employed') where.push('coalesce(employed_until >= cast(:day as date), true)');
  if (standing === 'left') where.push('employed_until < cast(:day as date)');
  return { where, bindings };
}

/** Every department that the staff list names, for selects and filters. */
export async function listDepartments(db: Db): Promise<string[]> {
  const { rows } = await db.raw(`select distinct department from employees where department <> '' order by department`);
  return rows.map((row: { department: string }) => row.department);
}

export type EmployeeOption = { value: number; label: string };

/**
 * The employed as choices of a select, by name, with the department where two share a name; by role where asked.
 * `limit` guards the page: a company of 50,000 needs a search field instead.
 */
export async function listEmployeeOptions(
  db: Db,
  today: Temporal.PlainDate,
  { role, limit = 1000 }: { role?: Role; limit?: number } = {},
): Promise<EmployeeOption[]> {
  const { where, bindings } = conditions({ ...(role ? { role } : {}) }, today);
  const { rows } = await db.raw(
    `select id as value, case when department = '' then full_name else full_name || ' · ' || department end as label
     from employees where ${where.join(' and ')} order by full_name, id limit ${Math.trunc(limit)}`,
    bindings,
  );
  return rows;
}

/** What stands on the admin's overview. */
export type AdminOverview = {
  employed: number;
  left: number;
  admins: number;
  waitingMails: number;
  givenUpMails: number;
  policy: number | null;
};

export async function adminOverview(db: Db, today: Temporal.PlainDate): Promise<AdminOverview> {
  const { rows } = await db.raw(
    `select (select count(*) from employees where ${employedOn}) as employed,
       (select count(*) from employees where employed_until < cast(:day as date)) as left,
       (select count(*) from employee_roles join employees on employees.id = employee_id
         where role = 'admin' and ${employedOn}) as admins,
       (select count(*) from outbox_emails where sent_at is null and given_up_at is null) as "waitingMails",
       (select count(*) from outbox_emails where given_up_at is not null) as "givenUpMails",
       (select max(version) from policies where counts_from <= cast(:day as date)) as policy`,
    { day: today.toString() },
  );
  return rows[0];
}
