import type { PayrollPeriod } from '../lib/calendar.ts';
import type { Db } from '../lib/database.ts';
import type { Money } from '../lib/money.ts';
import { openPeriodFrom, selectExportedPeriods } from '../payroll/payroll.ts';
import { bonusState, type ForfeitReason } from './bonus.ts';
import { around, type FactsRow, selectBonusFacts, selectManagers, termsOf, toBonusFacts } from './bonus-facts.ts';
import type { ShownState } from './bonus-words.ts';
import { decideBonus, type WhyLine } from './decision.ts';
import { type PolicyTerms, readTerms } from './policy.ts';

/** A bonus as pages show it; its state is derived, never stored. */
export type ShownBonus = {
  readonly id: number;
  readonly hireId: number;
  readonly referralId: number;
  readonly beneficiaryId: number;
  readonly beneficiaryName: string;
  /** As the referrer wrote it. */
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly policyId: number;
  readonly policyVersion: number;
  readonly amount: Money;
  readonly promisedAt: Temporal.Instant;
  readonly probationEndsOn: Temporal.PlainDate;
  /** The hire's last working day; null while none is recorded. */
  readonly leftOn: Temporal.PlainDate | null;
  readonly dueOn: Temporal.PlainDate;
  readonly state: ShownState;
  readonly awardedOn: Temporal.PlainDate | null;
  readonly forfeitedOn: Temporal.PlainDate | null;
  readonly forfeitReason: ForfeitReason | null;
  readonly heldAt: Temporal.Instant | null;
  /** Null: Vouch itself, after a failure. */
  readonly heldBy: string | null;
  readonly heldReason: string | null;
  readonly runId: number | null;
  readonly exportedAt: Temporal.Instant | null;
  readonly paidOn: Temporal.PlainDate | null;
  /** The payroll month: of its run, or the one expected if nothing changes; null when it hangs on somebody's word. */
  readonly payrollPeriod: PayrollPeriod | null;
  /** After the decision as it was found then; before it, as things stand today. */
  readonly why: readonly WhyLine[];
};

const select = `select bonuses.id, bonuses.hire_id as "hireId", bonuses.referral_id as "referralId",
    bonuses.beneficiary_id as "beneficiaryId", beneficiary.full_name as "beneficiaryName",
    coalesce(referrals.candidate_name, candidates.full_name) as "candidateName", openings.title as "openingTitle",
    bonuses.policy_id as "policyId", policies.version as "policyVersion", policies.terms,
    json_build_object('minor', bonuses.amount_minor, 'currency', bonuses.currency) as amount,
    bonuses.promised_at as "promisedAt", hires.probation_ends_on as "probationEndsOn", hires.passed_on as "passedOn",
    hires.left_on as "leftOn", bonuses.due_on as "dueOn", bonuses.awarded_on as "awardedOn", bonuses.forfeited_on as "forfeitedOn",
    bonuses.forfeit_reason as "forfeitReason", bonuses.held_at as "heldAt", holder.full_name as "heldBy",
    bonuses.held_reason as "heldReason", line.run_id as "runId", line.paid_on as "paidOn",
    runs.exported_at as "exportedAt", runs.period, bonuses.why
  from bonuses
  join hires on hires.id = bonuses.hire_id
  join referrals on referrals.id = bonuses.referral_id
  join candidates on candidates.id = hires.candidate_id
  join policies on policies.id = bonuses.policy_id
  join employees beneficiary on beneficiary.id = bonuses.beneficiary_id
  left join employees holder on holder.id = bonuses.held_by
  left join openings on openings.id = hires.opening_id
  left join payroll_lines line on line.bonus_id = bonuses.id and line.reverses_line_id is null and line.released_at is null
  left join payroll_runs runs on runs.id = line.run_id`;

type Row = Omit<ShownBonus, 'state' | 'payrollPeriod'> & {
  terms: unknown;
  passedOn: Temporal.PlainDate | null;
  period: PayrollPeriod | null;
};

/** The bonuses that a referral led to, the first promised first. */
export async function listBonusesOfReferral(
  db: Db,
  referralId: number,
  today: Temporal.PlainDate,
): Promise<ShownBonus[]> {
  const { rows } = await db.raw(`${select} where bonuses.referral_id = ? order by bonuses.id`, [referralId]);
  return shown(db, rows, today);
}

/** What is an employee's own, the newest first, at most `limit`. */
export async function listBonusesOf(
  db: Db,
  employeeId: number,
  today: Temporal.PlainDate,
  limit = 100,
): Promise<ShownBonus[]> {
  const { rows } = await db.raw(`${select} where bonuses.beneficiary_id = ? order by bonuses.id desc limit ?`, [
    employeeId,
    limit,
  ]);
  return shown(db, rows, today);
}

export async function findShownBonus(db: Db, id: number, today: Temporal.PlainDate): Promise<ShownBonus | null> {
  const { rows } = await db.raw(`${select} where bonuses.id = ?`, [id]);
  return (await shown(db, rows, today))[0] ?? null;
}

export type HeldBonus = Pick<
  ShownBonus,
  'id' | 'beneficiaryName' | 'amount' | 'dueOn' | 'heldAt' | 'heldBy' | 'heldReason'
>;

/** What somebody, or a failure, has stopped: the longest first. One more than `limit` says that there are more. */
export async function listHeldBonuses(db: Db, limit: number): Promise<HeldBonus[]> {
  const { rows } = await db.raw(
    `select bonuses.id, beneficiary.full_name as "beneficiaryName",
       json_build_object('minor', bonuses.amount_minor, 'currency', bonuses.currency) as amount,
       bonuses.due_on as "dueOn", bonuses.held_at as "heldAt", holder.full_name as "heldBy", bonuses.held_reason as "heldReason"
     from bonuses join employees beneficiary on beneficiary.id = bonuses.beneficiary_id
     left join employees holder on holder.id = bonuses.held_by
     where bonuses.held_at is not null and bonuses.awarded_at is null and bonuses.forfeited_at is null
     order by bonuses.held_at, bonuses.id limit ?`,
    [limit + 1],
  );
  return rows;
}

async function shown(db: Db, rows: Row[], today: Temporal.PlainDate): Promise<ShownBonus[]> {
  const open = rows.filter((row) => row.awardedOn === null && row.forfeitedOn === null).map((row) => row.id);
  const live = await decideNow(db, open, today);
  return rows.map(({ terms: stored, passedOn, period, ...row }) => {
    const terms = readTerms(stored);
    const now = live.get(row.id);
    return {
      ...row,
      state: shownState(row, { terms, passedOn, today }),
      payrollPeriod: period ?? now?.payrollPeriod ?? null,
      why: now?.why ?? row.why,
    };
  });
}

function shownState(
  row: Omit<Row, 'terms' | 'passedOn' | 'period'>,
  { terms, passedOn, today }: { terms: PolicyTerms; passedOn: Temporal.PlainDate | null; today: Temporal.PlainDate },
): ShownState {
  const state = bonusState({ ...row, confirmation: terms.confirmation, passedOn }, today);
  return state === 'inRun' && row.exportedAt !== null ? 'exported' : state;
}

type Live = { why: readonly WhyLine[]; payrollPeriod: PayrollPeriod | null };

/** What the rule says as things stand. A row whose facts can't be read keeps what it was promised with. */
async function decideNow(db: Db, ids: number[], today: Temporal.PlainDate): Promise<Map<number, Live>> {
  const found = new Map<number, Live>();
  if (ids.length === 0) return found;
  const { rows } = await db.raw(`${selectBonusFacts} where bonuses.id = any (?::bigint[])`, [ids]);
  const facts = rows as FactsRow[];
  const managers = await db.raw(selectManagers, [facts.flatMap(({ managerId }) => managerId ?? [])]);
  const policies = await db.raw('select id, terms from policies where id = any (?::bigint[])', [
    facts.map((row) => row.policyId),
  ]);
  const runs = await db.raw(selectExportedPeriods);
  const exported = new Set<PayrollPeriod>(runs.rows.map(({ period }: { period: PayrollPeriod }) => period));
  const surroundings = around(policies.rows, managers.rows);
  for (const row of facts) {
    try {
      const terms = termsOf(row, surroundings);
      const decision = decideBonus(toBonusFacts(row, surroundings), terms, today);
      const wanted = 'payrollPeriod' in decision ? decision.payrollPeriod : null;
      found.set(row.bonusId, { why: decision.why, payrollPeriod: wanted && openPeriodFrom(wanted, exported) });
    } catch {
      // The bonus run holds such a row with its reason, which the page shows.
    }
  }
  return found;
}
