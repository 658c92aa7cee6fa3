import type { PayrollPeriod } from '../lib/calendar.ts';
import { type Db, prepared } from '../lib/database.ts';
import type { Money } from '../lib/money.ts';
import { selectExportedPeriods } from '../payroll/payroll.ts';
import { chainOf } from '../people/reporting-chain.ts';
import type { Outcome, Stage } from '../referrals/referral.ts';

/** How many of each the page shows. */
const OPENINGS = 3;
const REFERRALS = 5;
/** A number on this page is counted no further. */
export const COUNTED_UP_TO = 99;

export type HomeOpening = {
  readonly id: number;
  readonly title: string;
  readonly department: string;
  readonly place: string;
  readonly country: string;
  readonly level: string;
  readonly isPriority: boolean;
  /** Who would manage the hire, nearest first. */
  readonly managerIds: readonly number[];
};

export type HomeReferral = {
  readonly id: number;
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly madeOn: Temporal.PlainDate;
  readonly firstAnswerDueOn: Temporal.PlainDate;
  readonly answeredAt: Temporal.Instant | null;
  readonly stage: Stage;
  readonly stageSince: Temporal.Instant;
  readonly outcome: Outcome | null;
  readonly endedAt: Temporal.Instant | null;
  readonly alreadyRecommended: boolean;
};

export type HomeBonus = {
  readonly referralId: number;
  readonly amount: Money;
  readonly dueOn: Temporal.PlainDate;
  readonly awardedOn: Temporal.PlainDate | null;
  readonly forfeitedOn: Temporal.PlainDate | null;
  readonly heldAt: Temporal.Instant | null;
  readonly confirmation: 'automatic' | 'required';
  readonly payrollCutoffDay: number;
  readonly probationEndsOn: Temporal.PlainDate;
  readonly passedOn: Temporal.PlainDate | null;
  readonly leftOn: Temporal.PlainDate | null;
  readonly runId: number | null;
  /** Of the run it is in. */
  readonly period: PayrollPeriod | null;
  readonly paidOn: Temporal.PlainDate | null;
};

export type Home = {
  readonly openings: readonly HomeOpening[];
  readonly referrals: readonly HomeReferral[];
  readonly hasMoreReferrals: boolean;
  readonly bonuses: readonly HomeBonus[];
  /** The periods whose run takes no more lines. */
  readonly exported: ReadonlySet<PayrollPeriod>;
};

/** Priority openings come first and the newest fill up; of the referrals those still open come before those that ended. */
const statement = {
  name: 'home',
  text: `select
    (select coalesce(json_agg(few), '[]') from (
       select id, title, department, place, country, level, is_priority as "isPriority",
              ${chainOf('openings.hiring_manager_id')} as "managerIds"
       from openings where state = 'published' order by is_priority desc, published_at desc, openings.id desc limit ${OPENINGS}) few) as openings,
    (select coalesce(json_agg(few), '[]') from (
       select r.id, coalesce(r.candidate_name, c.full_name) as "candidateName", o.title as "openingTitle",
              r.made_on as "madeOn", r.first_answer_due_on as "firstAnswerDueOn", r.first_answered_at as "answeredAt",
              r.stage, r.stage_since as "stageSince", r.outcome, r.ended_at as "endedAt",
              r.already_recommended as "alreadyRecommended"
       from (select * from referrals where referrer_id = $1 order by made_at desc, id desc limit 200) r
       join candidates c on c.id = r.candidate_id
       left join openings o on o.id = r.opening_id
       order by (r.outcome is null and not r.already_recommended) desc, r.made_at desc, r.id desc
       limit ${REFERRALS + 1}) few) as referrals,
    (select coalesce(json_agg(few), '[]') from (
       select b.referral_id as "referralId", json_build_object('minor', b.amount_minor, 'currency', b.currency) as amount,
              b.due_on as "dueOn", b.awarded_on as "awardedOn", b.forfeited_on as "forfeitedOn", b.held_at as "heldAt",
              coalesce(p.terms ->> 'confirmation', 'automatic') as confirmation,
              coalesce((p.terms ->> 'payrollCutoffDay')::int, 20) as "payrollCutoffDay",
              h.probation_ends_on as "probationEndsOn", h.passed_on as "passedOn", h.left_on as "leftOn", l.run_id as "runId", runs.period, l.paid_on as "paidOn"
       from bonuses b
       join hires h on h.id = b.hire_id
       join policies p on p.id = b.policy_id
       left join payroll_lines l on l.bonus_id = b.id and l.reverses_line_id is null and l.released_at is null
       left join payroll_runs runs on runs.id = l.run_id
       where b.beneficiary_id = $1 order by b.due_on, b.id limit 500) few) as bonuses,
    array(${selectExportedPeriods}) as exported`,
};

type Json = Record<string, unknown>;
type Row = { openings: HomeOpening[]; referrals: Json[]; bonuses: Json[]; exported: PayrollPeriod[] };

/** All that the page tells an employee of the openings and of what is theirs, in one round trip. */
export async function findHome(db: Db, employeeId: number): Promise<Home> {
  const [row] = (await prepared<Row>(db, { ...statement, values: [employeeId] })) as [Row];
  return {
    openings: row.openings,
    referrals: row.referrals.slice(0, REFERRALS).map(toReferral),
    hasMoreReferrals: row.referrals.length > REFERRALS,
    bonuses: row.bonuses.map(toBonus),
    exported: new Set(row.exported),
  };
}

/** JSON carries days and instants as text. */
const day = (text: unknown) => (typeof text === 'string' ? Temporal.PlainDate.from(text) : null);
const instant = (text: unknown) => (typeof text === 'string' ? Temporal.Instant.from(text) : null);

function toReferral(row: Json): HomeReferral {
  return {
    ...(row as unknown as HomeReferral),
    madeOn: day(row.madeOn) as Temporal.PlainDate,
    firstAnswerDueOn: day(row.firstAnswerDueOn) as Temporal.PlainDate,
    stageSince: instant(row.stageSince) as Temporal.Instant,
    answeredAt: instant(row.answeredAt),
    endedAt: instant(row.endedAt),
  };
}

function toBonus(row: Json): HomeBonus {
  return {
    ...(row as unknown as HomeBonus),
    dueOn: day(row.dueOn) as Temporal.PlainDate,
    awardedOn: day(row.awardedOn),
    forfeitedOn: day(row.forfeitedOn),
    heldAt: instant(row.heldAt),
    probationEndsOn: day(row.probationEndsOn) as Temporal.PlainDate,
    passedOn: day(row.passedOn),
    leftOn: day(row.leftOn),
    paidOn: day(row.paidOn),
  };
}

export type Waiting = {
  /** For a recruiter: of the referrals for their openings and in general. Null for everybody else. */
  readonly unanswered: number | null;
  readonly overdue: number | null;
  /** Probations that are over and need HR's word before the bonus is awarded. */
  readonly unconfirmed: number | null;
  /** For payroll: the earliest run that isn't exported. */
  readonly run: {
    readonly id: number;
    readonly period: PayrollPeriod;
    readonly cutOffOn: Temporal.PlainDate;
    readonly count: number;
    readonly totals: readonly Money[];
  } | null;
  /** For admins; what is held for payroll too. */
  readonly undelivered: number | null;
  readonly held: number | null;
};

export type WaitingFor = { readonly recruits: boolean; readonly pays: boolean; readonly administers: boolean };

const upTo = (from: string): string => `(select count(*)::int from (select 1 ${from} limit ${COUNTED_UP_TO + 1}) few)`;
const unanswered = `from referrals r left join openings o on o.id = r.opening_id
  where r.outcome is null and not r.already_recommended and r.first_answered_at is null
    and (r.opening_id is null or o.recruiter_id = $1)`;
const unconfirmed = `from bonuses b join hires h on h.id = b.hire_id join policies p on p.id = b.policy_id
  where b.awarded_at is null and b.forfeited_at is null and b.held_at is null and b.due_on <= $5::date
    and h.passed_on is null and h.left_on is null and p.terms ->> 'confirmation' = 'required'`;
const held = 'from bonuses where held_at is not null and awarded_at is null and forfeited_at is null';

const waiting = {
  name: 'home-waiting',
  text: `select
    case when $2::boolean then ${upTo(unanswered)} end as unanswered,
    case when $2::boolean then ${upTo(`${unanswered} and r.first_answer_due_on < $5::date`)} end as overdue,
    case when $2::boolean then ${upTo(unconfirmed)} end as unconfirmed,
    case when $3::boolean then (
      select json_build_object('id', runs.id, 'period', runs.period, 'cutOffOn', runs.cut_off_on,
        'count', (select count(*) from payroll_lines where run_id = runs.id and released_at is null),
        'totals', (select coalesce(json_agg(json_build_object('minor', minor, 'currency', currency) order by currency), '[]')
          from (select currency, sum(amount_minor)::bigint as minor from payroll_lines
                where run_id = runs.id and released_at is null group by currency) sums))
      from payroll_runs runs where runs.exported_at is null order by runs.period limit 1) end as run,
    case when $4::boolean then ${upTo('from outbox_emails where given_up_at is not null')} end as undelivered,
    case when $3::boolean or $4::boolean then ${upTo(held)} end as held`,
};

/** What waits for the people who look after the programme; asked only for those, in one round trip. */
export async function findWaiting(
  db: Db,
  employeeId: number,
  { recruits, pays, administers }: WaitingFor,
  today: Temporal.PlainDate,
): Promise<Waiting> {
  const values = [employeeId, recruits, pays, administers, today];
  const [row] = (await prepared<Waiting>(db, { ...waiting, values })) as [Waiting];
  return { ...row, run: row.run && { ...row.run, cutOffOn: Temporal.PlainDate.from(String(row.run.cutOffOn)) } };
}
