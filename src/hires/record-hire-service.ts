import { dueOn, type ForfeitReason } from '../bonuses/bonus.ts';
import { insertBonus, saveForfeited } from '../bonuses/bonus-store.ts';
import { type BonusFacts, decideBonus, type RuleName, whyNoPromise } from '../bonuses/decision.ts';
import { amountFor, type Policy } from '../bonuses/policy.ts';
import { getPolicy } from '../bonuses/policy-store.ts';
import { payrollPeriodsFor } from '../bonuses/promise.ts';
import { insertHistory } from '../history/history-store.ts';
import { isExclusionViolation, type Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { EmailFacts, NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import type { Actor, EmploymentType } from '../people/employee.ts';
import { getEmployee, listManagerIds } from '../people/employee-store.ts';
import { type HireRefusal, hire as hireReferral, type Referral, type Stage } from '../referrals/referral.ts';
import {
  findOwnership,
  getReferral,
  lockReferral,
  type StoredOwnership,
  saveReferral,
} from '../referrals/referral-store.ts';
import { type ProbationTerm, planProbation, type TermRefusal } from './hire.ts';
import { getHireNames, insertHire, listRolesThen, type NewHire } from './hire-store.ts';

/** worksHere: the candidate was hired through another referral, and no last day before this first one is known. */
export type RecordHireRefusal = HireRefusal | TermRefusal | 'movedMeanwhile' | 'worksHere';

export type HireAsked = {
  readonly referralId: number;
  /** The stage at which the recruiter saw the referral. */
  readonly madeFor: Stage;
  readonly firstDayOn: Temporal.PlainDate;
  readonly probation: ProbationTerm;
  readonly level: string;
  readonly country: string;
  readonly department: string;
  readonly employmentType: EmploymentType;
  readonly managerId: number | null;
};

type Promised = NonNullable<EmailFacts['hired']['bonus']>;
/** bonus: what was promised, or the rule that leaves nothing to promise. */
export type Recorded = {
  readonly hireId: number;
  readonly probationEndsOn: Temporal.PlainDate;
  readonly bonus: Promised | null;
  readonly noBonusRule: RuleName | null;
};

/**
 * Records a hire: the referral ends as hired, and the bonus is promised to whoever owns the candidate on the first day,
 * by the policy that their referral keeps. Where the rules leave nothing to promise for good, the bonus is kept as
 * forfeited with its reasons, so that the referrer reads why instead of wondering. Nobody is hired twice at once, however
 * many referrals lead to them: of two recruiters at the same moment, the database refuses one.
 */
export async function recordHire(
  deps: Deps,
  by: Actor & { id: number },
  asked: HireAsked,
): Promise<Result<Recorded, RecordHireRefusal>> {
  try {
    return await recordOnce(deps, by, asked);
  } catch (error) {
    if (isExclusionViolation(error, 'hires_one_at_a_time')) return refuse('worksHere');
    throw error;
  }
}

async function recordOnce(
  deps: Deps,
  by: Actor & { id: number },
  asked: HireAsked,
): Promise<Result<Recorded, RecordHireRefusal>> {
  return deps.db.transaction(async (trx): Promise<Result<Recorded, RecordHireRefusal>> => {
    const referral = await lockReferral(trx, asked.referralId);
    if (!referral) throw new NotFound();
    const ended = hireReferral(referral, asked.firstDayOn);
    if (!ended.ok) return ended;
    if (referral.stage !== asked.madeFor) return refuse('movedMeanwhile');
    const plan = planProbation(asked.firstDayOn, asked.probation);
    if (!plan.ok) return plan;

    const at = await deps.clock.now(trx);
    await saveReferral(trx, { ...referral, ...ended.value, endedAt: at, answeredAt: referral.answeredAt ?? at });
    const { madeFor, probation, ...place } = asked;
    const { candidateId, openingId } = referral;
    const hire: NewHire = { ...place, ...plan.value, candidateId, openingId, recordedBy: by.id, recordedAt: at };
    const hireId = await insertHire(trx, hire);
    await insertHistory(trx, {
      at,
      actorId: by.id,
      about: 'referral',
      aboutId: referral.id,
      referralId: referral.id,
      deed: 'referral.hired',
      facts: { hireId, firstDayOn: hire.firstDayOn.toString(), probationEndsOn: hire.probationEndsOn.toString() },
    });
    const credit = await creditFor(trx, referral, hire.firstDayOn);
    const promised = await promise(deps, trx, by, { hireId, hire, credit, at });
    await enqueueEmails(deps, trx, await letters(trx, referral, hire, credit, promised));
    return ok({ hireId, probationEndsOn: hire.probationEndsOn, ...promised });
  });
}

/** Whose hire it is, and under which version of the policy. */
type Credit = {
  /** The referral that brings the credit: the hired one, or that of another employee who owns the candidate by then. */
  readonly referral: Referral;
  readonly ownership: StoredOwnership | null;
  readonly policy: Policy;
};

async function creditFor(trx: Trx, hired: Referral, firstDayOn: Temporal.PlainDate): Promise<Credit> {
  const ownership = await findOwnership(trx, hired.candidateId, firstDayOn);
  // Recommended twice by the same person: the referral for the opening that was filled decides the version.
  const anothers = ownership !== null && ownership.ownerId !== hired.referrerId;
  const referral = anothers ? await getReferral(trx, ownership.referralId) : hired;
  return { referral, ownership, policy: await getPolicy(trx, referral.policyId) };
}

type WhatIsPromised = Pick<Recorded, 'bonus' | 'noBonusRule'>;

async function promise(
  deps: Deps,
  trx: Trx,
  by: Actor,
  about: { hireId: number; hire: NewHire; credit: Credit; at: Temporal.Instant },
): Promise<WhatIsPromised> {
  const { hireId, hire, at } = about;
  const { referral, policy } = about.credit;
  const facts = await factsOf(trx, hire, about.credit);
  const today = await deps.clock.today(trx);
  const { why } = decideBonus(facts, policy.terms, today);
  const due = dueOn(hire, policy.terms);
  const { id: referralId, referrerId: beneficiaryId } = referral;
  const to = { hireId, referralId, beneficiaryId, policyId: policy.id };
  const bonusId = await insertBonus(trx, { ...to, amount: facts.amount, promisedAt: at, dueOn: due, why });
  const against = whyNoPromise(facts, policy.terms, today);
  if (against) await saveForfeited(trx, bonusId, { at, on: today, reason: against, why });
  const { minor: amountMinor, currency } = facts.amount;
  await insertHistory(trx, {
    at,
    actorId: by.id,
    about: 'bonus',
    aboutId: bonusId,
    referralId,
    deed: against ? 'bonus.forfeited' : 'bonus.promised',
    facts: against ? { hireId, reason: against } : { hireId, amountMinor, currency, dueOn: due.toString() },
  });
  if (against) return { bonus: null, noBonusRule: ruleOf[against] };
  const payrollPeriods = payrollPeriodsFor(due, policy.terms);
  const probationEndsOn = hire.probationEndsOn.toString();
  return {
    bonus: { amountMinor, currency, probationEndsOn, dueOn: due.toString(), payrollPeriods },
    noBonusRule: null,
  };
}

const ruleOf: Record<ForfeitReason, RuleName> = {
  notTheOwner: 'owner',
  excludedFunction: 'function',
  managerOfTheHire: 'reportingChain',
  referrerLeft: 'referrerEmployed',
  referrerUnderNotice: 'goodStanding',
  leftInProbation: 'hireStayed',
};

async function factsOf(trx: Trx, hire: NewHire, { referral, ownership, policy }: Credit): Promise<BonusFacts> {
  const referrer = await getEmployee(trx, referral.referrerId);
  const rolesThen = await listRolesThen(trx, referral.id);
  const managerIds = hire.managerId === null ? [] : [hire.managerId, ...(await listManagerIds(trx, hire.managerId))];
  return {
    amount: amountFor(policy.terms, hire).money,
    heldReason: null,
    hire: { ...hire, passedOn: null, leftOn: null, managerIds },
    // Excluded functions are looked at when recommending and again later: what somebody was then counts for good.
    referrer: { ...referrer, roles: [...new Set([...referrer.roles, ...rolesThen])] },
    ownership,
  };
}

/** To the referrer of the hired referral; and, where somebody else owns the candidate by then, to the owner as well. */
async function letters(
  trx: Trx,
  hired: Referral,
  hire: NewHire,
  { referral }: Credit,
  promised: WhatIsPromised,
): Promise<NewEmail[]> {
  const { openingTitle } = await getHireNames(trx, hired.id);
  const firstDayOn = hire.firstDayOn.toString();
  const letter = async (to: Referral, what: WhatIsPromised): Promise<NewEmail> => {
    const { candidateName } = await getHireNames(trx, to.id);
    const data = { referralId: to.id, candidateName, openingTitle, firstDayOn, ...what };
    return { kind: 'hired', toEmployeeId: to.referrerId, data };
  };
  if (referral.id === hired.id) return [await letter(hired, promised)];
  return [await letter(hired, { bonus: null, noBonusRule: 'owner' }), await letter(referral, promised)];
}
