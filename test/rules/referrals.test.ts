import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ok, refuse } from '../../src/lib/result.ts';
import {
  decline,
  firstAnswerDueOn,
  hire,
  isOpen,
  isOverdue,
  move,
  nextStage,
  OUTCOMES,
  type Referral,
  recordNoReply,
  STAGES,
  waitsForAnswer,
  withdraw,
} from '../../src/referrals/referral.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
type Some = Pick<Referral, 'stage' | 'outcome' | 'alreadyRecommended' | 'madeOn' | 'answeredAt' | 'firstAnswerDueOn'>;
const referral = (changes: Partial<Some> = {}): Some => ({
  stage: 'received',
  outcome: null,
  alreadyRecommended: false,
  madeOn: day('2026-11-20'),
  answeredAt: null,
  firstAnswerDueOn: day('2026-11-24'),
  ...changes,
});

describe('a referral', () => {
  it('moves to any other stage, forward or back', () => {
    for (const stage of STAGES) {
      for (const to of STAGES) {
        assert.deepEqual(move(referral({ stage }), to), stage === to ? refuse('alreadyThere') : ok({ stage: to }));
      }
    }
    assert.deepEqual(STAGES.map(nextStage), ['screening', 'interview', 'offer', null]);
  });

  it('ends from any stage, with a reason and words when declined', () => {
    for (const stage of STAGES) {
      const one = referral({ stage });
      const answer = { declineReason: 'skills', feedback: 'More SQL next time.' } as const;
      assert.deepEqual(decline(one, answer), ok({ outcome: 'declined', ...answer }));
      assert.deepEqual(withdraw(one), ok({ outcome: 'withdrawn' }));
      assert.deepEqual(recordNoReply(one), ok({ outcome: 'no_reply' }));
      assert.deepEqual(hire(one, day('2027-01-01')), ok({ outcome: 'hired' }));
    }
  });

  it('ends once', () => {
    for (const outcome of OUTCOMES) {
      const one = referral({ outcome });
      assert.deepEqual(move(one, 'offer'), refuse('alreadyEnded'));
      assert.deepEqual(decline(one, { declineReason: 'other', feedback: '' }), refuse('alreadyEnded'));
      assert.deepEqual(withdraw(one), refuse('alreadyEnded'));
      assert.deepEqual(recordNoReply(one), refuse('alreadyEnded'));
      assert.deepEqual(hire(one, day('2027-01-01')), refuse(outcome === 'hired' ? 'alreadyHired' : 'alreadyEnded'));
    }
  });

  it('is not worked on when someone else was first', () => {
    const one = referral({ alreadyRecommended: true });
    assert.ok(!isOpen(one) && !waitsForAnswer(one) && !isOverdue(one, day('2027-01-01')));
    const answers = [move(one, 'offer'), withdraw(one), recordNoReply(one), hire(one, day('2027-01-01'))];
    for (const answer of answers) assert.deepEqual(answer, refuse('alreadyRecommended'));
    assert.deepEqual(decline(one, { declineReason: 'other', feedback: '' }), refuse('alreadyRecommended'));
  });

  it('hires who starts on the day of the recommendation, and not who had started before', () => {
    assert.deepEqual(hire(referral(), day('2026-11-20')), ok({ outcome: 'hired' }));
    assert.deepEqual(hire(referral(), day('2026-11-19')), refuse('startsBeforeReferral'));
  });

  it('is overdue from the day after the answer was due, until it is answered or ended', () => {
    assert.ok(!isOverdue(referral(), day('2026-11-24')));
    assert.ok(isOverdue(referral(), day('2026-11-25')));
    assert.ok(!isOverdue(referral({ answeredAt: Temporal.Instant.from('2026-12-01T00:00:00Z') }), day('2026-12-02')));
    assert.ok(!isOverdue(referral({ outcome: 'withdrawn' }), day('2026-12-02')));
  });
});

describe('the first answer', () => {
  const table: [string, string, number, string][] = [
    ['2026-11-20', 'DE', 2, '2026-11-24'], // Friday
    ['2026-11-23', 'DE', 2, '2026-11-25'], // Monday
    ['2026-12-23', 'DE', 2, '2026-12-28'], // 24 Dec is worked there, 25 and 26 are not
    ['2026-12-30', 'RU', 2, '2027-01-11'], // 31 Dec is worked, then the New Year holidays and a weekend
    ['2026-11-25', 'US', 2, '2026-11-30'], // Thanksgiving
    ['2026-11-25', 'GB', 2, '2026-11-27'],
    ['2026-11-26', 'IL', 1, '2026-11-29'], // Friday and Saturday off
    ['2026-11-20', '', 2, '2026-11-24'],
  ];
  for (const [made, country, days, due] of table) {
    it(`${country || 'no country'}: ${days} working days after ${made} is ${due}`, () =>
      assert.equal(firstAnswerDueOn(day(made), country, days).toString(), due));
  }
  it('is two working days unless told otherwise, with the holidays it is given', () => {
    assert.equal(firstAnswerDueOn(day('2026-11-23'), 'DE').toString(), '2026-11-25');
    const off = (country: string, on: Temporal.PlainDate) => country === 'DE' && on.toString() === '2026-11-24';
    assert.equal(firstAnswerDueOn(day('2026-11-23'), 'DE', 2, off).toString(), '2026-11-26');
  });
});
