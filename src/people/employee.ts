import { isOnOrBefore } from '../lib/calendar.ts';

export const ROLES = ['employee', 'recruiter', 'payroll', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

export const EMPLOYMENT_TYPES = ['permanent', 'fixed_term', 'intern', 'contractor'] as const;
export type EmploymentType = (typeof EMPLOYMENT_TYPES)[number];

/** A person on the company's staff list, as HR's data has them. */
export type Employee = {
  readonly id: number;
  /** Text, always: leading zeros are part of it. */
  readonly staffNumber: string;
  /** Lower case, as normaliseEmail leaves it. */
  readonly email: string;
  readonly fullName: string;
  readonly department: string;
  readonly managerId: number | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** As HR writes it; '' where there is none. */
  readonly level: string;
  readonly employmentType: EmploymentType;
  /** Hours a week, as decimal text ("37.5"). */
  readonly worksHours: string | null;
  /** The first day of work. */
  readonly employedFrom: Temporal.PlainDate;
  /** The last day of work, which still counts; null while no end is known. */
  readonly employedUntil: Temporal.PlainDate | null;
  readonly noticeGivenOn: Temporal.PlainDate | null;
  readonly language: Language;
  /** What HR's data says beside 'employee', which everybody is and which is always among them. */
  readonly roles: readonly Role[];
};

/** Who is signed in: what a page needs to know of them, read with the session in one query. */
export type SignedIn = Pick<
  Employee,
  'id' | 'staffNumber' | 'fullName' | 'email' | 'department' | 'language' | 'roles'
> & {
  /** Chosen by the person; null follows the system. */
  readonly theme: 'light' | 'dark' | null;
};

/** Who does a deed; id null is Vouch itself (a job). */
export type Actor = { readonly id: number | null; readonly roles: readonly Role[] };

/** Vouch itself, as the one who acts in jobs. */
export const VOUCH: Actor = { id: null, roles: [] };

export type EmploymentDays = Pick<Employee, 'employedFrom' | 'employedUntil'>;

/** Employed on that day: from the first day of work to the last, both counted. */
export function isEmployed(employee: EmploymentDays, day: Temporal.PlainDate): boolean {
  if (!isOnOrBefore(employee.employedFrom, day)) return false;
  return employee.employedUntil === null || isOnOrBefore(day, employee.employedUntil);
}

/** Under notice on that day: from the day the notice was given, that day counted, whoever gave it. */
export function isUnderNotice(employee: Pick<Employee, 'noticeGivenOn'>, day: Temporal.PlainDate): boolean {
  return employee.noticeGivenOn !== null && isOnOrBefore(employee.noticeGivenOn, day);
}

export function hasRole(who: { readonly roles: readonly Role[] }, ...wanted: readonly Role[]): boolean {
  return wanted.some((role) => who.roles.includes(role));
}

/** How far the managers of somebody count: nobody, the direct manager, or all the way up. */
export type ChainReach = 'no' | 'direct' | 'chain';

/**
 * The managers of an employee, nearest first. A staff list with a ring in it (A reports to B, B to A) ends where it
 * would repeat, and the employee is never among their own managers.
 */
export function managersOf(employeeId: number, managerIdOf: (id: number) => number | null): number[] {
  const chain: number[] = [];
  const seen = new Set([employeeId]);
  for (let id = managerIdOf(employeeId); id !== null && !seen.has(id); id = managerIdOf(id)) {
    seen.add(id);
    chain.push(id);
  }
  return chain;
}

/** Is this employee among somebody's managers (nearest first), as far as the reach goes? */
export function isInChain(employeeId: number, managerIds: readonly number[], reach: ChainReach): boolean {
  if (reach === 'no') return false;
  return reach === 'direct' ? managerIds[0] === employeeId : managerIds.includes(employeeId);
}
