import { insertHistory } from '../history/history-store.ts';
import { isBefore, isOnOrBefore } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { Forbidden } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import { type Actor, hasRole } from '../people/employee.ts';
import { contradictions, DEFAULT_TERMS, type Policy, type PolicyTerms, policyTerms } from './policy.ts';
import { getPolicy, insertPolicy, lockLatestPolicy } from './policy-store.ts';

export type NewPolicy = {
  /** The version that the author had before their eyes; null: none. */
  readonly afterVersion: number | null;
  /** The first day on which referrals are made under it. */
  readonly countsFrom: Temporal.PlainDate;
  readonly terms: PolicyTerms;
  /** What changes and why, in the author's words. */
  readonly note: string;
};

export type PolicyRefusal =
  | 'publishedMeanwhile'
  | 'inThePast'
  | 'notAfterPrevious'
  | 'contradiction'
  | 'nothingChanged';

/**
 * Publishes a version. Referrals made before its first day keep the version they were made under. Admins only; refused
 * for a day that is over (today may be chosen), for a day not after the version before it, when somebody else published
 * meanwhile (which is also how a second press of the button ends), for terms that contradict themselves, and when
 * nothing is different.
 */
export async function publishPolicy(deps: Deps, by: Actor, asked: NewPolicy): Promise<Result<number, PolicyRefusal>> {
  if (!hasRole(by, 'admin')) throw new Forbidden();
  const terms = policyTerms.parse(asked.terms);
  return deps.db.transaction(async (trx) => {
    const latest = await lockLatestPolicy(trx);
    if ((latest?.version ?? null) !== asked.afterVersion) return refuse('publishedMeanwhile');
    if (isBefore(asked.countsFrom, await deps.clock.today(trx))) return refuse('inThePast');
    if (latest && isOnOrBefore(asked.countsFrom, latest.countsFrom)) return refuse('notAfterPrevious');
    if (contradictions(terms).length > 0) return refuse('contradiction');
    if (latest && JSON.stringify(latest.terms) === JSON.stringify(terms)) return refuse('nothingChanged');
    return ok(
      await insertVersion(deps, trx, { ...asked, terms, authorId: by.id, version: (latest?.version ?? 0) + 1 }),
    );
  });
}

/**
 * The terms that a new company starts with, counting from today, unless there is a version already. Any number of
 * processes may start at once: one writes, the others read.
 */
export async function ensureFirstPolicy(deps: Deps): Promise<Policy> {
  return deps.db.transaction(async (trx) => {
    const latest = await lockLatestPolicy(trx);
    if (latest) return latest;
    const countsFrom = await deps.clock.today(trx);
    const first = { version: 1, countsFrom, terms: DEFAULT_TERMS, note: '', authorId: null };
    return getPolicy(trx, await insertVersion(deps, trx, first));
  });
}

type Version = Pick<Policy, 'version' | 'countsFrom' | 'terms' | 'note' | 'authorId'>;

async function insertVersion(deps: Deps, trx: Parameters<typeof insertPolicy>[0], of: Version): Promise<number> {
  const { version, countsFrom, terms, note, authorId } = of;
  const at = await deps.clock.now(trx);
  const id = await insertPolicy(trx, { version, countsFrom, terms, note, authorId, createdAt: at });
  const facts = { version, countsFrom: countsFrom.toString() };
  await insertHistory(trx, { at, actorId: authorId, about: 'policy', aboutId: id, deed: 'policy.published', facts });
  return id;
}
