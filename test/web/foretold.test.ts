import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { extendProbation, leaveHire } from '../../src/hires/hire-service.ts';
import { recordHire } from '../../src/hires/record-hire-service.ts';
import { paths } from '../../src/paths.ts';
import { exportRun } from '../../src/payroll/payroll-service.ts';
import type { Employee } from '../../src/people/employee.ts';
import { signInAs } from '../support/cast.ts';
import { textOf } from '../support/forms.ts';
import { promiseBonus } from '../support/promised-bonus.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

const day = Temporal.PlainDate.from;

/** What is said of days and sums that lie ahead is the same on every page, and never what can't come. */
describe('What is foretold', () => {
  let house: Recruiting;
  before(async () => {
    house = await openRecruiting({ today: '2026-12-01' });
    await house.db('employees').update({ chosen_language: 'en' });
  });
  after(() => house.close());

  const read = async (who: Employee, url: string): Promise<string> => {
    const answer = await (await signInAs(house, who)).get(url);
    assert.equal(answer.status, 200, answer.text);
    return textOf(answer.text);
  };

  describe('once the run of the month is sealed before its cut-off', () => {
    let sealed: { bonusId: number; hireId: number };
    before(async () => {
      const { greta, clara } = house.people;
      sealed = await promiseBonus(house, { referrer: greta, probationEndsOn: day('2026-11-30') });
      await payBonuses(house.deps, { asOf: day('2026-12-01') });
      const run = await house.db('payroll_runs').where({ period: '2026-12' }).first();
      assert.ok((await exportRun(house.deps, clara, run.id)).ok);
    });

    it('the list of runs, the bonus, the hire, the referral and home name the month after it', async () => {
      const { elena, clara, anna } = house.people;
      const next = await promiseBonus(house, { referrer: elena, probationEndsOn: day('2026-12-09') });
      assert.match(await read(clara, paths.payroll()), /by 20 January 2027 goes into the January 2027 payroll/);
      assert.match(await read(elena, paths.bonus(next.bonusId)), /with the January 2027 payroll/);
      assert.match(await read(elena, paths.referral(next.referralId)), /with the payroll of January 2027/);
      assert.match(await read(anna, paths.hire(next.hireId)), /Payroll of January 2027, if nothing changes/);
      assert.match(await read(elena, paths.home()), /with the payroll of January 2027/);
    });

    it('what lies in it says that it is sealed', async () => {
      const { greta, anna } = house.people;
      assert.match(await read(greta, paths.bonus(sealed.bonusId)), /In the sealed December 2026 payroll/);
      assert.match(await read(anna, paths.hire(sealed.hireId)), /In the sealed December 2026 payroll/);
    });

    it('the preview, the letters and the page of a hire name one and the same month', async () => {
      const { anna, ben, farid } = house.people;
      const referralId = await house.refer('Ada Short');
      const place = { level: 'senior', country: 'DE', department: 'Engineering', employmentType: 'permanent' as const };
      const form = { ...place, madeFor: 'received', firstDayOn: '2026-12-02', probationBy: 'date' };
      const agent = await signInAs(house, anna);
      const url = paths.referralHire(referralId);
      const csrf = /name="csrf" value="([^"]+)"/.exec((await agent.get(url)).text)?.[1];
      const sent = { csrf, ...form, probationEndsOn: '2026-12-14', step: 'count' };
      const counted = textOf((await agent.post(url).type('form').send(sent)).text);
      assert.match(counted, /falls due on 15 December 2026: January 2027 payroll/);
      const asked = { ...place, referralId, madeFor: 'received' as const, managerId: farid.id };
      const probation = { lastDayOn: day('2026-12-14') };
      const hired = await recordHire(house.deps, anna, { ...asked, firstDayOn: day('2026-12-02'), probation });
      assert.ok(hired.ok);
      const { hireId } = hired.value;
      const monthsIn = async (kind: string) => {
        const letter = (await house.emailsTo(ben, referralId)).get(kind);
        return (letter?.data.bonus as { payrollPeriods: string[] } | undefined)?.payrollPeriods;
      };
      assert.deepEqual(await monthsIn('hired'), ['2027-01']);
      assert.match(await read(anna, paths.hire(hireId)), /Payroll of January 2027, if nothing changes/);
      const longer = { hireId, toOn: day('2026-12-17'), note: '' };
      assert.ok((await extendProbation(house.deps, anna, longer)).ok);
      assert.deepEqual(await monthsIn('probation_moved'), ['2027-01']);
    });
  });

  it('a bonus whose hire leaves in probation will be forfeited on that day, with no payroll month', async () => {
    const { farid, anna } = house.people;
    const { bonusId, hireId, referralId } = await promiseBonus(house, {
      referrer: farid,
      probationEndsOn: day('2027-03-31'),
    });
    const lastDayOn = day('2026-12-18');
    assert.ok((await leaveHire(house.deps, anna, { hireId, lastDayOn, note: '' })).ok);
    for (const [who, url] of [
      [farid, paths.bonus(bonusId)],
      [anna, paths.hire(hireId)],
      [farid, paths.referral(referralId)],
      [farid, paths.myReferrals()],
    ] as const) {
      const text = await read(who, url);
      assert.match(text, /[Ww]ill be forfeited/, url);
      assert.match(text, /18 December 2026/, url);
      assert.doesNotMatch(text, /payroll of April|April 2027 payroll|[Pp]ayroll month/, url);
    }
    assert.doesNotMatch(await read(farid, paths.home()), /if probation ends well|payroll of April/);
  });

  it('a first answer that is late is called late, and no promise in the past', async () => {
    const { ben } = house.people;
    house.turnTo('2026-12-01');
    const referralId = await house.refer('Lena Late');
    assert.match(await read(ben, paths.home()), /You'll hear by 3 December 2026/);
    house.turnTo('2026-12-03');
    assert.match(
      await read(ben, paths.myReferrals()),
      /A first answer by 3 December 2026/,
      'the day itself is in time',
    );
    house.turnTo('2026-12-04');
    const late =
      /Recruiting is late: (an|the first) answer was due on 3 December 2026\. They are reminded every working day/;
    assert.match(await read(ben, paths.home()), late);
    assert.match(await read(ben, paths.myReferrals()), late);
    const page = await read(ben, paths.referral(referralId));
    assert.match(
      page,
      /First answer was due 3 December 2026 ?Recruiting is late\. They are reminded every working day/,
    );
    for (const url of [paths.home(), paths.myReferrals(), paths.referral(referralId)]) {
      assert.doesNotMatch(await read(ben, url), /([Aa]nswer|hear) by 3 December/, url);
    }
  });

  it('whoever can’t get a bonus is shown no amount on home, in the list or on the opening', async () => {
    const { anna, farid, greta, ben } = house.people;
    const pages = [paths.home(), paths.openings(), paths.opening(house.openingId)];
    const amount = /1,500 EUR after probation/;
    // Farid would lead the hire and Greta is above him; Anna recruits.
    for (const who of [anna, farid, greta]) {
      for (const url of pages) assert.doesNotMatch(await read(who, url), amount, `${who.fullName} ${url}`);
    }
    for (const url of pages) assert.match(await read(ben, url), /1,500 EUR/, url);
    assert.match(await read(anna, paths.home()), /What is yours\? You recruit, so finding people is your work already/);
  });
});
