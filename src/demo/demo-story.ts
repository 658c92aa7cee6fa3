import { holdBonus } from '../bonuses/bonus-service.ts';
import { listBonusesOfHire } from '../bonuses/bonus-store.ts';
import { extendProbation, leaveHire, passProbation } from '../hires/hire-service.ts';
import { recordHire } from '../hires/record-hire-service.ts';
import type { Deps } from '../lib/deps.ts';
import type { Employee } from '../people/employee.ts';
import { AGREED_TEXT_VERSION } from '../referrals/agreement.ts';
import { parseRecommendForm } from '../referrals/recommend-form.ts';
import { recommend } from '../referrals/recommend-service.ts';
import type { Stage } from '../referrals/referral.ts';
import { closeWithoutReply, declineReferral, moveReferral, withdrawReferral } from '../referrals/review-service.ts';
import { asciiName, must } from './demo-deeds.ts';
import type { DemoOpening } from './demo-openings.ts';
import { type Fate, referrers } from './demo-plan.ts';
import { answers, candidateNames, relationshipWords, whys } from './demo-words.ts';

export type Story = {
  readonly deps: Deps;
  readonly today: Temporal.PlainDate;
  readonly people: ReadonlyMap<string, Employee>;
  /** The published ones of the moment. */
  readonly openings: Map<string, { id: number; opening: DemoOpening }>;
  /** Days on which the bonus job has something to do. */
  readonly dueDays: Set<string>;
};

export type Deed = { daysAgo: number; hour: number; run: () => Promise<void> };

/** One recommendation as it goes along. */
type Thread = {
  place: number;
  candidate: string;
  referrer: Employee;
  recruiter: Employee;
  referralId: number;
  stage: Stage;
  opening: DemoOpening | null;
};

/** Every deed of every recommendation, each on its day. */
export function tell(story: Story, fates: Fate[]): Deed[] {
  return fates.flatMap((fate, place) => deedsOf(story, fate, place));
}

function deedsOf(story: Story, fate: Fate, place: number): Deed[] {
  const by = (name: string): Employee => story.people.get(name) as Employee;
  const referrer = by(('referrer' in fate && fate.referrer) || (referrers[place % referrers.length] as string));
  const candidate = candidateNames[fate.kind === 'again' ? fate.candidate : place] as string;
  const thread: Thread = {
    ...{ place, candidate, referrer, recruiter: by('Anna Petrova'), referralId: 0, stage: 'received', opening: null },
  };
  const made: Deed = {
    daysAgo: fate.madeDaysAgo,
    hour: 8 + (place % 6),
    run: () => recommendSomeone(story, thread),
  };
  return [made, ...whatFollows(story, thread, fate)].map((deed) => onWorkingDay(story, deed));
}

/** Nobody works at the weekend: what falls on one was done on the Friday before. */
function onWorkingDay({ today }: Story, deed: Deed): Deed {
  const { dayOfWeek } = today.subtract({ days: deed.daysAgo });
  return dayOfWeek <= 5 ? deed : { ...deed, daysAgo: deed.daysAgo + dayOfWeek - 5 };
}

function whatFollows(story: Story, thread: Thread, fate: Fate): Deed[] {
  const after = (days: number, run: () => Promise<unknown>): Deed => {
    return { daysAgo: fate.madeDaysAgo - days, hour: 15, run: async () => void (await run()) };
  };
  const moveTo = (days: number, to: Stage) => after(days, () => moveOn(story, thread, to));
  switch (fate.kind) {
    case 'waiting':
    case 'again':
      return [];
    case 'open':
      return fate.stages.map((stage, step) => moveTo(Math.min(2 + step * 7, fate.madeDaysAgo), stage));
    case 'hired':
      return [
        moveTo(1, 'screening'),
        moveTo(6, 'interview'),
        moveTo(13, 'offer'),
        ...hireDeeds(story, thread, fate, after),
      ];
    default:
      return [moveTo(1, 'screening'), after(fate.afterDays + 1, () => end(story, thread, fate.kind))];
  }
}

async function recommendSomeone({ deps, openings, today }: Story, thread: Thread): Promise<void> {
  const { place, candidate, referrer } = thread;
  const published = [...openings.values()].filter(
    ({ opening }) => opening.manager !== referrer.fullName || place % 2 === 0,
  );
  // Every sixth is for the pool.
  const chosen = place % 6 === 5 ? undefined : published[(place * 7) % published.length];
  const { language } = referrer;
  // Not the same words in neighbouring lines.
  const pick = (list: string[]): string => list[(place * 5 + Math.floor(place / list.length)) % list.length] as string;
  const form = parseRecommendForm(
    {
      submission_key: `00000000-0000-4000-8000-${String(place + (today.year % 100) * 1000).padStart(12, '0')}`,
      opening: chosen ? String(chosen.id) : 'general',
      full_name: candidate,
      email: `${asciiName(candidate)}@mail.example`,
      phone: place % 3 === 0 ? `+49 30 23125 ${String(100 + place)}` : '',
      profile_link: place % 4 === 1 ? `https://portfolio.example/${asciiName(candidate)}` : '',
      skills: chosen ? chosen.opening.skills.slice(0, 1 + (place % 3)).join(', ') : '',
      relationship: (['workedTogether', 'studied', 'community', 'friend'] as const)[place % 4],
      relationship_words: pick(relationshipWords[language]),
      why: pick(whys[language]),
      agreed: 'yes',
    },
    referrer.country,
  );
  if (!form.ok) throw new Error(`The demo company's form is wrong: ${JSON.stringify(form.errors)}`);
  const sent = { ...form.value, agreedTextVersion: AGREED_TEXT_VERSION, resume: null };
  thread.referralId = must(await recommend(deps, referrer.id, sent)).referralId;
  thread.opening = chosen?.opening ?? null;
}

async function moveOn(story: Story, thread: Thread, to: Stage): Promise<void> {
  const asked = { referralId: thread.referralId, madeFor: thread.stage, to };
  must(await moveReferral(story.deps, recruiterOf(story, thread), asked));
  thread.stage = to;
}

function recruiterOf({ people }: Story, { opening }: Thread): Employee {
  return people.get(opening?.recruiter ?? 'Anna Petrova') as Employee;
}

async function end(story: Story, thread: Thread, outcome: 'declined' | 'withdrawn' | 'no_reply'): Promise<void> {
  const by = recruiterOf(story, thread);
  const asked = { referralId: thread.referralId, madeFor: thread.stage };
  const answer = answers[thread.place % answers.length] as (typeof answers)[number];
  const feedback = answer[thread.referrer.language];
  if (outcome === 'declined')
    must(await declineReferral(story.deps, by, { ...asked, declineReason: answer.reason, feedback }));
  if (outcome === 'withdrawn') must(await withdrawReferral(story.deps, by, { ...asked, feedback: '' }));
  if (outcome === 'no_reply') must(await closeWithoutReply(story.deps, by, { ...asked, feedback: '' }));
}

type Hired = Extract<Fate, { kind: 'hired' }>;

function hireDeeds(
  story: Story,
  thread: Thread,
  fate: Hired,
  after: (days: number, run: () => Promise<unknown>) => Deed,
): Deed[] {
  const { deps, today } = story;
  const firstDayOn = firstDayOf(fate, today);
  const startsAfter = fate.madeDaysAgo - firstDayOn.until(today).days;
  const hire = { id: 0, endsOn: firstDayOn };
  const note = { note: '' };
  const pays = (endsOn: Temporal.PlainDate): void => {
    hire.endsOn = endsOn;
    story.dueDays.add(endsOn.add({ days: 1 }).toString());
  };
  const deeds = [
    after(19, async () => {
      const by = recruiterOf(story, thread);
      const recorded = must(
        await recordHire(deps, by, {
          ...placeOf(story, thread),
          firstDayOn,
          probation: { months: fate.probationMonths },
        }),
      );
      hire.id = recorded.hireId;
      pays(recorded.probationEndsOn);
    }),
  ];
  const inJob = (days: number, run: () => Promise<unknown>) => after(startsAfter + days, run);
  if (fate.heldDaysAgo !== undefined) {
    deeds.push(after(fate.madeDaysAgo - fate.heldDaysAgo, () => holdBonusOf(story, hire.id)));
  }
  if (fate.leavesAfterDays !== undefined) {
    const lastDayOn = firstDayOn.add({ days: fate.leavesAfterDays });
    story.dueDays.add(lastDayOn.toString());
    deeds.push(
      inJob(fate.leavesAfterDays - 14, async () =>
        must(await leaveHire(deps, recruiterOf(story, thread), { ...note, hireId: hire.id, lastDayOn })),
      ),
    );
  }
  if (fate.extendedByMonths !== undefined) {
    const months = fate.extendedByMonths;
    deeds.push(
      inJob(120, async () => {
        const toOn = hire.endsOn.add({ months });
        must(
          await extendProbation(deps, recruiterOf(story, thread), {
            note: 'Six weeks of parental leave.',
            hireId: hire.id,
            toOn,
          }),
        );
        pays(toOn);
      }),
    );
  }
  if (fate.passedAfterDays !== undefined) {
    const passedOn = firstDayOn.add({ days: fate.passedAfterDays });
    deeds.push(
      inJob(fate.passedAfterDays, async () =>
        must(await passProbation(deps, recruiterOf(story, thread), { ...note, hireId: hire.id, passedOn })),
      ),
    );
  }
  return deeds;
}

async function holdBonusOf({ deps, people }: Story, hireId: number): Promise<void> {
  const [bonus] = await deps.db.transaction((trx) => listBonusesOfHire(trx, hireId));
  const reason = 'The account for transfers is being changed; released as soon as it is.';
  must(await holdBonus(deps, people.get('Clara Novak') as Employee, { bonusId: bonus?.id as number, reason }));
}

function firstDayOf(
  { startsDaysAgo, dueDaysAgo, probationMonths }: Hired,
  today: Temporal.PlainDate,
): Temporal.PlainDate {
  if (startsDaysAgo !== undefined) return today.subtract({ days: startsDaysAgo });
  return today.subtract({ days: dueDaysAgo ?? 0 }).subtract({ months: probationMonths });
}

function placeOf({ people }: Story, { opening, referralId, stage, referrer }: Thread) {
  return {
    referralId,
    madeFor: stage,
    level: opening?.level ?? 'middle',
    country: opening?.country ?? referrer.country,
    department: opening?.department ?? 'Customer Care',
    employmentType: 'permanent' as const,
    managerId: people.get(opening?.manager ?? 'Olga Smirnova')?.id ?? null,
  };
}
