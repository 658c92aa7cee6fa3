import type { Trx } from '../lib/database.ts';
import type { NewEmail } from './email.ts';

/** Writes the e-mails of a deed in its own transaction, addressed as the staff list has the people now. */
export async function insertEmails(trx: Trx, emails: NewEmail[]): Promise<number> {
  if (emails.length === 0) return 0;
  const { rowCount } = await trx.raw(
    `insert into outbox_emails (kind, to_employee_id, to_address, language, data, once)
     select mail.kind, employees.id, employees.email, coalesce(employees.chosen_language, employees.language),
            mail.data, mail.once
     from unnest(?::text[], ?::bigint[], ?::jsonb[], ?::text[]) with ordinality
       as mail (kind, to_employee_id, data, once, place)
     join employees on employees.id = mail.to_employee_id
     order by mail.place
     on conflict (once) do nothing`,
    [
      emails.map((email) => email.kind),
      emails.map((email) => email.toEmployeeId),
      emails.map((email) => JSON.stringify(email.data)),
      emails.map((email) => email.once ?? null),
    ],
  );
  return rowCount;
}
