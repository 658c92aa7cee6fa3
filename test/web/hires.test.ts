import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { recordHire } from '../../src/hires/record-hire-service.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, signInAs } from '../support/cast.ts';
import { csrfToken, press, textOf } from '../support/forms.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

const day = Temporal.PlainDate.from;
const place = {
  level: 'senior',
  country: 'DE',
  department: 'Engineering',
  employmentType: 'permanent',
  manager: 'farid.aliyev@example.com',
};
const halfAYear = { madeFor: 'received', probationBy: 'months', probationMonths: '6', ...place };

describe('Hires', () => {
  let house: Recruiting;
  let anna: Agent;
  let rita: Agent;
  let clara: Agent;
  let david: Agent;
  let farid: Agent;
  let ben: Agent;

  before(async () => {
    house = await openRecruiting({ today: '2026-08-03' });
    const { people } = house;
    const all = [people.anna, people.rita, people.clara, people.david, people.farid, people.ben];
    [anna, rita, clara, david, farid, ben] = (await Promise.all(all.map((one) => signInAs(house, one)))) as [
      Agent,
      Agent,
      Agent,
      Agent,
      Agent,
      Agent,
    ];
  });
  beforeEach(() => house.turnTo('2026-08-03'));
  after(() => house.close());

  /** Months later, when Rita has to sign in anew. */
  const onDay = async (text: string): Promise<void> => {
    house.turnTo(text);
    rita = await signInAs(house, house.people.rita);
  };

  const post = async (agent: Agent, action: string, fields: Record<string, string>) =>
    agent
      .post(action)
      .type('form')
      .send({ csrf: await csrfToken(agent, paths.account()), ...fields });
  const hireOf = async (referralId: number) => house.db('hires').where({ referral_id: referralId }).first();
  const bonusOf = async (hireId: number) => house.db('bonuses').where({ hire_id: hireId }).first();
  const lastDeed = async (about: string, aboutId: number) =>
    (await house.db('history').where({ about, about_id: aboutId }).orderBy('id', 'desc').first()).deed;
  const isDay = (found: unknown, expected: string) => assert.equal(String(found), expected);

  async function hired(name: string, more: { firstDayOn?: string; months?: number } = {}) {
    const referralId = await house.refer(name);
    const answer = await recordHire(house.deps, house.people.anna, {
      referralId,
      madeFor: 'received',
      firstDayOn: day(more.firstDayOn ?? '2026-09-01'),
      probation: { months: more.months ?? 6 },
      level: 'senior',
      country: 'DE',
      department: 'Engineering',
      employmentType: 'permanent',
      managerId: house.people.farid.id,
    });
    assert.ok(answer.ok);
    return { referralId, hireId: answer.value.hireId };
  }

  describe('recording', () => {
    it('refuses to count what it would refuse to record', async () => {
      const id = await house.refer('Counted In Vain');
      const url = paths.referralHire(id);
      const early = { ...halfAYear, firstDayOn: '2026-08-02', step: 'count' };
      const answer = await press(rita, url, url, early);
      assert.equal(answer.status, 422);
      assert.match(textOf(answer.text), /lies before the day of the referral/);
      assert.doesNotMatch(answer.text, /id="counted"/);
      const stale = await post(rita, url, { ...early, firstDayOn: '2026-09-01', madeFor: 'offer' });
      assert.equal(stale.status, 409);
    });

    it('proposes the place from the opening and the usual probation', async () => {
      const id = await house.refer('Proposed Person');
      const form = await rita.get(paths.referralHire(id));
      assert.equal(form.status, 200);
      assert.match(form.text, /id="manager"[^>]*value="farid.aliyev@example.com"/);
      assert.match(form.text, /id="probationMonths"[^>]*value="6"/);
      assert.match(form.text, /<option value="DE" selected/);
    });

    for (const [first, last] of [
      ['2026-09-01', '2027-02-28'],
      ['2026-08-31', '2027-02-28'],
      ['2026-08-29', '2027-02-28'],
      ['2026-08-28', '2027-02-27'],
    ] as const) {
      it(`counts six months from ${first} to ${last}, and says so before and after`, async () => {
        const id = await house.refer(`Counted ${first}`);
        const url = paths.referralHire(id);
        const counted = await press(rita, url, url, { ...halfAYear, firstDayOn: first, step: 'count' });
        assert.equal(counted.status, 200);
        assert.match(textOf(counted.text), new RegExp(`Probation ends on ${day(last).day} February 2027`));
        assert.match(textOf(counted.text), /A bonus of 1,500 EUR falls due on .* February|March 2027/);
        assert.equal(await hireOf(id), undefined);
        const answer = await press(rita, url, url, { ...halfAYear, firstDayOn: first });
        assert.equal(answer.status, 303);
        const hire = await hireOf(id);
        assert.equal(answer.headers.location, paths.hire(hire.id));
        isDay(hire.probation_ends_on, last);
        assert.equal(hire.manager_id, house.people.farid.id);
      });
    }

    it('takes the last day as a date', async () => {
      const id = await house.refer('Dated Person');
      const url = paths.referralHire(id);
      const dated = { ...halfAYear, firstDayOn: '2026-10-01', probationBy: 'date', probationEndsOn: '2027-01-15' };
      assert.equal((await press(rita, url, url, dated)).status, 303);
      const hire = await hireOf(id);
      isDay(hire.probation_ends_on, '2027-01-15');
      assert.equal(hire.probation_months, null);
    });

    it('promises the bonus and tells the referrer', async () => {
      const { referralId, hireId } = await hired('Promised Person');
      const bonus = await bonusOf(hireId);
      assert.deepEqual([bonus.amount_minor, bonus.currency], [150_000, 'EUR']);
      assert.equal(bonus.beneficiary_id, house.people.ben.id);
      isDay(bonus.due_on, '2027-03-01');
      assert.equal(await lastDeed('bonus', bonus.id), 'bonus.promised');
      assert.equal(await lastDeed('referral', referralId), 'referral.hired');
      const letter = (await house.emailsTo(house.people.ben, referralId)).get('hired');
      assert.deepEqual(letter?.data.bonus, {
        amountMinor: 150_000,
        currency: 'EUR',
        probationEndsOn: '2027-02-28',
        dueOn: '2027-03-01',
        payrollPeriods: ['2027-03'],
      });
    });

    it('promises nothing to a manager of the hire or a recruiter, and says which rule', async () => {
      for (const [who, rule, reason] of [
        ['farid', 'reportingChain', 'managerOfTheHire'],
        ['greta', 'reportingChain', 'managerOfTheHire'],
        ['rita', 'function', 'excludedFunction'],
      ] as const) {
        const by = house.people[who];
        const id = await house.refer(`Recommended by ${who}`, { by });
        const url = paths.referralHire(id);
        assert.equal((await press(anna, url, url, { ...halfAYear, firstDayOn: '2026-09-01' })).status, 303);
        const hire = await hireOf(id);
        assert.equal((await bonusOf(hire.id)).forfeit_reason, reason);
        const letter = (await house.emailsTo(by, id)).get('hired');
        assert.equal(letter?.data.bonus, null);
        assert.equal(letter?.data.noBonusRule, rule);
      }
    });

    it('promises nothing once the ownership is over on the first day, and something on its last', async () => {
      const owned = (await hired('Owned To The Last Day', { firstDayOn: '2027-08-03' })).hireId;
      const over = (await hired('Owned A Day Short', { firstDayOn: '2027-08-04' })).hireId;
      assert.equal((await bonusOf(owned)).forfeit_reason, null);
      assert.equal((await bonusOf(over)).forfeit_reason, 'notTheOwner');
    });

    it('credits whoever owns the candidate by then, and tells both', async () => {
      const id = await house.refer('Twice Owned');
      const later = await house.refer('Twice Owned Too', { by: house.people.elena });
      const { candidate_id } = await house.db('referrals').where({ id }).first();
      await house.db('ownerships').where({ referral_id: id }).update({ owned_until: '2026-08-20' });
      await house.db('referrals').where({ id: later }).update({ candidate_id });
      await house.db('ownerships').where({ referral_id: later }).update({ candidate_id, owned_from: '2026-08-21' });
      const url = paths.referralHire(id);
      assert.equal((await press(rita, url, url, { ...halfAYear, firstDayOn: '2026-09-01' })).status, 303);
      const bonus = await bonusOf((await hireOf(id)).id);
      assert.equal(bonus.beneficiary_id, house.people.elena.id);
      assert.equal(bonus.referral_id, later);
      assert.equal((await house.emailsTo(house.people.ben, id)).get('hired')?.data.noBonusRule, 'owner');
      assert.notEqual((await house.emailsTo(house.people.elena, later)).get('hired')?.data.bonus, null);
    });

    it('shows every slip by its field and keeps what was typed', async () => {
      const id = await house.refer('Slipped Person');
      const url = paths.referralHire(id);
      for (const [change, sentence] of [
        [{ firstDayOn: '' }, /Choose a day/],
        [{ firstDayOn: '2026-02-30' }, /no such day in the calendar/],
        [{ firstDayOn: '2026-07-01' }, /before the day of the referral/],
        [{ probationMonths: 'six' }, /whole number from 1 to 36/],
        [{ probationMonths: '0' }, /whole number from 1 to 36/],
        [{ probationMonths: '37' }, /longer than three years/],
        [{ probationBy: 'date', probationEndsOn: '2026-08-31' }, /can't end before the first day/],
        [{ probationBy: 'date', probationEndsOn: '2036-09-01' }, /longer than three years/],
        [{ manager: 'nobody@example.com' }, /Nobody on the staff list/],
        [{ country: 'XX' }, /Choose a country/],
        [{ employmentType: 'pirate' }, /Choose the kind of employment/],
        [{ level: 'x'.repeat(5000) }, /too long/],
      ] as const) {
        const answer = await press(rita, url, url, { ...halfAYear, firstDayOn: '2026-09-01', ...change });
        assert.equal(answer.status, 422, JSON.stringify(change).slice(0, 80));
        assert.match(textOf(answer.text), sentence);
        assert.match(answer.text, /value="Engineering"/);
      }
      assert.equal(await hireOf(id), undefined);
      const byNumber = await press(rita, url, url, { ...halfAYear, firstDayOn: '2026-09-01', manager: '002' });
      assert.equal(byNumber.status, 303);
    });

    it('is refused twice, for an ended referral, and for everybody but recruiters', async () => {
      const id = await house.refer('Once Person');
      const url = paths.referralHire(id);
      const fields = { ...halfAYear, firstDayOn: '2026-09-01' };
      for (const agent of [ben, david, clara, farid]) {
        assert.equal((await agent.get(url)).status, 403);
        assert.equal((await post(agent, url, fields)).status, 403);
      }
      assert.equal((await post(rita, url, { ...fields, madeFor: 'offer' })).status, 409);
      const both = await Promise.all([post(rita, url, fields), post(anna, url, fields)]);
      assert.deepEqual(both.map(({ status }) => status).sort(), [303, 409]);
      const twice = await post(rita, url, fields);
      assert.equal(twice.status, 409);
      assert.match(textOf(twice.text), /recorded already/);
      const { rows } = await house.db.raw('select count(*) from bonuses where referral_id = ?', [id]);
      assert.equal(rows[0].count, 1);
    });
  });

  describe('somebody whom two referrals lead to', () => {
    const asked = (referralId: number, firstDayOn: string) => ({
      referralId,
      madeFor: 'received' as const,
      firstDayOn: day(firstDayOn),
      probation: { months: 6 },
      level: 'senior',
      country: 'DE',
      department: 'Engineering',
      employmentType: 'permanent' as const,
      managerId: null,
    });

    /** The same candidate once more, in general. */
    async function referAgain(referralId: number): Promise<number> {
      const { rows } = await house.db.raw(
        `insert into referrals (candidate_id, referrer_id, referrer_roles, policy_id, submission_key, relationship, why,
           agreed_at, agreed_text_version, made_at, made_on, stage_since, first_answer_due_on)
         select candidate_id, referrer_id, referrer_roles, policy_id, gen_random_uuid(), relationship, why, agreed_at,
           agreed_text_version, made_at, made_on, stage_since, first_answer_due_on from referrals where id = ? returning id`,
        [referralId],
      );
      return rows[0].id;
    }

    it('is hired once, and brings one bonus, also when two recruiters press at once', async () => {
      const first = await house.refer('Wanted Twice');
      const second = await referAgain(first);
      const { people } = house;
      const answers = await Promise.all([
        recordHire(house.deps, people.anna, asked(first, '2026-09-01')),
        recordHire(house.deps, people.rita, asked(second, '2026-10-01')),
      ]);
      assert.deepEqual(answers.map((answer) => (answer.ok ? 'hired' : answer.reason)).sort(), ['hired', 'worksHere']);
      const hires = await house.db('hires').whereIn('referral_id', [first, second]);
      assert.equal(hires.length, 1);
      assert.equal((await house.db('bonuses').whereIn('referral_id', [first, second])).length, 1);
      const left = hires[0].referral_id === first ? second : first;
      const url = paths.referralHire(left);
      const again = await press(rita, url, url, { ...halfAYear, firstDayOn: '2026-09-01' });
      assert.equal(again.status, 409);
      assert.match(textOf(again.text), /hired already, through another referral/);
    });

    it('can be hired again from the day after the last day of work, and then has left for good', async () => {
      const { hireId, referralId } = await hired('Coming Back');
      const url = paths.hireLeft(hireId);
      assert.equal((await press(rita, url, url, { lastDayOn: '2026-12-31', note: '' })).status, 303);
      const back = await referAgain(referralId);
      const { anna } = house.people;
      const early = await recordHire(house.deps, anna, asked(back, '2026-12-31'));
      assert.equal(!early.ok && early.reason, 'worksHere');
      assert.ok((await recordHire(house.deps, anna, asked(back, '2027-01-01'))).ok);
      const undo = await press(rita, paths.hireUndo(hireId), paths.hireUndo(hireId), {
        eventId: String((await house.db('hire_events').where({ hire_id: hireId }).first()).id),
      });
      assert.equal(undo.status, 409);
    });
  });

  describe('the list and the page', () => {
    it('are for HR and those who lead the hire: payroll learns no names', async () => {
      const { hireId } = await hired('Guarded Hire');
      for (const agent of [anna, david, farid]) {
        assert.equal((await agent.get(paths.hires())).status, 200);
        assert.equal((await agent.get(paths.hire(hireId))).status, 200);
      }
      for (const agent of [ben, clara]) {
        assert.equal((await agent.get(paths.hires())).status, 403);
        assert.equal((await agent.get(paths.hire(hireId))).status, 403);
      }
      assert.doesNotMatch((await clara.get(paths.home())).text, /href="\/hires/);
      assert.doesNotMatch((await david.get(paths.hire(hireId))).text, /hires\/\d+\/extend/);
      assert.equal((await anna.get(paths.hire(999_999))).status, 404);
    });

    it('tell whoever leads the hire nothing of the bonus, and nothing of who is under notice', async () => {
      const { hireId } = await hired('Quietly Promised');
      const notice = (noticeGivenOn: string | null) =>
        house.db('employees').where({ id: house.people.ben.id }).update({ notice_given_on: noticeGivenOn });
      await notice('2026-08-01');
      const forHr = textOf((await david.get(paths.hire(hireId))).text);
      const forManager = textOf((await farid.get(paths.hire(hireId))).text);
      await notice(null);
      assert.match(forHr, /under notice since 1 August 2026[\s\S]*1,500\.00 EUR/);
      assert.match(forManager, /Quietly Promised[\s\S]*recommended by Ben Carter/);
      assert.doesNotMatch(forManager, /notice|EUR|Bonus/);
    });

    it('sort the probations by how they stand, to the day', async () => {
      const { hireId } = await hired('Boundary Person', { months: 6 });
      const shows = async (view: string) =>
        (await rita.get(`${paths.hires()}?show=${view}&q=boundary`)).text.includes(`"${paths.hire(hireId)}"`);
      await onDay('2027-01-28');
      assert.equal(await shows('soon'), false);
      assert.equal(await shows('running'), true);
      await onDay('2027-01-29');
      assert.equal(await shows('soon'), true);
      await onDay('2027-02-28');
      assert.equal(await shows('soon'), true);
      assert.equal(await shows('running'), true);
      assert.equal(await shows('passed'), false);
      await onDay('2027-03-01');
      assert.equal(await shows('soon'), false);
      assert.equal(await shows('passed'), true);
      assert.match(textOf((await rita.get(paths.hire(hireId))).text), /Probation is over/);
      assert.equal((await rita.get(`${paths.hires()}?q=%25_%00&after=x~1&show=nope`)).status, 200);
    });
  });

  describe('probation', () => {
    it('is extended: the day of the bonus moves along, and the referrer is told', async () => {
      const { hireId, referralId } = await hired('Extended Person');
      const url = paths.hireExtend(hireId);
      assert.match(textOf((await rita.get(url)).text), /The 1,500 EUR of Ben Carter move along/);
      const same = await press(rita, url, url, { toOn: '2027-02-28', note: 'Kept <note>' });
      assert.equal(same.status, 422);
      assert.match(textOf(same.text), /Choose a day after 28 February 2027/);
      assert.match(same.text, /Kept &lt;note&gt;/);
      assert.equal((await press(rita, url, url, { toOn: '2027-05-31', note: 'Needs time' })).status, 303);
      isDay((await hireOf(referralId)).probation_ends_on, '2027-05-31');
      isDay((await bonusOf(hireId)).due_on, '2027-06-01');
      const letter = (await house.emailsTo(house.people.ben, referralId)).get('probation_moved');
      assert.equal(letter?.data.probationEndsOn, '2027-05-31');
      assert.equal(await lastDeed('hire', hireId), 'hire.extended');
      assert.match(
        textOf((await rita.get(paths.hire(hireId))).text),
        /Rita Blum extended probation from 28 February 2027/,
      );
    });

    it('is undone where nothing followed, and only what was seen', async () => {
      const { hireId, referralId } = await hired('Undone Person');
      const extend = paths.hireExtend(hireId);
      const undo = paths.hireUndo(hireId);
      assert.equal((await rita.get(undo)).status, 409);
      await press(rita, extend, extend, { toOn: '2027-03-31', note: '' });
      const stale = await house.db('hire_events').where({ hire_id: hireId }).first();
      await press(rita, extend, extend, { toOn: '2027-04-30', note: '' });
      const missed = await post(rita, undo, { eventId: String(stale.id) });
      assert.equal(missed.status, 409);
      assert.match(textOf(missed.text), /recorded something else in the meantime/);
      const page = (await rita.get(undo)).text;
      const eventId = /name="eventId" value="(\d+)"/.exec(page)?.[1] ?? '';
      assert.equal((await post(rita, undo, { eventId })).status, 303);
      isDay((await hireOf(referralId)).probation_ends_on, '2027-03-31');
      isDay((await bonusOf(hireId)).due_on, '2027-04-01');
      assert.equal((await post(rita, undo, { eventId })).status, 409);
    });

    it('is passed, from the first day on and not ahead', async () => {
      const { hireId, referralId } = await hired('Passed Person', { firstDayOn: '2026-08-03' });
      const url = paths.hirePassed(hireId);
      assert.equal((await press(rita, url, url, { passedOn: '2026-08-04', note: '' })).status, 422);
      assert.equal((await press(rita, url, url, { passedOn: '2026-08-02', note: '' })).status, 422);
      assert.equal((await press(rita, url, url, { passedOn: '2026-08-03', note: '' })).status, 303);
      isDay((await hireOf(referralId)).passed_on, '2026-08-03');
      const twice = await post(anna, url, { passedOn: '2026-08-03', note: '' });
      assert.equal(twice.status, 409);
      assert.match(textOf(twice.text), /Rita Blum/);
      assert.equal((await rita.get(paths.hireExtend(hireId))).status, 409);
    });

    it('ends by leaving: on the last day the bonus goes, the day after it stays', async () => {
      const onLast = (await hired('Left On The Last Day')).hireId;
      const dayAfter = (await hired('Left The Day After')).hireId;
      await onDay('2027-02-26');
      for (const [hireId, lastDayOn] of [
        [onLast, '2027-02-28'],
        [dayAfter, '2027-03-01'],
      ] as const) {
        const url = paths.hireLeft(hireId);
        assert.equal((await press(rita, url, url, { lastDayOn: '2026-08-30', note: '' })).status, 422);
        assert.equal((await press(rita, url, url, { lastDayOn, note: '' })).status, 303);
        assert.equal((await post(rita, url, { lastDayOn, note: '' })).status, 409);
      }
      assert.match(textOf((await rita.get(paths.hire(onLast))).text), /lies in probation.*the bonus run forfeits/);
      assert.doesNotMatch(textOf((await rita.get(paths.hire(dayAfter))).text), /the bonus run forfeits/);
      await onDay('2027-03-01');
      await payBonuses(house.deps, { asOf: day('2027-03-01') });
      assert.equal((await bonusOf(onLast)).forfeit_reason, 'leftInProbation');
      assert.notEqual((await bonusOf(dayAfter)).awarded_at, null);
      assert.equal((await rita.get(paths.hireUndo(onLast))).status, 409);
    });

    it('goes back to waiting when extended after the award, before payroll has it', async () => {
      const { hireId, referralId } = await hired('Awarded Then Extended');
      await onDay('2027-03-01');
      await payBonuses(house.deps, { asOf: day('2027-03-01') });
      const { id } = await bonusOf(hireId);
      assert.notEqual((await bonusOf(hireId)).awarded_at, null);
      const url = paths.hireExtend(hireId);
      assert.match(textOf((await rita.get(url)).text), /go back to waiting/);
      assert.equal((await press(rita, url, url, { toOn: '2027-04-30', note: '' })).status, 303);
      const bonus = await bonusOf(hireId);
      assert.equal(bonus.awarded_at, null);
      isDay(bonus.due_on, '2027-05-01');
      const lines = await house.db('payroll_lines').where({ bonus_id: id });
      assert.equal(lines.filter((line) => line.released_at === null).length, 0);
      assert.equal(await lastDeed('bonus', id), 'bonus.backToWaiting');
      assert.ok((await house.emailsTo(house.people.ben, referralId)).has('probation_moved'));
    });

    it('changes nothing silently once payroll has the bonus: it gets a flag', async () => {
      const { hireId, referralId } = await hired('Exported Then Extended');
      await onDay('2027-03-01');
      await payBonuses(house.deps, { asOf: day('2027-03-01') });
      const before = await bonusOf(hireId);
      const { run_id } = await house.db('payroll_lines').where({ bonus_id: before.id }).first();
      await house.db.raw(
        `update payroll_runs set exported_at = now(), exported_by = ?, file_name = 'x.csv', line_count = 1, totals = '[]',
           sha256 = 'x' where id = ?`,
        [house.people.clara.id, run_id],
      );
      const url = paths.hireExtend(hireId);
      assert.match(textOf((await rita.get(url)).text), /with payroll already/);
      const answer = await press(rita, url, url, { toOn: '2027-04-30', note: '' });
      assert.equal(answer.status, 303);
      const bonus = await bonusOf(hireId);
      assert.deepEqual([bonus.awarded_on, bonus.due_on].map(String), [before.awarded_on, before.due_on].map(String));
      assert.equal(await lastDeed('bonus', bonus.id), 'bonus.flagged');
      assert.match(textOf((await rita.get(paths.hire(hireId))).text), /Needs settling with payroll/);
      assert.equal((await house.emailsTo(house.people.ben, referralId)).has('probation_moved'), false);
    });

    it('is recorded by recruiters only', async () => {
      const { hireId } = await hired('Only Recruiters');
      for (const [url, fields] of [
        [paths.hireExtend(hireId), { toOn: '2027-05-31' }],
        [paths.hirePassed(hireId), { passedOn: '2026-09-01' }],
        [paths.hireLeft(hireId), { lastDayOn: '2026-09-30' }],
        [paths.hireUndo(hireId), { eventId: '1' }],
      ] as const) {
        for (const agent of [ben, clara, david, farid]) {
          assert.equal((await agent.get(url)).status, 403);
          assert.equal((await post(agent, url, fields)).status, 403);
        }
      }
      assert.equal(await house.db('hire_events').where({ hire_id: hireId }).first(), undefined);
    });
  });
});

describe('Hires whose bonus wants HR’s word', () => {
  let house: Recruiting;
  before(async () => {
    house = await openRecruiting({ today: '2026-08-03', terms: { confirmation: 'required' } });
  });
  after(() => house.close());

  it('wait in a list of their own until it is given, and then it can’t be taken back', async () => {
    const referralId = await house.refer('Waiting Person');
    const answer = await recordHire(house.deps, house.people.anna, {
      referralId,
      madeFor: 'received',
      firstDayOn: day('2026-09-01'),
      probation: { months: 6 },
      level: 'senior',
      country: 'DE',
      department: 'Engineering',
      employmentType: 'permanent',
      managerId: null,
    });
    assert.ok(answer.ok);
    const page = paths.hire(answer.value.hireId);
    const waiting = `${paths.hires()}?show=waiting`;
    house.turnTo('2027-02-28');
    const rita = await signInAs(house, house.people.rita);
    assert.doesNotMatch(textOf((await rita.get(waiting)).text), /Waiting Person/);
    house.turnTo('2027-03-01');
    await payBonuses(house.deps, { asOf: day('2027-03-01') });
    assert.match(textOf((await rita.get(waiting)).text), /Waiting Person Waits for your word/);
    assert.doesNotMatch(textOf((await rita.get(`${paths.hires()}?show=passed`)).text), /Waiting Person/);
    const url = paths.hirePassed(answer.value.hireId);
    assert.match(textOf((await rita.get(url)).text), /wait for this word/);
    assert.equal((await press(rita, url, url, { passedOn: '2027-03-01', note: '' })).status, 303);
    await rita.get(page);
    assert.doesNotMatch(textOf((await rita.get(waiting)).text), /Waiting Person/);
    assert.equal((await rita.get(paths.hireUndo(answer.value.hireId))).status, 200);
    await payBonuses(house.deps, { asOf: day('2027-03-01') });
    assert.equal((await rita.get(paths.hireUndo(answer.value.hireId))).status, 409);
    assert.match(textOf((await rita.get(page)).text), /can't be undone any more/);
  });
});
