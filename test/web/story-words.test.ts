import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ABOUTS, DEEDS, type Deed, type HistoryFacts } from '../../src/history/history.ts';
import { insertHistory } from '../../src/history/history-store.ts';
import { paths } from '../../src/paths.ts';
import { signInAs } from '../support/cast.ts';
import { textOf } from '../support/forms.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

/*
 * Whatever was ever done to a referral is told on its page in whole sentences. The facts are those that each deed writes;
 * a deed whose facts are not named here is told without any.
 */
const moved = { fromOn: '2027-02-28', toOn: '2027-03-15' };
const sum = { amountMinor: 150_000, currency: 'EUR' };
const facts: Partial<Record<Deed, HistoryFacts>> = {
  'referral.moved': { from: 'received', to: 'interview' },
  'referral.declined': { stage: 'received', reason: 'skills' },
  'referral.hired': { firstDayOn: '2026-09-01', probationEndsOn: '2027-02-28' },
  'hire.extended': moved,
  'hire.passed': { fromOn: null, toOn: '2027-02-28' },
  'hire.left': { fromOn: null, toOn: '2027-02-01' },
  'hire.undone': { kind: 'left', on: '2027-02-01' },
  'hire.firstDayMoved': { ...moved, probationEndsOn: '2027-08-31' },
  'bonus.promised': { ...sum, hireId: 1, dueOn: '2027-03-01' },
  'bonus.awarded': { ...sum, awardedOn: '2027-03-01', runId: 1, payrollPeriod: '2027-03' },
  'bonus.forfeited': { reason: 'leftInProbation', forfeitedOn: '2027-02-01' },
  'bonus.backToWaiting': { hireId: 1, probationEndsOn: '2027-03-15', leftOn: null },
  'bonus.flagged': { hireId: 1, probationEndsOn: '2027-03-15', leftOn: null },
  'bonus.paid': { ...sum, paidOn: '2027-03-25', lineId: 1 },
};

describe('the story of a referral', () => {
  let house: Recruiting;
  let referralId: number;

  before(async () => {
    house = await openRecruiting({ today: '2026-08-03' });
    referralId = await house.refer('Maria Ivanova');
    const at = await house.deps.clock.now(house.db);
    const actorId = house.people.anna.id;
    await house.db.transaction((trx) =>
      insertHistory(
        trx,
        DEEDS.map((deed) => {
          const about = ABOUTS.find((one) => one === deed.split('.')[0]) ?? 'referral';
          return { at, actorId, about, aboutId: 1, referralId, deed, facts: facts[deed] ?? {} };
        }),
      ),
    );
  });
  after(() => house.close());

  for (const language of ['en', 'ru'] as const) {
    for (const who of ['ben', 'anna'] as const) {
      it(`is told in whole sentences to ${who === 'ben' ? 'the referrer' : 'a recruiter'}, in ${language}`, async () => {
        const reader = house.people[who];
        await house.db('employees').where({ id: reader.id }).update({ chosen_language: language });
        const answer = await (await signInAs(house, reader)).get(paths.referral(referralId));
        assert.equal(answer.status, 200, answer.text);
        const text = textOf(answer.text);
        for (const broken of [/\{\{|\}\}/, /\b(undefined|null|NaN)\b|\[object/, /\b(referrals|bonuses|hires)\.\w+/]) {
          assert.doesNotMatch(text, broken);
        }
        assert.match(text, language === 'en' ? /last working day: 1 February 2027/ : /рабочий день: 1 февраля 2027/);
      });
    }
  }
});
