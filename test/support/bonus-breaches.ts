import type { Db } from '../../src/lib/database.ts';

/** What must never be, each as a question that finds the bonuses where it is. */
const questions: Record<string, string> = {
  'awarded before the end of probation and the extra days': `
    select bonuses.id from bonuses join hires on hires.id = hire_id join policies on policies.id = policy_id
    where awarded_on <= probation_ends_on + (terms ->> 'extraDays')::int`,
  'awarded without the confirmation that the policy requires': `
    select bonuses.id from bonuses join hires on hires.id = hire_id join policies on policies.id = policy_id
    where awarded_on is not null and passed_on is null and terms ->> 'confirmation' = 'required'`,
  'awarded although the hire left in probation': `
    select bonuses.id from bonuses join hires on hires.id = hire_id
    where awarded_on is not null and passed_on is null and left_on <= probation_ends_on`,
  'without exactly one live payroll line for its award': `
    select bonuses.id from bonuses left join payroll_lines line on line.bonus_id = bonuses.id
      and line.reverses_line_id is null and line.released_at is null
    group by bonuses.id having count(line.id) <> (case when bonuses.awarded_at is null then 0 else 1 end)`,
  'on a line with another amount': `
    select bonuses.id from bonuses join payroll_lines line on line.bonus_id = bonuses.id
    where line.reverses_line_id is null and ((line.amount_minor, line.currency) is distinct from (bonuses.amount_minor, bonuses.currency)
      or (line.released_at is null and line.awarded_on is distinct from bonuses.awarded_on))`,
  'without exactly one row of history for its award': `
    select bonuses.id from bonuses left join history on about = 'bonus' and about_id = bonuses.id
    group by bonuses.id having count(*) filter (where deed = 'bonus.awarded') - count(*) filter (where deed = 'bonus.backToWaiting')
      <> (case when bonuses.awarded_at is null then 0 else 1 end)`,
  'without exactly one row of history for its loss': `
    select bonuses.id from bonuses left join history on about = 'bonus' and about_id = bonuses.id
    group by bonuses.id having count(*) filter (where deed = 'bonus.forfeited')
      <> (case when bonuses.forfeited_at is null then 0 else 1 end)`,
  // Whoever has left is written to no more, so of their decisions the later ones may be untold.
  'without exactly one e-mail for each decision': `
    select bonuses.id from bonuses join employees on employees.id = beneficiary_id
    left join (select about_id, count(*) as decisions from history
      where about = 'bonus' and deed in ('bonus.awarded', 'bonus.forfeited') group by 1) told on told.about_id = bonuses.id
    left join (select (data ->> 'bonusId')::bigint as bonus_id, count(*) as mails from outbox_emails
      where kind in ('bonus_awarded', 'bonus_forfeited') group by 1) mailed on mailed.bonus_id = bonuses.id
    where coalesce(mails, 0) > coalesce(decisions, 0)
      or coalesce(mails, 0) < coalesce(decisions, 0) and coalesce(employed_until >= current_date, true)`,
};

const forgotten = `
  select bonuses.id from bonuses join hires on hires.id = hire_id join policies on policies.id = policy_id
  where due_on <= ? and awarded_at is null and forfeited_at is null and held_at is null
    and (passed_on is not null or terms ->> 'confirmation' = 'automatic')`;

/** Every breach of "never early, never twice, never forgotten", with how many bonuses it concerns; empty when all is well. */
export async function breaches(db: Db, asOf: Temporal.PlainDate): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [what, sql] of Object.entries(questions)) {
    const { rows } = await db.raw(`select count(*) as bonuses from (${sql}) broken`);
    if (rows[0].bonuses > 0) found[what] = rows[0].bonuses;
  }
  const { rows } = await db.raw(`select count(*) as bonuses from (${forgotten}) broken`, [asOf.toString()]);
  if (rows[0].bonuses > 0) found['due and forgotten'] = rows[0].bonuses;
  return found;
}
