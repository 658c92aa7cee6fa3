import { insertHistory } from '../history/history-store.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { Forbidden } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import { type Actor, hasRole, isEmployed } from '../people/employee.ts';
import { findEmployee } from '../people/employee-store.ts';
import { carryOut, type Opening, type OpeningDeed, type OpeningRefusal } from './opening.ts';
import { insertOpening, lockOpening, saveOpening } from './opening-store.ts';

/** What a recruiter writes of an opening; its state is moved by deeds. */
export type OpeningText = Omit<Opening, 'id' | 'state' | 'createdAt' | 'publishedAt' | 'closedAt'>;

/** Why an opening can't be given to these people. */
export type PeopleRefusal = 'hiringManagerNotEmployed' | 'recruiterNotRecruiter';
export type EditRefusal = PeopleRefusal | 'isClosed';

const deedInHistory = {
  publish: 'opening.published',
  pause: 'opening.paused',
  resume: 'opening.resumed',
  close: 'opening.closed',
  reopen: 'opening.reopened',
} as const;

/** A new draft, seen by recruiters only. Recruiters only; the hiring manager must be employed, the recruiter recruit. */
export async function createOpening(deps: Deps, by: Actor, text: OpeningText): Promise<Result<number, PeopleRefusal>> {
  mustRecruit(by);
  return deps.db.transaction(async (trx) => {
    const at = await deps.clock.now(trx);
    const unfit = await unfitPeople(deps, trx, text);
    if (unfit) return refuse(unfit);
    const id = await insertOpening(trx, { ...text, createdAt: at });
    await insertHistory(trx, { at, actorId: by.id, about: 'opening', aboutId: id, deed: 'opening.created' });
    return ok(id);
  });
}

/**
 * Writes an opening anew, whatever its state but closed. Referrals keep the policy version they were made under, so a
 * level or country changed here decides the bonus only of what is hired from now on.
 */
export async function editOpening(
  deps: Deps,
  by: Actor,
  id: number,
  text: OpeningText,
): Promise<Result<undefined, EditRefusal>> {
  mustRecruit(by);
  return deps.db.transaction(async (trx) => {
    const opening = await lockOpening(trx, id);
    if (opening.state === 'closed') return refuse('isClosed');
    const changed = changedFields(opening, text);
    if (changed.length === 0) return ok();
    const unfit = await unfitPeople(deps, trx, text);
    if (unfit) return refuse(unfit);
    const at = await deps.clock.now(trx);
    await saveOpening(trx, { ...opening, ...text });
    const facts = { changed: changed.join(', ') };
    await insertHistory(trx, { at, actorId: by.id, about: 'opening', aboutId: id, deed: 'opening.edited', facts });
    return ok();
  });
}

/** Publishes, pauses, resumes, closes or reopens. The rule is asked with the row locked, so of two presses one is refused. */
export async function changeOpeningState(
  deps: Deps,
  by: Actor,
  id: number,
  deed: OpeningDeed,
): Promise<Result<Opening, OpeningRefusal>> {
  mustRecruit(by);
  return deps.db.transaction(async (trx) => {
    const before = await lockOpening(trx, id);
    const answer = carryOut(before, deed);
    if (!answer.ok) return answer;
    const at = await deps.clock.now(trx);
    const after: Opening = {
      ...before,
      state: answer.value,
      // A pause doesn't make an opening new again; publishing it, or opening it once more, does.
      publishedAt: deed === 'publish' || deed === 'reopen' ? at : before.publishedAt,
      closedAt: answer.value === 'closed' ? at : null,
    };
    await saveOpening(trx, after);
    const facts = { from: before.state, to: after.state };
    await insertHistory(trx, { at, actorId: by.id, about: 'opening', aboutId: id, deed: deedInHistory[deed], facts });
    return ok(after);
  });
}

function mustRecruit(by: Actor): void {
  if (!hasRole(by, 'recruiter')) throw new Forbidden();
}

async function unfitPeople(deps: Deps, trx: Trx, text: OpeningText): Promise<PeopleRefusal | null> {
  const today = await deps.clock.today(trx);
  const manager = await findEmployee(trx, text.hiringManagerId);
  if (!manager || !isEmployed(manager, today)) return 'hiringManagerNotEmployed';
  const recruiter = await findEmployee(trx, text.recruiterId);
  const recruits = recruiter && isEmployed(recruiter, today) && hasRole(recruiter, 'recruiter');
  return recruits ? null : 'recruiterNotRecruiter';
}

function changedFields(opening: Opening, text: OpeningText): string[] {
  const fields = Object.keys(text) as (keyof OpeningText)[];
  return fields.filter((field) => JSON.stringify(opening[field]) !== JSON.stringify(text[field]));
}
