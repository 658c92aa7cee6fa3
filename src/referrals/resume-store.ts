import type { Db, Trx } from '../lib/database.ts';
import type { KeptFile } from './resume.ts';

export type NewResume = KeptFile & {
  readonly candidateId: number;
  readonly referralId: number;
  readonly uploadedBy: number;
  readonly uploadedAt: Temporal.Instant;
};

/** The new résumé's id; null when this very file is in the table already. */
export async function insertResume(trx: Trx, resume: NewResume): Promise<string | null> {
  const { rows } = await trx.raw(
    `insert into resumes (candidate_id, referral_id, file_name, media_type, size_bytes, sha256, storage_name, uploaded_by,
       uploaded_at)
     values (?, ?, ?, ?, ?, decode(?, 'hex'), ?, ?, ?) on conflict (storage_name) do nothing returning id`,
    [
      resume.candidateId,
      resume.referralId,
      resume.fileName,
      resume.mediaType,
      resume.sizeBytes,
      resume.sha256,
      resume.storageName,
      resume.uploadedBy,
      resume.uploadedAt.toString(),
    ],
  );
  return rows[0]?.id ?? null;
}

/** Which of these files nobody needs: they are no résumé, and no form in progress keeps them. */
export async function listStrayFiles(db: Db, storageNames: readonly string[]): Promise<string[]> {
  const { rows } = await db.raw(
    `select name from unnest(?::text[]) as stored (name)
     where not exists (select 1 from resumes where storage_name = name)
       and not exists (select 1 from sessions where sess -> 'keptResume' ->> 'storageName' = name)`,
    [[...storageNames]],
  );
  return rows.map((row: { name: string }) => row.name);
}
