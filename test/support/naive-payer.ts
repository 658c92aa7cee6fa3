import type { Knex } from 'knex';

/**
 * The pay loop as it is often written: read what is due, and for each write the line, the history, the e-mail, and at
 * last the mark that it was done; no lock, no transaction. It is the positive control of the proofs: killed in the
 * middle, or run twice at once, it must be found out.
 */
export async function payNaively(db: Knex, asOf: Temporal.PlainDate, onPoint: (point: string) => void): Promise<void> {
  const { rows: due } = await db.raw(
    'select id, beneficiary_id, amount_minor, currency from bonuses where due_on <= ? and awarded_at is null order by id',
    [asOf.toString()],
  );
  onPoint('listed');
  await db.raw(
    `insert into payroll_runs (period, cut_off_on, opened_at) values ('2026-03', '2026-03-20', now()) on conflict do nothing`,
  );
  for (const bonus of due) {
    await db.raw(
      `insert into payroll_lines (run_id, bonus_id, staff_number, amount_minor, currency, awarded_on)
       select (select id from payroll_runs), ?, staff_number, ?, ?, ? from employees where id = ?`,
      [bonus.id, bonus.amount_minor, bonus.currency, asOf.toString(), bonus.beneficiary_id],
    );
    onPoint('lined');
    await db.raw(
      `insert into history (at, about, about_id, deed, facts) values (now(), 'bonus', ?, 'bonus.awarded', '{}')`,
      [bonus.id],
    );
    onPoint('told');
    await db.raw(
      `insert into outbox_emails (kind, to_employee_id, to_address, language, data)
       select 'bonus_awarded', id, email, language, ?::jsonb from employees where id = ?`,
      [JSON.stringify({ bonusId: bonus.id }), bonus.beneficiary_id],
    );
    onPoint('mailed');
    await db.raw('update bonuses set awarded_at = now(), awarded_on = ? where id = ?', [asOf.toString(), bonus.id]);
    onPoint('committed');
  }
}
