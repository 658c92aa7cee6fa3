import { schedule } from 'node-cron';
import { payBonuses } from './bonuses/bonus-run-service.ts';
import { remindProbations } from './hires/probation-reminder-service.ts';
import type { Deps } from './lib/deps.ts';
import { deliverMail } from './mail/delivery-service.ts';
import { cleanUpPeople } from './people/clean-up-service.ts';
import { checkStaffList } from './people/staff-list-check-service.ts';
import { CHECK_STAFF_LIST } from './people/staff-list-service.ts';
import { sendOverdueDigest } from './referrals/overdue-digest-service.ts';
import { removeStrayResumes } from './referrals/resume-service.ts';

/** The day a job works for, and whether it only says what it would do. */
export type JobRun = {
  readonly asOf: Temporal.PlainDate;
  readonly dryRun: boolean;
  /** A line for the person who runs the job by hand. */
  readonly say?: (line: string) => void;
};
export type Job = (deps: Deps, run: JobRun) => Promise<Record<string, number>>;
export type JobName = 'pay-bonuses' | 'remind-probations' | 'overdue-digest' | 'deliver-mail' | 'clean-up';

/** What each queue does; `npm run job` calls the same. Each may run at any time, twice, and in several processes. */
export const jobs: Readonly<Record<JobName, Job>> = {
  'pay-bonuses': payBonusesAloud,
  'remind-probations': remindProbations,
  'overdue-digest': sendOverdueDigest,
  'deliver-mail': deliverMail,
  'clean-up': cleanUp,
};

/** Work that a deed sends for its own sake, with what it is about: no tick, and nothing to run by hand. */
const errands: Readonly<Record<string, (deps: Deps, data: Record<string, unknown>) => Promise<unknown>>> = {
  [CHECK_STAFF_LIST]: (deps, { importId }) => checkStaffList(deps, Number(importId)),
};

export const jobNames = Object.keys(jobs) as JobName[];
export const queueNames: readonly string[] = [...jobNames, ...Object.keys(errands)];

type Line = {
  readonly job: JobName;
  /** minute, hour, day of the month, month, day of the week, in the company's time zone */
  readonly cron: string;
  /** Also when a process starts: what fell due while the house was shut need not wait for tomorrow. */
  readonly atStart?: boolean;
};

export const timetable: readonly Line[] = [
  { job: 'pay-bonuses', cron: '0 6 * * *', atStart: true },
  { job: 'remind-probations', cron: '0 7 * * *', atStart: true },
  { job: 'overdue-digest', cron: '0 8 * * 1-5' },
  { job: 'deliver-mail', cron: '* * * * *', atStart: true },
  { job: 'clean-up', cron: '30 3 * * *' },
];

/**
 * Starts the clock and the workers of this process. A tick does nothing but send a task, keyed by its moment, so that of
 * any number of processes ticking together one does the work. Returns how to stop the clock; the queue stops by itself.
 */
export async function startTimetable(deps: Deps): Promise<{ stop(): Promise<void> }> {
  for (const name of jobNames) await deps.queue.workTogether(name, () => runJob(deps, name));
  for (const [name, run] of Object.entries(errands)) await deps.queue.work(name, (data) => run(deps, data));
  const tasks = timetable.map(({ job, cron }) =>
    schedule(cron, ({ date }) => tick(deps, job, date), {
      name: job,
      timezone: deps.config.timeZone,
      logger: quiet(deps),
    }),
  );
  for (const { job, atStart } of timetable) if (atStart) await deps.queue.send(null, job);
  return {
    async stop() {
      for (const task of tasks) await task.destroy();
    },
  };
}

async function tick(deps: Deps, job: JobName, at: Date): Promise<void> {
  try {
    // To the minute, the finest a line of the timetable can say; in UTC, where no hour comes twice.
    await deps.queue.send(null, job, {}, { singletonKey: at.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length) });
  } catch (error) {
    deps.log.error({ err: error, job }, 'a tick was lost; the next one makes up for it');
  }
}

async function runJob(deps: Deps, name: JobName): Promise<void> {
  // The day is asked when the work begins: a task that waited over midnight works for the new day.
  const asOf = await deps.clock.today(deps.db);
  const counts = await jobs[name](deps, { asOf, dryRun: false });
  const idle = Object.values(counts).every((count) => count === 0);
  deps.log[idle ? 'debug' : 'info']({ job: name, asOf: asOf.toString(), ...counts }, 'a job is done');
}

async function payBonusesAloud(deps: Deps, { asOf, dryRun, say }: JobRun): Promise<Record<string, number>> {
  const { decisions, ...counts } = await payBonuses(deps, { asOf, dryRun });
  for (const { bonusId, hireId, verdict, reason, payrollPeriod } of decisions) {
    say?.(`bonus ${bonusId} for hire ${hireId}: ${[verdict, payrollPeriod, reason].filter(Boolean).join(', ')}`);
  }
  return counts;
}

async function cleanUp(deps: Deps, { dryRun }: JobRun): Promise<Record<string, number>> {
  if (dryRun) return { signInLinks: 0, rateLimits: 0, sessions: 0, staffListLines: 0, resumes: 0 };
  // The sessions first: a résumé that only an expired form kept is nobody's then.
  return { ...(await cleanUpPeople(deps)), resumes: (await removeStrayResumes(deps)).removed };
}

/** node-cron talks to the console on its own; a late tick is no news, since the next one catches up. */
function quiet({ log }: Deps) {
  const say = (message: string | Error): void => log.debug({ cron: String(message) }, 'the clock says');
  return { info: say, warn: say, error: say, debug: say };
}
