import { DEFAULT_TERMS, type PolicyTerms } from '../../src/bonuses/policy.ts';
import type { Db } from '../../src/lib/database.ts';

export type ManyHires = {
  employees: number;
  hires: number;
  /** So many of the hires have their due day on or before `asOf`, spread over the `dueOver` days up to it. */
  due: number;
  asOf: Temporal.PlainDate;
  dueOver?: number;
  terms?: Partial<PolicyTerms>;
  /** Of every so many hires one left in the middle of probation; 0: none. */
  leftEvery?: number;
};

/**
 * Fills a migrated, empty database with a programme of that size, by plain SQL: employees in a tree of managers, and for
 * each hire its candidate, referral, ownership and promised bonus. Referrers are never above the hire's manager.
 */
export async function fillWithHires(db: Db, wish: ManyHires): Promise<{ policyId: number }> {
  const { employees, hires, due, asOf, dueOver = 30, terms = {}, leftEvery = 0 } = wish;
  const { rows } = await db.raw(
    `insert into policies (version, counts_from, terms, created_at) values (1, '2020-01-01', ?::jsonb, '2020-01-01')
     returning id`,
    [JSON.stringify({ ...DEFAULT_TERMS, ...terms })],
  );
  const policyId: number = rows[0].id;
  const people = { employees, managers: Math.max(1, Math.ceil(employees / 10)) };
  await db.raw(
    `insert into employees (staff_number, email, full_name, manager_id, country, level, employed_from)
     select to_char(n, 'FM000000'), 'p' || n || '@example.com', 'Person ' || n, null, 'DE', 'senior', '2020-01-01'
     from generate_series(1, ?::int) n`,
    [people.employees],
  );
  await db.raw(
    `update employees set manager_id = (select id from employees where staff_number = to_char(greatest(1, numbered.n / 10), 'FM000000'))
     from (select id, staff_number::int as n from employees) numbered
     where numbered.id = employees.id and numbered.n between 2 and ?::int`,
    [people.managers],
  );
  await db.raw(
    `insert into candidates (full_name, email, email_key, created_at)
     select 'Candidate ' || n, 'c' || n || '@example.org', 'c' || n || '@example.org', '2024-01-01'
     from generate_series(1, ?::int) n`,
    [hires],
  );
  const numbered = `(select id, row_number() over (order by id) as n from`;
  // The last nine tenths of the employees recommend; the first tenth manages.
  await db.raw(
    `insert into referrals (candidate_id, referrer_id, referrer_roles, policy_id, submission_key, relationship, why,
       agreed_at, agreed_text_version, made_at, made_on, stage, stage_since, first_answer_due_on, outcome, ended_at)
     select candidate.id, referrer.id, '{employee}', ?, gen_random_uuid(), 'colleague', 'Good', made.at, 1, made.at,
       made.at::date, 'offer', made.at, made.at::date + 2, 'hired', made.at + interval '20 days'
     from ${numbered} candidates) candidate
     join ${numbered} employees) referrer on referrer.n = 1 + ?::int + candidate.n % greatest(1, ?::int - ?::int - 1)
     cross join lateral (select (?::date - 240 - (candidate.n % ?::int)::int)::timestamptz as at) made
     order by candidate.id`,
    [policyId, people.managers, people.employees, people.managers, asOf.toString(), dueOver],
  );
  await db.raw(
    `insert into ownerships (candidate_id, referrer_id, referral_id, owned_from, owned_until)
     select candidate_id, referrer_id, id, made_on, made_on + 365 from referrals order by id`,
  );
  const recorder = await db.raw('select min(id) as id from employees');
  await db.raw(
    `insert into hires (referral_id, candidate_id, department, country, level, employment_type, manager_id, first_day_on,
       probation_months, probation_ends_on, left_on, recorded_by, recorded_at)
     select referral.id, referral.candidate_id, 'Engineering', 'DE', 'senior', 'permanent', manager.id,
       due.on_day - 183, 6, due.on_day - 1,
       case when ?::int > 0 and referral.n % nullif(?::int, 0) = 0 then due.on_day - 90 end, ?, now()
     from (select id, candidate_id, row_number() over (order by id) as n from referrals) referral
     join ${numbered} employees) manager on manager.n = 1 + referral.n % ?::int
     cross join lateral (select case when referral.n <= ?::int then ?::date - (referral.n % ?::int)::int
       else ?::date + 1 + (referral.n % 120)::int end as on_day) due
     order by referral.id`,
    [leftEvery, leftEvery, recorder.rows[0].id, people.managers, due, asOf.toString(), dueOver, asOf.toString()],
  );
  await db.raw(
    `insert into bonuses (hire_id, referral_id, beneficiary_id, policy_id, amount_minor, currency, promised_at, due_on)
     select hires.id, referrals.id, referrals.referrer_id, ?, 100000 + hires.id % 7 * 10000, 'EUR', hires.recorded_at,
       hires.probation_ends_on + 1 + ?::int
     from hires join referrals on referrals.id = hires.referral_id order by hires.id`,
    [policyId, terms.extraDays ?? 0],
  );
  await db.raw('analyze');
  return { policyId };
}
