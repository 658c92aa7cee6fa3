import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { recordHire, takeHireBack } from '../../src/hires/record-hire-service.ts';
import { paths } from '../../src/paths.ts';
import type { Employee } from '../../src/people/employee.ts';
import { type Agent, signInAs } from '../support/cast.ts';
import { csrfToken, press, textOf } from '../support/forms.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

const day = Temporal.PlainDate.from;
const halfAYear = { probationBy: 'months', probationMonths: '6' };
const fields = { seenOn: '2026-09-01', firstDayOn: '2026-10-01', ...halfAYear };

describe('A hire is corrected', () => {
  let house: Recruiting;
  let anna: Agent;
  let rita: Agent;

  before(async () => {
    house = await openRecruiting({ today: '2026-08-03' });
  });
  beforeEach(async () => {
    house.turnTo('2026-08-03');
    anna = await signInAs(house, house.people.anna);
    rita = await signInAs(house, house.people.rita);
  });
  after(() => house.close());

  const post = async (agent: Agent, action: string, fields: Record<string, string> = {}) =>
    agent
      .post(action)
      .type('form')
      .send({ csrf: await csrfToken(agent, paths.account()), ...fields });
  const hire = async (hireId: number) => house.db('hires').where({ id: hireId }).first();
  const bonus = async (hireId: number) => house.db('bonuses').where({ hire_id: hireId }).first();
  const deeds = async (referralId: number): Promise<string[]> =>
    (await house.db('history').where({ referral_id: referralId }).orderBy('id')).map(({ deed }) => deed);

  async function hired(name: string, more: { by?: Employee; recorder?: Employee; firstDayOn?: string } = {}) {
    const referralId = await house.refer(name, more.by ? { by: more.by } : {});
    const hireId = await record(referralId, more);
    return { referralId, hireId };
  }

  async function record(referralId: number, more: { recorder?: Employee; firstDayOn?: string } = {}): Promise<number> {
    const answer = await recordHire(house.deps, more.recorder ?? house.people.anna, {
      referralId,
      madeFor: 'received',
      firstDayOn: day(more.firstDayOn ?? '2026-09-01'),
      probation: { months: 6 },
      level: 'senior',
      country: 'DE',
      department: 'Engineering',
      employmentType: 'permanent',
      managerId: house.people.farid.id,
    });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.value.hireId;
  }

  /** Every bonus run until long after, and what came of it. */
  const runOn = async (on: string) => {
    house.turnTo(on);
    return payBonuses(house.deps, { asOf: day(on) });
  };

  describe('by another first day', () => {
    const move = (agent: Agent, hireId: number, seenOn: string, firstDayOn: string, more = {}) =>
      post(agent, paths.hireFirstDay(hireId), { seenOn, firstDayOn, ...halfAYear, ...more });

    it('moves the last day and the due day along, and tells the referrer', async () => {
      const { hireId, referralId } = await hired('Postponed Person');
      const url = paths.hireFirstDay(hireId);
      const answer = await press(rita, url, url, { ...halfAYear, seenOn: '2026-09-01', firstDayOn: '2026-10-01' });
      assert.equal(answer.status, 303);
      const { first_day_on, probation_ends_on } = await hire(hireId);
      assert.deepEqual([first_day_on, probation_ends_on].map(String), ['2026-10-01', '2027-03-31']);
      const { due_on, forfeited_at } = await bonus(hireId);
      assert.deepEqual([String(due_on), forfeited_at], ['2027-04-01', null]);
      const letter = (await house.emailsTo(house.people.ben, referralId)).get('first_day_moved');
      assert.equal(letter?.data.firstDayOn, '2026-10-01');
      assert.match(JSON.stringify(letter?.data.bonus), /"dueOn":"2027-04-01"/);
      assert.ok((await deeds(referralId)).includes('hire.firstDayMoved'));
      const page = textOf((await rita.get(paths.hire(hireId))).text);
      assert.match(page, /Rita Blum changed the first day from 1 September 2026 to 1 October 2026/);
      assert.match(page, /recorded the hire; the first day is 1 September 2026/);
      assert.match(textOf((await rita.get(paths.referral(referralId))).text), /changed the first day from 1 September/);
      assert.equal((await runOn('2027-03-31')).awarded, 0);
      assert.equal((await runOn('2027-04-01')).awarded, 1);
    });

    it('can be corrected again, with the last day as a date', async () => {
      const { hireId } = await hired('Corrected Twice');
      assert.equal((await move(rita, hireId, '2026-09-01', '2026-10-01')).status, 303);
      const dated = { probationBy: 'date', probationEndsOn: '2027-01-15' };
      assert.equal((await move(anna, hireId, '2026-10-01', '2026-09-15', dated)).status, 303);
      const { first_day_on, probation_months, probation_ends_on } = await hire(hireId);
      assert.deepEqual(
        [String(first_day_on), probation_months, String(probation_ends_on)],
        ['2026-09-15', null, '2027-01-15'],
      );
      assert.equal(String((await bonus(hireId)).due_on), '2027-01-16');
    });

    it('is refused twice, before the referral, to the same days, and where it is no day', async () => {
      const { hireId } = await hired('Stubborn Days');
      for (const [firstDayOn, sentence] of [
        ['2026-08-02', /before the day of the referral/],
        ['2026-09-01', /the days as they stand/],
        ['2026-02-30', /no such day/],
      ] as const) {
        const answer = await move(rita, hireId, '2026-09-01', firstDayOn);
        assert.equal(answer.status, 422);
        assert.match(textOf(answer.text), sentence);
      }
      const both = [
        await move(rita, hireId, '2026-09-01', '2026-10-01'),
        await move(anna, hireId, '2026-09-01', '2026-11-01'),
      ];
      assert.deepEqual(
        both.map(({ status }) => status),
        [303, 409],
      );
      assert.equal(String((await hire(hireId)).first_day_on), '2026-10-01');
    });

    it('takes the promise away where nobody has the credit then, and brings it back', async () => {
      const { hireId, referralId } = await hired('Beyond The Credit');
      assert.equal((await move(rita, hireId, '2026-09-01', '2027-09-01')).status, 303);
      assert.equal((await bonus(hireId)).forfeit_reason, 'notTheOwner');
      const letter = (await house.emailsTo(house.people.ben, referralId)).get('first_day_moved');
      assert.deepEqual([letter?.data.bonus, letter?.data.noBonusRule], [null, 'owner']);
      assert.equal((await move(rita, hireId, '2027-09-01', '2026-09-02')).status, 303);
      const back = await bonus(hireId);
      assert.deepEqual([back.forfeited_at, String(back.due_on)], [null, '2027-03-02']);
      const told = (await deeds(referralId)).filter((deed) => deed.startsWith('bonus.'));
      assert.deepEqual(told, ['bonus.promised', 'bonus.forfeited', 'bonus.promised']);
    });

    it('carries the promise over to who has the credit then, and tells both', async () => {
      const { hireId, referralId } = await hired('Changing Hands');
      const later = await house.refer('Changing Hands Too', { by: house.people.elena });
      const { candidate_id } = await house.db('referrals').where({ id: referralId }).first();
      await house.db('ownerships').where({ referral_id: referralId }).update({ owned_until: '2026-09-20' });
      await house.db('referrals').where({ id: later }).update({ candidate_id });
      await house.db('ownerships').where({ referral_id: later }).update({ candidate_id, owned_from: '2026-09-21' });
      assert.equal((await move(rita, hireId, '2026-09-01', '2026-10-01')).status, 303);
      const rows = await house.db('bonuses').where({ hire_id: hireId });
      assert.deepEqual(
        rows.map((row) => [row.beneficiary_id, row.referral_id]),
        [[house.people.elena.id, later]],
      );
      assert.equal((await house.emailsTo(house.people.ben, referralId)).get('first_day_moved')?.data.bonus, null);
      assert.notEqual((await house.emailsTo(house.people.elena, later)).get('first_day_moved')?.data.bonus, null);
      assert.ok((await deeds(referralId)).includes('bonus.withdrawn'));
      assert.ok((await deeds(later)).includes('bonus.promised'));
    });
  });

  describe('by taking it back', () => {
    it('opens the referral again, takes the promise out of the books, and lets them be hired anew', async () => {
      const { hireId, referralId } = await hired('Called Off');
      const url = paths.hireTakeBack(hireId);
      assert.match(
        textOf((await rita.get(url)).text),
        /goes on at the stage “Received”.*The 1,500 EUR promised to Ben Carter/,
      );
      const answer = await press(rita, url, url, fields);
      assert.equal(answer.headers.location, paths.referral(referralId));
      const referral = await house.db('referrals').where({ id: referralId }).first();
      assert.deepEqual([referral.outcome, referral.ended_at, referral.stage], [null, null, 'received']);
      assert.equal(await hire(hireId), undefined);
      assert.equal(await bonus(hireId), undefined);
      assert.deepEqual((await deeds(referralId)).slice(-2), ['referral.hireUndone', 'bonus.withdrawn']);
      const letter = (await house.emailsTo(house.people.ben, referralId)).get('hire_undone');
      assert.deepEqual([letter?.data.hadBonus, letter?.data.stage], [true, 'received']);
      const page = textOf((await rita.get(paths.referral(referralId))).text);
      assert.match(page, /Rita Blum took the hire back/);
      assert.equal((await post(anna, url, fields)).status, 404);
      const again = await record(referralId, { firstDayOn: '2026-10-01' });
      assert.equal(String((await bonus(again)).due_on), '2027-04-01');
      assert.equal((await house.db('bonuses').where({ referral_id: referralId })).length, 1);
    });

    it('is refused to who saw another first day', async () => {
      const { hireId } = await hired('Seen Otherwise');
      assert.equal((await post(rita, paths.hireFirstDay(hireId), fields)).status, 303);
      const answer = await post(rita, paths.hireTakeBack(hireId), fields);
      assert.equal(answer.status, 409);
      assert.match(textOf(answer.text), /The first day is 1 October 2026 now/);
    });

    it('is done once, whoever else presses', async () => {
      const { hireId, referralId } = await hired('Pressed At Once');
      const both = await Promise.all([
        post(rita, paths.hireTakeBack(hireId), fields),
        post(anna, paths.hireTakeBack(hireId), fields),
      ]);
      assert.deepEqual(both.map(({ status }) => status).sort(), [303, 404]);
      assert.equal((await deeds(referralId)).filter((deed) => deed === 'referral.hireUndone').length, 1);
    });

    it('and the bonus run never both happen', async () => {
      for (let round = 0; round < 6; round += 1) {
        const { hireId } = await hired(`Raced Over ${round}`);
        house.turnTo('2027-03-01');
        const { anna: recorder } = house.people;
        const [undone] = await Promise.all([
          takeHireBack(house.deps, recorder, { hireId, seenOn: day('2026-09-01') }),
          payBonuses(house.deps, { asOf: day('2027-03-01') }),
        ]);
        const left = await bonus(hireId);
        if (undone.ok) assert.equal(left, undefined);
        else assert.deepEqual([undone.reason, left.awarded_at === null], ['bonusDecided', false]);
        house.turnTo('2026-08-03');
      }
    });
  });

  it('and the pages around it light the area that they belong to, with the way back', async () => {
    const { hireId } = await hired('Found Again');
    const { id } = await bonus(hireId);
    const { people } = house;
    const lit = (text: string) => /href="([^"]*)"[^>]*aria-current="(?:page|true)"/.exec(text)?.[1] ?? null;
    for (const [who, area, back] of [
      [people.anna, paths.hires(), paths.hire(hireId)],
      [people.clara, paths.payroll(), paths.payroll()],
      [people.ben, paths.home(), paths.myReferrals()],
    ] as const) {
      const { text } = await (await signInAs(house, who)).get(paths.bonus(id));
      assert.equal(lit(text), area);
      assert.ok(text.slice(text.indexOf('<main')).includes(`href="${back}"`), back);
    }
    const ben = await signInAs(house, people.ben);
    assert.equal(lit((await ben.get(paths.recommend(house.openingId))).text), paths.openings());
    assert.equal(lit((await ben.get(paths.recommend())).text), null);
  });

  describe('never', () => {
    const both = (hireId: number) => [paths.hireFirstDay(hireId), paths.hireTakeBack(hireId)];

    async function refuses(hireId: number, sentence: RegExp): Promise<void> {
      for (const url of both(hireId)) {
        assert.equal((await rita.get(url)).status, 409);
        const answer = await post(rita, url, fields);
        assert.equal(answer.status, 409);
        assert.match(textOf(answer.text), sentence);
        assert.ok(!(await rita.get(paths.hire(hireId))).text.includes(url));
      }
      assert.equal(String((await hire(hireId)).first_day_on), '2026-09-01');
    }

    it('once something was recorded of the probation, until that is undone', async () => {
      for (const [path, more, sentence] of [
        [paths.hireExtend, { toOn: '2027-04-30' }, /Probation was extended/],
        [paths.hireLeft, { lastDayOn: '2026-09-30' }, /last working day is recorded/],
      ] as const) {
        const { hireId } = await hired(`After ${sentence.source}`);
        assert.equal((await post(rita, path(hireId), more)).status, 303);
        await refuses(hireId, sentence);
        const { id } = await house.db('hire_events').where({ hire_id: hireId }).first();
        assert.equal((await post(rita, paths.hireUndo(hireId), { eventId: String(id) })).status, 303);
        assert.equal((await post(rita, paths.hireTakeBack(hireId), fields)).status, 303);
      }
    });

    it('once the bonus was awarded, also where the award was taken back', async () => {
      const { hireId } = await hired('Awarded Already');
      await runOn('2027-03-01');
      rita = await signInAs(house, house.people.rita);
      await refuses(hireId, /awarded or forfeited/);
      assert.equal((await post(rita, paths.hireExtend(hireId), { toOn: '2027-04-30' })).status, 303);
      await refuses(hireId, /awarded or forfeited/);
    });

    it('away from whoever holds the bonus', async () => {
      const { hireId } = await hired('Held Promise');
      await house
        .db('bonuses')
        .where({ hire_id: hireId })
        .update({ held_at: '2026-08-03T08:00:00Z', held_by: house.people.clara.id, held_reason: 'Wait' });
      const answer = await post(rita, paths.hireTakeBack(hireId), fields);
      assert.equal(answer.status, 409);
      assert.match(textOf(answer.text), /Ask payroll to release it first/);
      assert.equal((await post(rita, paths.hireFirstDay(hireId), fields)).status, 303);
      assert.equal((await bonus(hireId)).held_reason, 'Wait');
    });

    it('by anybody but recruiters', async () => {
      const { hireId } = await hired('Not Theirs');
      const { people } = house;
      for (const one of [people.ben, people.clara, people.david, people.farid]) {
        const agent = await signInAs(house, one);
        for (const url of both(hireId)) {
          assert.equal((await agent.get(url)).status, 403);
          assert.equal((await post(agent, url, fields)).status, 403);
        }
      }
    });
  });

  describe('and no recruiter decides on their own recommendation', () => {
    it('while it is open: a colleague has to', async () => {
      const referralId = await house.refer('Own Candidate', { by: house.people.rita });
      for (const [url, fields] of [
        [paths.referralMove(referralId), { to: 'screening' }],
        [paths.referralDecline(referralId), { declineReason: 'skills', feedback: 'x'.repeat(200) }],
        [paths.referralWithdraw(referralId), { feedback: '' }],
        [paths.referralNoReply(referralId), { feedback: '' }],
        [paths.referralHire(referralId), { firstDayOn: '2026-09-01' }],
      ] as const) {
        const answer = await post(rita, url, { madeFor: 'received', ...fields });
        assert.equal(answer.status, 409, url);
        assert.match(textOf(answer.text), /A colleague has to decide on your own recommendation/);
      }
      const page = (await rita.get(paths.referral(referralId))).text;
      assert.match(textOf(page), /a colleague has to decide on it/);
      for (const path of [paths.referralMove, paths.referralDecline, paths.referralHire]) {
        assert.ok(!page.includes(path(referralId)));
      }
      const refused = await recordHire(house.deps, house.people.rita, {
        referralId,
        madeFor: 'received',
        firstDayOn: day('2026-09-01'),
        probation: { months: 6 },
        level: '',
        country: 'DE',
        department: '',
        employmentType: 'permanent',
        managerId: null,
      });
      assert.equal(!refused.ok && refused.reason, 'ownReferral');
      assert.equal(
        (await post(anna, paths.referralMove(referralId), { madeFor: 'received', to: 'screening' })).status,
        303,
      );
    });

    it('and not on the hire that came of it', async () => {
      const { hireId } = await hired('Own Hire', { by: house.people.rita });
      const urls = [paths.hireExtend, paths.hirePassed, paths.hireLeft, paths.hireFirstDay, paths.hireTakeBack];
      const page = (await rita.get(paths.hire(hireId))).text;
      for (const path of urls) {
        const fields = { toOn: '2027-05-31', passedOn: '2026-09-01', lastDayOn: '2026-09-30', seenOn: '2026-09-01' };
        const answer = await post(rita, path(hireId), { ...fields, firstDayOn: '2026-10-01', ...halfAYear });
        assert.equal(answer.status, 409, path(hireId));
        assert.match(textOf(answer.text), /A colleague has to decide/);
        assert.ok(!page.includes(path(hireId)));
      }
      assert.match(textOf(page), /a colleague has to decide on it/);
      assert.equal((await post(anna, paths.hireExtend(hireId), { toOn: '2027-05-31' })).status, 303);
    });
  });
});
