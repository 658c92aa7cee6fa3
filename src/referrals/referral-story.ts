import type { Translate } from '../lib/words.ts';

type Entry = {
  readonly at: Temporal.Instant;
  readonly actorName: string | null;
  readonly deed: string;
  readonly facts: Record<string, unknown>;
};

export type StoryItem = {
  readonly at: Temporal.Instant;
  readonly text: string;
  readonly icon: string;
  readonly kind: string;
};

/** How each deed looks in the story. A deed that is not here is nothing for this page. */
const looks: Readonly<Record<string, readonly [icon: string, kind: string]>> = {
  'referral.made': ['send', 'moving'],
  'referral.alreadyRecommended': ['send', 'closed'],
  'referral.considered': ['refresh', 'moving'],
  'referral.moved': ['arrow-right', 'moving'],
  'referral.declined': ['x', 'closed'],
  'referral.withdrawn': ['arrow-back-up', 'closed'],
  'referral.noReply': ['clock-off', 'closed'],
  'referral.hired': ['confetti', 'done'],
  'resume.added': ['file-text', 'moving'],
  'hire.extended': ['calendar-plus', 'waiting'],
  'hire.passed': ['check', 'done'],
  'hire.left': ['door-exit', 'closed'],
  'referral.hireUndone': ['arrow-back-up', 'waiting'],
  'hire.firstDayMoved': ['calendar-event', 'waiting'],
  'hire.undone': ['arrow-back-up', 'waiting'],
};

/** The history of a referral and its hire in sentences, in the order of the entries; bonuses have words of their own. */
export function storyOf(entries: readonly Entry[], t: Translate): StoryItem[] {
  const items: StoryItem[] = [];
  for (const { at, actorName, deed, facts } of entries) {
    const look = looks[deed];
    if (!look) continue;
    const who = actorName ?? t('referrals.story.vouch');
    items.push({
      at,
      text: t(`referrals.story.${deed}`, { who, ...readable(facts, t) }),
      icon: look[0],
      kind: look[1],
    });
  }
  return items;
}

function readable(facts: Record<string, unknown>, t: Translate): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts))
    found[name] = isDay(value) ? Temporal.PlainDate.from(value) : value;
  if (typeof facts.to === 'string') found.stage = t(`referrals.stage.${facts.to}`);
  if (typeof facts.reason === 'string') found.reason = t(`referrals.reason.${facts.reason}`);
  return found;
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
}
