import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  extend,
  leftInProbation,
  type Probation,
  planProbation,
  probationState,
  recordLeft,
  recordPassed,
  undo,
} from '../../src/hires/hire.ts';
import { ok, refuse } from '../../src/lib/result.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const probation = (changes: Partial<Probation> = {}): Probation => ({
  firstDayOn: day('2026-09-01'),
  probationEndsOn: day('2027-02-28'),
  passedOn: null,
  leftOn: null,
  ...changes,
});

describe('planning a probation', () => {
  const first = day('2026-09-01');
  it('counts months, or takes the day', () => {
    assert.deepEqual(
      planProbation(first, { months: 6 }),
      ok({ firstDayOn: first, probationMonths: 6, probationEndsOn: day('2027-02-28') }),
    );
    assert.deepEqual(
      planProbation(first, { lastDayOn: day('2026-12-24') }),
      ok({ firstDayOn: first, probationMonths: null, probationEndsOn: day('2026-12-24') }),
    );
  });
  it('lasts a day at least and three years at most', () => {
    assert.ok(planProbation(first, { lastDayOn: first }).ok);
    assert.deepEqual(planProbation(first, { lastDayOn: day('2026-08-31') }), refuse('endsBeforeFirstDay'));
    assert.deepEqual(planProbation(first, { months: 0 }), refuse('endsBeforeFirstDay'));
    assert.ok(planProbation(first, { months: 36 }).ok);
    for (const months of [37, 1_000_000_000]) assert.deepEqual(planProbation(first, { months }), refuse('tooLong'));
    assert.ok(planProbation(first, { lastDayOn: day('2029-08-31') }).ok);
    assert.deepEqual(planProbation(first, { lastDayOn: day('2029-09-01') }), refuse('tooLong'));
  });
});

describe('extending', () => {
  it('moves the last day later', () => {
    assert.deepEqual(extend(probation(), day('2027-03-01')), ok({ probationEndsOn: day('2027-03-01') }));
    assert.deepEqual(extend(probation(), day('2027-02-28')), refuse('notLater'));
    assert.deepEqual(extend(probation(), day('2027-02-27')), refuse('notLater'));
  });
  it('not beyond three years from the first day', () => {
    assert.ok(extend(probation(), day('2029-08-31')).ok);
    assert.deepEqual(extend(probation(), day('2029-09-01')), refuse('tooLong'));
  });
  it('not when it is passed or the hire has left', () => {
    assert.deepEqual(extend(probation({ passedOn: day('2027-01-10') }), day('2027-03-31')), refuse('alreadyPassed'));
    assert.deepEqual(extend(probation({ leftOn: day('2027-01-10') }), day('2027-03-31')), refuse('alreadyLeft'));
  });
});

describe('recording that it was passed', () => {
  const today = day('2027-03-05');
  const pass = (on: string, changes: Partial<Probation> = {}) => recordPassed(probation(changes), day(on), today);
  it('takes any day from the first day of work to today', () => {
    assert.deepEqual(pass('2027-03-05'), ok({ passedOn: day('2027-03-05') }));
    assert.deepEqual(pass('2027-03-06'), refuse('inTheFuture'));
    assert.ok(pass('2026-09-01').ok);
    assert.deepEqual(pass('2026-08-31'), refuse('beforeFirstDay'));
  });
  it('takes no day after the last day of work', () => {
    assert.ok(pass('2027-02-28', { leftOn: day('2027-02-28') }).ok);
    assert.deepEqual(pass('2027-03-01', { leftOn: day('2027-02-28') }), refuse('afterLastDay'));
  });
  it('is said once', () =>
    assert.deepEqual(pass('2027-03-01', { passedOn: day('2027-01-01') }), refuse('alreadyPassed')));
});

describe('recording that the hire left', () => {
  it('takes the last day, also one ahead; the day before the first says: never started', () => {
    assert.deepEqual(recordLeft(probation(), day('2031-01-01')), ok({ leftOn: day('2031-01-01') }));
    assert.ok(recordLeft(probation(), day('2026-09-01')).ok);
    assert.ok(recordLeft(probation(), day('2026-08-31')).ok);
    assert.deepEqual(recordLeft(probation(), day('2026-08-30')), refuse('beforeFirstDay'));
  });
  it('takes no day before the one on which it was passed', () => {
    const passed = probation({ passedOn: day('2027-01-10') });
    assert.ok(recordLeft(passed, day('2027-01-10')).ok);
    assert.deepEqual(recordLeft(passed, day('2027-01-09')), refuse('beforePassed'));
  });
  it('is said once', () => {
    assert.deepEqual(recordLeft(probation({ leftOn: day('2027-01-01') }), day('2027-01-02')), refuse('alreadyLeft'));
  });
});

describe('undoing', () => {
  const as = (changes: Partial<Probation> = {}) => {
    const { probationEndsOn, passedOn, leftOn } = probation(changes);
    return ok({ probationEndsOn, passedOn, leftOn });
  };
  it('takes the latest back and leaves the rest', () => {
    const [march, jan] = [day('2027-03-31'), day('2027-01-10')];
    const extended = { kind: 'extended', beforeOn: day('2027-02-28'), afterOn: march } as const;
    assert.deepEqual(undo(probation({ probationEndsOn: march }), extended, false), as());
    const passed = { kind: 'passed', beforeOn: null, afterOn: jan } as const;
    assert.deepEqual(
      undo(probation({ probationEndsOn: march, passedOn: jan }), passed, false),
      as({ probationEndsOn: march }),
    );
    const left = { kind: 'left', beforeOn: null, afterOn: march } as const;
    assert.deepEqual(undo(probation({ passedOn: jan, leftOn: march }), left, false), as({ passedOn: jan }));
  });
  it('not when there is nothing, or a bonus followed', () => {
    assert.deepEqual(undo(probation(), null, false), refuse('nothingToUndo'));
    assert.deepEqual(undo(probation(), null, true), refuse('nothingToUndo'));
    const passed = { kind: 'passed', beforeOn: null, afterOn: day('2027-01-10') } as const;
    assert.deepEqual(undo(probation({ passedOn: day('2027-01-10') }), passed, true), refuse('bonusFollowed'));
  });
});

describe('how a probation stands', () => {
  const table: [string, Partial<Probation>, string, string][] = [
    ['not started', {}, '2026-08-31', 'before'],
    ['the first day', {}, '2026-09-01', 'running'],
    ['the last day', {}, '2027-02-28', 'running'],
    ['the day after', {}, '2027-03-01', 'ended'],
    ['before it was passed', { passedOn: day('2027-01-10') }, '2027-01-09', 'running'],
    ['passed', { passedOn: day('2027-01-10') }, '2027-01-10', 'passed'],
    ['leaving ahead', { leftOn: day('2027-01-10') }, '2027-01-09', 'running'],
    ['left in probation', { leftOn: day('2027-01-10') }, '2027-01-10', 'left'],
    ['left in probation, long ago', { leftOn: day('2027-01-10') }, '2028-01-10', 'left'],
    ['left on the last day', { leftOn: day('2027-02-28') }, '2027-02-28', 'left'],
    ['left on the day after the last', { leftOn: day('2027-03-01') }, '2027-03-01', 'passed'],
    ['about to leave after the last', { leftOn: day('2027-03-02') }, '2027-03-01', 'ended'],
    [
      'passed, then left in what was probation',
      { passedOn: day('2027-01-10'), leftOn: day('2027-02-01') },
      '2027-02-01',
      'passed',
    ],
    ['never started', { leftOn: day('2026-08-31') }, '2026-08-31', 'left'],
  ];
  for (const [name, changes, on, state] of table) {
    it(`${name}, on ${on}: ${state}`, () => assert.equal(probationState(probation(changes), day(on)), state));
  }

  it('the last working day on the last day of probation is in probation, the day after is not', () => {
    assert.ok(leftInProbation(probation({ leftOn: day('2027-02-28') })));
    assert.ok(!leftInProbation(probation({ leftOn: day('2027-03-01') })));
    assert.ok(!leftInProbation(probation({ leftOn: day('2027-02-28'), passedOn: day('2027-02-28') })));
    assert.ok(!leftInProbation(probation()));
  });
});
