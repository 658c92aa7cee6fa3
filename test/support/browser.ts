import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Made for short-lived functions: with one process for all, closing a page would close the browser. */
const unwanted = /^--(headless|single-process|no-zygote)/;

export type PageOptions = {
  /** CSS pixels; 1280 unless told. */
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  language?: 'en' | 'ru';
  javaScript?: boolean;
  baseUrl?: string;
};

export type Violation = { rule: string; impact: string; help: string; where: string[] };

export type TestBrowser = {
  readonly browser: Browser;
  newPage(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
};

/**
 * A real Chromium. The one inside the npm package starts on a bare Linux x64; elsewhere, or to see another one, CHROME_PATH
 * says where it is. Each page is a browser of its own: nothing is shared between two people of a test.
 */
export async function openBrowser(): Promise<TestBrowser> {
  const own = process.env.CHROME_PATH;
  const browser = await playwright.launch({
    executablePath: own || (await chromium.executablePath()),
    args: own ? ['--no-sandbox'] : chromium.args.filter((one) => !unwanted.test(one)),
    headless: true,
  });
  return { browser, newPage: (options) => newPage(browser, options), close: () => browser.close() };
}

async function newPage(browser: Browser, options: PageOptions = {}): Promise<Page> {
  const width = options.width ?? 1280;
  const context = await browser.newContext({
    viewport: { width, height: options.height ?? (width < 600 ? 844 : 900) },
    colorScheme: options.theme ?? 'light',
    locale: options.language === 'ru' ? 'ru-RU' : 'en-GB',
    javaScriptEnabled: options.javaScript ?? true,
    ...(options.baseUrl ? { baseURL: options.baseUrl } : {}),
  });
  return context.newPage();
}

const everyRule = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};
/** What can change with the theme alone. */
const rulesOfColour = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** What axe finds against WCAG 2.2 AA on the page as it stands; or only what its colours can break. */
export async function axe(page: Page, what: 'everything' | 'colours' = 'everything'): Promise<Violation[]> {
  if (!(await page.evaluate('Boolean(globalThis.axe)'))) await page.evaluate(axeSource);
  // Wherever the page was left scrolled, the bar that stays on top would cover a field there and make it look small.
  await page.evaluate('scrollTo({ top: 0, behavior: "instant" })');
  const runOnly = what === 'colours' ? rulesOfColour : everyRule;
  const violations = await page.evaluate(async (runOnly) => {
    // A letter in its frame is a document of its own, shut off from ours.
    const options = { runOnly, iframes: false };
    // @ts-expect-error axe came with the line before
    const found = await globalThis.axe.run(globalThis.document, options);
    return found.violations;
  }, runOnly);
  return violations.map(
    (one: { id: string; impact: string; help: string; nodes: { html: string; failureSummary: string }[] }) => ({
      rule: one.id,
      impact: one.impact,
      help: one.help,
      where: one.nodes.map(
        (node) => `${node.html.slice(0, 200)} ${node.failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`,
      ),
    }),
  );
}
