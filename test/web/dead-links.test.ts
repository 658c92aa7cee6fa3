import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { paths } from '../../src/paths.ts';
import { type Agent, signInAs } from '../support/cast.ts';
import { openDemoServer } from '../support/demo.ts';
import type { TestServer } from '../support/server.ts';

/** Whoever follows the links of the house from home, as far as they lead, never stands before a closed or broken door. */
const PAGES = 150;
const OF_A_KIND = 3;

describe('no link is dead', { timeout: 240_000 }, () => {
  let server: TestServer;
  before(async () => {
    server = await openDemoServer();
  });
  after(() => server.close());

  const someone: Record<string, string> = {
    employee: `select id from employees where full_name = 'Ben Carter'`,
    'an employee with paid bonuses': `select beneficiary_id as id from bonuses join payroll_lines on bonus_id = bonuses.id
      join employees on employees.id = beneficiary_id where employed_until is null and paid_on is not null
      and not exists (select 1 from employee_roles where employee_id = beneficiary_id)`,
    recruiter: withRole('recruiter'),
    payroll: withRole('payroll'),
    admin: withRole('admin'),
  };
  for (const [who, sql] of Object.entries(someone)) {
    it(`for ${who}`, async () => {
      const { rows } = await server.db.raw(`${sql} limit 1`);
      assert.ok(rows[0], `the demo company has one: ${who}`);
      const { dead, seen } = await walk(await signInAs(server, rows[0]));
      assert.deepEqual(dead, []);
      assert.ok(seen > 8, `only ${seen} pages were found`);
    });
  }
});

function withRole(role: string): string {
  return `select id from employees join employee_roles on employee_id = id
    where role = '${role}' and employed_until is null order by id`;
}

async function walk(agent: Agent): Promise<{ dead: string[]; seen: number }> {
  const known = new Set<string>([paths.home()]);
  const ofAKind = new Map<string, number>();
  const queue: [url: string, from: string][] = [[paths.home(), '']];
  const dead: string[] = [];
  let seen = 0;
  for (let next = queue.shift(); next && seen < PAGES; next = queue.shift()) {
    const [url, from] = next;
    seen += 1;
    const answer = await agent.get(url);
    if (answer.status >= 400) dead.push(`${answer.status} ${url}, linked from ${from}`);
    const isPage = answer.type === 'text/html';
    for (const link of isPage ? linksOf(answer.text, url) : []) {
      const kind = link.replace(/\d+|[0-9a-f-]{36}/g, ':id').replace(/=[^&]*/g, '=');
      if (known.has(link) || (ofAKind.get(kind) ?? 0) >= OF_A_KIND) continue;
      known.add(link);
      ofAKind.set(kind, (ofAKind.get(kind) ?? 0) + 1);
      queue.push([link, url]);
    }
  }
  return { dead, seen };
}

function linksOf(html: string, from: string): string[] {
  const base = new URL(from, 'http://vouch.test');
  return [...html.matchAll(/<a\b[^>]*\bhref="([^"]+)"/g)].flatMap(([, href = '']) => {
    const text = href
      .replace(/&amp;/g, '&')
      .replace(/&#x3D;/g, '=')
      .replace(/&#x27;/g, "'");
    const url = new URL(text, base);
    return url.origin === base.origin ? [url.pathname + url.search] : [];
  });
}
