import { isBefore, isOnOrBefore, ownershipEndsOn } from '../lib/calendar.ts';

/** The person recommended: one record a human being. */
export type Candidate = {
  readonly id: number;
  readonly fullName: string;
  readonly email: string | null;
  /** The keys by which the same person is recognised: emailKey() of the address, the phone as E.164, profileKey() of the link. */
  readonly emailKey: string | null;
  readonly phone: string | null;
  readonly profileLink: string | null;
  readonly profileKey: string | null;
  readonly skills: readonly string[];
  readonly createdAt: Temporal.Instant;
};

/** A referral as ownership sees it. Months come from the policy version the referral keeps. */
export type Claim = {
  readonly referralId: number;
  readonly referrerId: number;
  readonly madeAt: Temporal.Instant;
  readonly madeOn: Temporal.PlainDate;
  readonly ownershipMonths: number;
};

export type Ownership = {
  readonly ownerId: number;
  /** The referral that began it. */
  readonly referralId: number;
  readonly fromOn: Temporal.PlainDate;
  /** The last day, which still counts. */
  readonly untilOn: Temporal.PlainDate;
};

/** The last day of an ownership that began on madeOn: it still counts, the day after does not. */
export function ownedUntil(madeOn: Temporal.PlainDate, months: number): Temporal.PlainDate {
  return ownershipEndsOn(madeOn, months);
}

/**
 * All ownerships of a candidate, in order. The first to recommend owns (of two in the same instant, the lower id);
 * whoever recommends meanwhile owns nothing and never inherits; the first to recommend after the last day owns next.
 * Recommending again while owning changes nothing.
 */
export function ownerships(claims: readonly Claim[]): Ownership[] {
  const inOrder = claims.toSorted(
    (a, b) => Temporal.Instant.compare(a.madeAt, b.madeAt) || a.referralId - b.referralId,
  );
  const found: Ownership[] = [];
  for (const claim of inOrder) {
    const last = found.at(-1);
    if (last && !isBefore(last.untilOn, claim.madeOn)) continue;
    found.push({
      ownerId: claim.referrerId,
      referralId: claim.referralId,
      fromOn: claim.madeOn,
      untilOn: ownedUntil(claim.madeOn, claim.ownershipMonths),
    });
  }
  return found;
}

/** Who owns the candidate on that day, or null. */
export function ownershipOn(claims: readonly Claim[], day: Temporal.PlainDate): Ownership | null {
  return ownerships(claims).find((one) => isOnOrBefore(one.fromOn, day) && isOnOrBefore(day, one.untilOn)) ?? null;
}
