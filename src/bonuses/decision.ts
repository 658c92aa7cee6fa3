import { leftInProbation, type Probation } from '../hires/hire.ts';
import { isBefore, isOnOrBefore, later, type PayrollPeriod, payrollPeriodOf } from '../lib/calendar.ts';
import type { Money } from '../lib/money.ts';
import { type Employee, isEmployed, isInChain, isUnderNotice } from '../people/employee.ts';
import { dueOn, type ForfeitReason, type HoldReason, type WaitReason } from './bonus.ts';
import type { PolicyTerms } from './policy.ts';

/** Every rule, in the order in which people read them. */
export const RULES = [
  'owner',
  'function',
  'reportingChain',
  'referrerEmployed',
  'goodStanding',
  'hireStayed',
  'probation',
  'confirmation',
  'amount',
  'hold',
] as const;
export type RuleName = (typeof RULES)[number];

/** One line of the "why": the rule, what it found, and the facts it looked at (days as ISO text, sums as minor units). */
export type WhyLine = {
  readonly rule: RuleName;
  readonly passed: 'yes' | 'no' | 'notYet';
  readonly facts: Readonly<Record<string, string | number | null>>;
  /** ISO day on which it is asked again, where that is known. */
  readonly until?: string;
};

/** All that the decision looks at. Nothing else may sway it. */
export type BonusFacts = {
  readonly amount: Money;
  /** Why somebody stopped it; null while nobody has. */
  readonly heldReason: string | null;
  readonly hire: Probation & {
    /** The hire's managers as of now, nearest first. */
    readonly managerIds: readonly number[];
  };
  readonly referrer: Pick<Employee, 'id' | 'roles' | 'employedFrom' | 'employedUntil' | 'noticeGivenOn'>;
  /** The days in which the referrer owned the candidate; null when they never did. */
  readonly ownership: { readonly fromOn: Temporal.PlainDate; readonly untilOn: Temporal.PlainDate } | null;
};

type Common = {
  readonly why: readonly WhyLine[];
  readonly dueOn: Temporal.PlainDate;
};

export type Decision = Common &
  (
    | { readonly verdict: 'award'; readonly payrollPeriod: PayrollPeriod }
    | { readonly verdict: 'forfeit'; readonly reason: ForfeitReason }
    | {
        readonly verdict: 'wait';
        readonly reason: WaitReason;
        /** The first day on which the answer may change by itself; null when it hangs on somebody's word. */
        readonly until: Temporal.PlainDate | null;
        /** The payroll month if nothing changes; null when it hangs on somebody's word. */
        readonly payrollPeriod: PayrollPeriod | null;
      }
    | { readonly verdict: 'hold'; readonly reason: HoldReason }
  );
export type Verdict = Decision['verdict'];

/** A rule's finding: its line, and when it says no, whether that is for good and under which reason. */
type Finding = { readonly line: WhyLine; readonly forfeit?: ForfeitReason; readonly forGood?: boolean };

type Case = {
  readonly facts: BonusFacts;
  readonly terms: PolicyTerms;
  readonly today: Temporal.PlainDate;
  readonly dueOn: Temporal.PlainDate;
  /** The day that the referrer is judged on: the due day, or the day HR's word is for when that is later and required. */
  readonly judgedOn: Temporal.PlainDate;
  /** Has that day come? Until then a "no" about the referrer is only the state of today. */
  readonly isDue: boolean;
};

/**
 * THE decision: award, forfeit, wait or hold, with every rule and what it found.
 *
 * The referrer is judged on the day the bonus falls due, not on the day a job happens to run: a tick missed for thirty
 * days costs nobody anything. What can still change before that day waits for it; what can't (left in probation, the
 * referrer gone, never the owner) forfeits at once. Total: never throws on any facts.
 */
export function decideBonus(facts: BonusFacts, terms: PolicyTerms, today: Temporal.PlainDate): Decision {
  const the = caseOf(facts, terms, today);
  const findings = RULES.map((rule) => check[rule](the));
  const common = { why: findings.map((finding) => finding.line), dueOn: the.dueOn };

  if (facts.heldReason !== null) return { ...common, verdict: 'hold', reason: 'heldByHand' };
  const against = findings.find((finding) => finding.forfeit && (finding.forGood || the.isDue));
  if (against?.forfeit) return { ...common, verdict: 'forfeit', reason: against.forfeit };
  if (!the.isDue) return { ...common, verdict: 'wait', ...whatItWaitsFor(the) };
  if (!hasAmount(facts.amount)) return { ...common, verdict: 'hold', reason: 'noAmount' };
  return { ...common, verdict: 'award', payrollPeriod: payrollPeriodOf(today, terms.payrollCutoffDay) };
}

/**
 * The same question on the day of hiring: is there anything to promise? What excludes the referrer on that day (not the
 * owner, an excluded function, a manager of the hire) excludes them for good, and no hope is raised.
 */
export function whyNoPromise(facts: BonusFacts, terms: PolicyTerms, today: Temporal.PlainDate): ForfeitReason | null {
  const the = caseOf(facts, terms, today);
  const findings = [check.owner(the), check.function(the), check.reportingChain(the), check.referrerEmployed(the)];
  const asOfToday = findings.slice(0, 3).find((finding) => finding.forfeit);
  return (asOfToday ?? findings.find((finding) => finding.forGood))?.forfeit ?? null;
}

function caseOf(facts: BonusFacts, terms: PolicyTerms, today: Temporal.PlainDate): Case {
  const due = dueOn(facts.hire, terms);
  const { passedOn } = facts.hire;
  if (terms.confirmation === 'automatic') {
    return { facts, terms, today, dueOn: due, judgedOn: due, isDue: isOnOrBefore(due, today) };
  }
  const judgedOn = passedOn === null ? due : later(due, passedOn);
  return { facts, terms, today, dueOn: due, judgedOn, isDue: passedOn !== null && isOnOrBefore(judgedOn, today) };
}

function whatItWaitsFor(the: Case): {
  reason: WaitReason;
  until: Temporal.PlainDate | null;
  payrollPeriod: PayrollPeriod | null;
} {
  const { facts, terms, today } = the;
  // Whoever is known to leave in probation has no payroll month ahead, only the day that forfeits the bonus.
  if (leftInProbation(facts.hire)) return { reason: 'probation', until: facts.hire.leftOn, payrollPeriod: null };
  const lacksWord = terms.confirmation === 'required' && facts.hire.passedOn === null;
  if (lacksWord && isOnOrBefore(the.dueOn, today)) return { reason: 'confirmation', until: null, payrollPeriod: null };
  const payrollPeriod = lacksWord ? null : payrollPeriodOf(the.judgedOn, terms.payrollCutoffDay);
  const inExtraDays = isBefore(facts.hire.probationEndsOn, today);
  return { reason: inExtraDays ? 'extraDays' : 'probation', until: the.judgedOn, payrollPeriod };
}

const hasAmount = (amount: Money): boolean => Number.isSafeInteger(amount.minor) && amount.minor > 0;
const iso = (day: Temporal.PlainDate | null): string | null => day?.toString() ?? null;

function yes(rule: RuleName, facts: WhyLine['facts']): Finding {
  return { line: { rule, passed: 'yes', facts } };
}

/** A "no" that is final. */
function never(rule: RuleName, facts: WhyLine['facts'], forfeit: ForfeitReason): Finding {
  return { line: { rule, passed: 'no', facts }, forfeit, forGood: true };
}

/** A "no" as of today, which is asked again on the day that counts. */
function noAsOfToday(the: Case, rule: RuleName, facts: WhyLine['facts'], forfeit: ForfeitReason): Finding {
  if (the.isDue) return never(rule, facts, forfeit);
  return { line: { rule, passed: 'no', facts, ...askedAgain(the) }, forfeit };
}

/** The day that counts, while it lies ahead; where it hangs on HR's word there is none to name. */
function askedAgain(the: Case): { until?: string } {
  return isBefore(the.today, the.judgedOn) ? { until: the.judgedOn.toString() } : {};
}

const check: Record<RuleName, (the: Case) => Finding> = {
  // Measured to the first day of work: the last day of ownership still counts.
  owner({ facts: { ownership, hire } }) {
    const seen = {
      ownedFromOn: iso(ownership?.fromOn ?? null),
      ownedUntilOn: iso(ownership?.untilOn ?? null),
      firstDayOn: iso(hire.firstDayOn),
    };
    const owned =
      ownership !== null &&
      isOnOrBefore(ownership.fromOn, hire.firstDayOn) &&
      isOnOrBefore(hire.firstDayOn, ownership.untilOn);
    return owned ? yes('owner', seen) : never('owner', seen, 'notTheOwner');
  },

  function(the) {
    const { facts, terms } = the;
    const excluded = terms.excludedFunctions.find((role) => facts.referrer.roles.includes(role)) ?? null;
    const seen = { excludedRole: excluded };
    return excluded === null ? yes('function', seen) : noAsOfToday(the, 'function', seen, 'excludedFunction');
  },

  reportingChain(the) {
    const { facts, terms } = the;
    const reach = terms.excludeReportingChain;
    const seen = { reach };
    const manages = isInChain(facts.referrer.id, facts.hire.managerIds, reach);
    return manages ? noAsOfToday(the, 'reportingChain', seen, 'managerOfTheHire') : yes('reportingChain', seen);
  },

  referrerEmployed(the) {
    const { referrer } = the.facts;
    const seen = { employedUntil: iso(referrer.employedUntil), judgedOn: iso(the.judgedOn) };
    if (isEmployed(referrer, the.judgedOn)) {
      if (the.isDue) return yes('referrerEmployed', seen);
      return { line: { rule: 'referrerEmployed', passed: 'notYet', facts: seen, ...askedAgain(the) } };
    }
    const isGone = referrer.employedUntil !== null && isBefore(referrer.employedUntil, the.today);
    if (isGone || the.isDue) return never('referrerEmployed', seen, 'referrerLeft');
    return noAsOfToday(the, 'referrerEmployed', seen, 'referrerLeft');
  },

  goodStanding(the) {
    const { referrer } = the.facts;
    const seen = { noticeGivenOn: iso(referrer.noticeGivenOn), judgedOn: iso(the.judgedOn) };
    const fine = the.terms.underNotice === 'allowed' || !isUnderNotice(referrer, the.judgedOn);
    return fine ? yes('goodStanding', seen) : noAsOfToday(the, 'goodStanding', seen, 'referrerUnderNotice');
  },

  // A last day that still lies ahead may be taken back: it forfeits when it has come.
  hireStayed(the) {
    const { hire } = the.facts;
    const seen = { leftOn: iso(hire.leftOn), lastDayOn: iso(hire.probationEndsOn), passedOn: iso(hire.passedOn) };
    if (leftInProbation(hire)) {
      const hasCome = hire.leftOn !== null && isOnOrBefore(hire.leftOn, the.today);
      if (hasCome) return never('hireStayed', seen, 'leftInProbation');
      return { line: { rule: 'hireStayed', passed: 'no', facts: seen, until: String(hire.leftOn) } };
    }
    const isOver = isBefore(hire.probationEndsOn, the.today) || hire.passedOn !== null;
    if (isOver) return yes('hireStayed', seen);
    const until = hire.probationEndsOn.add({ days: 1 }).toString();
    return { line: { rule: 'hireStayed', passed: 'notYet', facts: seen, until } };
  },

  probation(the) {
    const { hire } = the.facts;
    const { extraDays } = the.terms;
    const seen = {
      firstDayOn: iso(hire.firstDayOn),
      lastDayOn: iso(hire.probationEndsOn),
      extraDays,
      dueOn: iso(the.dueOn),
    };
    if (isOnOrBefore(the.dueOn, the.today)) return yes('probation', seen);
    return { line: { rule: 'probation', passed: 'notYet', facts: seen, until: the.dueOn.toString() } };
  },

  confirmation(the) {
    const { passedOn } = the.facts.hire;
    const seen = { required: the.terms.confirmation, passedOn: iso(passedOn) };
    if (the.terms.confirmation === 'automatic') return yes('confirmation', seen);
    if (passedOn === null) return { line: { rule: 'confirmation', passed: 'notYet', facts: seen } };
    // A run for an earlier day can meet a word that was not yet given on that day.
    if (isOnOrBefore(passedOn, the.today)) return yes('confirmation', seen);
    return { line: { rule: 'confirmation', passed: 'notYet', facts: seen, until: passedOn.toString() } };
  },

  amount({ facts: { amount } }) {
    const seen = { minor: amount.minor, currency: amount.currency };
    return hasAmount(amount) ? yes('amount', seen) : { line: { rule: 'amount', passed: 'no', facts: seen } };
  },

  hold({ facts: { heldReason } }) {
    const seen = { heldReason };
    return heldReason === null ? yes('hold', seen) : { line: { rule: 'hold', passed: 'no', facts: seen } };
  },
};
