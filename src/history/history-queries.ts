import type { Db } from '../lib/database.ts';
import type { About, Deed } from './history.ts';

export type HistoryRow = {
  id: number;
  at: Temporal.Instant;
  actorName: string | null;
  about: About;
  aboutId: number;
  deed: Deed;
  facts: Record<string, unknown>;
};

const columns = `history.id, history.at, actor.full_name as "actorName", history.about, history.about_id as "aboutId",
  history.deed, history.facts`;

/** A referral's whole way, its hire and bonuses included, the newest first. */
export async function listHistoryOfReferral(db: Db, referralId: number): Promise<HistoryRow[]> {
  const { rows } = await db.raw(
    `select ${columns} from history left join employees actor on actor.id = history.actor_id
     where history.referral_id = ? order by history.id desc`,
    [referralId],
  );
  return rows;
}

/** What was done to one thing, the newest first. */
export async function listHistoryAbout(db: Db, about: About, aboutId: number): Promise<HistoryRow[]> {
  const { rows } = await db.raw(
    `select ${columns} from history left join employees actor on actor.id = history.actor_id
     where history.about = ? and history.about_id = ? order by history.id desc`,
    [about, aboutId],
  );
  return rows;
}
