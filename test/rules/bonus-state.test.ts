import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bonusState, canHold, canRelease, dueOn, onExtension, type StateFacts } from '../../src/bonuses/bonus.ts';
import { ok, refuse } from '../../src/lib/result.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const at = Temporal.Instant.from('2027-03-01T04:00:00Z');
const none: StateFacts = {
  dueOn: day('2027-03-01'),
  confirmation: 'automatic',
  probationEndsOn: day('2027-02-28'),
  passedOn: null,
  leftOn: null,
  heldAt: null,
  awardedOn: null,
  forfeitedOn: null,
  runId: null,
  paidOn: null,
};
const march = day('2027-03-01');

describe('a bonus', () => {
  it('falls due on the day after the last day and the extra days', () => {
    assert.equal(dueOn({ probationEndsOn: day('2027-02-28') }, { extraDays: 0 }).toString(), '2027-03-01');
    assert.equal(dueOn({ probationEndsOn: day('2028-02-28') }, { extraDays: 0 }).toString(), '2028-02-29');
    assert.equal(dueOn({ probationEndsOn: day('2026-12-31') }, { extraDays: 0 }).toString(), '2027-01-01');
    assert.equal(dueOn({ probationEndsOn: day('2027-02-28') }, { extraDays: 365 }).toString(), '2028-02-29');
  });

  const table: [string, Partial<StateFacts>, string, string][] = [
    ['promised', {}, '2027-02-28', 'promised'],
    ['due, before the job has run', {}, '2027-03-01', 'promised'],
    ['needs a word, not due', { confirmation: 'required' }, '2027-02-28', 'promised'],
    ['needs a word, due', { confirmation: 'required' }, '2027-03-01', 'waitingForConfirmation'],
    ['has its word', { confirmation: 'required', passedOn: march }, '2027-03-02', 'promised'],
    ['the hire leaves in probation', { leftOn: day('2027-02-28') }, '2027-02-20', 'willForfeit'],
    ['the hire leaves after probation', { leftOn: march }, '2027-02-20', 'promised'],
    ['the hire leaves in probation, while held', { leftOn: day('2027-02-20'), heldAt: at }, '2027-02-10', 'held'],
    ['held', { heldAt: at }, '2027-03-02', 'held'],
    ['held after the award', { heldAt: at, awardedOn: march }, '2027-03-02', 'held'],
    ['awarded', { awardedOn: march }, '2027-03-02', 'awarded'],
    ['in a run', { awardedOn: march, runId: 7 }, '2027-03-02', 'inRun'],
    ['paid', { awardedOn: march, runId: 7, paidOn: day('2027-03-25') }, '2027-03-25', 'paid'],
    ['forfeited', { forfeitedOn: march }, '2027-03-02', 'forfeited'],
    ['forfeited while held', { forfeitedOn: march, heldAt: at }, '2027-03-02', 'forfeited'],
  ];
  for (const [name, changes, on, state] of table) {
    it(`${name}: ${state}`, () => assert.equal(bonusState({ ...none, ...changes }, day(on)), state));
  }

  it('can be held until it is decided for good or with payroll', () => {
    const free = { heldAt: null, forfeitedOn: null, exportedAt: null, paidOn: null };
    assert.deepEqual(canHold(free), ok());
    assert.deepEqual(canHold({ ...free, heldAt: at }), refuse('alreadyHeld'));
    assert.deepEqual(canHold({ ...free, exportedAt: at }), refuse('alreadyExported'));
    assert.deepEqual(canHold({ ...free, exportedAt: at, paidOn: march }), refuse('alreadyPaid'));
    assert.deepEqual(canHold({ ...free, forfeitedOn: march }), refuse('alreadyForfeited'));
    assert.deepEqual(canRelease({ heldAt: at }), ok());
    assert.deepEqual(canRelease({ heldAt: null }), refuse('notHeld'));
  });

  it('waits on when probation is extended, goes back to waiting, or is flagged', () => {
    const open = { awardedOn: null, forfeitedOn: null };
    assert.equal(onExtension(open, null), 'waitsOn');
    assert.equal(onExtension({ ...open, awardedOn: march }, null), 'backToWaiting');
    assert.equal(onExtension({ ...open, awardedOn: march }, at), 'flag');
    assert.equal(onExtension({ ...open, forfeitedOn: march }, null), 'nothing');
  });
});
