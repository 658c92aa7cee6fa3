import { type PolicyTerms, readTerms } from '../bonuses/policy.ts';
import type { Db } from '../lib/database.ts';
import { readPlace, type Turned, turnPage } from '../lib/keyset.ts';
import type { EmploymentType } from '../people/employee.ts';
import { type HireEventKind, type Probation, type ProbationState, probationState } from './hire.ts';
import { HIRE_VIEWS, type HireFilters, type HireView } from './hire-form.ts';

const PAGE = 25;
/** Nobody reads an exact number above this; counting further only costs. */
export const COUNT_END = 1000;
/** "Ending soon" looks so many days ahead, today counted in. */
export const SOON_DAYS = 30;

export type HireRow = Probation & {
  readonly hireId: number;
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly referrerName: string;
  readonly department: string;
  readonly state: ProbationState;
  /** The last day is over, and a bonus hangs on HR's word. */
  readonly waitsForWord: boolean;
};

const required = `coalesce(policies.terms ->> 'confirmation', 'automatic') = 'required'`;
const joins = `join candidates on candidates.id = hires.candidate_id
  join referrals on referrals.id = hires.referral_id
  join employees referrer on referrer.id = referrals.referrer_id
  left join openings on openings.id = hires.opening_id`;
/** The last day is over, nobody left before it, and a bonus can't be awarded until HR says "passed". */
const waitsForWord = `(hires.passed_on is null and hires.probation_ends_on < :today
  and (hires.left_on is null or hires.left_on > hires.probation_ends_on)
  and exists (select 1 from bonuses join policies on policies.id = bonuses.policy_id
    where bonuses.hire_id = hires.id and bonuses.awarded_at is null and bonuses.forfeited_at is null and ${required}))`;
const hasLeft = '(hires.passed_on is null and hires.left_on <= :today and hires.left_on <= hires.probation_ends_on)';
const isOpen = 'hires.passed_on is null and (hires.left_on is null or hires.left_on > :today)';

const conditions: Record<HireView, string> = {
  soon: `${isOpen} and hires.probation_ends_on between :today and cast(:today as date) + ${SOON_DAYS}`,
  running: `${isOpen} and hires.probation_ends_on >= :today`,
  waiting: waitsForWord,
  passed: `(hires.passed_on is not null or hires.probation_ends_on < :today) and ${hasLeft} is not true and not ${waitsForWord}`,
  left: hasLeft,
};

/** Who reads: everything, or (a hiring manager) what they lead. */
export type HireReader = { readonly id: number; readonly seesAll: boolean };

/** Who leads few of very many finds them by two indexes; one condition with "or" would read all hires. */
const ledBy = (reader: string): string => `(select led.id from hires led where led.manager_id = ${reader}
  union all select led.id from openings led_for join hires led on led.opening_id = led_for.id
    where led_for.hiring_manager_id = ${reader})`;

function theirs({ seesAll }: HireReader): string {
  return seesAll ? 'true' : `hires.id in ${ledBy(':reader')}`;
}

function like(search: string): string {
  return `%${search.replace(/[\\%_]/g, '\\$&')}%`;
}

/** One page of the hires: those to come by the nearest last day, those that are over by the latest. */
export async function listHires(
  db: Db,
  filters: HireFilters,
  reader: HireReader,
  today: Temporal.PlainDate,
): Promise<Turned<HireRow>> {
  const from = readPlace(filters.after ?? filters.before, 'date');
  const backwards = from !== null && filters.after === null;
  const isLatestFirst = filters.view === 'passed' || filters.view === 'left';
  const turn = isLatestFirst !== backwards ? 'desc' : 'asc';
  const place = from
    ? `and (hires.probation_ends_on, hires.id) ${turn === 'asc' ? '>' : '<'} (cast(:key as date), cast(:id as bigint))`
    : '';
  const search = filters.search ? 'and candidates.full_name ilike :search' : '';
  const { rows } = await db.raw(
    `select hires.id as "hireId", candidates.full_name as "candidateName", openings.title as "openingTitle",
       referrer.full_name as "referrerName", hires.department, hires.first_day_on as "firstDayOn",
       hires.probation_ends_on as "probationEndsOn", hires.passed_on as "passedOn", hires.left_on as "leftOn",
       ${waitsForWord} as "waitsForWord", hires.probation_ends_on || '~' || hires.id as place
     from hires ${joins}
     where ${conditions[filters.view]} and ${theirs(reader)} ${search} ${place}
     order by hires.probation_ends_on ${turn}, hires.id ${turn} limit ${PAGE + 1}`,
    {
      today: today.toString(),
      reader: reader.id,
      search: like(filters.search),
      key: from?.[0] ?? '',
      id: from?.[1] ?? 0,
    },
  );
  const withState = rows.map((row: Omit<HireRow, 'state'>) => ({ ...row, state: probationState(row, today) }));
  return turnPage<HireRow & { place: string }>(withState, { size: PAGE, isFirst: from === null, backwards });
}

export type HireCounts = Readonly<Record<HireView, number>>;

/** How many stand in each view; never counted beyond COUNT_END + 1. */
export async function countHires(
  db: Db,
  search: string,
  reader: HireReader,
  today: Temporal.PlainDate,
): Promise<HireCounts> {
  const bySearch = search ? 'and candidates.full_name ilike :search' : '';
  const counted = (view: HireView) =>
    `(select count(*) from (select 1 from hires ${joins} where ${conditions[view]} and ${theirs(reader)} ${bySearch}
      limit ${COUNT_END + 1}) capped) as ${view}`;
  const { rows } = await db.raw(`select ${HIRE_VIEWS.map(counted).join(', ')}`, {
    today: today.toString(),
    reader: reader.id,
    search: like(search),
  });
  return rows[0];
}

/** Whether somebody leads any hire, as manager or as hiring manager of the opening. */
export async function leadsAnyHire(db: Db, employeeId: number): Promise<boolean> {
  const { rows } = await db.raw(`select exists ${ledBy('?')} as leads`, [employeeId, employeeId]);
  return rows[0].leads;
}

export type HirePage = Probation & {
  readonly hireId: number;
  readonly referralId: number;
  readonly candidateId: number;
  readonly candidateName: string;
  readonly openingId: number | null;
  readonly openingTitle: string | null;
  readonly hiringManagerId: number | null;
  readonly referrerId: number;
  readonly referrerName: string;
  readonly managerId: number | null;
  readonly managerName: string | null;
  readonly department: string;
  readonly country: string;
  readonly level: string;
  readonly employmentType: EmploymentType;
  readonly probationMonths: number | null;
  readonly recordedAt: Temporal.Instant;
  readonly recordedByName: string;
  readonly state: ProbationState;
  readonly waitsForWord: boolean;
};

export async function findHirePage(db: Db, hireId: number, today: Temporal.PlainDate): Promise<HirePage | null> {
  const { rows } = await db.raw(
    `select hires.id as "hireId", hires.referral_id as "referralId", hires.candidate_id as "candidateId",
       candidates.full_name as "candidateName", openings.id as "openingId", openings.title as "openingTitle",
       openings.hiring_manager_id as "hiringManagerId", referrer.id as "referrerId", referrer.full_name as "referrerName",
       manager.id as "managerId", manager.full_name as "managerName", hires.department, hires.country, hires.level,
       hires.employment_type as "employmentType", hires.first_day_on as "firstDayOn",
       hires.probation_months as "probationMonths", hires.probation_ends_on as "probationEndsOn",
       hires.passed_on as "passedOn", hires.left_on as "leftOn", hires.recorded_at as "recordedAt",
       recorder.full_name as "recordedByName", ${waitsForWord} as "waitsForWord"
     from hires ${joins}
     join employees recorder on recorder.id = hires.recorded_by
     left join employees manager on manager.id = hires.manager_id
     where hires.id = :hireId`,
    { hireId, today: today.toString() },
  );
  return rows[0] ? { ...rows[0], state: probationState(rows[0], today) } : null;
}

export type HireEventRow = {
  readonly id: number;
  readonly kind: HireEventKind;
  readonly beforeOn: Temporal.PlainDate | null;
  readonly afterOn: Temporal.PlainDate;
  readonly note: string;
  readonly recordedByName: string;
  readonly recordedAt: Temporal.Instant;
  readonly undoneByName: string | null;
  readonly undoneAt: Temporal.Instant | null;
};

/** What was recorded of the probation, the newest first, the undone included. */
export async function listHireEvents(db: Db, hireId: number): Promise<HireEventRow[]> {
  const { rows } = await db.raw(
    `select hire_events.id, kind, before_on as "beforeOn", after_on as "afterOn", note,
       recorder.full_name as "recordedByName", recorded_at as "recordedAt",
       undoer.full_name as "undoneByName", undone_at as "undoneAt"
     from hire_events join employees recorder on recorder.id = hire_events.recorded_by
     left join employees undoer on undoer.id = hire_events.undone_by
     where hire_id = ? order by hire_events.id desc`,
    [hireId],
  );
  return rows;
}

/** Each correction of the first day, the latest first. */
export type FirstDayMove = {
  readonly movedByName: string;
  readonly at: Temporal.Instant;
  readonly fromOn: Temporal.PlainDate;
  readonly toOn: Temporal.PlainDate;
};

export async function listFirstDayMoves(db: Db, hireId: number): Promise<FirstDayMove[]> {
  const { rows } = await db.raw(
    `select mover.full_name as "movedByName", history.at, cast(history.facts ->> 'fromOn' as date) as "fromOn",
       cast(history.facts ->> 'toOn' as date) as "toOn"
     from history join employees mover on mover.id = history.actor_id
     where about = 'hire' and about_id = ? and deed = 'hire.firstDayMoved' order by history.id desc`,
    [hireId],
  );
  return rows;
}

/** What stands of the hire's bonuses, as far as the deeds on the hire have to do with it. */
export type HireBonus = {
  readonly id: number;
  readonly referralId: number;
  readonly beneficiaryId: number;
  readonly beneficiaryName: string;
  readonly amount: { readonly minor: number; readonly currency: string };
  readonly dueOn: Temporal.PlainDate;
  readonly promisedAt: Temporal.Instant;
  readonly heldAt: Temporal.Instant | null;
  /** Also where the award was taken back since. */
  readonly wasEverAwarded: boolean;
  readonly awardedAt: Temporal.Instant | null;
  readonly awardedOn: Temporal.PlainDate | null;
  readonly forfeitedAt: Temporal.Instant | null;
  readonly forfeitedOn: Temporal.PlainDate | null;
  readonly exportedAt: Temporal.Instant | null;
  readonly confirmationRequired: boolean;
  /** When a change of the hire came after the export: somebody has to settle it by hand. */
  readonly flaggedAt: Temporal.Instant | null;
};

export async function listHireBonuses(db: Db, hireId: number): Promise<HireBonus[]> {
  const { rows } = await db.raw(
    `select bonuses.id, bonuses.referral_id as "referralId", beneficiary.id as "beneficiaryId",
       beneficiary.full_name as "beneficiaryName",
       json_build_object('minor', bonuses.amount_minor, 'currency', bonuses.currency) as amount,
       bonuses.due_on as "dueOn", bonuses.promised_at as "promisedAt", bonuses.held_at as "heldAt",
       exists (select 1 from history where about = 'bonus' and about_id = bonuses.id and deed = 'bonus.awarded') as "wasEverAwarded",
       bonuses.awarded_at as "awardedAt", bonuses.awarded_on as "awardedOn",
       bonuses.forfeited_at as "forfeitedAt", bonuses.forfeited_on as "forfeitedOn", ${required} as "confirmationRequired",
       (select runs.exported_at from payroll_lines line join payroll_runs runs on runs.id = line.run_id
         where line.bonus_id = bonuses.id and line.reverses_line_id is null and line.released_at is null) as "exportedAt",
       (select max(at) from history where about = 'bonus' and about_id = bonuses.id and deed = 'bonus.flagged') as "flaggedAt"
     from bonuses join employees beneficiary on beneficiary.id = bonuses.beneficiary_id
     join policies on policies.id = bonuses.policy_id
     where bonuses.hire_id = ? order by bonuses.id`,
    [hireId],
  );
  return rows;
}

/** What the form of a hire proposes: the place from the opening, the probation from the policy that the referral keeps. */
export type HireProposal = {
  readonly department: string;
  readonly country: string;
  readonly level: string;
  readonly employmentType: EmploymentType;
  readonly managerEmail: string;
  readonly terms: PolicyTerms;
};

export async function getHireProposal(db: Db, referralId: number): Promise<HireProposal> {
  const { rows } = await db.raw(
    `select coalesce(openings.department, '') as department, coalesce(openings.country, referrer.country) as country,
       coalesce(openings.level, '') as level, coalesce(openings.employment_type, 'permanent') as "employmentType",
       coalesce(manager.email::text, '') as "managerEmail", policies.terms
     from referrals join employees referrer on referrer.id = referrals.referrer_id
     join policies on policies.id = referrals.policy_id
     left join openings on openings.id = referrals.opening_id
     left join employees manager on manager.id = openings.hiring_manager_id
     where referrals.id = ?`,
    [referralId],
  );
  return { ...rows[0], terms: readTerms(rows[0].terms) };
}

export type Suggestions = { readonly levels: string[]; readonly departments: string[]; readonly countries: string[] };

/** Words that the staff list and the openings already use, for the form's lists. */
export async function listHireSuggestions(db: Db): Promise<Suggestions> {
  const { rows } = await db.raw(
    `select array(select level from employees where level <> '' union select level from openings where level <> ''
         order by 1 limit 100) as levels,
       array(select department from employees where department <> '' union select department from openings
         order by 1 limit 200) as departments,
       array(select country::text from employees union select country::text from openings order by 1) as countries`,
  );
  return rows[0];
}

export type ManagerOption = {
  readonly id: number;
  readonly email: string;
  readonly fullName: string;
  readonly staffNumber: string;
};

/** Likely managers for the datalist: those who lead somebody already, employed on that day. */
export async function listManagerOptions(db: Db, today: Temporal.PlainDate): Promise<ManagerOption[]> {
  const { rows } = await db.raw(
    `select id, email::text as email, full_name as "fullName", staff_number as "staffNumber" from employees
     where exists (select 1 from employees report where report.manager_id = employees.id)
       and employed_from <= cast(:today as date) and coalesce(employed_until >= cast(:today as date), true)
     order by full_name, id limit 200`,
    { today: today.toString() },
  );
  return rows;
}

/** The employee behind an e-mail or a staff number, if employed on that day. */
export async function findManager(db: Db, typed: string, today: Temporal.PlainDate): Promise<ManagerOption | null> {
  const { rows } = await db.raw(
    `select id, email::text as email, full_name as "fullName", staff_number as "staffNumber" from employees
     where (email = cast(:typed as citext) or staff_number = :typed)
       and coalesce(employed_until >= cast(:today as date), true)
     order by email = cast(:typed as citext) desc limit 1`,
    { typed, today: today.toString() },
  );
  return rows[0] ?? null;
}
