import { firstDayOfPeriod, type PayrollPeriod } from '../lib/calendar.ts';
import { formatMonth, type Language } from '../lib/format.ts';
import type { Money } from '../lib/money.ts';
import type { Translate } from '../lib/words.ts';
import type { BonusState } from './bonus.ts';
import type { WhyLine } from './decision.ts';

/** A bonus in words: its state as a badge, and its "why" as lines of the partial. */

export type Badge = { readonly kind: string; readonly icon: string; readonly word: string };
export type ShownLine = { readonly found: 'yes' | 'no' | 'waiting'; readonly text: string };

/** As bonusState, and one step finer: what lies in a run that payroll has already. */
export type ShownState = BonusState | 'exported';

const badges: Record<ShownState, { kind: string; icon: string }> = {
  promised: { kind: 'moving', icon: 'gift' },
  waitingForConfirmation: { kind: 'waiting', icon: 'clock' },
  willForfeit: { kind: 'closed', icon: 'door-exit' },
  held: { kind: 'needs', icon: 'hand-stop' },
  awarded: { kind: 'moving', icon: 'award' },
  inRun: { kind: 'moving', icon: 'award' },
  exported: { kind: 'moving', icon: 'send' },
  paid: { kind: 'done', icon: 'check' },
  forfeited: { kind: 'closed', icon: 'circle-x' },
};

export function bonusBadge(t: Translate, state: ShownState): Badge {
  return { ...badges[state], word: t(`bonuses.state.${state}`) };
}

/** "July 2027" for the payroll period "2027-07". */
export function monthOf(period: PayrollPeriod, language: Language): string {
  return formatMonth(firstDayOfPeriod(period), language);
}

/** Every rule with what it found, for anybody's eyes: no names, and no words that somebody wrote. */
export function whyLines(t: Translate, why: readonly WhyLine[]): ShownLine[] {
  return why.map((line) => ({
    found: line.passed === 'notYet' ? 'waiting' : line.passed,
    text: t(`bonuses.why.${keyOf(line)}`, params(t, line)),
  }));
}

function keyOf(line: WhyLine): string {
  const { rule, passed, facts } = line;
  if (rule === 'owner' && facts.ownedFromOn === null) return 'owner.never';
  if (rule === 'reportingChain')
    return `reportingChain.${passed === 'no' || facts.reach === 'no' ? facts.reach : 'yes'}`;
  if (rule === 'referrerEmployed' && passed === 'no' && facts.employedUntil === null)
    return 'referrerEmployed.notBegun';
  if (rule === 'hireStayed' && passed === 'yes' && facts.passedOn !== null) return 'hireStayed.passed';
  if (rule === 'probation' && Number(facts.extraDays) > 0) return `probation.${passed}WithExtraDays`;
  if (rule === 'confirmation' && facts.required === 'automatic') return 'confirmation.automatic';
  return `${rule}.${passed}`;
}

/** The line's facts as the sentences want them: days as days, the sum as a sum, the role by its word. */
function params(t: Translate, { facts }: WhyLine): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts))
    shown[name] = name.endsWith('On') || name === 'employedUntil' ? dayIn(value) : value;
  if (typeof facts.minor === 'number')
    shown.sum = { minor: facts.minor, currency: String(facts.currency) } satisfies Money;
  if (facts.excludedRole) shown.role = t(`bonuses.whyRole.${facts.excludedRole}`);
  if (facts.extraDays) shown.days = t('bonuses.whyDays', { count: facts.extraDays });
  return shown;
}

/** Why it is on hold, for who may know: a person's own words, or what went wrong in the job. */
export function holdReason(
  t: Translate,
  { heldBy, heldReason }: { heldBy: string | null; heldReason: string | null },
): string {
  if (heldBy !== null) return t('bonuses.held.by', { name: heldBy, reason: heldReason ?? '' });
  const [word = '', ...said] = (heldReason ?? '').split(': ');
  return t(word === 'noAmount' ? 'bonuses.held.noAmount' : 'bonuses.held.failed', { said: said.join(': ') });
}

type Told = { at: Temporal.Instant; deed: string; actorName: string | null; facts: Record<string, unknown> };

const told = ['promised', 'withdrawn', 'awarded', 'forfeited', 'held', 'released', 'backToWaiting', 'flagged', 'paid'];

/** What happened to a bonus, in sentences; names only for who may see who did it. */
export function bonusStory(
  t: Translate,
  language: Language,
  history: readonly Told[],
  { withNames }: { withNames: boolean },
): Record<string, unknown>[] {
  return history.flatMap(({ at, deed, actorName, facts }) => {
    const word = deed.replace('bonus.', '');
    if (!told.includes(word)) return [];
    const period = typeof facts.payrollPeriod === 'string' ? monthOf(facts.payrollPeriod, language) : '';
    const reason = word === 'forfeited' ? t(`bonuses.forfeit.${facts.reason}`) : '';
    const days = Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, name.endsWith('On') ? dayIn(value as string) : value]),
    );
    const sentence = t(`bonuses.story.${word}`, { ...days, period, reason });
    const text = withNames && actorName ? t('bonuses.story.by', { sentence, name: actorName }) : sentence;
    return [{ at, text, ...storyLook[word] }];
  });
}

const storyLook: Record<string, { icon: string; kind: string }> = {
  promised: { icon: 'gift', kind: 'moving' },
  withdrawn: { icon: 'arrow-back-up', kind: 'closed' },
  awarded: { icon: 'award', kind: 'done' },
  forfeited: { icon: 'circle-x', kind: 'closed' },
  held: { icon: 'hand-stop', kind: 'needs' },
  released: { icon: 'player-play', kind: 'moving' },
  backToWaiting: { icon: 'arrow-back-up', kind: 'waiting' },
  flagged: { icon: 'flag', kind: 'needs' },
  paid: { icon: 'cash', kind: 'done' },
};

function dayIn(value: string | number | null): unknown {
  return typeof value === 'string' ? Temporal.PlainDate.from(value) : value;
}
