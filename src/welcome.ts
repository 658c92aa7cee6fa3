import type { Deps } from './lib/deps.ts';
import { paths } from './paths.ts';

const hosts = ['recruiter', 'payroll', 'admin'] as const;

/** What the terminal says when the house is open: where to go, and in the demo whom to be. */
export async function welcome({ config, db }: Deps): Promise<string> {
  const lines = [`Vouch is open at ${config.baseUrl}`];
  const company = await db('company').first('name', 'is_demo');
  if (company?.is_demo) {
    lines.push(
      `It holds an invented company, ${company.name}. Choose whom to be: ${config.baseUrl}${paths.beSomeone()}`,
    );
    for (const role of hosts) {
      const person = await db('employees as e')
        .join('employee_roles as r', 'r.employee_id', 'e.id')
        .where({ 'r.role': role })
        .orderBy('e.id')
        .first('e.full_name as fullName');
      if (person) lines.push(`  ${person.fullName} (${role})`);
    }
    const anybody = await db('employees as e')
      .whereNotExists(db('employee_roles as r').whereRaw('r.employee_id = e.id'))
      .whereExists(db('referrals as f').whereRaw('f.referrer_id = e.id'))
      .orderByRaw('(select count(*) from referrals f where f.referrer_id = e.id) desc, e.id')
      .first('e.full_name as fullName');
    if (anybody) lines.push(`  ${anybody.fullName} (recommends people)`);
  }
  if (config.smtpUrl === null)
    lines.push('No e-mail leaves the house until SMTP_URL is set; the outbox shows them all.');
  lines.push('Ctrl+C closes the house and keeps everything.');
  return `\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`;
}
