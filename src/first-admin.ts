import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { normaliseEmail } from './candidates/identity.ts';
import { ConfigError, loadConfig } from './config.ts';
import { openHouse } from './house.ts';
import { isCountry } from './lib/countries.ts';
import { openLog } from './lib/log.ts';
import { StartFailure } from './lib/start-failure.ts';
import { isLanguage } from './lib/words.ts';
import { paths } from './paths.ts';
import { type FirstAdmin, moveFirstAdminIn } from './people/first-admin-service.ts';

// npm run first-admin -- --company "Example Ltd" --name "Dana Field" --email dana@example.com --staff-number 17 --country DE
//
// The first person of an empty house, who then brings the staff list. Prints a link that signs them in once, so that it
// works before any mail server does.

class Misunderstood extends Error {}

try {
  const admin = readCommand(process.argv.slice(2));
  const config = loadConfig();
  const house = await openHouse(config, { log: openLog(config.logLevel, pino.destination({ dest: 2, sync: true })) });
  try {
    const moved = await moveFirstAdminIn(house.deps, admin);
    if (!moved.ok)
      throw new Misunderstood('Somebody is here already: an admin gives roles on the page of an employee.');
    const link = `${config.baseUrl}${paths.signInLink(moved.value.token)}`;
    process.stdout.write(
      `${admin.fullName} is the first admin. This link signs them in, once, within 15 minutes:\n${link}\n`,
    );
  } finally {
    await house.close();
  }
} catch (error) {
  const plain = error instanceof Misunderstood || error instanceof ConfigError || error instanceof StartFailure;
  process.stderr.write(`${plain ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
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
