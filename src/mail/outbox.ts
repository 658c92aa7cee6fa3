import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import type { NewEmail } from './email.ts';
import { insertEmails } from './outbox-store.ts';

export const DELIVER_MAIL = 'deliver-mail';

/**
 * Puts a deed's e-mails into the outbox and asks for their delivery, both in the deed's transaction: a deed rolled back
 * sends nothing, and a deed done sends everything, also when the process dies the moment after.
 */
export async function enqueueEmails(deps: Deps, trx: Trx, emails: NewEmail[]): Promise<void> {
  if (emails.length === 0) return;
  const at = await deps.clock.now(trx);
  const today = at.toZonedDateTimeISO(deps.clock.timeZone).toPlainDate();
  const written = await insertEmails(trx, emails, { at, today });
  if (written > 0) await deps.queue.send(trx, DELIVER_MAIL);
}
