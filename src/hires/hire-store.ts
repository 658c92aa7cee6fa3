import type { Db, Trx } from '../lib/database.ts';
import type { EmploymentType, Role } from '../people/employee.ts';
import type { Hire, HireEvent } from './hire.ts';

/** A hire as its table keeps it: the noun, and where the person works. */
export type StoredHire = Hire & {
  readonly department: string;
  readonly employmentType: EmploymentType;
  readonly recordedBy: number;
};

const columns = `id, referral_id as "referralId", candidate_id as "candidateId", opening_id as "openingId", department,
  country, level, employment_type as "employmentType", manager_id as "managerId", first_day_on as "firstDayOn",
  probation_months as "probationMonths", probation_ends_on as "probationEndsOn", passed_on as "passedOn",
  left_on as "leftOn", recorded_by as "recordedBy", recorded_at as "recordedAt"`;

export async function findHire(db: Db, id: number): Promise<StoredHire | null> {
  const { rows } = await db.raw(`select ${columns} from hires where id = ?`, [id]);
  return rows[0] ?? null;
}

/**
 * Null when there is none. Everything that decides about a bonus locks the hire first, so whoever comes second sees what
 * the first one did.
 */
export async function lockHire(trx: Trx, id: number): Promise<StoredHire | null> {
  const { rows } = await trx.raw(`select ${columns} from hires where id = ? for update`, [id]);
  return rows[0] ?? null;
}

export type NewHire = Omit<StoredHire, 'id' | 'passedOn' | 'leftOn'>;

/** One hire a referral: a second one is a UNIQUE violation, never a second row. */
export async function insertHire(trx: Trx, hire: NewHire): Promise<number> {
  const { rows } = await trx.raw(
    `insert into hires (referral_id, candidate_id, opening_id, department, country, level, employment_type, manager_id,
       first_day_on, probation_months, probation_ends_on, recorded_by, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
    [
      hire.referralId,
      hire.candidateId,
      hire.openingId,
      hire.department,
      hire.country,
      hire.level,
      hire.employmentType,
      hire.managerId,
      hire.firstDayOn.toString(),
      hire.probationMonths,
      hire.probationEndsOn.toString(),
      hire.recordedBy,
      hire.recordedAt.toString(),
    ],
  );
  return rows[0].id;
}

/** Writes another first day, and the probation that is counted from it. */
export async function saveFirstDay(
  trx: Trx,
  hire: Pick<Hire, 'id' | 'firstDayOn' | 'probationMonths' | 'probationEndsOn'>,
): Promise<void> {
  await trx.raw('update hires set first_day_on = ?, probation_months = ?, probation_ends_on = ? where id = ?', [
    hire.firstDayOn.toString(),
    hire.probationMonths,
    hire.probationEndsOn.toString(),
    hire.id,
  ]);
}

/**
 * Deletes a hire that is taken back, with what was recorded of it and undone again; its bonuses are gone by then. That
 * it was there stays in the history, and the referral may lead to a hire anew.
 */
export async function deleteHire(trx: Trx, id: number): Promise<void> {
  await trx.raw('delete from hire_events where hire_id = ?', [id]);
  await trx.raw('delete from hires where id = ?', [id]);
}

/** Whether the candidate works here, or will, on that day or after it; the hire that is being corrected left out. */
export async function isHiredFrom(
  db: Db,
  candidateId: number,
  firstDayOn: Temporal.PlainDate,
  butNot: number | null = null,
): Promise<boolean> {
  const { rows } = await db.raw(
    `select exists (select 1 from hires where candidate_id = ? and id is distinct from ?::bigint
       and daterange(first_day_on, left_on + 1, '[)') && daterange(?::date, null, '[)')) as hired`,
    [candidateId, butNot, firstDayOn.toString()],
  );
  return rows[0].hired;
}

/** Writes how the probation stands. */
export async function saveProbation(
  trx: Trx,
  hire: Pick<Hire, 'id' | 'probationEndsOn' | 'passedOn' | 'leftOn'>,
): Promise<void> {
  await trx.raw('update hires set probation_ends_on = ?, passed_on = ?, left_on = ? where id = ?', [
    hire.probationEndsOn.toString(),
    hire.passedOn?.toString() ?? null,
    hire.leftOn?.toString() ?? null,
    hire.id,
  ]);
}

/** Something recorded of a hire, as the table keeps it. */
export type StoredEvent = HireEvent & { readonly id: number; readonly recordedAt: Temporal.Instant };

export type NewHireEvent = Omit<StoredEvent, 'id'> & {
  readonly hireId: number;
  readonly note: string;
  readonly recordedBy: number;
};

export async function insertHireEvent(trx: Trx, event: NewHireEvent): Promise<void> {
  await trx.raw(
    `insert into hire_events (hire_id, kind, before_on, after_on, note, recorded_by, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [
      event.hireId,
      event.kind,
      event.beforeOn?.toString() ?? null,
      event.afterOn.toString(),
      event.note,
      event.recordedBy,
      event.recordedAt.toString(),
    ],
  );
}

/** The last thing recorded of the hire that still stands. */
export async function findLastEvent(trx: Trx, hireId: number): Promise<StoredEvent | null> {
  const { rows } = await trx.raw(
    `select id, kind, before_on as "beforeOn", after_on as "afterOn", recorded_at as "recordedAt"
     from hire_events where hire_id = ? and undone_at is null order by id desc limit 1`,
    [hireId],
  );
  return rows[0] ?? null;
}

export async function saveUndone(
  trx: Trx,
  eventId: number,
  undone: { by: number; at: Temporal.Instant },
): Promise<void> {
  await trx.raw('update hire_events set undone_by = ?, undone_at = ? where id = ?', [
    undone.by,
    undone.at.toString(),
    eventId,
  ]);
}

export type HireNames = {
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly referrerId: number;
  readonly referralId: number;
};

/** The names that letters to a referrer are written with: the candidate's as this referrer wrote it. */
export async function getHireNames(db: Db, referralId: number): Promise<HireNames> {
  const { rows } = await db.raw(
    `select coalesce(referrals.candidate_name, candidates.full_name) as "candidateName",
       openings.title as "openingTitle", referrals.referrer_id as "referrerId", referrals.id as "referralId"
     from referrals join candidates on candidates.id = referrals.candidate_id
     left join openings on openings.id = referrals.opening_id where referrals.id = ?`,
    [referralId],
  );
  if (!rows[0]) throw new Error(`There is no referral ${referralId}`);
  return rows[0];
}

/** The roles that the referrer held when recommending: who was excluded then stays so. */
export async function listRolesThen(db: Db, referralId: number): Promise<Role[]> {
  const { rows } = await db.raw('select referrer_roles as roles from referrals where id = ?', [referralId]);
  return rows[0]?.roles ?? [];
}

export type EndingProbation = {
  readonly hireId: number;
  readonly candidateName: string;
  readonly probationEndsOn: Temporal.PlainDate;
  readonly confirmationRequired: boolean;
  /** The last time that something was recorded of it. */
  readonly changedAt: Temporal.Instant;
  /** In charge of the opening, while employed; null: nobody, so everybody. */
  readonly recruiterId: number | null;
};

/**
 * Probations whose last day comes within so many days, and those that are over while a bonus still waits for HR's word.
 * Whoever has passed or leaves needs no reminder.
 */
export async function listEndingProbations(
  db: Db,
  asOf: Temporal.PlainDate,
  daysAhead: number,
): Promise<EndingProbation[]> {
  const day = asOf.toString();
  const { rows } = await db.raw(
    `select hires.id as "hireId", candidates.full_name as "candidateName", hires.probation_ends_on as "probationEndsOn",
       coalesce(policies.terms ->> 'confirmation', 'automatic') = 'required' as "confirmationRequired", recruiter.id as "recruiterId",
       greatest(hires.recorded_at, (select max(greatest(recorded_at, undone_at)) from hire_events
         where hire_events.hire_id = hires.id), (select max(at) from history where about = 'hire' and about_id = hires.id
         and deed = 'hire.firstDayMoved')) as "changedAt"
     from hires
     join candidates on candidates.id = hires.candidate_id
     join referrals on referrals.id = hires.referral_id
     left join lateral (select * from bonuses where bonuses.hire_id = hires.id order by id limit 1) bonus on true
     join policies on policies.id = coalesce(bonus.policy_id, referrals.policy_id)
     left join openings on openings.id = hires.opening_id
     left join employees recruiter on recruiter.id = openings.recruiter_id
       and recruiter.employed_from <= ?::date and coalesce(recruiter.employed_until >= ?::date, true)
       and exists (select 1 from employee_roles where employee_id = recruiter.id and role = 'recruiter')
     where hires.passed_on is null and (hires.left_on is null or hires.left_on > hires.probation_ends_on)
       and hires.probation_ends_on <= ?
       and (hires.probation_ends_on >= ? or (policies.terms ->> 'confirmation' = 'required'
         and bonus.awarded_at is null and bonus.forfeited_at is null and bonus.id is not null))
     order by hires.probation_ends_on, hires.id`,
    [day, day, asOf.add({ days: daysAhead }).toString(), day],
  );
  return rows;
}
