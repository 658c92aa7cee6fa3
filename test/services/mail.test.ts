import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { deliverMail } from '../../src/mail/delivery-service.ts';
import { EMAIL_KINDS, type EmailFacts, type EmailKind, type NewEmail } from '../../src/mail/email.ts';
import { enqueueEmails } from '../../src/mail/outbox.ts';
import { type EmailToRender, renderEmail } from '../../src/mail/render.ts';
import { type Cast, cast } from '../support/cast.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { type MailBox, openMailBox } from '../support/smtp.ts';

let house: TestHouse;
let people: Cast;
let box: MailBox;

before(async () => {
  box = await openMailBox();
  house = await openTestHouse({ web: false, config: { smtpUrl: box.url, mailFrom: 'Vouch <vouch@example.com>' } });
  people = await cast(house);
});
afterEach(async () => {
  await house.db('outbox_emails').delete();
  box.letters.length = 0;
});
after(async () => {
  await house.close();
  await box.close();
});

const about = { referralId: 7, candidateName: 'Maria Ivanova', openingTitle: 'Data engineer' };
const bonus = { referralId: 7, bonusId: 9, candidateName: 'Maria Ivanova', amountMinor: 150_000, currency: 'EUR' };
const facts: EmailFacts = {
  sign_in_link: { token: 'a-token', minutes: 15 },
  thank_you: { ...about, answerDueOn: '2027-03-03' },
  already_recommended: about,
  new_referral: { ...about, referrerName: 'Ben Carter', answerDueOn: '2027-03-03' },
  stage_moved: { ...about, stage: 'interview' },
  declined: {
    ...about,
    reason: 'skills',
    feedback: 'We needed Kafka.\nNext time: streaming.',
    recruiterName: 'Anna Petrova',
  },
  withdrawn: { ...about, feedback: '' },
  no_reply: { ...about, feedback: '' },
  hired: {
    ...about,
    firstDayOn: '2027-01-15',
    bonus: { ...bonus, probationEndsOn: '2027-07-14', dueOn: '2027-07-15', payrollPeriods: ['2027-07', '2027-08'] },
    noBonusRule: null,
  },
  considered_again: { ...about, ownedUntil: '2027-12-01' },
  first_day_moved: {
    ...about,
    firstDayOn: '2027-02-01',
    bonus: null,
    noBonusRule: 'owner',
  },
  hire_undone: { ...about, stage: 'offer', hadBonus: true },
  probation_moved: { ...about, probationEndsOn: '2027-08-14', bonus: { ...bonus, payrollPeriods: ['2027-08'] } },
  bonus_awarded: { ...bonus, payrollPeriod: '2027-07' },
  bonus_paid: { ...bonus, paidOn: '2027-07-31' },
  bonus_forfeited: { ...bonus, reason: 'leftInProbation' },
  bonus_held: { bonusId: 9, referrerName: 'Ben Carter', reason: 'failed: the amount is missing' },
  probations_ending: {
    hires: [{ hireId: 3, candidateName: 'Maria Ivanova', probationEndsOn: '2027-07-14', confirmationRequired: false }],
  },
  overdue_digest: { referrals: [{ ...about, madeOn: '2027-03-01', dueOn: '2027-03-03' }] },
};

async function write(...emails: NewEmail[]): Promise<void> {
  await house.db.transaction((trx) => enqueueEmails(house.deps, trx, emails));
}

function thanksTo(id: number, once?: string): NewEmail {
  return { kind: 'thank_you', toEmployeeId: id, data: facts.thank_you, ...(once ? { once } : {}) };
}

for (const kind of EMAIL_KINDS) {
  test(`${kind} is written in both languages, with every word and fact in its place`, () => {
    for (const language of ['en', 'ru'] as const) {
      const email = { kind, data: facts[kind as EmailKind], language, receiverName: 'Ben Carter' } as EmailToRender;
      const { subject, text, html } = renderEmail(house.deps.config, email);
      for (const part of [subject, text, html]) {
        assert.doesNotMatch(part, /\{\{|undefined|null|NaN|\[object|(mail|bonuses|review|referrals)\.[a-z_]+/i, part);
      }
      assert.match(text, /Ben/);
      assert.match(text, /http:\/\/vouch\.test\//);
      assert.equal(/[а-яё]/i.test(subject), language === 'ru', subject);
    }
  });
}

test('a letter leaves as text and HTML, in the receiver’s language, marked as automatic', async () => {
  await write(thanksTo(people.ben.id), thanksTo(people.elena.id));
  assert.deepEqual(await deliverMail(house.deps), { sent: 2, failed: 0 });
  const toBen = box.lastTo('ben.carter@example.com');
  assert.equal(toBen.subject, 'Thank you for recommending Maria Ivanova');
  assert.equal(toBen.from?.address, 'vouch@example.com');
  assert.match(toBen.text ?? '', /answers by 3\sMarch\s2027/);
  assert.match(toBen.html ?? '', /color-scheme/);
  assert.match(box.lastTo('elena.sokolova@example.com').text ?? '', /Спасибо/);
});

test('what was sent is not sent again by the next round', async () => {
  await write(thanksTo(people.ben.id));
  await deliverMail(house.deps);
  assert.deepEqual(await deliverMail(house.deps), { sent: 0, failed: 0 });
  assert.equal(box.letters.length, 1);
});

test('eight rounds at once send each letter once', async () => {
  await write(...Array.from({ length: 40 }, () => thanksTo(people.ben.id)));
  const rounds = await Promise.all(Array.from({ length: 8 }, () => deliverMail(house.deps)));
  assert.equal(
    rounds.reduce((sum, round) => sum + round.sent, 0),
    40,
  );
  const ids = box.letters.map((letter) => letter.messageId);
  assert.equal(new Set(ids).size, 40);
});

test('what must be told once is written once', async () => {
  await write(thanksTo(people.ben.id, 'told'), thanksTo(people.ben.id, 'told'));
  await write(thanksTo(people.ben.id, 'told'));
  assert.equal((await deliverMail(house.deps)).sent, 1);
});

test('nobody is written to after their last day, and everybody on it', async () => {
  const lastDay = (id: number, on: string | null) => house.db('employees').where({ id }).update({ employed_until: on });
  const { clock } = house.deps;
  const today = await clock.today(house.db);
  await lastDay(people.elena.id, today.toString());
  await lastDay(people.ben.id, today.subtract({ days: 1 }).toString());
  await write(thanksTo(people.ben.id), thanksTo(people.henry.id), thanksTo(people.elena.id));
  await Promise.all([lastDay(people.elena.id, null), lastDay(people.ben.id, null)]);
  assert.equal((await deliverMail(house.deps)).sent, 1);
  assert.deepEqual(
    box.letters.map((letter) => letter.receivers),
    [['elena.sokolova@example.com']],
  );
});

test('a deed rolled back sends nothing', async () => {
  const deed = house.db.transaction(async (trx) => {
    await enqueueEmails(house.deps, trx, [thanksTo(people.ben.id)]);
    throw new Error('the deed failed');
  });
  await assert.rejects(deed, /the deed failed/);
  assert.equal((await deliverMail(house.deps)).sent, 0);
});

test('a refused address is given up and keeps the reason; the others go on', async () => {
  box.refuse('rita.blum@example.com', 550);
  await write(thanksTo(people.rita.id), thanksTo(people.ben.id));
  assert.deepEqual(await deliverMail(house.deps), { sent: 1, failed: 1 });
  const row = await house.db('outbox_emails').where({ to_employee_id: people.rita.id }).first();
  assert.ok(row.given_up_at);
  assert.match(row.last_error, /550/);
});

test('a server that is away costs one try of one letter, and the letters wait', async () => {
  await write(...Array.from({ length: 20 }, () => thanksTo(people.ben.id)));
  const away = { ...house.deps, config: { ...house.deps.config, smtpUrl: 'smtp://127.0.0.1:1' } };
  const round = await deliverMail(away);
  assert.equal(round.sent, 0);
  assert.ok(round.failed <= 4, `${round.failed} tries`);
  const left = await house.db('outbox_emails').whereNull('sent_at').whereNull('given_up_at');
  assert.equal(left.length, 20);
});

test('without a mail server nothing leaves and nothing is lost', async () => {
  await write(thanksTo(people.ben.id));
  await deliverMail({ ...house.deps, config: { ...house.deps.config, smtpUrl: null } });
  assert.equal(box.letters.length, 0);
  assert.equal((await deliverMail(house.deps)).sent, 1);
});

test('the token of a sign-in link is forgotten once its letter is sent', async () => {
  await write({ kind: 'sign_in_link', toEmployeeId: people.ben.id, data: facts.sign_in_link });
  await deliverMail(house.deps);
  assert.match(box.lastTo('ben.carter@example.com').text ?? '', /\/sign-in\/link\/a-token/);
  const row = await house.db('outbox_emails').first();
  assert.deepEqual(row.data, { minutes: 15 });
});

test('a name with line ends and addresses in it adds no header and no receiver', async () => {
  const data = { ...facts.thank_you, candidateName: 'Tom\r\nBcc: all@example.com <x@example.com>' };
  await write({ kind: 'thank_you', toEmployeeId: people.ben.id, data });
  await deliverMail(house.deps);
  const letter = box.lastTo('ben.carter@example.com');
  assert.deepEqual(letter.receivers, ['ben.carter@example.com']);
  assert.equal(letter.bcc, undefined);
  assert.equal(letter.subject, 'Thank you for recommending Tom Bcc: all@example.com <x@example.com>');
});
