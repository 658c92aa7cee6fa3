/**
 * The bonus run as one statement, written by hand for the database that the bench fills: what a good SQL programmer would
 * do in an afternoon, with the same checks and the same writes (bonus with its why, payroll line, history, e-mail), and
 * without what makes the real one safe to run twice at once, to kill, or to feed a damaged row.
 */
export const bonusRunByHand = /* sql */ `
with recursive above (hire_manager, id, height) as (
  select distinct manager_id, manager_id, 0 from hires
  union all
  select above.hire_manager, employees.manager_id, above.height + 1
  from above join employees on employees.id = above.id where employees.manager_id is not null and above.height < 20
),
run as (
  insert into payroll_runs (period, cut_off_on, opened_at) values (:period, :cutOffOn::date, :at::timestamptz) returning id
),
facts as (
  select bonuses.id, bonuses.referral_id, bonuses.beneficiary_id, bonuses.amount_minor, bonuses.currency, bonuses.due_on,
    hires.first_day_on, hires.probation_ends_on, hires.passed_on, hires.left_on,
    beneficiary.staff_number, beneficiary.email, beneficiary.language, beneficiary.employed_until,
    beneficiary.notice_given_on, candidates.full_name, owned.owned_from, owned.owned_until,
    hires.first_day_on between owned.owned_from and owned.owned_until as is_owner,
    exists (select 1 from employee_roles where employee_id = beneficiary.id and role = 'recruiter') as is_excluded,
    exists (select 1 from above where above.hire_manager = hires.manager_id and above.id = beneficiary.id) as is_manager,
    beneficiary.employed_from <= bonuses.due_on and coalesce(beneficiary.employed_until >= bonuses.due_on, true) as is_employed,
    coalesce(beneficiary.notice_given_on <= bonuses.due_on, false) as is_under_notice,
    hires.passed_on is null and coalesce(hires.left_on <= hires.probation_ends_on, false) as has_left
  from bonuses
  join hires on hires.id = bonuses.hire_id
  join candidates on candidates.id = hires.candidate_id
  join employees beneficiary on beneficiary.id = bonuses.beneficiary_id
  left join lateral (
    select owned_from, owned_until from ownerships
    where candidate_id = hires.candidate_id and referrer_id = bonuses.beneficiary_id
    order by hires.first_day_on between owned_from and owned_until desc, owned_until desc limit 1
  ) owned on true
  where bonuses.awarded_at is null and bonuses.forfeited_at is null and bonuses.held_at is null
    and bonuses.due_on <= :asOf::date
),
decided as (
  select facts.*,
    case when not coalesce(is_owner, false) then 'notTheOwner' when is_excluded then 'excludedFunction'
      when is_manager then 'managerOfTheHire' when not is_employed then 'referrerLeft'
      when is_under_notice then 'referrerUnderNotice' when has_left then 'leftInProbation' end as reason,
    jsonb_build_array(
      jsonb_build_object('rule', 'owner', 'passed', case when is_owner then 'yes' else 'no' end, 'facts', jsonb_build_object(
        'ownedFromOn', owned_from, 'ownedUntilOn', owned_until, 'firstDayOn', first_day_on)),
      jsonb_build_object('rule', 'function', 'passed', case when is_excluded then 'no' else 'yes' end, 'facts',
        jsonb_build_object('excludedRole', case when is_excluded then 'recruiter' end)),
      jsonb_build_object('rule', 'reportingChain', 'passed', case when is_manager then 'no' else 'yes' end, 'facts',
        jsonb_build_object('reach', 'chain')),
      jsonb_build_object('rule', 'referrerEmployed', 'passed', case when is_employed then 'yes' else 'no' end, 'facts',
        jsonb_build_object('employedUntil', employed_until, 'judgedOn', due_on)),
      jsonb_build_object('rule', 'goodStanding', 'passed', case when is_under_notice then 'no' else 'yes' end, 'facts',
        jsonb_build_object('noticeGivenOn', notice_given_on, 'judgedOn', due_on)),
      jsonb_build_object('rule', 'hireStayed', 'passed', case when has_left then 'no' else 'yes' end, 'facts',
        jsonb_build_object('leftOn', left_on, 'lastDayOn', probation_ends_on, 'passedOn', passed_on)),
      jsonb_build_object('rule', 'probation', 'passed', 'yes', 'facts', jsonb_build_object(
        'firstDayOn', first_day_on, 'lastDayOn', probation_ends_on, 'extraDays', 0, 'dueOn', due_on)),
      jsonb_build_object('rule', 'confirmation', 'passed', 'yes', 'facts',
        jsonb_build_object('required', 'automatic', 'passedOn', passed_on)),
      jsonb_build_object('rule', 'amount', 'passed', 'yes', 'facts',
        jsonb_build_object('minor', amount_minor, 'currency', currency)),
      jsonb_build_object('rule', 'hold', 'passed', 'yes', 'facts', jsonb_build_object('heldReason', null))
    ) as why
  from facts
),
saved as (
  update bonuses set why = decided.why,
    awarded_at = case when reason is null then :at::timestamptz end, awarded_on = case when reason is null then :asOf::date end,
    forfeited_at = case when reason is not null then :at::timestamptz end,
    forfeited_on = case when reason is not null then :asOf::date end, forfeit_reason = reason
  from decided where decided.id = bonuses.id
  returning bonuses.id
),
lined as (
  insert into payroll_lines (run_id, bonus_id, staff_number, amount_minor, currency, awarded_on)
  select run.id, decided.id, staff_number, amount_minor, currency, :asOf::date from decided cross join run where reason is null
),
told as (
  insert into history (at, actor_id, about, about_id, referral_id, deed, facts)
  select :at::timestamptz, null, 'bonus', decided.id, referral_id,
    case when reason is null then 'bonus.awarded' else 'bonus.forfeited' end,
    case when reason is null then jsonb_build_object('amountMinor', amount_minor, 'currency', currency, 'awardedOn', :asOf::date,
      'runId', run.id, 'payrollPeriod', :period::text) else jsonb_build_object('reason', reason, 'forfeitedOn', :asOf::date) end
  from decided cross join run
),
mailed as (
  insert into outbox_emails (kind, to_employee_id, to_address, language, data)
  select case when reason is null then 'bonus_awarded' else 'bonus_forfeited' end, beneficiary_id, email, language,
    jsonb_build_object('referralId', referral_id, 'bonusId', id, 'candidateName', full_name, 'amountMinor', amount_minor,
      'currency', currency) || case when reason is null then jsonb_build_object('payrollPeriod', :period::text)
      else jsonb_build_object('reason', reason) end
  from decided
)
select count(*) as saved from saved`;
