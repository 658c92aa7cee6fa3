import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { normaliseEmail } from './candidates/identity.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { openHouse } from './house.ts';
import { isCountry } from './lib/countries.ts';
import { openLog } from './lib/log.ts';
import { StartFailure } from './lib/start-failure.ts';
import { isLanguage } from './lib/words.ts';
import { paths } from './paths.ts';
import { type FirstAdmin, moveFirstAdminIn } from './people/first-admin-service.ts';
import { SIGN_IN_MINUTES } from './people/sign-in-store.ts';

// npm run first-admin -- --company "Example Ltd" --name "Dana Field" --email dana@example.com --staff-number 17 --country DE
//
// The first person of an empty house, who then brings the staff list. Prints a link that signs them in once, so that it
// works before any mail server does. Run again with the e-mail of an admin it prints a fresh link and changes nothing.

class Misunderstood extends Error {}

try {
  const admin = readCommand(process.argv.slice(2));
  const config = loadConfig();
  const house = await openHouse(config, { log: openLog(config.logLevel, pino.destination({ dest: 2, sync: true })) });
  try {
    const moved = await moveFirstAdminIn(house.deps, admin);
    if (!moved.ok)
      throw new Misunderstood(
        `Somebody is here already, and ${admin.email} is no admin of theirs: an admin gives roles on the page of an employee.`,
      );
    const { employee, token, isNew } = moved.value;
    const who = isNew ? `${employee.fullName} is the first admin.` : `${employee.fullName} is admin already.`;
    const link = `${config.baseUrl}${paths.signInLink(token)}`;
    process.stdout.write(
      `${who} This link signs them in, once, within ${SIGN_IN_MINUTES} minutes:\n${link}\n${whereItLeads(config)}\n`,
    );
  } finally {
    await house.close();
  }
} catch (error) {
  const plain = error instanceof Misunderstood || error instanceof ConfigError || error instanceof StartFailure;
  process.stderr.write(`${plain ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
}

/** The link is no good where the house is opened at another address than this command was told. */
function whereItLeads({ baseUrl, port }: Config): string {
  const origin = baseUrl === `http://localhost:${port}` ? `PORT ${port}` : 'BASE_URL';
  return `It leads to ${baseUrl}, as ${origin} says. Is the house open elsewhere? Run this again with its BASE_URL or PORT: each run prints a fresh link.`;
}

function readCommand(args: string[]): FirstAdmin {
  const text = { type: 'string', default: '' } as const;
  const options = { company: text, name: text, email: text, 'staff-number': text, country: text };
  const { values } = parse(args, { ...options, language: { type: 'string', default: 'en' } as const });
  const email = normaliseEmail(values.email);
  const country = values.country.toUpperCase();
  if (!values.company.trim()) throw new Misunderstood('Say the name of the company: --company "Example Ltd".');
  if (!values.name.trim()) throw new Misunderstood('Say who it is: --name "Dana Field".');
  if (!email.ok) throw new Misunderstood('Say their e-mail address: --email dana@example.com.');
  if (!values['staff-number'].trim()) throw new Misunderstood('Say their number on the staff list: --staff-number 17.');
  if (!isCountry(country)) throw new Misunderstood('Say their country in two letters: --country DE.');
  if (!isLanguage(values.language)) throw new Misunderstood('The language is en or ru: --language en.');
  return {
    companyName: values.company.trim(),
    fullName: values.name.trim(),
    email: email.value,
    staffNumber: values['staff-number'].trim(),
    country,
    language: values.language,
  };
}

function parse<Options extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new Misunderstood((error as Error).message);
  }
}
