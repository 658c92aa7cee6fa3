import type { Db } from '../lib/database.ts';
import { NotFound } from '../lib/errors.ts';
import type { DeclineReason, Outcome, Stage } from './referral.ts';

export type OpeningChoice = {
  readonly id: number;
  readonly title: string;
  readonly department: string;
  readonly place: string;
  readonly country: string;
};

/** What can be recommended for: the published openings, the ones with priority first. */
export async function listOpeningChoices(db: Db): Promise<OpeningChoice[]> {
  const { rows } = await db.raw(
    `select id, title, department, place, country from openings where state = 'published'
     order by is_priority desc, title, id limit 1000`,
  );
  return rows;
}

/** The country of an employee (ISO alpha-2), by which a phone without its country code is read. */
export async function getCountryOf(db: Db, employeeId: number): Promise<string> {
  const { rows } = await db.raw('select country from employees where id = ?', [employeeId]);
  return rows[0].country;
}

/** How many working days the policy of that day gives to a first answer; 2 before there is a policy. */
export async function getAnswerDays(db: Db, today: Temporal.PlainDate): Promise<number> {
  const { rows } = await db.raw(
    `select coalesce((select (terms ->> 'firstAnswerWorkingDays')::integer from policies
       where counts_from <= ? order by version desc limit 1), 2) as days`,
    [today.toString()],
  );
  return rows[0].days;
}

/** A referral with everything that its page tells, to whomever. */
export type ReferralPage = {
  readonly id: number;
  readonly candidateId: number;
  /** As the record has it, for those who decide. */
  readonly candidateName: string;
  /** As this referrer wrote it, for them. */
  readonly nameGiven: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly profileLink: string | null;
  readonly skills: readonly string[];
  readonly openingId: number | null;
  readonly openingTitle: string | null;
  readonly hiringManagerId: number | null;
  readonly recruiterName: string | null;
  readonly referrerId: number;
  readonly referrerName: string;
  readonly relationship: string;
  readonly why: string;
  readonly agreedAt: Temporal.Instant;
  readonly madeAt: Temporal.Instant;
  readonly madeOn: Temporal.PlainDate;
  readonly stage: Stage;
  readonly stageSince: Temporal.Instant;
  readonly firstAnswerDueOn: Temporal.PlainDate;
  readonly answeredAt: Temporal.Instant | null;
  readonly outcome: Outcome | null;
  readonly endedAt: Temporal.Instant | null;
  readonly declineReason: DeclineReason | null;
  readonly feedback: string | null;
  /** Who gave the outcome. */
  readonly answererName: string | null;
  readonly alreadyRecommended: boolean;
  readonly answerDays: number;
  readonly ownerId: number | null;
  readonly ownerName: string | null;
  readonly ownedUntil: Temporal.PlainDate | null;
};

/** Throws NotFound. Who may read it is the caller's to ask. */
export async function getReferralPage(db: Db, id: number, today: Temporal.PlainDate): Promise<ReferralPage> {
  const { rows } = await db.raw(
    `select r.id, r.candidate_id as "candidateId", c.full_name as "candidateName",
       coalesce(r.candidate_name, c.full_name) as "nameGiven", c.email::text as email, c.phone,
       c.profile_link as "profileLink", c.skills, r.opening_id as "openingId", o.title as "openingTitle",
       o.hiring_manager_id as "hiringManagerId", recruiter.full_name as "recruiterName", r.referrer_id as "referrerId",
       referrer.full_name as "referrerName", r.relationship, r.why, r.agreed_at as "agreedAt", r.made_at as "madeAt",
       r.made_on as "madeOn", r.stage, r.stage_since as "stageSince", r.first_answer_due_on as "firstAnswerDueOn",
       r.first_answered_at as "answeredAt", r.outcome, r.ended_at as "endedAt", r.decline_reason as "declineReason",
       r.feedback, r.already_recommended as "alreadyRecommended",
       coalesce((p.terms ->> 'firstAnswerWorkingDays')::integer, 2) as "answerDays",
       (select actor.full_name from history join employees actor on actor.id = history.actor_id
        where history.referral_id = r.id and r.outcome is not null
          and history.deed in ('referral.declined', 'referral.withdrawn', 'referral.noReply', 'referral.hired')
        order by history.id desc limit 1) as "answererName",
       own.referrer_id as "ownerId", owner.full_name as "ownerName", own.owned_until as "ownedUntil"
     from referrals r
     join candidates c on c.id = r.candidate_id
     join employees referrer on referrer.id = r.referrer_id
     join policies p on p.id = r.policy_id
     left join openings o on o.id = r.opening_id
     left join employees recruiter on recruiter.id = o.recruiter_id
     left join ownerships own on own.candidate_id = r.candidate_id and ?::date between own.owned_from and own.owned_until
     left join employees owner on owner.id = own.referrer_id
     where r.id = ?`,
    [today.toString(), id],
  );
  if (!rows[0]) throw new NotFound();
  return rows[0];
}

export type ResumeRow = {
  readonly id: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly uploadedAt: Temporal.Instant;
  readonly uploadedBy: number;
};

/** The candidate's newest résumé, whichever referral it came with; null: nobody sent one. */
export async function findLatestResume(db: Db, candidateId: number): Promise<ResumeRow | null> {
  const { rows } = await db.raw(
    `select id, file_name as "fileName", size_bytes as "sizeBytes", uploaded_at as "uploadedAt", uploaded_by as "uploadedBy"
     from resumes where candidate_id = ? order by uploaded_at desc, id limit 1`,
    [candidateId],
  );
  return rows[0] ?? null;
}

export async function listResumesOfReferral(db: Db, referralId: number): Promise<ResumeRow[]> {
  const { rows } = await db.raw(
    `select id, file_name as "fileName", size_bytes as "sizeBytes", uploaded_at as "uploadedAt", uploaded_by as "uploadedBy"
     from resumes where referral_id = ? order by uploaded_at desc, id`,
    [referralId],
  );
  return rows;
}
