import type { Deed, HistoryFacts } from '../history/history.ts';
import { insertHistory } from '../history/history-store.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { NewEmail } from '../mail/email.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import type { Actor } from '../people/employee.ts';
import { getEmployee } from '../people/employee-store.ts';
import {
  type DeclineReason,
  decline,
  isOwn,
  type MoveRefusal,
  move,
  type OwnRefusal,
  type Referral,
  recordNoReply,
  type Stage,
  withdraw,
} from './referral.ts';
import { lockReferral, saveReferral } from './referral-store.ts';
import { getLetterNames, type LetterNames } from './review-store.ts';

/** movedMeanwhile: somebody moved it after the form was opened, so the answer was meant for another stage. */
export type ReviewRefusal = MoveRefusal | OwnRefusal | 'movedMeanwhile';
type Decision = Result<{ referral: Referral }, ReviewRefusal>;

type About = {
  readonly referralId: number;
  /** The stage at which the recruiter saw it. */
  readonly madeFor: Stage;
};
type Change = Partial<Pick<Referral, 'stage' | 'outcome' | 'declineReason' | 'feedback'>>;
type DeedOf = {
  rule(referral: Referral): Result<Change, MoveRefusal>;
  deed: Deed;
  facts(referral: Referral): HistoryFacts;
  email(names: LetterNames, trx: Trx): Promise<NewEmail> | NewEmail;
};

/**
 * Moves an open referral to any other stage, and tells the referrer. Refused when it has ended, stands there already, was
 * moved after the recruiter looked, or belongs to somebody else ("already recommended").
 */
export async function moveReferral(deps: Deps, by: Actor, asked: About & { to: Stage }): Promise<Decision> {
  const { referralId, to } = asked;
  return decide(deps, by, asked, {
    rule: (referral) => move(referral, to),
    deed: 'referral.moved',
    facts: (referral) => ({ from: referral.stage, to }),
    email: (names) => ({
      kind: 'stage_moved',
      toEmployeeId: names.referrerId,
      data: { ...subject(referralId, names), stage: to },
    }),
  });
}

/** Ends it with a reason and the words that the referrer gets. */
export async function declineReferral(
  deps: Deps,
  by: Actor,
  asked: About & { declineReason: DeclineReason; feedback: string },
): Promise<Decision> {
  const { referralId, declineReason, feedback } = asked;
  return decide(deps, by, asked, {
    rule: (referral) => decline(referral, { declineReason, feedback }),
    deed: 'referral.declined',
    facts: (referral) => ({ stage: referral.stage, reason: declineReason }),
    email: async (names, trx) => ({
      kind: 'declined',
      toEmployeeId: names.referrerId,
      data: { ...subject(referralId, names), reason: declineReason, feedback, recruiterName: await nameOf(trx, by) },
    }),
  });
}

/** The candidate doesn't want to; the words to the referrer may be empty. */
export async function withdrawReferral(deps: Deps, by: Actor, asked: About & { feedback: string }): Promise<Decision> {
  const { referralId, feedback } = asked;
  return decide(deps, by, asked, {
    rule: (referral) => withWords(withdraw(referral), feedback),
    deed: 'referral.withdrawn',
    facts: (referral) => ({ stage: referral.stage }),
    email: (names) => ({
      kind: 'withdrawn',
      toEmployeeId: names.referrerId,
      data: { ...subject(referralId, names), feedback },
    }),
  });
}

/** The candidate could not be reached; the words to the referrer may be empty. */
export async function closeWithoutReply(deps: Deps, by: Actor, asked: About & { feedback: string }): Promise<Decision> {
  const { referralId, feedback } = asked;
  return decide(deps, by, asked, {
    rule: (referral) => withWords(recordNoReply(referral), feedback),
    deed: 'referral.noReply',
    facts: (referral) => ({ stage: referral.stage }),
    email: (names) => ({
      kind: 'no_reply',
      toEmployeeId: names.referrerId,
      data: { ...subject(referralId, names), feedback },
    }),
  });
}

/** Lock, ask the rule, save, write the history and the e-mail: one transaction, so of two recruiters one wins. */
async function decide(deps: Deps, by: Actor, { referralId, madeFor }: About, what: DeedOf): Promise<Decision> {
  return deps.db.transaction(async (trx): Promise<Decision> => {
    const referral = await lockReferral(trx, referralId);
    if (!referral) throw new NotFound();
    if (isOwn(by.id, [referral.referrerId])) return refuse('ownReferral');
    const answer = what.rule(referral);
    if (!answer.ok) return answer;
    if (referral.stage !== madeFor) return refuse('movedMeanwhile');
    const at = await deps.clock.now(trx);
    const change = answer.value;
    const changed = {
      ...referral,
      ...change,
      answeredAt: referral.answeredAt ?? at,
      stageSince: change.stage ? at : referral.stageSince,
      endedAt: change.outcome ? at : referral.endedAt,
    };
    await saveReferral(trx, changed);
    const about = { about: 'referral', aboutId: referralId, referralId } as const;
    await insertHistory(trx, { at, actorId: by.id, ...about, deed: what.deed, facts: what.facts(referral) });
    await enqueueEmails(deps, trx, [await what.email(await getLetterNames(trx, referralId), trx)]);
    return ok({ referral: changed });
  });
}

function withWords<Value extends object>(answer: Result<Value, MoveRefusal>, feedback: string) {
  return answer.ok ? ok({ ...answer.value, feedback: feedback || null }) : answer;
}

function subject(referralId: number, names: LetterNames) {
  return { referralId, candidateName: names.candidateName, openingTitle: names.openingTitle };
}

async function nameOf(trx: Trx, by: Actor): Promise<string> {
  return by.id === null ? '' : (await getEmployee(trx, by.id)).fullName;
}
