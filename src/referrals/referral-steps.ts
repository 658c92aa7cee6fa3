import { dayOf } from '../lib/calendar.ts';
import { type Outcome, type Referral, STAGES } from './referral.ts';

export type Step = {
  /** Key of its word. */
  readonly key: string;
  readonly state: 'done' | 'now' | 'ahead' | 'stopped';
  readonly on: Temporal.PlainDate | null;
};

type Standing = Pick<Referral, 'stage' | 'stageSince' | 'madeOn' | 'outcome' | 'endedAt'>;

export function stepsOf(
  { stageSince, endedAt, ...referral }: Standing,
  timeZone: string,
  reachedAt: ReadonlyMap<string, Temporal.Instant> = new Map(),
): Step[] {
  const reachedOn = new Map([...reachedAt].map(([stage, at]) => [stage, dayOf(at, timeZone)]));
  const endedOn = endedAt === null ? null : dayOf(endedAt, timeZone);
  return stepsByDay({ ...referral, stageOn: dayOf(stageSince, timeZone), endedOn }, reachedOn);
}

type StandingByDay = Pick<Referral, 'stage' | 'madeOn' | 'outcome'> & {
  readonly stageOn: Temporal.PlainDate;
  readonly endedOn: Temporal.PlainDate | null;
};

/**
 * The way of a referral as a row: the stages, and at the end "hired" as the goal or the outcome as it was. Days are those
 * of the company's time zone; of the stages left behind only those are dated of which it is known when they were reached.
 */
export function stepsByDay(
  { stage: reached, stageOn, madeOn, outcome, endedOn }: StandingByDay,
  reachedOn: ReadonlyMap<string, Temporal.PlainDate> = new Map(),
): Step[] {
  const at = STAGES.indexOf(reached);
  const shown = outcome === null ? STAGES : STAGES.slice(0, at + 1);
  const stages = shown.map((stage, index): Step => {
    const state = index < at || outcome !== null ? 'done' : index === at ? 'now' : 'ahead';
    const since = index === at ? stageOn : index < at ? reachedOn.get(stage) : undefined;
    const on = index === 0 ? madeOn : (since ?? null);
    return { key: `referrals.stage.${stage}`, state, on };
  });
  return [...stages, { key: `referrals.outcome.${outcome ?? 'hired'}`, state: stateOf(outcome), on: endedOn }];
}

function stateOf(outcome: Outcome | null): Step['state'] {
  if (outcome === null) return 'ahead';
  return outcome === 'hired' ? 'done' : 'stopped';
}

export type StateWord = { readonly kind: 'waiting' | 'moving' | 'done' | 'closed'; readonly key: string };

/** Where it stands in one word, with the colour of its meaning. */
export function stateWord(
  referral: Pick<Referral, 'stage' | 'outcome' | 'answeredAt' | 'alreadyRecommended'>,
): StateWord {
  if (referral.alreadyRecommended) return { kind: 'closed', key: 'referrals.mine.alreadyWord' };
  const { outcome, stage } = referral;
  if (outcome !== null) return { kind: outcome === 'hired' ? 'done' : 'closed', key: `referrals.outcome.${outcome}` };
  return { kind: referral.answeredAt === null ? 'waiting' : 'moving', key: `referrals.stage.${stage}` };
}
