import { createTransport, type Transporter } from 'nodemailer';
import type { Deps } from '../lib/deps.ts';
import { lockNextEmail, type OutboxEmail, saveFailed, saveSent } from './outbox-store.ts';
import { type EmailToRender, renderEmail } from './render.ts';

/** Minutes to wait after the first failure, the second, and so on; after the last the letter is given up, visibly. */
const waits = [1, 5, 15, 60, 180, 360, 720, 1440];
/** Letters in flight at once: a killed process repeats each of these at most once. */
const atOnce = 4;

export type Delivered = { sent: number; failed: number };

/** The same for every try at the same row, so that a receiver can tell a repeat. */
export function messageIdOf(id: string, baseUrl: string): string {
  return `<${id}@${URL.parse(baseUrl)?.hostname ?? 'vouch'}>`;
}

/**
 * Sends what waits in the outbox, each letter in a transaction of its own that holds its row locked: any number of
 * processes may deliver at once, none sends a letter that another has in hand, and a process that dies gives it back.
 * At least once, then; at most one repeat for each letter that a dying process had in hand. Without SMTP_URL nothing leaves.
 * A server that can't be reached ends the round, so that its silence doesn't use up the tries of every letter.
 */
export async function deliverMail(deps: Deps): Promise<Delivered> {
  if (!deps.config.smtpUrl) return { sent: 0, failed: 0 };
  const transport = createTransport(deps.config.smtpUrl, { from: deps.config.mailFrom });
  const round = { sent: 0, failed: 0, serverIsDown: false };
  const deliverAll = async (): Promise<void> => {
    while (!round.serverIsDown && (await deliverNext(deps, transport, round)));
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, deliverAll));
  } finally {
    transport.close();
  }
  return { sent: round.sent, failed: round.failed };
}

async function deliverNext(
  deps: Deps,
  transport: Transporter,
  round: Delivered & { serverIsDown: boolean },
): Promise<boolean> {
  return await deps.db.transaction(async (trx) => {
    const email = await lockNextEmail(trx);
    if (!email) return false;
    try {
      await transport.sendMail(messageOf(deps, email));
      await saveSent(trx, email.id);
      round.sent += 1;
    } catch (error) {
      const { message, responseCode } = error as Error & { responseCode?: number };
      // 5xx is the server's last word on this letter; without any code there was no server to say one.
      const refused = responseCode !== undefined && responseCode >= 500;
      await saveFailed(trx, email.id, message.slice(0, 500), refused ? null : (waits[email.attempts] ?? null));
      round.failed += 1;
      round.serverIsDown ||= responseCode === undefined;
      deps.log.warn({ email: email.id, kind: email.kind, code: responseCode }, 'an e-mail was not sent');
    }
    return true;
  });
}

function messageOf(deps: Deps, email: OutboxEmail) {
  const { subject, text, html } = renderEmail(deps.config, email as EmailToRender);
  return {
    // As objects, never joined to one text: a name can hold anything, also what looks like a second address.
    to: { name: email.receiverName, address: email.toAddress },
    messageId: messageIdOf(email.id, deps.config.baseUrl),
    headers: { 'Auto-Submitted': 'auto-generated' },
    subject,
    text,
    html,
  };
}
