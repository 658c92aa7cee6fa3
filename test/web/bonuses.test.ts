import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { press, textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { promiseBonus } from '../support/promised-bonus.ts';

const day = Temporal.PlainDate.from;

describe('the page of a bonus', () => {
  let house: TestHouse;
  let people: Cast;
  let ben: Agent;
  let clara: Agent;
  const clock = settableClock('Europe/Berlin', Temporal.Instant.from('2027-03-01T08:00:00Z'));
  before(async () => {
    house = await openTestHouse({ clock });
    people = await cast(house);
    ben = await signInAs(house, people.ben);
    clara = await signInAs(house, people.clara);
  });
  after(() => house.close());

  const promise = (more = {}) =>
    promiseBonus(house, {
      referrer: people.ben,
      probationEndsOn: day('2027-06-14'),
      candidate: 'Maria Ivanova',
      ...more,
    });

  it('shows the referrer what is still open, and until when', async () => {
    const { bonusId } = await promise();
    const answer = await ben.get(paths.bonus(bonusId));
    assert.equal(answer.status, 200);
    const text = textOf(answer.text);
    assert.match(text, /Your bonus of 1,500 EUR/);
    assert.match(text, /Maria Ivanova/);
    assert.match(text, /Due on 15 June 2027 if probation ends well, with the June 2027 payroll/);
    assert.match(text, /Probation runs to 14 June 2027/);
    assert.match(text, /The referrer's role may receive/);
    assert.match(answer.text, /aria-label="Not yet:".*?Probation runs to/s);
    assert.doesNotMatch(answer.text, /Put on hold/);
  });

  it('speaks Russian to who reads Russian', async () => {
    const { bonusId } = await promise({ referrer: people.elena });
    const text = textOf((await (await signInAs(house, people.elena)).get(paths.bonus(bonusId))).text);
    assert.match(text, /Ваша премия 1 500 €/);
    assert.match(text, /Испытательный срок идёт до 14 июня 2027\./);
  });

  it('keeps what was found on the day of the decision', async () => {
    const { bonusId, hireId } = await promise({ probationEndsOn: day('2027-02-28') });
    await payBonuses(house.deps, { asOf: day('2027-03-01') });
    await house.db.raw(`update hires set passed_on = '2027-03-01' where id = ?`, [hireId]);
    const text = textOf((await ben.get(paths.bonus(bonusId))).text);
    assert.match(text, /Awarded on 1 March 2027; it is paid with the March 2027 payroll/);
    assert.match(text, /The hire stayed through probation/);
    assert.doesNotMatch(text, /Probation was passed on/);
    assert.match(text, /Awarded, for the March 2027 payroll/);
  });

  it('says why it was forfeited', async () => {
    const { bonusId } = await promise({ leftOn: day('2027-02-20') });
    await payBonuses(house.deps, { asOf: day('2027-03-01') });
    const text = textOf((await ben.get(paths.bonus(bonusId))).text);
    assert.match(text, /Forfeited on 1 March 2027: the hire left during probation/);
    assert.match(text, /The hire's last day of work, 20 February 2027, is in probation/);
  });

  it('is for the referrer, recruiters, payroll and admins, and nobody else', async () => {
    const { bonusId } = await promise();
    const url = paths.bonus(bonusId);
    assert.equal((await (await signInAs(house, people.anna)).get(url)).status, 200);
    assert.equal((await (await signInAs(house, people.david)).get(url)).status, 200);
    assert.equal((await (await signInAs(house, people.elena)).get(url)).status, 403);
    assert.equal((await (await signInAs(house, people.farid)).get(url)).status, 403);
    assert.equal((await ben.get(paths.bonus(999_999))).status, 404);
    assert.equal((await ben.get('/bonuses/nonsense')).status, 404);
  });

  it('shows payroll no name of the candidate', async () => {
    const { bonusId } = await promise();
    const answer = await clara.get(paths.bonus(bonusId));
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, /Maria/);
    assert.match(answer.text, /Ben Carter/);
  });

  describe('on hold', () => {
    it('is passed by until it is released; the referrer reads no more than that', async () => {
      const { bonusId } = await promise({ probationEndsOn: day('2027-02-27') });
      const url = paths.bonus(bonusId);
      const held = await press(clara, url, paths.bonusHold(bonusId), { reason: 'Ask Maria’s manager first' });
      assert.equal(held.status, 303);
      await payBonuses(house.deps, { asOf: day('2027-03-01') });
      const mine = textOf((await ben.get(url)).text);
      assert.match(mine, /On hold/);
      assert.doesNotMatch(mine, /manager first|Clara/);
      assert.match(textOf((await clara.get(url)).text), /Clara Novak: “Ask Maria’s manager first”/);
      assert.match(textOf((await clara.get(paths.payroll())).text), /Ask Maria’s manager first/);

      const twice = await press(clara, paths.account(), paths.bonusHold(bonusId), { reason: 'Once more' });
      assert.equal(twice.status, 409);
      assert.match(twice.text, /on hold already/);

      assert.equal((await press(clara, url, paths.bonusRelease(bonusId))).status, 303);
      const again = await press(clara, paths.account(), paths.bonusRelease(bonusId));
      assert.equal(again.status, 409);
      assert.equal((await payBonuses(house.deps, { asOf: day('2027-03-01') })).awarded, 1);
      const story = textOf((await clara.get(url)).text);
      assert.match(story, /Released \(Clara Novak\)/);
      assert.match(story, /Put on hold \(Clara Novak\)/);
      const { rows } = await house.db.raw('select facts::text as facts from history where about_id = ?', [bonusId]);
      assert.ok(rows.every((row: { facts: string }) => !row.facts.includes('Maria')));
    });

    it('takes an award out of the open run', async () => {
      const { bonusId } = await promise({ probationEndsOn: day('2027-02-28') });
      await payBonuses(house.deps, { asOf: day('2027-03-01') });
      assert.equal(
        (await press(clara, paths.bonus(bonusId), paths.bonusHold(bonusId), { reason: 'Wait' })).status,
        303,
      );
      const lines = await house.db.raw('select released_at from payroll_lines where bonus_id = ?', [bonusId]);
      assert.equal(lines.rows.length, 1);
      assert.notEqual(lines.rows[0].released_at, null);
    });

    it('needs a reason, and keeps what was typed', async () => {
      const { bonusId } = await promise();
      const answer = await press(clara, paths.bonus(bonusId), paths.bonusHold(bonusId), { reason: ' x' });
      assert.equal(answer.status, 422);
      assert.match(answer.text, /Say in a few words why it is held/);
      assert.match(answer.text, /<details class="confirm" open>/);
    });

    it('is payroll’s and the admins’ to say', async () => {
      const { bonusId } = await promise();
      const anna = await signInAs(house, people.anna);
      for (const agent of [ben, anna]) {
        const answer = await press(agent, paths.account(), paths.bonusHold(bonusId), { reason: 'Because' });
        assert.equal(answer.status, 403);
      }
      const { rows } = await house.db.raw('select held_at from bonuses where id = ?', [bonusId]);
      assert.equal(rows[0].held_at, null);
    });
  });
});
