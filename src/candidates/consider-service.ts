import { randomUUID } from 'node:crypto';
import { getPolicyOn } from '../bonuses/policy-store.ts';
import { insertHistory } from '../history/history-store.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import { retryDeadlock } from '../lib/retry.ts';
import type { NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import { acceptsReferrals, type Opening } from '../openings/opening.ts';
import { lockOpening } from '../openings/opening-store.ts';
import { type Employee, isEmployed } from '../people/employee.ts';
import { getEmployee } from '../people/employee-store.ts';
import { firstAnswerDueOn } from '../referrals/referral.ts';
import {
  findLatestReferral,
  findOpenReferralFor,
  findOwnership,
  getReferral,
  insertOwnership,
  insertReferral,
  type StoredOwnership,
  type StoredReferral,
} from '../referrals/referral-store.ts';
import { type Candidate, ownedUntil } from './candidate.ts';
import { isHired, lockCandidate } from './candidate-store.ts';

export type Consideration = {
  readonly candidateId: number;
  readonly openingId: number;
  /** The recruiter has asked the candidate again: needed where no owner vouches for it any more. */
  readonly agreed: { readonly textVersion: number } | null;
};
export type ConsiderRefusal = 'openingNotOpen' | 'worksHere' | 'askFirst' | 'neverRecommended';
/** `again`: somebody looks at this candidate for this opening already. */
export type Considered = {
  readonly referralId: number;
  readonly how: 'made' | 'again';
  readonly ownerName: string | null;
};

type Considering = {
  readonly recruiter: Employee;
  readonly candidate: Candidate;
  readonly opening: Opening;
  readonly today: Temporal.PlainDate;
  readonly now: Temporal.Instant;
};
/** In whose name it is made, on the ground of which earlier referral. */
type Ground = {
  readonly owner: Employee | null;
  readonly ownership: StoredOwnership | null;
  readonly from: StoredReferral;
};

/**
 * Brings a candidate from the pool together with an opening. While somebody owns the candidate (the last day counts) and
 * works here, the new referral is in their name and they are told. Otherwise it is in the recruiter's own name, and the
 * recruiter must have asked the candidate again: the old agreement was given to someone who has no say any more.
 */
export async function considerForOpening(
  deps: Deps,
  recruiterId: number,
  wish: Consideration,
): Promise<Result<Considered, ConsiderRefusal>> {
  return retryDeadlock(() =>
    deps.db.transaction(async (trx) => {
      const opening = await lockOpening(trx, wish.openingId);
      const candidate = await lockCandidate(trx, wish.candidateId);
      if (!candidate) throw new NotFound();
      const looking = await findOpenReferralFor(trx, candidate.id, opening.id);
      if (looking) return ok<Considered>({ referralId: looking.id, how: 'again', ownerName: null });
      if (!acceptsReferrals(opening)) return refuse('openingNotOpen');
      const [today, now] = [await deps.clock.today(trx), await deps.clock.now(trx)];
      if (await isHired(trx, candidate.id, today)) return refuse('worksHere');
      const ground = await groundFor(trx, candidate.id, today);
      if (ground === null) return refuse('neverRecommended');
      if (ground.owner === null && wish.agreed === null) return refuse('askFirst');
      const recruiter = await getEmployee(trx, recruiterId);
      return ok(await make(deps, trx, { recruiter, candidate, opening, today, now }, ground, wish));
    }),
  );
}

async function groundFor(trx: Trx, candidateId: number, today: Temporal.PlainDate): Promise<Ground | null> {
  const ownership = await findOwnership(trx, candidateId, today);
  const owner = ownership && (await getEmployee(trx, ownership.ownerId));
  if (ownership && owner && isEmployed(owner, today)) {
    return { owner, ownership, from: await getReferral(trx, ownership.referralId) };
  }
  const from = await findLatestReferral(trx, candidateId);
  return from && { owner: null, ownership: null, from };
}

async function make(
  deps: Deps,
  trx: Trx,
  about: Considering,
  { owner, ownership, from }: Ground,
  wish: Consideration,
): Promise<Considered> {
  const { recruiter, candidate, opening, today, now } = about;
  const policy = await getPolicyOn(trx, today);
  const referrer = owner ?? recruiter;
  const agreed = wish.agreed && { at: now, textVersion: wish.agreed.textVersion };
  const dueOn = firstAnswerDueOn(today, opening.country, policy.terms.firstAnswerWorkingDays);
  const id = await insertReferral(trx, {
    candidateId: candidate.id,
    // Who owns the candidate now may not be who named them in the record.
    candidateName: owner && from.candidateName,
    referrerId: referrer.id,
    openingId: opening.id,
    policyId: policy.id,
    submissionKey: randomUUID(),
    relationship: from.relationship,
    why: from.why,
    agreedAt: agreed?.at ?? from.agreedAt,
    agreedTextVersion: agreed?.textVersion ?? from.agreedTextVersion,
    madeAt: now,
    madeOn: today,
    referrerRoles: referrer.roles,
    alreadyRecommended: false,
    firstAnswerDueOn: dueOn,
    consideredFromId: from.id,
    consideredBy: recruiter.id,
  });
  // Whoever could stand in the way waits for the candidate's lock, which we hold.
  if (id === null) throw new Error(`Candidate ${candidate.id} can't be considered for opening ${opening.id}`);
  if (owner === null) {
    const untilOn = ownedUntil(today, policy.terms.ownershipMonths);
    await insertOwnership(trx, {
      candidateId: candidate.id,
      ownerId: referrer.id,
      referralId: id,
      fromOn: today,
      untilOn,
    });
  }
  await insertHistory(trx, {
    at: now,
    actorId: recruiter.id,
    about: 'referral',
    aboutId: id,
    referralId: id,
    deed: 'referral.considered',
    facts: { openingId: opening.id, fromReferralId: from.id, ownerId: owner?.id ?? null },
  });
  const facts = { referralId: id, candidateName: candidate.fullName, openingTitle: opening.title };
  const mails: NewEmail[] = [];
  if (owner && ownership) {
    const candidateName = from.candidateName ?? candidate.fullName;
    const data = { ...facts, candidateName, ownedUntil: ownership.untilOn.toString() };
    mails.push({ kind: 'considered_again', toEmployeeId: owner.id, data });
  }
  if (opening.recruiterId && opening.recruiterId !== recruiter.id) {
    const data = { ...facts, referrerName: referrer.fullName, answerDueOn: dueOn.toString() };
    mails.push({ kind: 'new_referral', toEmployeeId: opening.recruiterId, data });
  }
  await enqueueEmails(deps, trx, mails);
  return { referralId: id, how: 'made', ownerName: owner?.fullName ?? null };
}
