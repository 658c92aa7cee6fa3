import type { Db } from '../lib/database.ts';

export type ResumeToHandOut = {
  readonly id: string;
  readonly storageName: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly uploadedBy: number;
  readonly referralId: number;
  /** Null where the referral is none of theirs either: "already recommended", or for no opening. */
  readonly hiringManagerId: number | null;
};

export async function findResume(db: Db, id: string): Promise<ResumeToHandOut | null> {
  const { rows } = await db.raw(
    `select resumes.id, storage_name as "storageName", file_name as "fileName", media_type as "mediaType",
       uploaded_by as "uploadedBy", referral_id as "referralId", openings.hiring_manager_id as "hiringManagerId"
     from resumes join referrals on referrals.id = resumes.referral_id
     left join openings on openings.id = referrals.opening_id and not referrals.already_recommended
     where resumes.id = ?`,
    [id],
  );
  return rows[0] ?? null;
}
