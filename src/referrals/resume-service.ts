import { createHash } from 'node:crypto';
import type { Deps } from '../lib/deps.ts';
import { ok, type Result } from '../lib/result.ts';
import { judgeResume, type KeptFile, type ResumeRefusal, safeFileName } from './resume.ts';
import { listStrayFiles } from './resume-store.ts';

/** A form may lie open for a while, and a transaction may still be on its way: a younger file is nobody's business. */
const STRAY_AFTER_HOURS = 24;

/** Judges an uploaded file and keeps it, under a random name, until a referral takes it or it is discarded. */
export async function keepResume(
  deps: Deps,
  uploaded: { name: string; bytes: Buffer },
): Promise<Result<KeptFile, ResumeRefusal>> {
  const judged = await judgeResume(uploaded.bytes);
  if (!judged.ok) return judged;
  return ok({
    storageName: await deps.files.save(uploaded.bytes),
    fileName: safeFileName(uploaded.name, judged.value),
    mediaType: judged.value.mediaType,
    sizeBytes: uploaded.bytes.length,
    sha256: createHash('sha256').update(uploaded.bytes).digest('hex'),
  });
}

/** Deletes a kept file unless it has become a résumé. */
export async function discardResume(deps: Deps, file: KeptFile | null | undefined): Promise<void> {
  if (!file) return;
  for (const name of await listStrayFiles(deps.db, [file.storageName])) await deps.files.remove(name);
}

/**
 * Deletes files that no résumé and no open form knows: left behind when a process died between keeping a file and
 * committing its row. Files of the last day stay.
 */
export async function removeStrayResumes(deps: Deps): Promise<{ removed: number }> {
  const now = await deps.clock.now(deps.db);
  const names = await deps.files.list(now.subtract({ hours: STRAY_AFTER_HOURS }));
  const stray = await listStrayFiles(deps.db, names);
  for (const name of stray) await deps.files.remove(name);
  return { removed: stray.length };
}
