import type { Db, Trx } from '../lib/database.ts';
import type { Referral } from './referral.ts';

/** A referral as its table keeps it: the noun, and what the referrer wrote. */
export type StoredReferral = Referral & {
  /** As this referrer wrote it; null: as the record has it. */
  readonly candidateName: string | null;
  readonly relationship: string;
  readonly why: string;
  readonly agreedAt: Temporal.Instant;
  readonly agreedTextVersion: number;
};

const columns = `id, candidate_id as "candidateId", candidate_name as "candidateName", referrer_id as "referrerId", opening_id as "openingId",
  policy_id as "policyId",
  made_at as "madeAt", made_on as "madeOn", stage, stage_since as "stageSince",
  first_answer_due_on as "firstAnswerDueOn", first_answered_at as "answeredAt", outcome, ended_at as "endedAt",
  decline_reason as "declineReason", feedback, already_recommended as "alreadyRecommended", relationship, why,
  agreed_at as "agreedAt", agreed_text_version as "agreedTextVersion", considered_from_id as "consideredFromId"`;

export async function findReferral(db: Db, id: number): Promise<StoredReferral | null> {
  const { rows } = await db.raw(`select ${columns} from referrals where id = ?`, [id]);
  return rows[0] ?? null;
}

/** Throws when there is none: for ids that come from our own tables. */
export async function getReferral(db: Db, id: number): Promise<StoredReferral> {
  const referral = await findReferral(db, id);
  if (!referral) throw new Error(`There is no referral ${id}`);
  return referral;
}

/** Null when there is none. Whoever else wants to change it waits until this transaction is over. */
export async function lockReferral(trx: Trx, id: number): Promise<StoredReferral | null> {
  const { rows } = await trx.raw(`select ${columns} from referrals where id = ? for update`, [id]);
  return rows[0] ?? null;
}

/** Writes where the referral stands and how it ended; how it was made never changes. */
export async function saveReferral(trx: Trx, referral: StoredReferral): Promise<void> {
  await trx.raw(
    `update referrals set stage = ?, stage_since = ?, first_answered_at = ?, outcome = ?, ended_at = ?, decline_reason = ?,
       feedback = ? where id = ?`,
    [
      referral.stage,
      referral.stageSince.toString(),
      referral.answeredAt?.toString() ?? null,
      referral.outcome,
      referral.endedAt?.toString() ?? null,
      referral.declineReason,
      referral.feedback,
      referral.id,
    ],
  );
}

export type NewReferral = {
  candidateId: number;
  /** As this referrer wrote it; null: as the record has it. */
  candidateName: string | null;
  referrerId: number;
  openingId: number | null;
  policyId: number;
  submissionKey: string;
  relationship: string;
  why: string;
  agreedAt: Temporal.Instant;
  agreedTextVersion: number;
  madeAt: Temporal.Instant;
  madeOn: Temporal.PlainDate;
  referrerRoles: readonly string[];
  alreadyRecommended: boolean;
  firstAnswerDueOn: Temporal.PlainDate;
  consideredFromId: number | null;
  consideredBy: number | null;
};

/**
 * The new referral's id, or null when the database has it already: the same press of the button, the same candidate
 * for the same opening while that is open, or a second "already recommended" of the same two people.
 */
export async function insertReferral(trx: Trx, made: NewReferral): Promise<number | null> {
  const { rows } = await trx.raw(
    `insert into referrals (candidate_id, candidate_name, referrer_id, opening_id, policy_id, submission_key, relationship, why,
       agreed_at, agreed_text_version, made_at, made_on, referrer_roles, already_recommended, stage_since,
       first_answer_due_on, considered_from_id, considered_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::text[], ?, ?, ?, ?, ?)
     on conflict do nothing returning id`,
    [
      made.candidateId,
      made.candidateName,
      made.referrerId,
      made.openingId,
      made.policyId,
      made.submissionKey,
      made.relationship,
      made.why,
      made.agreedAt.toString(),
      made.agreedTextVersion,
      made.madeAt.toString(),
      made.madeOn.toString(),
      [...made.referrerRoles],
      made.alreadyRecommended,
      made.madeAt.toString(),
      made.firstAnswerDueOn.toString(),
      made.consideredFromId,
      made.consideredBy,
    ],
  );
  return rows[0]?.id ?? null;
}

/** Whose press of the button that was, and what came of it. */
export async function findBySubmissionKey(db: Db, submissionKey: string): Promise<StoredReferral | null> {
  const { rows } = await db.raw(`select ${columns} from referrals where submission_key = ?`, [submissionKey]);
  return rows[0] ?? null;
}

export async function findOpenReferral(
  db: Db,
  who: { referrerId: number; candidateId: number; openingId: number | null },
): Promise<StoredReferral | null> {
  const { rows } = await db.raw(
    `select ${columns} from referrals
     where referrer_id = ? and candidate_id = ? and opening_id is not distinct from ?::bigint
       and outcome is null and not already_recommended`,
    [who.referrerId, who.candidateId, who.openingId],
  );
  return rows[0] ?? null;
}

/** Whoever recommended them: the referral by which this candidate is being looked at for this opening; or null. */
export async function findOpenReferralFor(
  db: Db,
  candidateId: number,
  openingId: number,
): Promise<StoredReferral | null> {
  const { rows } = await db.raw(
    `select ${columns} from referrals
     where candidate_id = ? and opening_id = ? and outcome is null and not already_recommended order by id limit 1`,
    [candidateId, openingId],
  );
  return rows[0] ?? null;
}

/** The last one that was worked on, or else the last. */
export async function findLatestReferral(db: Db, candidateId: number): Promise<StoredReferral | null> {
  const { rows } = await db.raw(
    `select ${columns} from referrals where candidate_id = ? order by already_recommended, made_at desc, id desc limit 1`,
    [candidateId],
  );
  return rows[0] ?? null;
}

export async function findAlreadyRecommended(
  db: Db,
  who: { referrerId: number; candidateId: number },
): Promise<StoredReferral | null> {
  const { rows } = await db.raw(
    `select ${columns} from referrals where referrer_id = ? and candidate_id = ? and already_recommended`,
    [who.referrerId, who.candidateId],
  );
  return rows[0] ?? null;
}

export type StoredOwnership = {
  readonly candidateId: number;
  readonly ownerId: number;
  readonly referralId: number;
  readonly fromOn: Temporal.PlainDate;
  /** The last day, which still counts. */
  readonly untilOn: Temporal.PlainDate;
};

const ownershipColumns = `candidate_id as "candidateId", referrer_id as "ownerId", referral_id as "referralId",
  owned_from as "fromOn", owned_until as "untilOn"`;

/** True when the candidate is theirs from now on; false when somebody (they themselves, perhaps) owns one of the days. */
export async function insertOwnership(trx: Trx, ownership: StoredOwnership): Promise<boolean> {
  const { rows } = await trx.raw(
    `insert into ownerships (candidate_id, referrer_id, referral_id, owned_from, owned_until) values (?, ?, ?, ?, ?)
     on conflict do nothing returning id`,
    [
      ownership.candidateId,
      ownership.ownerId,
      ownership.referralId,
      ownership.fromOn.toString(),
      ownership.untilOn.toString(),
    ],
  );
  return rows.length === 1;
}

/** Who owns the candidate on that day, the first and the last day counted; or null. */
export async function findOwnership(
  db: Db,
  candidateId: number,
  day: Temporal.PlainDate,
): Promise<StoredOwnership | null> {
  const { rows } = await db.raw(
    `select ${ownershipColumns} from ownerships where candidate_id = ? and ?::date between owned_from and owned_until`,
    [candidateId, day.toString()],
  );
  return rows[0] ?? null;
}

/** The first ownership that holds any of these days; or null. */
export async function findOwnershipWithin(
  db: Db,
  candidateId: number,
  days: { fromOn: Temporal.PlainDate; untilOn: Temporal.PlainDate },
): Promise<StoredOwnership | null> {
  const { rows } = await db.raw(
    `select ${ownershipColumns} from ownerships
     where candidate_id = ? and daterange(owned_from, owned_until, '[]') && daterange(?, ?, '[]')
     order by owned_from limit 1`,
    [candidateId, days.fromOn.toString(), days.untilOn.toString()],
  );
  return rows[0] ?? null;
}
