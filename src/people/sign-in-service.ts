import { insertHistory } from '../history/history-store.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import { type Employee, isEmployed } from './employee.ts';
import { findEmployee, findEmployeeByEmail } from './employee-store.ts';
import { countSignInAttempt, type SignInAttempt } from './sign-in-limit-store.ts';
import {
  createSignInLink,
  findSignInLink,
  lockSignInLink,
  markSignInLinkUsed,
  removeSessionsOf,
  SIGN_IN_MINUTES,
  type SignInLink,
  useUpSignInLinksOf,
} from './sign-in-store.ts';

/**
 * Sends a sign-in link to the address, if it belongs to somebody employed today. The answer never says whether it does;
 * it is only refused when links are asked for too often (5 an address, 30 a place in 15 minutes).
 */
export async function requestSignInLink(deps: Deps, attempt: SignInAttempt): Promise<Result<undefined, 'tooOften'>> {
  if (!(await countSignInAttempt(deps.db, attempt))) return refuse('tooOften');
  await deps.db.transaction(async (trx) => {
    const employee = await findEmployeeByEmail(trx, attempt.email);
    if (!employee || !isEmployed(employee, await deps.clock.today(trx))) return;
    const token = await createSignInLink(trx, employee.id, await deps.clock.now(trx));
    const data = { token, minutes: SIGN_IN_MINUTES };
    await enqueueEmails(deps, trx, [{ kind: 'sign_in_link', toEmployeeId: employee.id, data }]);
  });
  return ok();
}

export type LinkRefusal = 'unknown' | 'used' | 'expired' | 'left';

/** Whose link this is, without using it: the programs that scan mail open every link, and must not sign anybody in. */
export async function lookAtSignInLink(deps: Deps, token: string): Promise<Result<Employee, LinkRefusal>> {
  return judge(deps, deps.db, await findSignInLink(deps.db, token));
}

/**
 * Uses the link up and says who signs in by it. Single use: of two who press the button at once, one is refused as
 * 'used'. Refused too when it is older than 15 minutes, unknown, or its owner has left meanwhile.
 */
export async function useSignInLink(deps: Deps, token: string): Promise<Result<Employee, LinkRefusal>> {
  return deps.db.transaction(async (trx) => {
    const judged = await judge(deps, trx, await lockSignInLink(trx, token));
    if (!judged.ok) return judged;
    const at = await deps.clock.now(trx);
    await markSignInLinkUsed(trx, token, at);
    await recordSignIn(trx, judged.value.id, at, 'link');
    return judged;
  });
}

/** In the demo company everybody may be anybody. Refused for people who have left: they can't sign in there either. */
export async function becomeSomeone(deps: Deps, employeeId: number): Promise<Result<Employee, 'unknown' | 'left'>> {
  return deps.db.transaction(async (trx) => {
    const employee = await findEmployee(trx, employeeId);
    if (!employee) return refuse('unknown');
    if (!isEmployed(employee, await deps.clock.today(trx))) return refuse('left');
    await recordSignIn(trx, employee.id, await deps.clock.now(trx), 'demo');
    return ok(employee);
  });
}

/** Ends every session of who asks, this one included, and lets no link sent before open a new one. */
export async function signOutEverywhere(deps: Deps, employeeId: number): Promise<number> {
  return deps.db.transaction(async (trx) => {
    const at = await deps.clock.now(trx);
    const sessions = await removeSessionsOf(trx, employeeId);
    await useUpSignInLinksOf(trx, employeeId, at);
    const entry = { at, actorId: employeeId, about: 'employee', aboutId: employeeId } as const;
    await insertHistory(trx, { ...entry, deed: 'employee.signedOutEverywhere', facts: { sessions } });
    return sessions;
  });
}

async function judge(
  deps: Deps,
  db: Deps['db'] | Trx,
  link: SignInLink | null,
): Promise<Result<Employee, LinkRefusal>> {
  if (!link) return refuse('unknown');
  if (link.usedAt !== null) return refuse('used');
  if (Temporal.Instant.compare(await deps.clock.now(db), link.expiresAt) >= 0) return refuse('expired');
  const employee = await findEmployee(db, link.employeeId);
  if (!employee || !isEmployed(employee, await deps.clock.today(db))) return refuse('left');
  return ok(employee);
}

async function recordSignIn(trx: Trx, employeeId: number, at: Temporal.Instant, by: 'link' | 'demo'): Promise<void> {
  const entry = { at, actorId: employeeId, about: 'employee', aboutId: employeeId, deed: 'employee.signedIn' } as const;
  await insertHistory(trx, { ...entry, facts: { by } });
}
