import type { Db, Trx } from '../lib/database.ts';

/*
 * The order of locks, kept by everything that decides about bonuses: hires, then bonuses, then payroll runs, then
 * payroll lines. "Extend" and "left" lock the hire first and so does the bonus run; whoever comes second sees what the
 * first one did.
 */

export type NewBonus = {
  hireId: number;
  referralId: number;
  beneficiaryId: number;
  policyId: number;
  amount: { minor: number; currency: string };
  promisedAt: Temporal.Instant;
  /** The first day on which it may be awarded. */
  dueOn: Temporal.PlainDate;
  /** What each rule found when it was promised. */
  why: readonly unknown[];
};

export type StoredBonus = {
  id: number;
  hireId: number;
  referralId: number;
  beneficiaryId: number;
  policyId: number;
  amount: { minor: number; currency: string };
  promisedAt: Temporal.Instant;
  dueOn: Temporal.PlainDate;
  awardedAt: Temporal.Instant | null;
  awardedOn: Temporal.PlainDate | null;
  forfeitedAt: Temporal.Instant | null;
  forfeitedOn: Temporal.PlainDate | null;
  forfeitReason: string | null;
  heldAt: Temporal.Instant | null;
  heldReason: string | null;
  /** When its live payroll line went out to payroll; from then on the bonus stays as it is. */
  exportedAt: Temporal.Instant | null;
  paidOn: Temporal.PlainDate | null;
};

const columns = `bonuses.id, bonuses.hire_id as "hireId", bonuses.referral_id as "referralId",
  bonuses.beneficiary_id as "beneficiaryId", bonuses.policy_id as "policyId",
  json_build_object('minor', bonuses.amount_minor, 'currency', bonuses.currency) as amount,
  bonuses.promised_at as "promisedAt", bonuses.due_on as "dueOn",
  bonuses.awarded_at as "awardedAt", bonuses.awarded_on as "awardedOn",
  bonuses.forfeited_at as "forfeitedAt", bonuses.forfeited_on as "forfeitedOn", bonuses.forfeit_reason as "forfeitReason",
  bonuses.held_at as "heldAt", bonuses.held_reason as "heldReason",
  (select runs.exported_at from payroll_lines line join payroll_runs runs on runs.id = line.run_id
    where line.bonus_id = bonuses.id and line.reverses_line_id is null and line.released_at is null) as "exportedAt",
  (select line.paid_on from payroll_lines line
    where line.bonus_id = bonuses.id and line.reverses_line_id is null and line.released_at is null) as "paidOn"`;

/** Promises a bonus. One per hire and beneficiary: a second one is a UNIQUE violation, never a second row. */
export async function insertBonus(trx: Trx, bonus: NewBonus): Promise<number> {
  const { rows } = await trx.raw(
    `insert into bonuses (hire_id, referral_id, beneficiary_id, policy_id, amount_minor, currency, promised_at, due_on, why)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb) returning id`,
    [
      bonus.hireId,
      bonus.referralId,
      bonus.beneficiaryId,
      bonus.policyId,
      bonus.amount.minor,
      bonus.amount.currency,
      bonus.promisedAt.toString(),
      bonus.dueOn.toString(),
      JSON.stringify(bonus.why),
    ],
  );
  return rows[0].id;
}

/** Locks the bonus, its hire before it, until the end of the transaction. */
export async function lockBonus(trx: Trx, id: number): Promise<StoredBonus | undefined> {
  await trx.raw('select 1 from hires where id = (select hire_id from bonuses where id = ?) for share', [id]);
  await trx.raw('select 1 from bonuses where id = ? for no key update', [id]);
  return findBonus(trx, id);
}

export async function findBonus(db: Db, id: number): Promise<StoredBonus | undefined> {
  const { rows } = await db.raw(`select ${columns} from bonuses where id = ?`, [id]);
  return rows[0];
}

/** Locks and gives the bonuses of a hire. The caller holds the hire's lock already. */
export async function listBonusesOfHire(trx: Trx, hireId: number): Promise<StoredBonus[]> {
  await trx.raw('select 1 from bonuses where hire_id = ? order by id for no key update', [hireId]);
  const { rows } = await trx.raw(`select ${columns} from bonuses where hire_id = ? order by id`, [hireId]);
  return rows;
}

/** Whether any bonus of the hire was ever awarded, also where the award was taken back. */
export async function wasEverAwarded(db: Db, hireId: number): Promise<boolean> {
  const { rows } = await db.raw(
    `select exists (select 1 from bonuses join history on history.about = 'bonus' and history.about_id = bonuses.id
       and history.deed = 'bonus.awarded' where bonuses.hire_id = ?) as awarded`,
    [hireId],
  );
  return rows[0].awarded;
}

/** What the bonus of a hire is promised as, or forfeited as at once, after the facts of the hire were corrected. */
export type Promised = Omit<NewBonus, 'hireId'> & { readonly against: string | null; readonly on: Temporal.PlainDate };

/**
 * Promises an undecided bonus anew, in its own row, so that there is one per hire and whoever holds it still does. With
 * `against` it is forfeited in the moment of the promise, as when a hire is recorded. The caller holds the hire's lock.
 */
export async function savePromise(trx: Trx, bonusId: number, promised: Promised): Promise<void> {
  const { against } = promised;
  await trx.raw(
    `update bonuses set referral_id = ?, beneficiary_id = ?, policy_id = ?, amount_minor = ?, currency = ?, promised_at = ?,
       due_on = ?, why = ?::jsonb, forfeited_at = ?, forfeited_on = ?, forfeit_reason = ? where id = ? and awarded_at is null`,
    [
      promised.referralId,
      promised.beneficiaryId,
      promised.policyId,
      promised.amount.minor,
      promised.amount.currency,
      promised.promisedAt.toString(),
      promised.dueOn.toString(),
      JSON.stringify(promised.why),
      against && promised.promisedAt.toString(),
      against && promised.on.toString(),
      against,
      bonusId,
    ],
  );
}

/** Deletes the promises of a hire that is taken back. None was ever awarded: a payroll line would stop this. */
export async function deletePromises(trx: Trx, hireId: number): Promise<void> {
  await trx.raw('delete from bonuses where hire_id = ? and awarded_at is null', [hireId]);
}

/**
 * Moves the day on which the undecided bonuses of a hire may be awarded, in the transaction that moves the probation's
 * end. Decided ones stay: take an award back first (`takeBackAward`) where it has to be decided again.
 */
export async function moveDueDay(trx: Trx, hireId: number, dueOn: Temporal.PlainDate): Promise<number> {
  const { rowCount } = await trx.raw(
    'update bonuses set due_on = ? where hire_id = ? and awarded_at is null and forfeited_at is null',
    [dueOn.toString(), hireId],
  );
  return rowCount;
}

/**
 * Takes an award back: its payroll line is released (it stays in the table, and out of the file), and the bonus waits
 * for its next decision. Answers false, and changes nothing, when the line was exported meanwhile or there is no award.
 * The caller holds the hire's lock, and writes the history.
 */
export async function takeBackAward(trx: Trx, bonusId: number, { at }: { at: Temporal.Instant }): Promise<boolean> {
  // The export locks its run for update: with our share of it the run is either exported by now, or waits for us.
  const { rows } = await trx.raw(
    `select line.id, runs.exported_at as "exportedAt"
     from payroll_lines line join payroll_runs runs on runs.id = line.run_id
     where line.bonus_id = ? and line.reverses_line_id is null and line.released_at is null
     for share of runs`,
    [bonusId],
  );
  const line = rows[0] as { id: number; exportedAt: Temporal.Instant | null } | undefined;
  if (!line || line.exportedAt !== null) return false;
  await trx.raw('update payroll_lines set released_at = ? where id = ?', [at.toString(), line.id]);
  await trx.raw('update bonuses set awarded_at = null, awarded_on = null where id = ?', [bonusId]);
  return true;
}

export type Forfeit = { at: Temporal.Instant; on: Temporal.PlainDate; reason: string; why: readonly unknown[] };

/** Forfeits an undecided bonus outside the bonus run. False: it was decided already. */
export async function saveForfeited(trx: Trx, bonusId: number, forfeit: Forfeit): Promise<boolean> {
  const { rowCount } = await trx.raw(
    `update bonuses set forfeited_at = ?, forfeited_on = ?, forfeit_reason = ?, why = ?::jsonb
     where id = ? and awarded_at is null and forfeited_at is null`,
    [forfeit.at.toString(), forfeit.on.toString(), forfeit.reason, JSON.stringify(forfeit.why), bonusId],
  );
  return rowCount === 1;
}

/** Puts a bonus on hold: the run passes it by until somebody releases it. By null: Vouch itself, after a failure. */
export async function saveHold(
  trx: Trx,
  bonusId: number,
  hold: { at: Temporal.Instant; by: number | null; reason: string },
): Promise<void> {
  await trx.raw('update bonuses set held_at = ?, held_by = ?, held_reason = ? where id = ?', [
    hold.at.toString(),
    hold.by,
    hold.reason,
    bonusId,
  ]);
}

export async function clearHold(trx: Trx, bonusId: number): Promise<void> {
  await trx.raw('update bonuses set held_at = null, held_by = null, held_reason = null where id = ?', [bonusId]);
}
