import { insertHistory } from '../history/history-store.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { Actor } from '../people/employee.ts';
import { canHold, canRelease, type HoldRefusal, type ReleaseRefusal } from './bonus.ts';
import { clearHold, lockBonus, saveHold, takeBackAward } from './bonus-store.ts';

/**
 * Stops a bonus: the bonus run passes it by until somebody releases it. An award that payroll doesn't have yet is taken
 * back, its line out of the run; one that was exported can't be held any more. The reason is kept with the hold and not
 * in the history, which can never be cleared of what people write.
 */
export async function holdBonus(
  deps: Deps,
  by: Actor,
  asked: { bonusId: number; reason: string },
): Promise<Result<undefined, HoldRefusal>> {
  return deps.db.transaction(async (trx) => {
    const bonus = await lockBonus(trx, asked.bonusId);
    if (!bonus) throw new NotFound();
    const answer = canHold(bonus);
    if (!answer.ok) return answer;
    const at = await deps.clock.now(trx);
    // The run may have been exported since the bonus was read: then it is too late after all.
    if (bonus.awardedAt && !(await takeBackAward(trx, bonus.id, { at }))) return refuse('alreadyExported');
    await saveHold(trx, bonus.id, { at, by: by.id, reason: asked.reason });
    const entry = { at, actorId: by.id, about: 'bonus', aboutId: bonus.id, referralId: bonus.referralId } as const;
    await insertHistory(trx, {
      ...entry,
      deed: 'bonus.held',
      facts: { reason: 'heldByHand', tookBack: bonus.awardedAt !== null },
    });
    return ok();
  });
}

/** Lets a held bonus go on. Nothing is awarded here: the next bonus run asks the rule, as for every other. */
export async function releaseBonus(
  deps: Deps,
  by: Actor,
  asked: { bonusId: number },
): Promise<Result<undefined, ReleaseRefusal>> {
  return deps.db.transaction(async (trx) => {
    const bonus = await lockBonus(trx, asked.bonusId);
    if (!bonus) throw new NotFound();
    const answer = canRelease(bonus);
    if (!answer.ok) return answer;
    await clearHold(trx, bonus.id);
    const at = await deps.clock.now(trx);
    const entry = { at, actorId: by.id, about: 'bonus', aboutId: bonus.id, referralId: bonus.referralId } as const;
    await insertHistory(trx, { ...entry, deed: 'bonus.released', facts: {} });
    return ok();
  });
}
