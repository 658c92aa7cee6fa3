import { randomUUID } from 'node:crypto';
import { getPolicyOn } from '../bonuses/policy-store.ts';
import { type Candidate, ownedUntil } from '../candidates/candidate.ts';
import { findOrInsertCandidate } from '../candidates/candidate-store.ts';
import type { Named } from '../candidates/named.ts';
import { insertHistory } from '../history/history-store.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import { retryDeadlock } from '../lib/retry.ts';
import type { NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import { acceptsReferrals, type Opening } from '../openings/opening.ts';
import { lockOpening } from '../openings/opening-store.ts';
import { type Employee, isEmployed } from '../people/employee.ts';
import { findEmployeeByEmail, getEmployee, listEmployeesWithRole } from '../people/employee-store.ts';
import { firstAnswerDueOn } from './referral.ts';
import {
  findAlreadyRecommended,
  findBySubmissionKey,
  findOpenReferral,
  findOwnershipWithin,
  insertOwnership,
  insertReferral,
  type NewReferral,
  type StoredReferral,
} from './referral-store.ts';
import type { KeptFile } from './resume.ts';
import { insertResume } from './resume-store.ts';

export type Recommendation = {
  /** One press of the button: whatever arrives under the same key is the same recommendation. */
  readonly submissionKey: string;
  readonly openingId: number | null;
  readonly candidate: Named;
  readonly relationship: string;
  readonly why: string;
  readonly agreedTextVersion: number;
  readonly resume: KeptFile | null;
};

export type RecommendRefusal = 'oneself' | 'employee' | 'openingNotOpen';

/** `again`: the button was pressed twice, or the same candidate is being looked at for this opening already. */
export type Recommended = { readonly referralId: number; readonly how: 'made' | 'again' | 'alreadyRecommended' };

type Making = {
  readonly referrer: Employee;
  readonly candidate: Candidate;
  readonly opening: Opening | null;
  readonly sent: Recommendation;
  readonly row: NewReferral;
  readonly ownershipMonths: number;
};

/**
 * Takes a recommendation, once, and thanks for it. The first to recommend a candidate owns them for the policy's months;
 * whoever comes meanwhile is stored as "already recommended" and told so. Which of two was first is the exclusion
 * constraint's word, however close they are. Refuses oneself, colleagues, and openings that are not published.
 */
export async function recommend(
  deps: Deps,
  referrerId: number,
  sent: Recommendation,
): Promise<Result<Recommended, RecommendRefusal>> {
  return retryDeadlock(() =>
    deps.db.transaction(async (trx) => {
      const referrer = await getEmployee(trx, referrerId);
      const today = await deps.clock.today(trx);
      const opening = sent.openingId === null ? null : await lockOpening(trx, sent.openingId);
      if (opening && !acceptsReferrals(opening))
        return (await firstPress(trx, referrerId, sent)) ?? refuse('openingNotOpen');
      const colleague = await findColleague(trx, sent.candidate, today);
      if (colleague) return refuse(colleague.id === referrerId ? 'oneself' : 'employee');
      const making = await prepare(deps, trx, { referrer, today, opening, sent });
      return ok((await asFirst(deps, trx, making)) ?? (await asSecond(deps, trx, making)));
    }),
  );
}

/** Closed between the first press and the second: the first one counted, and the second is told so. */
async function firstPress(trx: Trx, referrerId: number, sent: Recommendation) {
  const found = await findBySubmissionKey(trx, sent.submissionKey);
  const isTheirs = found?.referrerId === referrerId && found.openingId === sent.openingId;
  return isTheirs ? ok<Recommended>({ referralId: found.id, how: 'again' }) : null;
}

async function findColleague(trx: Trx, candidate: Named, today: Temporal.PlainDate): Promise<Employee | null> {
  for (const address of new Set([candidate.email, candidate.emailKey])) {
    const found = address ? await findEmployeeByEmail(trx, address) : null;
    // Somebody who starts next month is hired already: only those whose last day is over can be recommended.
    if (found && (found.employedUntil === null || isEmployed(found, today))) return found;
  }
  return null;
}

async function prepare(
  deps: Deps,
  trx: Trx,
  { referrer, today, opening, sent }: Pick<Making, 'referrer' | 'opening' | 'sent'> & { today: Temporal.PlainDate },
): Promise<Making> {
  const now = await deps.clock.now(trx);
  const policy = await getPolicyOn(trx, today);
  const candidate = await findOrInsertCandidate(trx, sent.candidate, now);
  const country = opening?.country ?? referrer.country;
  const row: NewReferral = {
    candidateId: candidate.id,
    candidateName: sent.candidate.fullName,
    referrerId: referrer.id,
    openingId: sent.openingId,
    policyId: policy.id,
    submissionKey: sent.submissionKey,
    relationship: sent.relationship,
    why: sent.why,
    agreedAt: now,
    agreedTextVersion: sent.agreedTextVersion,
    madeAt: now,
    madeOn: today,
    referrerRoles: referrer.roles,
    alreadyRecommended: false,
    firstAnswerDueOn: firstAnswerDueOn(today, country, policy.terms.firstAnswerWorkingDays),
    consideredFromId: null,
    consideredBy: null,
  };
  return { referrer, candidate, opening, sent, row, ownershipMonths: policy.terms.ownershipMonths };
}

class SomeoneWasFaster extends Error {}

/** Null when somebody else owns the candidate: nothing is left of the attempt then. */
async function asFirst(deps: Deps, trx: Trx, making: Making): Promise<Recommended | null> {
  try {
    return await trx.transaction(async (inner) => {
      const inserted = await insertOnce(inner, making.row);
      if ('found' in inserted) return sentAgain(inner, making, inserted.found);
      await own(inner, making, inserted.id);
      await tellFirst(deps, inner, making, inserted.id);
      return { referralId: inserted.id, how: 'made' };
    });
  } catch (error) {
    if (error instanceof SomeoneWasFaster) return null;
    throw error;
  }
}

async function own(trx: Trx, { row, ownershipMonths }: Making, referralId: number): Promise<void> {
  const days = { fromOn: row.madeOn, untilOn: ownedUntil(row.madeOn, ownershipMonths) };
  const { candidateId, referrerId } = row;
  if (await insertOwnership(trx, { candidateId, ownerId: referrerId, referralId, ...days })) return;
  const owner = await findOwnershipWithin(trx, candidateId, days);
  if (owner?.ownerId !== referrerId) throw new SomeoneWasFaster();
}

async function asSecond(deps: Deps, trx: Trx, making: Making): Promise<Recommended> {
  const inserted = await insertOnce(trx, { ...making.row, alreadyRecommended: true });
  const how = 'alreadyRecommended';
  if ('found' in inserted) return { referralId: inserted.found.id, how };
  await keepWithReferral(trx, making, inserted.id);
  await writeHistory(trx, making, inserted.id, 'referral.alreadyRecommended');
  const data = { referralId: inserted.id, ...named(making) };
  await enqueueEmails(deps, trx, [{ kind: 'already_recommended', toEmployeeId: making.referrer.id, data }]);
  return { referralId: inserted.id, how };
}

/** The new row's id, or the row that the database has in its place. */
async function insertOnce(trx: Trx, row: NewReferral): Promise<{ id: number } | { found: StoredReferral }> {
  const id = await insertReferral(trx, row);
  if (id !== null) return { id };
  const pressed = await findBySubmissionKey(trx, row.submissionKey);
  const sameWish = pressed?.referrerId === row.referrerId && pressed.candidateId === row.candidateId;
  if (sameWish && pressed.openingId === row.openingId) return { found: pressed };
  const found = row.alreadyRecommended ? await findAlreadyRecommended(trx, row) : await findOpenReferral(trx, row);
  if (found) return { found };
  // The key stands for another wish: an old page, gone back to and filled in anew. A wish of its own gets its own key.
  return insertOnce(trx, { ...row, submissionKey: randomUUID() });
}

/** A new résumé for the same referral is welcome; the same press of the button brings the same file, which is there. */
async function sentAgain(trx: Trx, making: Making, found: StoredReferral): Promise<Recommended> {
  if (found.alreadyRecommended) return { referralId: found.id, how: 'alreadyRecommended' };
  const pressed = await findBySubmissionKey(trx, making.row.submissionKey);
  if (pressed?.id !== found.id && making.sent.resume) {
    await keepWithReferral(trx, making, found.id);
    await writeHistory(trx, making, found.id, 'resume.added');
  }
  return { referralId: found.id, how: 'again' };
}

async function tellFirst(deps: Deps, trx: Trx, making: Making, referralId: number): Promise<void> {
  await keepWithReferral(trx, making, referralId);
  await writeHistory(trx, making, referralId, 'referral.made');
  const facts = { referralId, ...named(making), answerDueOn: making.row.firstAnswerDueOn.toString() };
  const thanks: NewEmail = { kind: 'thank_you', toEmployeeId: making.referrer.id, data: facts };
  const notices = (await recruitersToTell(trx, making)).map(
    (toEmployeeId): NewEmail => ({
      kind: 'new_referral',
      toEmployeeId,
      data: { ...facts, referrerName: making.referrer.fullName },
    }),
  );
  await enqueueEmails(deps, trx, [thanks, ...notices]);
}

/** The recruiter in charge of the opening; all recruiters for the pool, or when the one in charge has left. */
async function recruitersToTell(trx: Trx, { opening, row }: Making): Promise<number[]> {
  const recruiters = await listEmployeesWithRole(trx, 'recruiter', row.madeOn);
  const inCharge = recruiters.filter((one) => one.id === opening?.recruiterId);
  return (inCharge.length > 0 ? inCharge : recruiters).map((one) => one.id);
}

async function keepWithReferral(trx: Trx, { sent, row, candidate }: Making, referralId: number): Promise<void> {
  if (!sent.resume) return;
  const about = { candidateId: candidate.id, referralId, uploadedBy: row.referrerId, uploadedAt: row.madeAt };
  await insertResume(trx, { ...sent.resume, ...about });
}

async function writeHistory(
  trx: Trx,
  { row }: Making,
  referralId: number,
  deed: 'referral.made' | 'referral.alreadyRecommended' | 'resume.added',
): Promise<void> {
  const about = { about: 'referral', aboutId: referralId, referralId } as const;
  await insertHistory(trx, {
    at: row.madeAt,
    actorId: row.referrerId,
    ...about,
    deed,
    facts: { openingId: row.openingId, candidateId: row.candidateId },
  });
}

/** The candidate by the name that this referrer gave: what another one called them is theirs to know. */
function named({ sent, opening }: Making): { candidateName: string; openingTitle: string | null } {
  return { candidateName: sent.candidate.fullName, openingTitle: opening?.title ?? null };
}
