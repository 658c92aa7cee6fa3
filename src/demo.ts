import { payBonuses } from './bonuses/bonus-run-service.ts';
import { DEFAULT_TERMS, type PolicyTerms } from './bonuses/policy.ts';
import { publishPolicy } from './bonuses/policy-service.ts';
import { asciiName, must } from './demo/demo-deeds.ts';
import { demoOpenings, describeOpening } from './demo/demo-openings.ts';
import { demoPeople } from './demo/demo-people.ts';
import { fates } from './demo/demo-plan.ts';
import { type Story, tell } from './demo/demo-story.ts';
import { isOnOrBefore } from './lib/calendar.ts';
import { settableClock } from './lib/clock.ts';
import type { Deps } from './lib/deps.ts';
import { saveAllAsSent } from './mail/outbox-store.ts';
import { changeOpeningState, createOpening } from './openings/opening-service.ts';
import { listRuns } from './payroll/payroll-queries.ts';
import { exportRun, markPaid } from './payroll/payroll-service.ts';
import type { Employee } from './people/employee.ts';
import { insertCompany, insertEmployee } from './people/employee-store.ts';

/** The programme began so many days ago. */
const DAYS = 420;
/** HR confirms each probation since so many days. */
const CONFIRMED_SINCE = 230;
const DEMO_COMPANY = 'Nordlicht Systems';

const demoTerms: PolicyTerms = {
  ...DEFAULT_TERMS,
  amounts: {
    lines: [
      { level: 'lead', country: 'DE', amountMinor: 300_000, currency: 'EUR' },
      { level: 'senior', country: 'DE', amountMinor: 200_000, currency: 'EUR' },
      { level: 'senior', country: 'RS', amountMinor: 18_000_000, currency: 'RSD' },
      { level: null, country: 'RS', amountMinor: 12_000_000, currency: 'RSD' },
    ],
    fallback: { amountMinor: 120_000, currency: 'EUR' },
  },
};

/**
 * Moves the demo company into an empty house, by the same deeds that people do, each on its day: more than a year of
 * recommendations, hires, bonus runs and payrolls, the bonuses paid by the job on the days it would have run. All people
 * are invented. The letters of that past count as sent: nobody gets mail about it.
 */
export async function seedDemo(live: Deps): Promise<void> {
  const today = await live.clock.today(live.db);
  const clock = settableClock(live.clock.timeZone, await live.clock.now(live.db));
  const deps: Deps = { ...live, clock, log: live.log.child({}, { level: 'warn' }) };
  const dayAgo = (days: number): Temporal.PlainDate => today.subtract({ days });
  const now = await live.clock.now(live.db);
  const setHour = (day: Temporal.PlainDate, hour: number): void => {
    const at = day.toZonedDateTime({ timeZone: clock.timeZone, plainTime: { hour } }).toInstant();
    // Nothing of the past may lie ahead, also when the company moves in before breakfast.
    clock.set(Temporal.Instant.compare(at, now) < 0 ? at : now);
  };

  setHour(dayAgo(DAYS), 9);
  const people = await movePeopleIn(deps, dayAgo);
  const by = (name: string): Employee => people.get(name) as Employee;
  const policy = { afterVersion: null, countsFrom: dayAgo(DAYS), terms: demoTerms, note: 'The programme begins.' };
  must(await publishPolicy(deps, by('David Okafor'), policy));

  const story: Story = { deps, today, people, openings: new Map(), dueDays: new Set() };
  const deeds = [...openingDeeds(story), ...policyDeeds(story), ...tell(story, fates)].sort(
    (a, b) => b.daysAgo - a.daysAgo || a.hour - b.hour,
  );
  let next = 0;
  for (let daysAgo = DAYS; daysAgo >= 0; daysAgo -= 1) {
    const day = dayAgo(daysAgo);
    setHour(day, 6);
    if (story.dueDays.has(day.toString())) await payBonuses(deps, { asOf: day });
    if (day.day === 22 || day.day === 28) await doPayroll(deps, by('Clara Novak'), day);
    for (let deed = deeds[next]; deed && deed.daysAgo >= daysAgo; deed = deeds[next]) {
      setHour(day, deed.hour);
      await deed.run();
      next += 1;
    }
  }
  await live.db.transaction((trx) => saveAllAsSent(trx));
}

async function movePeopleIn(deps: Deps, dayAgo: (days: number) => Temporal.PlainDate): Promise<Map<string, Employee>> {
  const people = new Map<string, Employee>();
  await deps.db.transaction(async (trx) => {
    await insertCompany(trx, { name: DEMO_COMPANY, isDemo: true, createdAt: await deps.clock.now(trx) });
    for (const [place, person] of demoPeople.entries()) {
      const employee = await insertEmployee(trx, {
        staffNumber: String(1001 + place).padStart(6, '0'),
        email: `${asciiName(person.name)}@nordlicht.example`,
        fullName: person.name,
        department: person.department,
        managerId: person.under === null ? null : (people.get(person.under)?.id ?? null),
        country: person.country,
        level: person.level,
        employmentType: 'permanent',
        worksHours: place % 7 === 3 ? '30' : '40',
        employedFrom: dayAgo(DAYS + 60 + ((place * 131) % 2000)),
        employedUntil: person.leftDaysAgo === undefined ? null : dayAgo(person.leftDaysAgo),
        noticeGivenOn: person.noticeDaysAgo === undefined ? null : dayAgo(person.noticeDaysAgo),
        language: person.language,
        roles: person.roles ?? [],
      });
      people.set(person.name, employee);
    }
  });
  return people;
}

/** Later terms: HR's word is asked for before a bonus is paid. Who was recommended before keeps the terms of then. */
function policyDeeds({ deps, people, today }: Story) {
  const publish = async (): Promise<void> => {
    const terms: PolicyTerms = { ...demoTerms, confirmation: 'required' };
    const note = 'From now on HR says that probation was passed before a bonus is paid.';
    const policy = { afterVersion: 1, countsFrom: today.subtract({ days: CONFIRMED_SINCE }), terms, note };
    must(await publishPolicy(deps, people.get('David Okafor') as Employee, policy));
  };
  return [{ daysAgo: CONFIRMED_SINCE, hour: 7, run: publish }];
}

function openingDeeds({ deps, people, openings }: Story) {
  const by = (name: string): Employee => people.get(name) as Employee;
  return demoOpenings.flatMap((opening) => {
    const { title, department, country, place, level, skills } = opening;
    const create = async (): Promise<void> => {
      const text = {
        ...{ title, department, country, place, level, skills },
        employmentType: 'permanent' as const,
        description: describeOpening(opening),
        hiringManagerId: by(opening.manager).id,
        recruiterId: by(opening.recruiter).id,
        isPriority: opening.isPriority ?? false,
      };
      const id = must(await createOpening(deps, by(opening.recruiter), text));
      if (opening.became === 'draft') return;
      must(await changeOpeningState(deps, by(opening.recruiter), id, 'publish'));
      openings.set(title, { id, opening });
    };
    const end = async (): Promise<void> => {
      const id = openings.get(title)?.id as number;
      openings.delete(title);
      must(await changeOpeningState(deps, by(opening.recruiter), id, opening.became === 'paused' ? 'pause' : 'close'));
    };
    const ends = opening.became === 'paused' || opening.became === 'closed';
    return [
      { daysAgo: opening.publishedDaysAgo, hour: 9, run: create },
      ...(ends ? [{ daysAgo: Math.round(opening.publishedDaysAgo / 8), hour: 20, run: end }] : []),
    ];
  });
}

/** What Clara does each month: after the cut-off the run goes out, and before the month ends its lines are paid. */
async function doPayroll(deps: Deps, clara: Employee, day: Temporal.PlainDate): Promise<void> {
  const { open, exported } = await listRuns(deps.db, null);
  for (const run of open) if (isOnOrBefore(run.cutOffOn, day)) must(await exportRun(deps, clara, run.id));
  if (day.day !== 28) return;
  for (const run of exported) await markPaid(deps, clara, { runId: run.id, paidOn: day, lineIds: null });
}
