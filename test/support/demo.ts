import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { holdBonus } from '../../src/bonuses/bonus-service.ts';
import { readTerms } from '../../src/bonuses/policy.ts';
import { seedDemo } from '../../src/demo.ts';
import { settableClock } from '../../src/lib/clock.ts';
import type { Deps } from '../../src/lib/deps.ts';
import { exportRun } from '../../src/payroll/payroll-service.ts';
import type { Role } from '../../src/people/employee.ts';
import { checkStaffList } from '../../src/people/staff-list-check-service.ts';
import { uploadStaffList } from '../../src/people/staff-list-service.ts';
import { promiseBonus } from './promised-bonus.ts';
import { openTestServer, type TestServer } from './server.ts';

/** The year is told up to the first day; on the others a bonus comes due, and on the last the company stands still. */
const days = { told: '2026-11-25', exported: '2026-12-02', today: '2026-12-10' };
const nine = (day: string): Temporal.Instant => Temporal.Instant.from(`${day}T08:00:00Z`);

const header = 'staff_number;email;full_name;country;employed_from;department\n';
const newcomer = '900001;nora.lund@nordlicht.example;Nora Lund;DE;2027-01-01;Product\n';
const badList = `${header}900001;nora.lund;;Germany;2026-02-30;Product\n${newcomer}`;
/** The demo company behind a real port: a year of everything, and what the year didn't bring, on a day of its own. */
export function openDemoServer(): Promise<TestServer> {
  const clock = settableClock('Europe/Berlin', nine(days.told));
  return openTestServer({
    clock,
    furnish: async (house) => {
      const { deps } = house;
      await seedDemo(deps);
      const payOne = async (day: string): Promise<void> => {
        clock.set(nine(day));
        const asOf = Temporal.PlainDate.from(day);
        const referrer = { id: await one(deps, `select id from employees where full_name = 'Carlo Ferri'`) };
        const terms = readTerms((await deps.db('policies').orderBy('version').first('terms')).terms);
        await promiseBonus(house, { referrer, probationEndsOn: asOf.subtract({ days: 1 }), terms });
        await payBonuses(deps, { asOf });
      };
      await payOne(days.exported);
      await exportOpenRuns(deps);
      await payOne(days.today);
      await addRareThings(deps);
    },
  });
}

const one = async ({ db }: Deps, sql: string): Promise<number> => (await db.raw(sql)).rows[0].id;

async function holder(deps: Deps, role: Role) {
  const sql = `select employee_id as id from employee_roles where role = '${role}' order by employee_id limit 1`;
  return { id: await one(deps, sql), roles: ['employee', role] as Role[] };
}

/** Exported before its cut-off, and not yet paid; what comes due after it opens the run of the next month. */
async function exportOpenRuns(deps: Deps): Promise<void> {
  const open: { id: number }[] = await deps.db('payroll_runs').whereNull('exported_at').select('id');
  for (const { id } of open) {
    const exported = await exportRun(deps, await holder(deps, 'payroll'), id);
    if (!exported.ok) throw new Error(exported.reason);
  }
}

async function addRareThings(deps: Deps): Promise<void> {
  const admin = await holder(deps, 'admin');
  // Somebody new, somebody gone, and a department that has another name now.
  const { rows } = await deps.db.raw(
    `select concat_ws(';', staff_number, email, full_name, country, employed_from,
       case department when 'Finance' then 'Finance and Legal' else department end) as line
     from employees where employed_until is null and full_name <> 'Jan Kowalski'`,
  );
  const goodList = `${header}${rows.map(({ line }: { line: string }) => line).join('\n')}\n${newcomer}`;
  const lists = { ready: goodList, refused: badList, checking: goodList };
  for (const [state, text] of Object.entries(lists)) {
    const list = await uploadStaffList(deps, admin, { fileName: `staff-${state}.csv`, content: Buffer.from(text) });
    if (!list.ok) throw new Error(list.reason);
    if (state !== 'checking') await checkStaffList(deps, list.value);
  }
  const promised = await one(
    deps,
    `select id from bonuses where awarded_at is null and forfeited_at is null and held_at is null
     order by due_on desc limit 1`,
  );
  const held = await holdBonus(deps, await holder(deps, 'payroll'), {
    bonusId: promised,
    reason: 'We ask HR about the first day.',
  });
  if (!held.ok) throw new Error(held.reason);
}
