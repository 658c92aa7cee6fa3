import type { Db, Trx } from '../lib/database.ts';

/** The names that a letter to the referrer is written with: the candidate's as this referrer wrote it. */
export type LetterNames = {
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly referrerId: number;
  readonly recruiterId: number | null;
};

export async function getLetterNames(db: Db, referralId: number): Promise<LetterNames> {
  const { rows } = await db.raw(
    `select coalesce(referrals.candidate_name, candidates.full_name) as "candidateName",
       openings.title as "openingTitle", referrals.referrer_id as "referrerId", openings.recruiter_id as "recruiterId"
     from referrals join candidates on candidates.id = referrals.candidate_id
     left join openings on openings.id = referrals.opening_id where referrals.id = ?`,
    [referralId],
  );
  if (!rows[0]) throw new Error(`There is no referral ${referralId}`);
  return rows[0];
}

export type OverdueReferral = {
  readonly referralId: number;
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly madeOn: Temporal.PlainDate;
  readonly dueOn: Temporal.PlainDate;
  /** Null: a general one, or of an opening whose recruiter has left; then everybody's. */
  readonly recruiterId: number | null;
};

/** What still has no first answer though the day for it is over, the longest overdue first. */
export async function listOverdue(trx: Trx, today: Temporal.PlainDate): Promise<OverdueReferral[]> {
  const day = today.toString();
  const { rows } = await trx.raw(
    `select referrals.id as "referralId", candidates.full_name as "candidateName", openings.title as "openingTitle",
       referrals.made_on as "madeOn", referrals.first_answer_due_on as "dueOn", recruiter.id as "recruiterId"
     from referrals join candidates on candidates.id = referrals.candidate_id
     left join openings on openings.id = referrals.opening_id
     left join employees recruiter on recruiter.id = openings.recruiter_id
       and recruiter.employed_from <= ?::date and coalesce(recruiter.employed_until >= ?::date, true)
       and exists (select 1 from employee_roles where employee_id = recruiter.id and role = 'recruiter')
     where referrals.outcome is null and not referrals.already_recommended and referrals.first_answered_at is null
       and referrals.first_answer_due_on < ?
     order by referrals.first_answer_due_on, referrals.id`,
    [day, day, day],
  );
  return rows;
}
