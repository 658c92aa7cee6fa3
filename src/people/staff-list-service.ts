import { insertHistory } from '../history/history-store.ts';
import { isUniqueViolation, type Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { Actor } from './employee.ts';
import { isMassLeaving } from './staff-list.ts';
import { decode, type FileRefusal } from './staff-list-file.ts';
import {
  insertStaffList,
  type LockedStaffList,
  lockStaffList,
  type StaffListState,
  saveCancelled,
  saveTaken,
  staffFingerprint,
} from './staff-list-store.ts';
import {
  adminsOn,
  applyLines,
  beginTaking,
  countEmployedOn,
  endSessionsOfLeavers,
  listTakenDeeds,
} from './staff-list-take-store.ts';

export const CHECK_STAFF_LIST = 'check-staff-list';

export type UploadedFile = { fileName: string; content: Uint8Array };

/** Takes the file in and has it checked in the background. Refused at once: no bytes, a workbook, what is no text. */
export async function uploadStaffList(
  deps: Deps,
  by: Actor & { id: number },
  file: UploadedFile,
): Promise<Result<number, FileRefusal>> {
  const decoded = decode(file.content);
  if (!decoded.ok) return decoded;
  return deps.db.transaction(async (trx) => {
    const uploadedAt = await deps.clock.now(trx);
    const importId = await insertStaffList(trx, { ...file, uploadedBy: by.id, uploadedAt });
    await deps.queue.send(trx, CHECK_STAFF_LIST, { importId });
    return ok(importId);
  });
}

export type TakeRefusal =
  | 'unknown'
  | 'stillChecking'
  | 'hasProblems'
  | 'alreadyTaken'
  | 'cancelled'
  | 'anotherIsTaken'
  | 'staffChanged'
  | 'manyLeave'
  | 'ownAdmin'
  | 'lastAdmin';

/** A refusal after something was written: carries the reason out of the transaction, which takes it all back. */
class TakenBack extends Error {
  readonly reason: TakeRefusal;

  constructor(reason: TakeRefusal) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Takes the whole list or nothing of it, in one transaction. Refused while another one is being taken, when the staff
 * has changed since the preview, and when it would leave the company, or who takes it, without the admin role. When it
 * marks more than a tenth of the employed as left (isMassLeaving), it is refused until somebody has confirmed that.
 */
export async function takeStaffList(
  deps: Deps,
  by: Actor,
  importId: number,
  { leaversConfirmed = false }: { leaversConfirmed?: boolean } = {},
): Promise<Result<undefined, TakeRefusal>> {
  try {
    return await deps.db.transaction(async (trx) => {
      if (!(await beginTaking(trx))) return refuse('anotherIsTaken');
      const list = await lockStaffList(trx, importId);
      const refusal = list ? whyNotTake[list.state] : 'unknown';
      if (refusal) return refuse(refusal);
      const { fingerprint, left } = list as LockedStaffList;
      if ((await staffFingerprint(trx)) !== fingerprint) return refuse('staffChanged');
      const employed = await countEmployedOn(trx, await deps.clock.today(trx));
      if (!leaversConfirmed && isMassLeaving({ left, employed })) return refuse('manyLeave');
      await take(deps, trx, by, importId);
      return ok();
    });
  } catch (error) {
    if (error instanceof TakenBack) return refuse(error.reason);
    // An address that only PostgreSQL holds for the same as another.
    if (isUniqueViolation(error, 'employees_email_key')) return refuse('staffChanged');
    throw error;
  }
}

const whyNotTake: Record<StaffListState, TakeRefusal | null> = {
  ready: null,
  checking: 'stillChecking',
  refused: 'hasProblems',
  taking: 'anotherIsTaken',
  taken: 'alreadyTaken',
  cancelled: 'cancelled',
};

async function take(deps: Deps, trx: Trx, by: Actor, importId: number): Promise<void> {
  const at = await deps.clock.now(trx);
  const today = await deps.clock.today(trx);
  await applyLines(trx, importId, today);
  await endSessionsOfLeavers(trx, importId, at);
  const admins = await adminsOn(trx, by.id, today);
  if (!admins.any) throw new TakenBack('lastAdmin');
  if (by.id !== null && !admins.self) throw new TakenBack('ownAdmin');
  await saveTaken(trx, importId, by.id, at);
  await recordTaking(trx, by, importId, at);
}

const historyBatch = 10_000;

async function recordTaking(trx: Trx, by: Actor, importId: number, at: Temporal.Instant): Promise<void> {
  const deeds = await listTakenDeeds(trx, importId);
  const count = { added: 0, changed: 0, left: 0 };
  for (const { kind } of deeds) count[kind] += 1;
  const common = { at, actorId: by.id };
  await insertHistory(trx, { ...common, about: 'staffList', aboutId: importId, deed: 'staffList.taken', facts: count });
  for (let from = 0; from < deeds.length; from += historyBatch) {
    const entries = deeds.slice(from, from + historyBatch).map(({ kind, employeeId, columns }) => ({
      ...common,
      about: 'employee' as const,
      aboutId: employeeId,
      deed: `employee.${kind}` as const,
      facts: { staffListId: importId, ...(columns === '' ? {} : { columns }) },
    }));
    await insertHistory(trx, entries);
  }
}

export type CancelRefusal = 'unknown' | 'alreadyTaken';

/** Lets go of a list that wasn't taken, also in the middle of its check. Cancelling twice is no failure. */
export async function cancelStaffList(deps: Deps, importId: number): Promise<Result<undefined, CancelRefusal>> {
  return deps.db.transaction(async (trx) => {
    const list = await lockStaffList(trx, importId);
    if (!list) return refuse('unknown');
    if (list.state === 'taken') return refuse('alreadyTaken');
    await saveCancelled(trx, importId);
    return ok();
  });
}
