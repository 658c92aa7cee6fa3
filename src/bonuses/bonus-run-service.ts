import {
  emailsOf,
  historyOf,
  openedRuns,
  runKey,
  runOf,
  type SharedRun,
  type SharedRuns,
} from '../history/bonus-run-told.ts';
import { insertHistory } from '../history/history-store.ts';
import { cutOffOn, nextPeriod } from '../lib/calendar.ts';
import type { Trx } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import { enqueueEmails } from '../mail/outbox.ts';
import { openPeriodFrom } from '../payroll/payroll.ts';
import { listExportedPeriods } from '../payroll/payroll-store.ts';
import { listEmployeesWithRole } from '../people/employee-store.ts';
import {
  type BonusRunDecision,
  type BonusRunReport,
  countsOf,
  decideAll,
  failed,
  kindOfFailure,
  linesOf,
  type RunPoint,
  type ToAward,
  type Verdicts,
} from './bonus-run.ts';
import {
  fromTheStart,
  insertLines,
  listDueIds,
  listFacts,
  listLostEarlyIds,
  listUndecided,
  lockUndecided,
  saveAwards,
  saveForfeits,
  shareRun,
} from './bonus-run-store.ts';
import { saveHold } from './bonus-store.ts';

export type PayBonusesOptions = {
  /** The day that counts, in the company's time zone: `clock.today(db)` in the timetable. */
  asOf: Temporal.PlainDate;
  /** Decides and changes nothing: what would happen stands in `decisions`. */
  dryRun?: boolean;
  onPoint?: (point: RunPoint) => void | Promise<void>;
  batchSize?: number;
  /** How many batches are in work at once: while one is decided here, another is saved there. */
  lanes?: number;
};

type Settings = Required<PayBonusesOptions>;
type Done = { verdicts: Verdicts; locked: number[]; lines: BonusRunDecision[] };

/** How long rows that others hold are waited for, and how often a deadlock is tried again. */
const waitingBatch = 500;
const deadlocksAtMost = 5;

/**
 * Awards every bonus that is due on the day, once; forfeits what the facts forbid; waits where HR's word is required;
 * holds a row that fails, with its reason, and goes on. Never early, never twice, never forgotten.
 *
 * Any number of processes may run it at once, and any of them may die at any moment: each batch is one transaction. It
 * passes by what others hold, and comes back to those rows at the end, waiting for them, so that nothing due is left
 * when it returns. `waiting` counts the bonuses whose day has come and that lack HR's word. Throws when the database
 * goes away: the next run goes on from the facts.
 */
export async function payBonuses(deps: Deps, options: PayBonusesOptions): Promise<BonusRunReport> {
  const settings: Settings = { dryRun: false, onPoint: () => undefined, batchSize: 5000, lanes: 2, ...options };
  const report = { awarded: 0, forfeited: 0, waiting: 0, held: 0, decisions: [] as BonusRunDecision[] };
  const run: Run = { deps, settings, report };
  const busy: number[] = [];
  const next = batches(run);
  const lane = async (): Promise<void> => {
    for (let ids = await next(); ids.length > 0; ids = await next()) {
      const locked = new Set(await payBatch(run, ids, { wait: false }));
      for (const id of ids) if (!locked.has(id)) busy.push(id);
    }
  };
  await settled(Array.from({ length: settings.dryRun ? 1 : settings.lanes }, lane));
  await payPassedBy(run, busy);
  const { decisions: _, ...counts } = report;
  deps.log.info(
    { job: 'pay-bonuses', asOf: settings.asOf.toString(), dryRun: settings.dryRun, ...counts },
    'bonus run',
  );
  return report;
}

type Run = {
  deps: Deps;
  settings: Settings;
  report: { awarded: number; forfeited: number; waiting: number; held: number; decisions: BonusRunDecision[] };
};

/** Waits for all, also when one fails: no lane goes on behind the back of a run that has thrown. */
async function settled(lanes: Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Hands out the ids of the run, each once, whoever asks; an empty list at the end. */
function batches({ deps, settings: { asOf, batchSize, onPoint } }: Run): () => Promise<number[]> {
  let cursor: typeof fromTheStart | null = fromTheStart;
  let lostEarly: number[] | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const take = async (): Promise<number[]> => {
    if (cursor) {
      const due = await listDueIds(deps.db, asOf, cursor, batchSize);
      cursor = due.cursor;
      await onPoint('listed');
      if (due.ids.length > 0) return due.ids;
    }
    lostEarly ??= await listLostEarlyIds(deps.db, asOf);
    return lostEarly.splice(0, batchSize);
  };
  return () => {
    const taken = turn.then(take);
    turn = taken.catch(() => undefined);
    return taken;
  };
}

async function payPassedBy(run: Run, busy: number[]): Promise<void> {
  for (let at = 0; at < busy.length; at += waitingBatch) {
    const left = await listUndecided(run.deps.db, busy.slice(at, at + waitingBatch));
    if (left.length > 0) await payBatch(run, left, { wait: true });
  }
}

/** One transaction; answers the ids that it could lock. */
async function payBatch(run: Run, ids: number[], how: { wait: boolean }, tries = 0): Promise<number[]> {
  const { deps, settings, report } = run;
  try {
    const done = await deps.db.transaction((trx) => decideAndSave(run, trx, ids, how));
    await settings.onPoint('committed');
    const counts = countsOf(done.verdicts);
    for (const word of ['awarded', 'forfeited', 'waiting', 'held'] as const) report[word] += counts[word];
    report.decisions.push(...done.lines);
    return done.locked;
  } catch (error) {
    const kind = kindOfFailure(error);
    if (kind === 'house' || (kind === 'again' && tries >= deadlocksAtMost)) throw error;
    if (kind === 'again') return payBatch(run, ids, how, tries + 1);
    if (ids.length > 1) return payHalves(run, ids, how);
    return kind === 'busy' ? leaveToTheNext(run, ids) : holdAlone(run, ids, error);
  }
}

/** Halves a batch that the database refuses, until the row that it refuses stands alone. */
async function payHalves(run: Run, ids: number[], how: { wait: boolean }): Promise<number[]> {
  const half = Math.ceil(ids.length / 2);
  const first = await payBatch(run, ids.slice(0, half), how);
  return [...first, ...(await payBatch(run, ids.slice(half), how))];
}

function leaveToTheNext({ deps }: Run, ids: number[]): number[] {
  deps.log.warn({ bonusId: ids[0] }, 'somebody holds this bonus or its hire for long: left to the next run');
  return ids;
}

async function holdAlone({ deps, report, settings }: Run, ids: number[], error: unknown): Promise<number[]> {
  deps.log.error({ err: error, bonusId: ids[0] }, 'the database refused this bonus: held');
  const held = await deps.db.transaction(async (trx) => {
    const locked = await lockUndecided(trx, ids, { wait: true });
    const { rows } = await listFacts(trx, locked);
    await hold(
      deps,
      trx,
      settings.asOf,
      rows.map((row) => ({ row, reason: failed(error) })),
    );
    return rows.length;
  });
  report.held += held;
  return ids;
}

async function decideAndSave(run: Run, trx: Trx, ids: number[], how: { wait: boolean }): Promise<Done> {
  const { settings } = run;
  const locked = settings.dryRun ? ids : await lockUndecided(trx, ids, how);
  await settings.onPoint('locked');
  // Read after the locking, in a statement of its own: so it sees all that was committed before the lock was ours.
  const { rows, around } = await listFacts(trx, locked);
  const verdicts = decideAll(rows, around, settings.asOf);
  await settings.onPoint('decided');
  if (settings.dryRun) return { verdicts, locked, lines: await foresee(trx, verdicts) };
  await save(run, trx, verdicts);
  return { verdicts, locked, lines: [] };
}

async function foresee(trx: Trx, verdicts: Verdicts): Promise<BonusRunDecision[]> {
  const exported = new Set(await listExportedPeriods(trx));
  return linesOf(verdicts, (award) => openPeriodFrom(award.decision.payrollPeriod, exported));
}

async function save({ deps, settings }: Run, trx: Trx, verdicts: Verdicts): Promise<void> {
  if (verdicts.award.length + verdicts.forfeit.length + verdicts.hold.length === 0) return;
  const { asOf: on, onPoint } = settings;
  const at = await deps.clock.now(trx);
  const runs = await shareRuns(trx, verdicts.award, at);
  await onPoint('runShared');
  const awards = verdicts.award.map((award) => ({
    bonusId: award.row.bonusId,
    runId: runOf(runs, award).id,
    staffNumber: award.row.staffNumber,
    why: award.decision.why,
  }));
  await saveAwards(trx, awards, { on, at });
  await onPoint('awarded');
  await insertLines(trx, awards, on);
  await onPoint('lined');
  const losses = verdicts.forfeit.map(({ row, decision }) => {
    return { bonusId: row.bonusId, reason: decision.reason, why: decision.why };
  });
  await saveForfeits(trx, losses, { on, at });
  await onPoint('forfeited');
  await insertHistory(trx, [...historyOf(verdicts, runs, { on, at }), ...openedRuns(runs, at)]);
  await onPoint('told');
  await hold(deps, trx, on, verdicts.hold);
  // Last, since the request for delivery may make other processes wait until this transaction ends.
  await enqueueEmails(deps, trx, emailsOf(verdicts, runs));
  await onPoint('mailed');
}

/** The run that each wanted period goes into, by period and cut-off day: the next one's where it is exported already. */
async function shareRuns(trx: Trx, awards: readonly ToAward[], at: Temporal.Instant): Promise<SharedRuns> {
  const wanted = new Map(
    awards.map(({ decision, cutoffDay }) => [
      runKey(decision.payrollPeriod, cutoffDay),
      { period: decision.payrollPeriod, cutoffDay },
    ]),
  );
  const shared = new Map<string, SharedRun>();
  // Always from the earliest: two batches that open the same runs never wait for each other in a ring.
  for (const key of [...wanted.keys()].sort()) {
    let { period, cutoffDay } = wanted.get(key) as { period: string; cutoffDay: number };
    let run = await shareRun(trx, { period, cutOffOn: cutOffOn(period, cutoffDay) }, at);
    while (run.exported) {
      period = nextPeriod(period);
      run = await shareRun(trx, { period, cutOffOn: cutOffOn(period, cutoffDay) }, at);
    }
    shared.set(key, run);
  }
  return shared;
}

/** Holds rows that failed, writes it down, and tells the admins. */
async function hold(deps: Deps, trx: Trx, on: Temporal.PlainDate, failures: Verdicts['hold']): Promise<void> {
  if (failures.length === 0) return;
  const at = await deps.clock.now(trx);
  const admins = await listEmployeesWithRole(trx, 'admin', on);
  for (const { row, reason } of failures) {
    await saveHold(trx, row.bonusId, { at, by: null, reason });
    const facts = { reason: reason === 'noAmount' ? reason : 'failed' };
    await insertHistory(trx, {
      at,
      actorId: null,
      about: 'bonus',
      aboutId: row.bonusId,
      referralId: row.referralId,
      deed: 'bonus.held',
      facts,
    });
    const data = { bonusId: row.bonusId, referrerName: row.beneficiaryName, reason };
    await enqueueEmails(
      deps,
      trx,
      admins.map((admin) => ({ kind: 'bonus_held' as const, toEmployeeId: admin.id, data })),
    );
  }
}
