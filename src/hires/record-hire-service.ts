import { dueOn, type ForfeitReason } from '../bonuses/bonus.ts';
import {
  deletePromises,
  insertBonus,
  listBonusesOfHire,
  type StoredBonus,
  saveForfeited,
  savePromise,
  wasEverAwarded,
} from '../bonuses/bonus-store.ts';
import { type BonusFacts, decideBonus, type RuleName, whyNoPromise } from '../bonuses/decision.ts';
import { amountFor, type Policy } from '../bonuses/policy.ts';
import { getPolicy } from '../bonuses/policy-store.ts';
import { insertHistory } from '../history/history-store.ts';
import { type Db, isExclusionViolation, isUniqueViolation, type Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { EmailFacts, NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import { listExportedPeriods } from '../payroll/payroll-store.ts';
import { payrollPeriodsFor } from '../payroll/promise.ts';
import type { Actor, EmploymentType } from '../people/employee.ts';
import { getEmployee, listManagerIds } from '../people/employee-store.ts';
import {
  type HireRefusal,
  hire as hireReferral,
  isOwn,
  type OwnRefusal,
  type Referral,
  reopen,
  type Stage,
} from '../referrals/referral.ts';
import {
  findOwnership,
  findReferral,
  getReferral,
  lockReferral,
  type StoredOwnership,
  saveReferral,
} from '../referrals/referral-store.ts';
import {
  canUndoHire,
  changeFirstDay,
  type FirstDayRefusal,
  type ProbationTerm,
  planProbation,
  type TermRefusal,
  type UndoHireRefusal,
} from './hire.ts';
import {
  deleteHire,
  findLastEvent,
  getHireNames,
  insertHire,
  isHiredFrom,
  listRolesThen,
  lockHire,
  type NewHire,
  type StoredHire,
  saveFirstDay,
} from './hire-store.ts';
import { creditedFor, followedBy } from './probation-deeds.ts';

/** worksHere: the candidate was hired through another referral, and no last day before this first one is known. */
export type RecordHireRefusal = HireRefusal | TermRefusal | OwnRefusal | 'movedMeanwhile' | 'worksHere';

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
    const answer = await judge(trx, by, referral, asked);
    if (!answer.ok) return answer;
    const { ended, plan, credit } = answer.value;

    const at = await deps.clock.now(trx);
    await saveReferral(trx, { ...referral, ...ended, endedAt: at, answeredAt: referral.answeredAt ?? at });
    const { madeFor, probation, ...place } = asked;
    const { candidateId, openingId } = referral;
    const hire: NewHire = { ...place, ...plan, candidateId, openingId, recordedBy: by.id, recordedAt: at };
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
    const promised = await promise(deps, trx, by, { hireId, hire, credit, at });
    await enqueueEmails(deps, trx, await letters(trx, 'hired', referral, hire, credit, promised));
    return ok({ hireId, probationEndsOn: hire.probationEndsOn, ...promised });
  });
}

/** What recording would refuse, without recording anything: for who counts first. */
export async function checkHire(
  deps: Deps,
  by: Actor & { id: number },
  asked: HireAsked,
): Promise<Result<undefined, RecordHireRefusal>> {
  const referral = await findReferral(deps.db, asked.referralId);
  if (!referral) throw new NotFound();
  const answer = await judge(deps.db, by, referral, asked);
  return answer.ok ? ok() : answer;
}

/** All that may stand against a hire. Of two at the same moment, the database refuses the second once more. */
async function judge(db: Db, by: Actor, referral: Referral, asked: HireAsked) {
  const ended = hireReferral(referral, asked.firstDayOn);
  if (!ended.ok) return ended;
  if (referral.stage !== asked.madeFor) return refuse('movedMeanwhile');
  const plan = planProbation(asked.firstDayOn, asked.probation);
  if (!plan.ok) return plan;
  const credit = await creditFor(db, referral, asked.firstDayOn);
  if (isOwn(by.id, [referral.referrerId, credit.referral.referrerId])) return refuse('ownReferral');
  if (await isHiredFrom(db, referral.candidateId, asked.firstDayOn)) return refuse('worksHere');
  return ok({ ended: ended.value, plan: plan.value, credit });
}

/** Whose hire it is, and under which version of the policy. */
type Credit = {
  /** The referral that brings the credit: the hired one, or that of another employee who owns the candidate by then. */
  readonly referral: Referral;
  readonly ownership: StoredOwnership | null;
  readonly policy: Policy;
};

async function creditFor(trx: Db, hired: Referral, firstDayOn: Temporal.PlainDate): Promise<Credit> {
  const ownership = await findOwnership(trx, hired.candidateId, firstDayOn);
  // Recommended twice by the same person: the referral for the opening that was filled decides the version.
  const anothers = ownership !== null && ownership.ownerId !== hired.referrerId;
  const referral = anothers ? await getReferral(trx, ownership.referralId) : hired;
  return { referral, ownership, policy: await getPolicy(trx, referral.policyId) };
}

type WhatIsPromised = Pick<Recorded, 'bonus' | 'noBonusRule'>;
type Promising = {
  readonly hireId: number;
  readonly hire: NewHire;
  readonly credit: Credit;
  readonly at: Temporal.Instant;
};

async function promise(deps: Deps, trx: Trx, by: Actor, about: Promising): Promise<WhatIsPromised> {
  const { hireId, at } = about;
  const { on, against, ...bonus } = await weigh(deps, trx, about);
  const bonusId = await insertBonus(trx, { ...bonus, hireId });
  if (against) await saveForfeited(trx, bonusId, { at, on, reason: against, why: bonus.why });
  await tellPromise(trx, by, { ...bonus, against, hireId, bonusId, at });
  return said(about, { ...bonus, against });
}

type Weighed = Awaited<ReturnType<typeof weigh>>;

/** What there is to promise for this hire, and what the rules have against it. */
async function weigh(deps: Deps, trx: Trx, { hire, credit, at }: Promising) {
  const { referral, policy } = credit;
  const facts = await factsOf(trx, hire, credit);
  const on = await deps.clock.today(trx);
  const { why } = decideBonus(facts, policy.terms, on);
  const against = whyNoPromise(facts, policy.terms, on);
  const to = { referralId: referral.id, beneficiaryId: referral.referrerId, policyId: policy.id };
  const due = dueOn(hire, policy.terms);
  const exported = new Set(await listExportedPeriods(trx));
  const payrollPeriods = payrollPeriodsFor({ dueOn: due, today: on, exported }, policy.terms);
  return { ...to, amount: facts.amount, promisedAt: at, dueOn: due, why, against, on, payrollPeriods };
}

async function tellPromise(
  trx: Trx,
  by: Actor,
  bonus: Omit<Weighed, 'on'> & { hireId: number; bonusId: number; at: Temporal.Instant },
): Promise<void> {
  const { hireId, bonusId, referralId, against, at } = bonus;
  const sum = { amountMinor: bonus.amount.minor, currency: bonus.amount.currency };
  await insertHistory(trx, {
    at,
    actorId: by.id,
    about: 'bonus',
    aboutId: bonusId,
    referralId,
    deed: against ? 'bonus.forfeited' : 'bonus.promised',
    facts: against ? { hireId, reason: against } : { hireId, ...sum, dueOn: bonus.dueOn.toString() },
  });
}

function said(
  { hire }: Promising,
  { against, amount, dueOn: due, payrollPeriods }: Omit<Weighed, 'on'>,
): WhatIsPromised {
  if (against) return { bonus: null, noBonusRule: ruleOf[against] };
  const days = { probationEndsOn: hire.probationEndsOn.toString(), dueOn: due.toString() };
  return {
    bonus: { amountMinor: amount.minor, currency: amount.currency, ...days, payrollPeriods },
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
  kind: 'hired' | 'first_day_moved',
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
    return { kind, toEmployeeId: to.referrerId, data };
  };
  if (referral.id === hired.id) return [await letter(hired, promised)];
  return [await letter(hired, { bonus: null, noBonusRule: 'owner' }), await letter(referral, promised)];
}

type Corrector = Actor & { readonly id: number };
export type ChangeFirstDayRefusal = FirstDayRefusal | OwnRefusal | 'changedMeanwhile' | 'worksHere';

/**
 * Another first day, and the probation's last day with it. The promise is weighed anew as on the day of hiring: its due
 * day moves along, and where another day brings the credit to somebody else, or to nobody, the promise follows. Everybody
 * whom it concerns is told. Can be done again as often as needed while nothing was built on the hire.
 */
export async function changeFirstDayOfHire(
  deps: Deps,
  by: Corrector,
  asked: { hireId: number; seenOn: Temporal.PlainDate; firstDayOn: Temporal.PlainDate; probation: ProbationTerm },
): Promise<Result<{ hire: StoredHire; bonus: Promised | null }, ChangeFirstDayRefusal>> {
  try {
    return await deps.db.transaction(async (trx) => {
      const the = await lockCase(trx, by, asked.hireId);
      if (the.isOwn) return refuse('ownReferral');
      const { hire, referral, followed, bonuses } = the;
      if (!hire.firstDayOn.equals(asked.seenOn)) return refuse('changedMeanwhile');
      const wish = { firstDayOn: asked.firstDayOn, term: asked.probation };
      const answer = changeFirstDay(hire, wish, { followed, madeOn: referral.madeOn });
      if (!answer.ok) return answer;
      const changed = { ...hire, ...answer.value };
      const credit = await creditFor(trx, referral, changed.firstDayOn);
      if (isOwn(by.id, [credit.referral.referrerId])) return refuse('ownReferral');
      await saveFirstDay(trx, changed);
      const at = await deps.clock.now(trx);
      const about = { about: 'hire', aboutId: hire.id, referralId: referral.id } as const;
      const facts = {
        fromOn: hire.firstDayOn.toString(),
        toOn: changed.firstDayOn.toString(),
        probationEndsOn: changed.probationEndsOn.toString(),
      };
      await insertHistory(trx, { at, actorId: by.id, ...about, deed: 'hire.firstDayMoved', facts });
      const promising = { hireId: hire.id, hire: changed, credit, at };
      const promised = await promiseAnew(deps, trx, by, promising, bonuses[0] ?? null);
      const mails = await letters(trx, 'first_day_moved', referral, changed, credit, promised);
      await enqueueEmails(deps, trx, [...mails, ...(await toWhoLostIt(trx, changed, mails, bonuses))]);
      return ok({ hire: changed, bonus: promised.bonus });
    });
  } catch (error) {
    if (isExclusionViolation(error, 'hires_one_at_a_time')) return refuse('worksHere');
    throw error;
  }
}

/** A hire, and all that decides whether its record may be corrected. Locks in the order of all: hire, bonuses, the rest. */
async function lockCase(trx: Trx, by: Corrector, hireId: number) {
  const hire = await lockHire(trx, hireId);
  if (!hire) throw new NotFound();
  const bonuses = await listBonusesOfHire(trx, hireId);
  const referral = await getReferral(trx, hire.referralId);
  const last = await findLastEvent(trx, hireId);
  const followed = followedBy(last, bonuses, await wasEverAwarded(trx, hireId));
  return { hire, bonuses, referral, followed, isOwn: isOwn(by.id, creditedFor(referral, bonuses)) };
}

/** The promise in the light of the corrected facts. Its history tells only what changed for the beneficiary. */
async function promiseAnew(
  deps: Deps,
  trx: Trx,
  by: Corrector,
  about: Promising,
  before: StoredBonus | null,
): Promise<WhatIsPromised> {
  if (before === null) return promise(deps, trx, by, about);
  const now = await weigh(deps, trx, about);
  const isTheirs = now.beneficiaryId === before.beneficiaryId;
  const stands = isTheirs && before.forfeitedAt === null && now.against === null;
  await savePromise(trx, before.id, { ...now, promisedAt: stands ? before.promisedAt : about.at });
  if (!isTheirs && before.forfeitedAt === null) await tellWithdrawn(trx, by, before, about.at);
  const isSameNo = isTheirs && before.forfeitReason !== null && before.forfeitReason === now.against;
  if (!stands && !isSameNo) {
    await tellPromise(trx, by, { ...now, hireId: about.hireId, bonusId: before.id, at: about.at });
  }
  return said(about, now);
}

async function tellWithdrawn(trx: Trx, by: Corrector, bonus: StoredBonus, at: Temporal.Instant): Promise<void> {
  const { id, referralId, hireId, amount } = bonus;
  const facts = { hireId, amountMinor: amount.minor, currency: amount.currency };
  const about = { about: 'bonus', aboutId: id, referralId } as const;
  await insertHistory(trx, { at, actorId: by.id, ...about, deed: 'bonus.withdrawn', facts });
}

/** Whoever had the promise until now, and gets no letter otherwise. */
async function toWhoLostIt(
  trx: Trx,
  hire: StoredHire,
  mails: readonly NewEmail[],
  bonuses: readonly StoredBonus[],
): Promise<NewEmail[]> {
  const lost: NewEmail[] = [];
  const { openingTitle } = await getHireNames(trx, hire.referralId);
  for (const { beneficiaryId, referralId } of bonuses) {
    if (mails.some(({ toEmployeeId }) => toEmployeeId === beneficiaryId)) continue;
    const { candidateName } = await getHireNames(trx, referralId);
    const names = { referralId, candidateName, openingTitle, firstDayOn: hire.firstDayOn.toString() };
    const data = { ...names, bonus: null, noBonusRule: 'owner' };
    lost.push({ kind: 'first_day_moved', toEmployeeId: beneficiaryId, data });
  }
  return lost;
}

/** recommendedAgain: the same employee has recommended the candidate for this opening anew, and that one is open. */
export type TakeBackRefusal = UndoHireRefusal | OwnRefusal | 'recommendedAgain' | 'changedMeanwhile';

/**
 * Takes a hire back, as if it had not been recorded: the referral is open again at the stage where it stood, and may lead
 * to a hire anew. The hire and what was promised for it are deleted, since neither ever took effect; that they were there
 * stays in the history, and those who read of the promise are told. Refused once anything followed.
 */
export async function takeHireBack(
  deps: Deps,
  by: Corrector,
  asked: { hireId: number; seenOn: Temporal.PlainDate },
): Promise<Result<{ referralId: number; stage: Stage }, TakeBackRefusal>> {
  try {
    return await deps.db.transaction(async (trx) => {
      const the = await lockCase(trx, by, asked.hireId);
      if (the.isOwn) return refuse('ownReferral');
      const { hire, followed, bonuses } = the;
      if (!hire.firstDayOn.equals(asked.seenOn)) return refuse('changedMeanwhile');
      const allowed = canUndoHire(hire, followed);
      if (!allowed.ok) return allowed;
      const referral = await lockReferral(trx, hire.referralId);
      const reopened = reopen(referral ?? the.referral);
      if (!referral || !reopened.ok) return refuse('changedMeanwhile');
      await saveReferral(trx, { ...referral, ...reopened.value });
      await deletePromises(trx, hire.id);
      await deleteHire(trx, hire.id);
      const at = await deps.clock.now(trx);
      const about = { about: 'referral', aboutId: referral.id, referralId: referral.id } as const;
      const facts = { hireId: hire.id, firstDayOn: hire.firstDayOn.toString(), stage: referral.stage };
      await insertHistory(trx, { at, actorId: by.id, ...about, deed: 'referral.hireUndone', facts });
      const promised = bonuses.filter(({ forfeitedAt }) => forfeitedAt === null);
      for (const bonus of promised) await tellWithdrawn(trx, by, bonus, at);
      await enqueueEmails(deps, trx, await undoLetters(trx, referral, bonuses));
      return ok({ referralId: referral.id, stage: referral.stage });
    });
  } catch (error) {
    if (isUniqueViolation(error, 'referrals_once_per_opening')) return refuse('recommendedAgain');
    throw error;
  }
}

async function undoLetters(trx: Trx, hired: Referral, bonuses: readonly StoredBonus[]): Promise<NewEmail[]> {
  const { openingTitle } = await getHireNames(trx, hired.id);
  const hadBonus = (employeeId: number) =>
    bonuses.some(({ beneficiaryId, forfeitedAt }) => beneficiaryId === employeeId && forfeitedAt === null);
  const readers = new Map(bonuses.map(({ beneficiaryId, referralId }) => [beneficiaryId, referralId]));
  readers.set(hired.referrerId, hired.id);
  const mails: NewEmail[] = [];
  for (const [toEmployeeId, referralId] of readers) {
    const { candidateName } = await getHireNames(trx, referralId);
    const data = { referralId, candidateName, openingTitle, stage: hired.stage, hadBonus: hadBonus(toEmployeeId) };
    mails.push({ kind: 'hire_undone', toEmployeeId, data });
  }
  return mails;
}
