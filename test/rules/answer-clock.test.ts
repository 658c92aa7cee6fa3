import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerClock, CLOCK_END } from '../../src/referrals/answer-clock.ts';

const day = Temporal.PlainDate.from;
const clock = (dueOn: string, today: string) => answerClock(day(dueOn), day(today), 'DE');

describe('The clock of a first answer', () => {
  it('is in time on the day itself, and late on the day after', () => {
    assert.deepEqual(clock('2027-03-03', '2027-03-02'), { kind: 'ahead', workingDays: 1 });
    assert.deepEqual(clock('2027-03-03', '2027-03-03'), { kind: 'today', workingDays: 0 });
    assert.deepEqual(clock('2027-03-03', '2027-03-04'), { kind: 'late', workingDays: 1 });
  });

  it('does not count weekends and public holidays', () => {
    assert.deepEqual(clock('2027-03-05', '2027-03-07'), { kind: 'late', workingDays: 0 });
    assert.deepEqual(clock('2027-03-05', '2027-03-08'), { kind: 'late', workingDays: 1 });
    // Good Friday and Easter Monday.
    assert.deepEqual(clock('2027-03-25', '2027-03-30'), { kind: 'late', workingDays: 1 });
    assert.deepEqual(answerClock(day('2027-03-25'), day('2027-03-30'), 'XX'), { kind: 'late', workingDays: 3 });
  });

  it('stops counting where nobody counts any more', () => {
    assert.deepEqual(clock('2020-01-01', '2027-01-01'), { kind: 'late', workingDays: CLOCK_END });
  });
});
