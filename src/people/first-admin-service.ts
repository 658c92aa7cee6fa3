import { insertHistory } from '../history/history-store.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import { type Employee, hasRole, isEmployed, type Language } from './employee.ts';
import { countEmployees, findEmployeeByEmail, insertCompany, insertEmployee } from './employee-store.ts';
import { createSignInLink } from './sign-in-store.ts';

/** What the terminal and the sign-in page say as long as nobody is here. */
export const FIRST_ADMIN_COMMAND =
  'npm run first-admin -- --company "Example Ltd" --name "Dana Field" --email dana@example.com --staff-number 17 --country DE';

export type FirstAdmin = {
  readonly companyName: string;
  readonly staffNumber: string;
  readonly email: string;
  readonly fullName: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly language: Language;
};

export type MovedIn = { employee: Employee; token: string; isNew: boolean };

/**
 * Opens an empty house for a company: its first admin, who brings the staff list, and a one-time link to sign in with.
 * Once anybody is there, an admin with that e-mail who works here gets a fresh link and nothing else changes: the first
 * one lives 15 minutes and works before any mail does. Refused for everybody else: from then on admins make admins.
 */
export async function moveFirstAdminIn(deps: Deps, admin: FirstAdmin): Promise<Result<MovedIn, 'inhabited'>> {
  return deps.db.transaction(async (trx) => {
    const at = await deps.clock.now(trx);
    // Two of these at once: the company is one row, so the second waits here and then finds somebody.
    if (!(await insertCompany(trx, { name: admin.companyName, isDemo: false, createdAt: at })))
      return freshLink(deps, trx, admin.email, at);
    if ((await countEmployees(trx)) > 0) return refuse('inhabited');
    const employee = await insertEmployee(trx, {
      ...admin,
      department: '',
      managerId: null,
      employmentType: 'permanent',
      worksHours: null,
      employedFrom: await deps.clock.today(trx),
      employedUntil: null,
      noticeGivenOn: null,
      roles: ['admin'],
    });
    await insertHistory(trx, { at, actorId: null, about: 'employee', aboutId: employee.id, deed: 'employee.added' });
    return ok({ employee, token: await createSignInLink(trx, employee.id, at), isNew: true });
  });
}

async function freshLink(
  deps: Deps,
  trx: Trx,
  email: string,
  at: Temporal.Instant,
): Promise<Result<MovedIn, 'inhabited'>> {
  const employee = await findEmployeeByEmail(trx, email);
  if (!employee || !hasRole(employee, 'admin') || !isEmployed(employee, await deps.clock.today(trx)))
    return refuse('inhabited');
  return ok({ employee, token: await createSignInLink(trx, employee.id, at), isNew: false });
}
