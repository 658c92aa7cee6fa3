import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { openHouse } from './house.ts';
import type { Deps } from './lib/deps.ts';
import { openLog } from './lib/log.ts';
import { StartFailure } from './lib/start-failure.ts';
import { type JobName, jobNames, jobs } from './timetable.ts';

// npm run job pay-bonuses
// npm run job pay-bonuses -- --as-of 2027-03-01 --dry-run
//
// Works whether or not the app is running. The last line on standard output is JSON; everything else goes to standard
// error. Exit code 2: the command can't be understood. 1: it was refused, or failed.

type Command = { readonly name: JobName; readonly asOf: Temporal.PlainDate | null; readonly dryRun: boolean };

class Misunderstood extends Error {}
class RefusedDay extends Error {}

try {
  const command = readCommand(process.argv.slice(2));
  const config = loadConfig();
  process.stdout.write(`${JSON.stringify(await runByHand(config, command))}\n`);
} catch (error) {
  const plain =
    error instanceof Misunderstood ||
    error instanceof RefusedDay ||
    error instanceof ConfigError ||
    error instanceof StartFailure;
  process.stderr.write(`${plain ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = error instanceof Misunderstood ? 2 : 1;
}

function readCommand(args: string[]): Command {
  const usage = `npm run job <${jobNames.join(' | ')}> -- [--as-of 2027-03-01] [--dry-run]`;
  const { values, positionals } = parse(args, usage);
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Misunderstood(`Say which job to run: ${usage}`);
  if (!isJob(name)) throw new Misunderstood(`There is no job “${name}”; there are ${jobNames.join(', ')}.`);
  const day = values['as-of'];
  return { name, asOf: day === undefined ? null : parseDay(day), dryRun: values['dry-run'] ?? false };
}

function parse(args: string[], usage: string) {
  try {
    const options = { 'as-of': { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new Misunderstood(`${(error as Error).message.split('.')[0]}. The command is: ${usage}`);
  }
}

function isJob(name: string): name is JobName {
  return Object.hasOwn(jobs, name);
}

function parseDay(text: string): Temporal.PlainDate {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    // The 30th of February looks like a day and is none.
  }
  throw new Misunderstood(`“${text}” is no day of the calendar: write it as in 2027-03-01.`);
}

async function runByHand(config: Config, { name, asOf, dryRun }: Command): Promise<Record<string, unknown>> {
  // Standard output belongs to the answer.
  const log = openLog(config.logLevel, pino.destination({ dest: 2, sync: true }));
  const house = await openHouse(config, { log });
  try {
    const { deps } = house;
    const today = await deps.clock.today(deps.db);
    const day = asOf ?? today;
    if (!dryRun && Temporal.PlainDate.compare(day, today) > 0 && !(await isDemo(deps))) {
      throw new RefusedDay(`${day} lies in the future, and today is ${today}: add --dry-run to see what would happen.`);
    }
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    const counts = await jobs[name](deps, { asOf: day, dryRun, say });
    return { job: name, asOf: day.toString(), ...(dryRun ? { dryRun } : {}), ...counts };
  } finally {
    await house.close();
  }
}

async function isDemo({ db }: Deps): Promise<boolean> {
  const company = await db('company').first('is_demo');
  return company?.is_demo ?? false;
}
