import type { Trx } from '../lib/database.ts';
import type { Language } from '../lib/format.ts';
import type { EmailFacts, EmailKind, NewEmail } from './email.ts';

/**
 * Writes the e-mails of a deed in its own transaction, addressed as the staff list has the people now. Whoever's last day
 * is over gets none: the letter would tell of a candidate in a mailbox that is nobody's any more, or somebody else's.
 */
export async function insertEmails(
  trx: Trx,
  emails: NewEmail[],
  { at, today }: { at: Temporal.Instant; today: Temporal.PlainDate },
): Promise<number> {
  if (emails.length === 0) return 0;
  const { rowCount } = await trx.raw(
    `insert into outbox_emails (kind, to_employee_id, to_address, language, data, once, created_at)
     select mail.kind, employees.id, employees.email, coalesce(employees.chosen_language, employees.language),
            mail.data, mail.once, ?
     from unnest(?::text[], ?::bigint[], ?::jsonb[], ?::text[]) with ordinality
       as mail (kind, to_employee_id, data, once, place)
     join employees on employees.id = mail.to_employee_id and coalesce(employees.employed_until >= ?, true)
     order by mail.place
     on conflict (once) do nothing`,
    [
      at.toString(),
      emails.map((email) => email.kind),
      emails.map((email) => email.toEmployeeId),
      emails.map((email) => JSON.stringify(email.data)),
      emails.map((email) => email.once ?? null) as string[],
      today.toString(),
    ],
  );
  return rowCount;
}

export type OutboxEmail<Kind extends EmailKind = EmailKind> = {
  id: string;
  kind: Kind;
  data: EmailFacts[Kind];
  language: Language;
  toEmployeeId: number;
  toAddress: string;
  receiverName: string;
  /** The receiver's last day of work; null while no end is known. */
  employedUntil: Temporal.PlainDate | null;
  attempts: number;
  sentAt: Temporal.Instant | null;
  givenUpAt: Temporal.Instant | null;
};

const columns = `mail.id, mail.kind, mail.data, mail.language, mail.to_employee_id as "toEmployeeId",
  mail.to_address as "toAddress", employees.full_name as "receiverName",
  employees.employed_until as "employedUntil", mail.attempts,
  mail.sent_at as "sentAt", mail.given_up_at as "givenUpAt"`;

/**
 * Takes one e-mail that is due to be sent and keeps it locked until the transaction ends; null where none is. Another
 * process takes the next one, and a process that dies gives its own back.
 */
export async function lockNextEmail(trx: Trx): Promise<OutboxEmail | null> {
  const { rows } = await trx.raw(
    `select ${columns} from outbox_emails mail join employees on employees.id = mail.to_employee_id
     where mail.sent_at is null and mail.given_up_at is null and mail.next_attempt_at <= clock_timestamp()
     order by mail.next_attempt_at
     limit 1 for update of mail skip locked`,
  );
  return rows[0] ?? null;
}

export async function lockEmail(trx: Trx, id: string): Promise<OutboxEmail | null> {
  const { rows } = await trx.raw(
    `select ${columns} from outbox_emails mail join employees on employees.id = mail.to_employee_id
     where mail.id = ? for update of mail`,
    [id],
  );
  return rows[0] ?? null;
}

/** Sent; the token of a sign-in link is not kept a moment longer than its letter needs it. */
export async function saveSent(trx: Trx, id: string): Promise<void> {
  await trx.raw(
    `update outbox_emails
     set sent_at = clock_timestamp(), attempts = attempts + 1, last_error = null, data = data - 'token'
     where id = ?`,
    [id],
  );
}

export async function saveFailed(trx: Trx, id: string, error: string, nextInMinutes: number | null): Promise<void> {
  await trx.raw(
    `update outbox_emails
     set attempts = attempts + 1, last_error = ?,
         next_attempt_at = clock_timestamp() + make_interval(mins => ?),
         given_up_at = case when ? then clock_timestamp() end
     where id = ?`,
    [error, nextInMinutes ?? 0, nextInMinutes === null, id],
  );
}

/** Back into the queue, as if it had never been tried, and to where the receiver is reached today. */
export async function saveSendAgain(trx: Trx, id: string): Promise<void> {
  await trx.raw(
    `update outbox_emails
     set sent_at = null, given_up_at = null, attempts = 0, last_error = null, next_attempt_at = clock_timestamp(),
         to_address = (select email from employees where employees.id = to_employee_id)
     where id = ?`,
    [id],
  );
}

/** The demo company's past: its letters count as sent on the day they were written, and nobody gets one. */
export async function saveAllAsSent(trx: Trx): Promise<void> {
  await trx.raw('update outbox_emails set sent_at = created_at, attempts = 1 where sent_at is null');
}
