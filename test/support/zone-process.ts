import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { cast } from './cast.ts';
import { openTestHouse } from './house.ts';
import { promiseBonus } from './promised-bonus.ts';

// One process in a time zone of its own (TZ): for each company zone, what the run does in the last second of the last day
// of probation and in the first one of the day after. Prints one line of JSON.

const cases: [zone: string, lastDayOn: string][] = JSON.parse(process.argv[2] as string);
const found: Record<string, unknown>[] = [];
for (const [zone, lastDayOn] of cases) {
  const clock = settableClock(zone, Temporal.Instant.from('2026-01-01T00:00:00Z'));
  const house = await openTestHouse({ web: false, clock, config: { timeZone: zone } });
  const { ben } = await cast(house);
  const lastDay = Temporal.PlainDate.from(lastDayOn);
  await promiseBonus(house, { referrer: ben, probationEndsOn: lastDay });
  const midnight = lastDay.add({ days: 1 }).toZonedDateTime(zone).toInstant();
  const awarded: number[] = [];
  for (const at of [midnight.subtract({ seconds: 1 }), midnight]) {
    clock.set(at);
    const report = await payBonuses(house.deps, { asOf: await clock.today(house.db) });
    awarded.push(report.awarded);
  }
  const { rows } = await house.db.raw(
    `select bonuses.awarded_on::text as "awardedOn", line.awarded_on::text as "lineOn", period from bonuses
     join payroll_lines line on line.bonus_id = bonuses.id join payroll_runs on payroll_runs.id = run_id`,
  );
  found.push({ zone, lastDayOn, awarded, ...rows[0] });
  await house.close();
}
process.stdout.write(`${JSON.stringify(found)}\n`);
