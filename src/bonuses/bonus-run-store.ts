import type { Db, Trx } from '../lib/database.ts';
import { type Around, around, type FactsRow, selectBonusFacts, selectManagers } from './bonus-facts.ts';

/** Where the reading of due bonuses stands: everything up to here was seen. */
export type Cursor = { readonly dueOn: string; readonly id: number };
export const fromTheStart: Cursor = { dueOn: '-infinity', id: 0 };

const undecided = 'bonuses.awarded_at is null and bonuses.forfeited_at is null and bonuses.held_at is null';

/** The next bonuses whose day has come, the longest due first. Nothing is locked yet. */
export async function listDueIds(
  db: Db,
  asOf: Temporal.PlainDate,
  after: Cursor,
  limit: number,
): Promise<{ ids: number[]; cursor: Cursor | null }> {
  const { rows } = await db.raw(
    `select bonuses.id, bonuses.due_on::text as "dueOn" from bonuses
     where ${undecided} and bonuses.due_on <= ? and (bonuses.due_on, bonuses.id) > (?::date, ?::bigint)
     order by bonuses.due_on, bonuses.id limit ?`,
    [asOf.toString(), after.dueOn, after.id, limit],
  );
  return { ids: rows.map((row: Cursor) => row.id), cursor: rows.length < limit ? null : rows.at(-1) };
}

/**
 * Bonuses that may be lost before their day: the hire left in probation, or the referrer left the company. Where probation
 * and the longest extra time of any policy are over, the day has come anyway; that keeps the reading short.
 */
export async function listLostEarlyIds(db: Db, asOf: Temporal.PlainDate): Promise<number[]> {
  const { rows } = await db.raw(
    `select bonuses.id from hires join bonuses on bonuses.hire_id = hires.id
     where hires.left_on <= :day and hires.passed_on is null and hires.left_on <= hires.probation_ends_on
       and hires.probation_ends_on >= cast(:day as date) - (select max((terms ->> 'extraDays')::int) from policies)
       and ${undecided} and bonuses.due_on > :day
     union
     select bonuses.id from employees join bonuses on bonuses.beneficiary_id = employees.id
     where employees.employed_until < :day and ${undecided} and bonuses.due_on > :day
     order by id`,
    { day: asOf.toString() },
  );
  return rows.map((row: { id: number }) => row.id);
}

/**
 * Locks those of the bonuses that are still undecided, each together with its hire, so that neither "extend" nor "left"
 * can come in between. A share of the hire is enough: whoever changes one locks it for update first. By default rows
 * that somebody else holds are passed by; `wait` waits for them, hires before bonuses, as everybody does.
 */
export async function lockUndecided(trx: Trx, ids: number[], { wait }: { wait: boolean }): Promise<number[]> {
  if (!wait) {
    const { rows } = await trx.raw(
      `select bonuses.id from bonuses join hires on hires.id = bonuses.hire_id
       where bonuses.id = any (?::bigint[]) and ${undecided}
       for share of hires skip locked for no key update of bonuses skip locked`,
      [ids],
    );
    return rows.map((row: { id: number }) => row.id);
  }
  await trx.raw(`set local lock_timeout = '2s'`);
  await trx.raw(
    `select 1 from hires where id in (select hire_id from bonuses where id = any (?::bigint[])) order by id for share`,
    [ids],
  );
  const { rows } = await trx.raw(
    `select bonuses.id from bonuses where bonuses.id = any (?::bigint[]) and ${undecided}
     order by bonuses.id for no key update`,
    [ids],
  );
  // The patience is for these rows only: an export of many lines may hold its run for longer, and is waited for.
  await trx.raw('set local lock_timeout to default');
  return rows.map((row: { id: number }) => row.id);
}

/** Those of the bonuses that nobody has decided meanwhile. */
export async function listUndecided(db: Db, ids: number[]): Promise<number[]> {
  const { rows } = await db.raw(
    `select bonuses.id from bonuses where bonuses.id = any (?::bigint[]) and ${undecided} order by bonuses.due_on, bonuses.id`,
    [ids],
  );
  return rows.map((row: { id: number }) => row.id);
}

export async function listFacts(db: Db, ids: number[]): Promise<{ rows: FactsRow[]; around: Around }> {
  const { rows } = await db.raw(`${selectBonusFacts} where bonuses.id = any (?::bigint[]) order by bonuses.id`, [ids]);
  const facts = rows as FactsRow[];
  const managerIds = new Set(facts.flatMap((row) => (row.managerId === null ? [] : [row.managerId])));
  const managers = managerIds.size === 0 ? [] : (await db.raw(selectManagers, [[...managerIds]])).rows;
  const policyIds = new Set(facts.map((row) => row.policyId));
  const policies = await db.raw('select id, terms from policies where id = any (?::bigint[])', [[...policyIds]]);
  return { rows: facts, around: around(policies.rows, managers) };
}

export type RunOfPeriod = { readonly id: number; readonly period: string; readonly exported: boolean };
export type WantedRun = { readonly period: string; readonly cutOffOn: Temporal.PlainDate };

/**
 * The run of the period, opened where there is none yet, and shared until the transaction ends: an export, which locks
 * its run for update, comes either before (then the run is exported, and takes no line) or after.
 */
export async function shareRun(
  trx: Trx,
  wanted: WantedRun,
  openedAt: Temporal.Instant,
): Promise<RunOfPeriod & { opened: boolean }> {
  const inserted = await trx.raw(
    `insert into payroll_runs (period, cut_off_on, opened_at)
     select ?, ?, ? where not exists (select 1 from payroll_runs where period = ?)
     on conflict (period) do nothing returning id`,
    [wanted.period, wanted.cutOffOn.toString(), openedAt.toString(), wanted.period],
  );
  const { rows } = await trx.raw(
    'select id, period, exported_at is not null as exported from payroll_runs where period = ? for share',
    [wanted.period],
  );
  return { ...rows[0], opened: inserted.rows.length === 1 };
}

export type Award = {
  readonly bonusId: number;
  readonly runId: number;
  readonly staffNumber: string;
  readonly why: readonly unknown[];
};
export type Loss = { readonly bonusId: number; readonly reason: string; readonly why: readonly unknown[] };
export type When = { readonly on: Temporal.PlainDate; readonly at: Temporal.Instant };

/**
 * Awards the bonuses. Throws unless each of them was undecided: they are locked, so anything else is an accident that
 * must not pass as a payment. Here and below many rows travel as one JSON text: as a PostgreSQL array the same rows take
 * three times as long to be quoted, read and unnested.
 */
export async function saveAwards(trx: Trx, awards: readonly Award[], { on, at }: When): Promise<void> {
  if (awards.length === 0) return;
  const { rowCount } = await trx.raw(
    `update bonuses set awarded_at = ?, awarded_on = ?, why = award.why::jsonb
     from json_to_recordset(?::json) as award ("bonusId" bigint, why json)
     where bonuses.id = award."bonusId" and ${undecided}`,
    [at.toString(), on.toString(), JSON.stringify(awards)],
  );
  expectAll(rowCount, awards.length);
}

/** The payroll lines of the awards. A second live line of a bonus is a UNIQUE violation. */
export async function insertLines(trx: Trx, awards: readonly Award[], on: Temporal.PlainDate): Promise<void> {
  if (awards.length === 0) return;
  await trx.raw(
    `insert into payroll_lines (run_id, bonus_id, staff_number, amount_minor, currency, awarded_on)
     select award.run_id, bonuses.id, award.staff_number, bonuses.amount_minor, bonuses.currency, ?
     from unnest(?::bigint[], ?::bigint[], ?::text[]) as award (run_id, bonus_id, staff_number)
     join bonuses on bonuses.id = award.bonus_id order by bonuses.id`,
    [
      on.toString(),
      awards.map((award) => award.runId),
      awards.map((award) => award.bonusId),
      awards.map((award) => award.staffNumber),
    ],
  );
}

export async function saveForfeits(trx: Trx, losses: readonly Loss[], { on, at }: When): Promise<void> {
  if (losses.length === 0) return;
  const { rowCount } = await trx.raw(
    `update bonuses set forfeited_at = ?, forfeited_on = ?, forfeit_reason = loss.reason, why = loss.why::jsonb
     from json_to_recordset(?::json) as loss ("bonusId" bigint, reason text, why json)
     where bonuses.id = loss."bonusId" and ${undecided}`,
    [at.toString(), on.toString(), JSON.stringify(losses)],
  );
  expectAll(rowCount, losses.length);
}

function expectAll(saved: number, wanted: number): void {
  if (saved !== wanted) throw new Error(`${wanted} bonuses were locked and undecided, but ${saved} could be saved`);
}
