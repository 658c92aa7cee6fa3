import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { seedDemo } from '../../src/demo.ts';
import { paths } from '../../src/paths.ts';
import { openBrowser } from './browser.ts';
import { openTestServer } from './server.ts';

// npm run pictures: takes the pictures of the README from the demo company, as it is on the day they are taken.

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
await mkdir(folder, { recursive: true });
const server = await openTestServer({ config: { demo: true }, furnish: ({ deps }) => seedDemo(deps) });
const browser = await openBrowser();
const first = async (sql: string): Promise<number> => (await server.db.raw(sql)).rows[0].id;

type Shot = {
  name: string;
  who: string;
  path: string;
  width?: number;
  height: number;
  prepare?: (page: Page) => Promise<void>;
};
const shots: Shot[] = [
  { name: 'home', who: 'Ben Carter', path: paths.home(), height: 860 },
  {
    name: 'recommend',
    who: 'Ben Carter',
    path: paths.recommend(await first(`select id from openings where title = 'Data engineer'`)),
    height: 800,
    prepare: async (page) => {
      await page.locator('[name=full_name]').fill('Maria Field');
      await page.locator('[name=email]').fill('maria.field@mail.example');
      await page
        .locator('[name=why]')
        .fill('We built a billing system together for three years. Calm when things break.');
    },
  },
  { name: 'review', who: 'Rita Blum', path: paths.review(), height: 800 },
  {
    name: 'why',
    who: 'Carlo Ferri',
    path: paths.bonus(
      await first(`select bonuses.id from bonuses join employees on employees.id = beneficiary_id
        where full_name = 'Carlo Ferri' and forfeited_at is null order by awarded_at desc nulls first limit 1`),
    ),
    height: 800,
  },
  {
    name: 'payroll',
    who: 'Clara Novak',
    path: paths.payrollRun(
      await first('select id from payroll_runs where exported_at is not null order by line_count desc limit 1'),
    ),
    height: 800,
  },
  { name: 'pool', who: 'Rita Blum', path: `${paths.pool()}?q=TypeScript`, height: 800 },
];

try {
  for (const { name, who, path, width = 1280, height, prepare } of shots) {
    const page = await browser.newPage({ width, height, language: 'en', theme: 'light', baseUrl: server.baseUrl });
    await page.goto(paths.beSomeone());
    await page.getByRole('button', { name: who }).first().click();
    await page.goto(path);
    await prepare?.(page);
    await page.screenshot({ path: `${folder}${name}.png` });
    await page.context().close();
    process.stdout.write(`docs/pictures/${name}.png\n`);
  }
} finally {
  await browser.close();
  await server.close();
}
