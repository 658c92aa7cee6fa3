import type { Db } from '../lib/database.ts';
import { NotFound } from '../lib/errors.ts';
import type { Candidate } from './candidate.ts';

/** Throws NotFound. */
export async function getCandidatePage(db: Db, id: number): Promise<Candidate> {
  const { rows } = await db.raw(
    `select id, full_name as "fullName", email::text as email, phone, profile_link as "profileLink", skills,
       created_at as "createdAt"
     from candidates where id = ?`,
    [id],
  );
  if (!rows[0]) throw new NotFound();
  return rows[0];
}

export type CandidateReferral = {
  readonly id: number;
  readonly openingTitle: string | null;
  readonly referrerName: string;
  readonly madeOn: Temporal.PlainDate;
  readonly stage: 'received' | 'screening' | 'interview' | 'offer';
  readonly outcome: 'hired' | 'declined' | 'withdrawn' | 'no_reply' | null;
  readonly answeredAt: Temporal.Instant | null;
  readonly alreadyRecommended: boolean;
  readonly declineReason: string | null;
  readonly why: string;
};

export async function listReferralsOfCandidate(db: Db, candidateId: number): Promise<CandidateReferral[]> {
  const { rows } = await db.raw(
    `select r.id, o.title as "openingTitle", e.full_name as "referrerName", r.made_on as "madeOn", r.stage, r.outcome,
       r.first_answered_at as "answeredAt", r.already_recommended as "alreadyRecommended",
       r.decline_reason as "declineReason", left(r.why, 400) as why
     from referrals r join employees e on e.id = r.referrer_id left join openings o on o.id = r.opening_id
     where r.candidate_id = ? order by r.made_at desc, r.id desc limit 200`,
    [candidateId],
  );
  return rows;
}

export type CandidateOwnership = {
  readonly ownerId: number;
  readonly ownerName: string;
  readonly fromOn: Temporal.PlainDate;
  readonly untilOn: Temporal.PlainDate;
  /** Whether the owner still works here on that day. */
  readonly isEmployed: boolean;
};

/** The latest first. */
export async function listOwnerships(
  db: Db,
  candidateId: number,
  today: Temporal.PlainDate,
): Promise<CandidateOwnership[]> {
  const day = today.toString();
  const { rows } = await db.raw(
    `select o.referrer_id as "ownerId", e.full_name as "ownerName", o.owned_from as "fromOn", o.owned_until as "untilOn",
       e.employed_from <= ?::date and coalesce(e.employed_until >= ?::date, true) as "isEmployed"
     from ownerships o join employees e on e.id = o.referrer_id
     where o.candidate_id = ? order by o.owned_from desc`,
    [day, day, candidateId],
  );
  return rows;
}

export type CandidateResume = {
  readonly id: string;
  readonly fileName: string;
  readonly uploadedAt: Temporal.Instant;
  readonly uploaderName: string;
};

export async function listResumesOfCandidate(db: Db, candidateId: number): Promise<CandidateResume[]> {
  const { rows } = await db.raw(
    `select resumes.id, file_name as "fileName", uploaded_at as "uploadedAt", employees.full_name as "uploaderName"
     from resumes join employees on employees.id = uploaded_by
     where candidate_id = ? order by uploaded_at desc, resumes.id limit 50`,
    [candidateId],
  );
  return rows;
}

export type CandidateDeed = {
  readonly at: Temporal.Instant;
  readonly actorName: string | null;
  readonly deed: string;
  readonly facts: Record<string, unknown>;
};

/** What was done to the candidate and to all their referrals, the newest first. */
export async function listHistoryOfCandidate(db: Db, candidateId: number): Promise<CandidateDeed[]> {
  const { rows } = await db.raw(
    `select history.at, actor.full_name as "actorName", history.deed, history.facts
     from history left join employees actor on actor.id = history.actor_id
     where history.id in (
       select id from history where about = 'candidate' and about_id = ?
       union all select deed.id from referrals join history deed on deed.referral_id = referrals.id where candidate_id = ?)
     order by history.id desc limit 100`,
    [candidateId, candidateId],
  );
  return rows;
}

export type OpeningToConsider = {
  readonly id: number;
  readonly title: string;
  readonly place: string;
  /** How it ended, and when, the last time that somebody looked at this candidate for it; null: nobody ever did. */
  readonly triedAt: Temporal.Instant | null;
  readonly outcome: CandidateReferral['outcome'];
};

/** The published openings for which nobody looks at this candidate now; those that were tried already come last. */
export async function listOpeningsToConsider(db: Db, candidateId: number): Promise<OpeningToConsider[]> {
  const { rows } = await db.raw(
    `select openings.id, title, place, tried.ended_at as "triedAt", tried.outcome from openings
     left join lateral (select ended_at, outcome from referrals where candidate_id = ? and opening_id = openings.id
       and outcome is not null order by ended_at desc limit 1) tried on true
     where state = 'published' and not exists (
       select 1 from referrals where candidate_id = ? and opening_id = openings.id
         and outcome is null and not already_recommended)
     order by tried.outcome is not null, is_priority desc, title, openings.id limit 500`,
    [candidateId, candidateId],
  );
  return rows;
}

/** Whether the candidate works here through a referral: hired, and no last day behind them. */
export async function worksHere(db: Db, candidateId: number, today: Temporal.PlainDate): Promise<boolean> {
  const { rows } = await db.raw(
    `select exists (select 1 from hires where candidate_id = ? and coalesce(left_on >= ?::date, true)) as here`,
    [candidateId, today.toString()],
  );
  return rows[0].here;
}
