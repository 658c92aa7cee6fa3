import type { Trx } from '../lib/database.ts';
import type { NewHistoryEntry } from './history.ts';

/** Writes what was done, in the transaction of the deed. The table takes no change and no deletion. */
export async function insertHistory(trx: Trx, entries: NewHistoryEntry | NewHistoryEntry[]): Promise<void> {
  const list = Array.isArray(entries) ? entries : [entries];
  if (list.length === 0) return;
  await trx.raw(
    `insert into history (at, actor_id, about, about_id, referral_id, deed, facts)
     select * from unnest(?::timestamptz[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::jsonb[])`,
    [
      list.map((entry) => entry.at.toString()),
      list.map((entry) => entry.actorId) as number[],
      list.map((entry) => entry.about),
      list.map((entry) => entry.aboutId),
      list.map((entry) => entry.referralId ?? null) as number[],
      list.map((entry) => entry.deed),
      list.map((entry) => JSON.stringify(entry.facts ?? {})),
    ],
  );
}
