import type { Db } from '../lib/database.ts';
import type { Language } from '../lib/format.ts';
import type { EmailFacts, EmailKind } from './email.ts';

export const EMAIL_STATES = ['waiting', 'retrying', 'givenUp', 'sent'] as const;
export type EmailState = (typeof EMAIL_STATES)[number];

export type OutboxRow = {
  id: string;
  kind: EmailKind;
  data: EmailFacts[EmailKind];
  language: Language;
  receiverName: string;
  toAddress: string;
  createdAt: Temporal.Instant;
  sentAt: Temporal.Instant | null;
  nextAttemptAt: Temporal.Instant;
  attempts: number;
  lastError: string | null;
  state: EmailState;
};

const state = `case when mail.sent_at is not null then 'sent' when mail.given_up_at is not null then 'givenUp'
  when mail.attempts > 0 then 'retrying' else 'waiting' end`;
const columns = `mail.id, mail.kind, mail.data, mail.language, employees.full_name as "receiverName",
  mail.to_address as "toAddress", mail.created_at as "createdAt", mail.sent_at as "sentAt",
  mail.next_attempt_at as "nextAttemptAt", mail.attempts, mail.last_error as "lastError", ${state} as state`;

export type OutboxFilter = {
  state?: EmailState | undefined;
  kind?: EmailKind | undefined;
  /** The last row of the page before. */
  after?: { createdAt: string; id: string } | undefined;
};

export const OUTBOX_PAGE = 50;

/** The newest first; one row more than a page where another follows. */
export async function listOutbox(db: Db, filter: OutboxFilter): Promise<OutboxRow[]> {
  const { rows } = await db.raw(
    `select ${columns} from outbox_emails mail join employees on employees.id = mail.to_employee_id
     where (?::text is null or ${state} = ?) and (?::text is null or mail.kind = ?)
       and (?::timestamptz is null or (mail.created_at, mail.id) < (?::timestamptz, ?::uuid))
     order by mail.created_at desc, mail.id desc limit ${OUTBOX_PAGE + 1}`,
    [
      filter.state ?? null,
      filter.state ?? null,
      filter.kind ?? null,
      filter.kind ?? null,
      filter.after?.createdAt ?? null,
      filter.after?.createdAt ?? null,
      filter.after?.id ?? null,
    ],
  );
  return rows;
}

export async function findOutboxEmail(db: Db, id: string): Promise<OutboxRow | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  const { rows } = await db.raw(
    `select ${columns} from outbox_emails mail join employees on employees.id = mail.to_employee_id
     where mail.id = ?`,
    [id],
  );
  return rows[0] ?? null;
}
