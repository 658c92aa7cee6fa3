import { resolve } from 'node:path';
import type { Config } from './config.ts';
import type { Db } from './lib/database.ts';
import type { Deps } from './lib/deps.ts';
import { paths } from './paths.ts';
import { FIRST_ADMIN_COMMAND } from './people/first-admin-service.ts';

/** What the terminal says when the house is open: where to go, and in the demo whom to be. */
export async function welcome({ config, db, clock }: Deps): Promise<string> {
  const lines = [`Vouch is open at ${config.baseUrl}`];
  const company = await db('company').first('name', 'is_demo');
  if (await nobodyIsHere(db)) lines.push(...movingIn(config));
  else if (company?.is_demo && config.demo) {
    lines.push(
      `It holds an invented company, ${company.name}. Choose whom to be: ${config.baseUrl}${paths.beSomeone()}`,
    );
    lines.push(...(await peopleToBe(db, await clock.today(db))));
  } else if (company?.is_demo) {
    lines.push(
      `It holds an invented company, ${company.name}, and DEMO=off keeps its people out. For your own company, start`,
      'with an empty DATA_DIR or another DATABASE_URL.',
    );
  }
  if (config.smtpUrl === null)
    lines.push('No e-mail leaves the house until SMTP_URL is set; the outbox shows them all.');
  lines.push('Ctrl+C closes the house and keeps everything.');
  return `\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`;
}

/** Whether not a single employee is known: then nobody can sign in. */
export async function nobodyIsHere(db: Db): Promise<boolean> {
  return (await db('employees').first('id')) === undefined;
}

/** The command needs the same settings as the house; a password is never printed. */
function movingIn({ baseUrl, dataDir, databaseUrl, port }: Config): string[] {
  const settings = [
    dataDir === resolve('.data') ? '' : `DATA_DIR=${quoted(dataDir)} `,
    port === 3000 ? '' : `PORT=${port} `,
    baseUrl === `http://localhost:${port}` ? '' : `BASE_URL=${quoted(baseUrl)} `,
  ];
  const same = databaseUrl === null ? '' : ', with the same DATABASE_URL';
  return [
    `Nobody is here yet. Move in as the first admin from another terminal${same}, and open the link it prints:`,
    `  ${settings.join('')}${FIRST_ADMIN_COMMAND}`,
  ];
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const hosts = ['recruiter', 'payroll', 'admin'] as const;

/** One for each role and one who recommends, nobody twice: whoever holds only that role, and speaks English, first. */
async function peopleToBe(db: Db, today: Temporal.PlainDate): Promise<string[]> {
  const named: number[] = [];
  const lines: string[] = [];
  const employed = () =>
    db('employees as e')
      .whereNotIn('e.id', named)
      .whereRaw('e.employed_from <= ?::date and coalesce(e.employed_until >= ?::date, true)', [
        today.toString(),
        today.toString(),
      ])
      .select<{ id: number; fullName: string }[]>('e.id', 'e.full_name as fullName')
      .orderByRaw(`coalesce(e.chosen_language, e.language) = 'en' desc`)
      .limit(1);
  const name = ([person]: { id: number; fullName: string }[], what: string): void => {
    if (!person) return;
    named.push(person.id);
    lines.push(`  ${person.fullName} (${what})`);
  };
  for (const role of hosts) {
    const holders = employed()
      .join('employee_roles as r', 'r.employee_id', 'e.id')
      .where({ 'r.role': role })
      .orderByRaw('(select count(*) from employee_roles held where held.employee_id = e.id), e.id');
    name(await holders, role);
  }
  const recommenders = employed()
    .whereNotExists(db('employee_roles as r').whereRaw('r.employee_id = e.id'))
    .whereExists(db('referrals as f').whereRaw('f.referrer_id = e.id'))
    .orderByRaw('(select count(*) from referrals f where f.referrer_id = e.id) desc, e.id');
  name(await recommenders, 'recommends people');
  return lines;
}
