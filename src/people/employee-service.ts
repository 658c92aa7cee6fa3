import { insertHistory } from '../history/history-store.ts';
import type { Deps } from '../lib/deps.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import { type Actor, hasRole, type Role } from './employee.ts';
import { findEmployee, listEmployeesWithRole, lockRoles, saveRoles } from './employee-store.ts';

export type RolesRefusal = 'unknown' | 'left' | 'lastAdmin';

/**
 * Gives an employee these roles and no others. Refused for people who have left, and where nobody employed today would
 * be admin any more; of two admins who unmake each other at once, the second is refused.
 */
export async function changeRoles(
  deps: Deps,
  by: Actor,
  employeeId: number,
  roles: readonly Role[],
): Promise<Result<'changed' | 'same', RolesRefusal>> {
  return deps.db.transaction(async (trx) => {
    await lockRoles(trx);
    const employee = await findEmployee(trx, employeeId);
    if (!employee) return refuse('unknown');
    const today = await deps.clock.today(trx);
    const hasLeft = employee.employedUntil !== null && Temporal.PlainDate.compare(employee.employedUntil, today) < 0;
    if (hasLeft && roles.length > 0) return refuse('left');
    if (hasRole(employee, 'admin') && !roles.includes('admin')) {
      const admins = await listEmployeesWithRole(trx, 'admin', today);
      if (admins.every((admin) => admin.id === employeeId)) return refuse('lastAdmin');
    }
    const before = written(employee.roles);
    const after = written(roles);
    if (before === after) return ok('same');
    await saveRoles(trx, employeeId, roles);
    const entry = { at: await deps.clock.now(trx), actorId: by.id, about: 'employee', aboutId: employeeId } as const;
    await insertHistory(trx, { ...entry, deed: 'employee.changed', facts: { columns: 'roles', before, after } });
    return ok('changed');
  });
}

function written(roles: readonly Role[]): string {
  return [...new Set(roles)]
    .filter((role) => role !== 'employee')
    .toSorted()
    .join(' ');
}
