import type { CDPSession, Page } from 'playwright-core';
import { axe } from './browser.ts';
import type { Screen } from './screens.ts';

export type Wish = { readonly language: 'en' | 'ru'; readonly themes: readonly ('light' | 'dark')[] };

/** A page that remembers what went wrong on it, and how much came over the wire for it. */
export type WatchedPage = { readonly page: Page; forget(): void; complaints(): string[]; bytes(): number };

export async function watch(page: Page): Promise<WatchedPage> {
  let said: string[] = [];
  let bytes = 0;
  page.on('pageerror', (error) => said.push(`a script failed: ${error.message}`));
  page.on('console', (message) => {
    // The answer's own status is looked at elsewhere.
    const isStatus = /Failed to load resource: the server responded/.test(message.text());
    if (message.type() === 'error' && !isStatus) said.push(`the console says: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') said.push(`not loaded: ${request.url()}`);
  });
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return {
    page,
    forget() {
      said = [];
      bytes = 0;
    },
    complaints: () => said,
    bytes: () => bytes,
  };
}

/** Opens the screen, does there what is to be done, and gives every fault that it has, each as a sentence. */
export async function faultsOf(watched: WatchedPage, screen: Screen, wish: Wish): Promise<string[]> {
  const { page } = watched;
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  watched.forget();
  let answer = await page.goto(screen.path, { waitUntil: 'load' });
  const bytes = watched.bytes();
  const remember = (response: NonNullable<typeof answer>): void => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) answer = response;
  };
  page.on('response', remember);
  await screen.act?.(page);
  page.off('response', remember);
  const faults: string[] = [];
  const expected = screen.status ?? 200;
  if (answer?.status() !== expected) faults.push(`answers ${answer?.status()} instead of ${expected}`);
  if (bytes > 30_000) faults.push(`takes ${bytes} bytes`);
  return [...faults, ...(await faultsOfPage(page, wish)), ...watched.complaints()];
}

/** The faults of the page as it stands, in each theme. */
export async function faultsOfPage(page: Page, { language, themes }: Wish): Promise<string[]> {
  const faults = [...(await inPage(page, language)), ...(await keyboardFaults(page))];
  for (const [place, theme] of themes.entries()) {
    await page.emulateMedia({ colorScheme: theme });
    // The other theme is the same page in other colours.
    const violations = await axe(page, place === 0 ? 'everything' : 'colours');
    faults.push(...violations.map(({ rule, where }) => `${theme}: ${rule}: ${where.join(' | ')}`));
  }
  return faults;
}

/** What the page itself can tell: its heading, its language, its width, its targets, its words. */
async function inPage(page: Page, language: string): Promise<string[]> {
  return page.evaluate(`(${looksWrong})(${JSON.stringify(language)})`) as Promise<string[]>;
}

const looksWrong = String.raw`(language) => {
  const faults = [];
  const shown = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const headings = [...document.querySelectorAll('h1')].filter(shown);
  if (headings.length !== 1) faults.push('has ' + headings.length + ' h1');
  if (!/\S.* · Vouch$/.test(document.title)) faults.push('is titled "' + document.title + '"');
  if (document.documentElement.lang !== language) faults.push('says it is in ' + document.documentElement.lang);
  const { scrollWidth } = document.scrollingElement;
  if (scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll('main *, header *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.table-scroll'));
    faults.push('is ' + scrollWidth + ' wide: ' + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | '));
  }
  for (const one of document.querySelectorAll('.table-scroll')) {
    if (innerWidth < 600 && one.scrollWidth > one.clientWidth + 1) faults.push('cuts off a table: ' + one.outerHTML.slice(0, 120));
  }
  const text = document.body.innerText;
  const odd = /\[object|undefined|NaN|\{\{|\}\}|&amp;|&#|\bnull\b|(?<![@./\w-])(?:bonuses|candidates|common|errors|frame|hires|home|mail|openings|payroll|people|programme|referrals|review)\.[a-z]\w+/.exec(text);
  if (odd) faults.push('says "' + text.slice(Math.max(0, odd.index - 30), odd.index + 40) + '"');
  for (const one of document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')) {
    if (!shown(one) || one.closest('.visually-hidden, .skip-link')) continue;
    const label = one.labels && one.labels[0];
    const boxes = [one, label].filter(Boolean).map((each) => each.getBoundingClientRect());
    const isLarge = boxes.some((box) => box.width >= 24 && box.height >= 24);
    // A link within a sentence is as high as its line.
    const inText = one.matches('a') && getComputedStyle(one).display === 'inline';
    if (!isLarge && !inText && boxes[0].width > 1) faults.push('has a small target, ' + Math.round(boxes[0].width) + '×' + Math.round(boxes[0].height) + ': ' + one.outerHTML.slice(0, 120));
  }
  return faults;
}`;

/** Tab comes to the main action, and everything it passes shows that it has the focus. */
async function keyboardFaults(page: Page): Promise<string[]> {
  const main = 'main .btn-primary:not([tabindex="-1"])';
  const hasAction = await page.evaluate(
    `!![...document.querySelectorAll('${main}')].some((one) => one.checkVisibility())`,
  );
  if (!hasAction) return [];
  await page.evaluate('document.activeElement?.blur(); getSelection()?.removeAllRanges(); scrollTo(0, 0)');
  await page.evaluate('document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute("tabindex")');
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const where = (await page.evaluate(`(${atFocus})('${main}')`)) as { isMain: boolean; hidden: string | null };
    if (where.hidden) return [`shows no focus on ${where.hidden}`];
    if (where.isMain) return [];
  }
  return ['does not let Tab reach its main action'];
}

const atFocus = `(main) => {
  const one = document.activeElement;
  if (!one || one === document.body) return { isMain: false, hidden: null };
  const isSeen = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  const near = [one, one.closest('label'), one.parentElement, one.nextElementSibling].filter(Boolean);
  const seen = near.some((each) => isSeen(getComputedStyle(each)) || isSeen(getComputedStyle(each, '::after')));
  // Tab goes on within a field for a day, whose last part shows its own ring.
  const isInside = one === window.focusedBefore;
  window.focusedBefore = one;
  return { isMain: one.matches(main), hidden: seen || isInside ? null : one.outerHTML.slice(0, 160) };
}`;
