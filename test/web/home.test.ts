import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { recordHire } from '../../src/hires/record-hire-service.ts';
import { enqueueEmails } from '../../src/mail/outbox.ts';
import { paths } from '../../src/paths.ts';
import { exportRun, markPaid } from '../../src/payroll/payroll-service.ts';
import type { Employee } from '../../src/people/employee.ts';
import { declineReferral, moveReferral } from '../../src/referrals/review-service.ts';
import { signInAs } from '../support/cast.ts';
import { textOf } from '../support/forms.ts';
import { anOpening } from '../support/opening-cast.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';

const day = Temporal.PlainDate.from;
const monday = '2027-01-11';
let house: Recruiting;

before(async () => {
  house = await openRecruiting({ today: monday });
  await house
    .db('employees')
    .where({ language: 'ru' })
    .whereIn('id', [house.people.anna.id])
    .update({ chosen_language: 'en' });
});
after(() => house.close());
beforeEach(() => house.turnTo(monday));

async function homeOf(employee: Employee): Promise<{ text: string; html: string }> {
  const agent = await signInAs(house, employee);
  const answer = await agent.get(paths.home());
  assert.equal(answer.status, 200, answer.text);
  return { text: textOf(answer.text), html: answer.text };
}

/** Recommended, hired on the first of February, probation to the end of July. */
async function hired(name: string, by: Employee): Promise<{ referralId: number; hireId: number }> {
  const referralId = await house.refer(name, { by });
  const answer = await recordHire(house.deps, house.people.anna, {
    referralId,
    madeFor: 'received',
    firstDayOn: day('2027-02-01'),
    probation: { months: 6 },
    level: 'senior',
    country: 'DE',
    department: 'Engineering',
    employmentType: 'permanent',
    managerId: house.people.farid.id,
  });
  assert.ok(answer.ok, JSON.stringify(answer));
  return { referralId, hireId: answer.value.hireId };
}

describe('home', () => {
  it('teaches whoever has recommended nobody yet', async () => {
    const { text } = await homeOf(house.people.elena);
    assert.match(text, /Здравствуйте, Elena/);
    assert.match(text, /Ваша первая рекомендация/);
    assert.match(text, /Она выплачивается после испытательного срока \(6 месяцев\), с зарплатой за этот месяц/);
    assert.doesNotMatch(text, /Ждёт вас/);
  });

  it('asks who you are first', async () => {
    const { default: supertest } = await import('supertest');
    assert.equal((await supertest(house.app).get(paths.home())).status, 303);
  });

  it('shows three openings, priority first, each with its bonus and a way to recommend', async () => {
    const urgent = await anOpening(house.deps, house.people, { title: 'Urgent one', isPriority: true });
    for (const title of ['Second', 'Third', 'Fourth']) await anOpening(house.deps, house.people, { title });
    const { text, html } = await homeOf(house.people.ben);
    assert.match(text, /Whom could you recommend\? All openings Priority Urgent one/);
    assert.match(text, /1,500 EUR after probation \(6 months\)/);
    assert.equal(html.match(/class="card-action"/g)?.length, 3);
    assert.ok(html.includes(`href="${paths.recommend(urgent).replace('=', '&#x3D;')}"`));
  });

  it('shows how mine are doing with today’s step lit, open ones first, and nobody else’s', async () => {
    const { ben, anna, greta } = house.people;
    const first = await house.refer('Maria Ivanova', { by: ben });
    await declineReferral(house.deps, anna, {
      referralId: first,
      madeFor: 'received',
      declineReason: 'skills',
      feedback: 'More Kotlin',
    });
    const second = await house.refer('Tom Weber', { by: ben, openingId: null });
    await house.refer('Yuki Tanaka', { by: greta });
    await moveReferral(house.deps, anna, { referralId: second, madeFor: 'received', to: 'interview' });
    const third = await house.refer('Zoe Young', { by: ben });
    const { text, html } = await homeOf(ben);
    const places = [third, second, first].map((id) => html.indexOf(`href="${paths.referral(id)}"`));
    assert.ok(places.every((place) => place > 0));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert.match(text, /Tom Weber In general Received 11 Jan Screening Interview 11 Jan Offer Hired/);
    assert.match(
      html,
      /<li class="is-now" aria-current="step"><span class="way-dot"><\/span><span class="way-word">Interview/,
    );
    assert.match(text, /You'll hear by 13 January 2027/);
    assert.match(text, /Maria Ivanova Backend Engineer Received 11 Jan Declined 11 Jan/);
    assert.doesNotMatch(text, /Yuki/);
  });

  it('says what is mine: promised, awarded with its payroll month, and paid', async () => {
    const { greta, clara } = house.people;
    // Greta is above Farid, so a hire of Farid's pays her nothing; Clara's do.
    await hired('Ada Early', clara);
    assert.match(
      (await homeOf(clara)).text,
      /Promised 1,500 EUR 1 bonus, if probation ends well with the payroll of August 2027/,
    );
    assert.doesNotMatch((await homeOf(greta)).text, /if probation ends well/);

    house.turnTo('2027-08-01');
    await payBonuses(house.deps, { asOf: day('2027-08-01') });
    const awarded = (await homeOf(clara)).text;
    assert.match(
      awarded,
      /Promised nothing at the moment Awarded 1,500 EUR 1 bonus, on its way with the payroll of August 2027/,
    );
    assert.match(awarded, /Payroll run of August 2027: 1 bonus, 1,500\.00 EUR, cut-off on 20 August 2027/);

    const run = await house.db('payroll_runs').first();
    assert.ok((await exportRun(house.deps, clara, run.id)).ok);
    assert.ok((await markPaid(house.deps, clara, { runId: run.id, paidOn: day('2027-08-01'), lineIds: null })).ok);
    const paid = (await homeOf(clara)).text;
    assert.match(paid, /Paid 1,500 EUR 1 bonus so far/);
    assert.doesNotMatch(paid, /Payroll run of August/);
  });

  it('tells recruiters what waits and what has waited too long', async () => {
    const { anna, ben, rita } = house.people;
    await house.refer('Late One', { by: ben });
    house.turnTo('2027-01-20');
    await house.refer('Fresh One', { by: ben });
    const { text } = await homeOf(anna);
    assert.match(text, /Waiting for you \d+ referrals have waited longer/);
    assert.match(text, /1 referral waits for its first answer, still in time/);
    assert.doesNotMatch((await homeOf(ben)).text, /Waiting for you/);
    assert.doesNotMatch((await homeOf(rita)).text, /Waiting for you/, 'for the openings of another recruiter');
  });

  it('tells admins of e-mails that could not be delivered and of bonuses on hold', async () => {
    const { david, anna } = house.people;
    assert.doesNotMatch((await homeOf(david)).text, /Waiting for you/);
    await house.db.transaction((trx) =>
      enqueueEmails(house.deps, trx, [
        {
          kind: 'bonus_held',
          toEmployeeId: anna.id,
          data: { bonusId: 1, referrerName: 'Ben Carter', reason: 'failed' },
        },
      ]),
    );
    await house.db('outbox_emails').where({ kind: 'bonus_held' }).update({ given_up_at: '2027-01-11T10:00:00Z' });
    await hired('Held Hire', house.people.elena);
    await house
      .db('bonuses')
      .whereNull('awarded_at')
      .whereNull('forfeited_at')
      .update({ held_at: '2027-01-11T10:00:00Z', held_reason: 'Checking' });
    const { text } = await homeOf(david);
    assert.match(text, /1 e-mail could not be delivered 1 bonus is on hold/);
  });

  it('asks the database little: the whole page in few statements', async () => {
    const agent = await signInAs(house, house.people.ben);
    await agent.get(paths.home());
    let asked = 0;
    const count = (): void => {
      asked += 1;
    };
    house.db.on('query', count);
    await agent.get(paths.home());
    house.db.off('query', count);
    assert.ok(asked <= 4, `${asked} statements beside the prepared ones`);
  });
});
