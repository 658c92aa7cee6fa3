import { insertHistory } from '../history/history-store.ts';
import type { Deps } from '../lib/deps.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { Employee, Language } from './employee.ts';
import { countEmployees, insertCompany, insertEmployee } from './employee-store.ts';
import { createSignInLink } from './sign-in-store.ts';

export type FirstAdmin = {
  readonly companyName: string;
  readonly staffNumber: string;
  readonly email: string;
  readonly fullName: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly language: Language;
};

/**
 * Opens an empty house for a company: its first admin, who brings the staff list, and a one-time link to sign in with.
 * Refused once anybody is there: from then on admins make admins.
 */
export async function moveFirstAdminIn(
  deps: Deps,
  admin: FirstAdmin,
): Promise<Result<{ employee: Employee; token: string }, 'inhabited'>> {
  return deps.db.transaction(async (trx) => {
    const at = await deps.clock.now(trx);
    // Two of these at once: the company is one row, so the second waits here and then finds somebody.
    if (!(await insertCompany(trx, { name: admin.companyName, isDemo: false, createdAt: at })))
      return refuse('inhabited');
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
    return ok({ employee, token: await createSignInLink(trx, employee.id, at) });
  });
}
