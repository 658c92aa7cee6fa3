import { insertHistory } from '../history/history-store.ts';
import { isBefore } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { Actor } from '../people/employee.ts';
import { DELIVER_MAIL } from './outbox.ts';
import { lockEmail, saveSendAgain } from './outbox-store.ts';

export type SendAgainRefusal = 'linkIsSpent' | 'alreadyWaiting' | 'receiverLeft';

/**
 * Puts a letter that was sent or given up back into the queue; one that fails at the moment is tried at once. Refused
 * for sign-in links, which are spent, for a letter that waits for its first try, and when its receiver has left.
 */
export async function sendAgain(
  deps: Deps,
  by: Actor,
  id: string,
): Promise<Result<{ receiverName: string }, SendAgainRefusal>> {
  return await deps.db.transaction(async (trx) => {
    const email = await lockEmail(trx, id);
    if (!email) throw new NotFound();
    if (email.kind === 'sign_in_link') return refuse('linkIsSpent');
    if (!email.sentAt && !email.givenUpAt && email.attempts === 0) return refuse('alreadyWaiting');
    const { employedUntil } = email;
    if (employedUntil && isBefore(employedUntil, await deps.clock.today(trx))) return refuse('receiverLeft');
    await saveSendAgain(trx, id);
    await insertHistory(trx, {
      at: await deps.clock.now(trx),
      actorId: by.id,
      about: 'employee',
      aboutId: email.toEmployeeId,
      deed: 'email.sentAgain',
      facts: { email: id, kind: email.kind },
    });
    await deps.queue.send(trx, DELIVER_MAIL);
    return ok({ receiverName: email.receiverName });
  });
}
