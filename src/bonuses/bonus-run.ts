import { type Around, type FactsRow, termsOf, toBonusFacts } from './bonus-facts.ts';
import { type Decision, decideBonus } from './decision.ts';

/** The places between the steps of a batch, in order: where a test kills the process, or lets another one in. */
export const RUN_POINTS = [
  'listed',
  'locked',
  'decided',
  'runShared',
  'awarded',
  'lined',
  'forfeited',
  'told',
  'mailed',
  'committed',
] as const;
export type RunPoint = (typeof RUN_POINTS)[number];

export type BonusRunCounts = { awarded: number; forfeited: number; waiting: number; held: number };

/** What would be decided about one bonus: a line of a dry run. */
export type BonusRunDecision = {
  readonly bonusId: number;
  readonly hireId: number;
  readonly beneficiaryId: number;
  readonly staffNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly verdict: Decision['verdict'];
  /** Why it is forfeited, waiting or held; null for an award. */
  readonly reason: string | null;
  /** The payroll month of an award. */
  readonly payrollPeriod: string | null;
};

export type BonusRunReport = BonusRunCounts & { readonly decisions: readonly BonusRunDecision[] };

type Sorted<V extends Decision['verdict']> = {
  readonly row: FactsRow;
  readonly decision: Extract<Decision, { verdict: V }>;
  readonly cutoffDay: number;
};
export type ToAward = Sorted<'award'>;
export type ToForfeit = Sorted<'forfeit'>;
export type ToWait = Sorted<'wait'>;
export type ToHold = { readonly row: FactsRow; readonly reason: string };

export type Verdicts = { award: ToAward[]; forfeit: ToForfeit[]; wait: ToWait[]; hold: ToHold[] };

/** Asks the rule about every row. A row that can't be read or decided is one to hold, and costs nobody else anything. */
export function decideAll(rows: readonly FactsRow[], around: Around, asOf: Temporal.PlainDate): Verdicts {
  const verdicts: Verdicts = { award: [], forfeit: [], wait: [], hold: [] };
  for (const row of rows) {
    try {
      const terms = termsOf(row, around);
      const decision = decideBonus(toBonusFacts(row, around), terms, asOf);
      const cutoffDay = terms.payrollCutoffDay;
      if (decision.verdict === 'award') verdicts.award.push({ row, decision, cutoffDay });
      else if (decision.verdict === 'forfeit') verdicts.forfeit.push({ row, decision, cutoffDay });
      else if (decision.verdict === 'wait') verdicts.wait.push({ row, decision, cutoffDay });
      else verdicts.hold.push({ row, reason: decision.reason });
    } catch (error) {
      verdicts.hold.push({ row, reason: failed(error) });
    }
  }
  return verdicts;
}

/** The reason of a hold that nobody chose: the word of the closed list, then what the machine said. */
export function failed(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  // knex puts the whole statement before what PostgreSQL said.
  return `failed: ${(said.split(' - ').at(-1) ?? said).slice(0, 300)}`;
}

/** Only those whose day has come and that lack HR's word; the others are simply not due yet. */
export function waitingForConfirmation(waiting: readonly ToWait[]): number {
  return waiting.filter(({ decision }) => decision.reason === 'confirmation').length;
}

export function countsOf(verdicts: Verdicts): BonusRunCounts {
  return {
    awarded: verdicts.award.length,
    forfeited: verdicts.forfeit.length,
    waiting: waitingForConfirmation(verdicts.wait),
    held: verdicts.hold.length,
  };
}

/** A dry run's lines, in the order of the bonuses. */
export function linesOf(verdicts: Verdicts, periodOf: (award: ToAward) => string): BonusRunDecision[] {
  const line = (row: FactsRow, verdict: Decision['verdict'], reason: string | null, period: string | null = null) => ({
    bonusId: row.bonusId,
    hireId: row.hireId,
    beneficiaryId: row.beneficiaryId,
    staffNumber: row.staffNumber,
    amountMinor: Number(row.amountMinor),
    currency: row.currency,
    verdict,
    reason,
    payrollPeriod: period,
  });
  return [
    ...verdicts.award.map((one) => line(one.row, 'award', null, periodOf(one))),
    ...verdicts.forfeit.map((one) => line(one.row, 'forfeit', one.decision.reason)),
    ...verdicts.wait.map((one) => line(one.row, 'wait', one.decision.reason)),
    ...verdicts.hold.map((one) => line(one.row, 'hold', one.reason)),
  ].sort((a, b) => a.bonusId - b.bonusId);
}

/** What went wrong with a batch: its row (hold it), the moment (try again), or the house (stop; the next run goes on). */
export function kindOfFailure(error: unknown): 'row' | 'again' | 'busy' | 'house' {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return 'house';
  if (code === '40P01' || code === '40001') return 'again';
  if (code === '55P03') return 'busy';
  return /^(22|23|P0)/.test(code) ? 'row' : 'house';
}
