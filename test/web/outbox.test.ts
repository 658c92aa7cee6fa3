import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deliverMail } from '../../src/mail/delivery-service.ts';
import { enqueueEmails } from '../../src/mail/outbox.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { press, textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { type MailBox, openMailBox } from '../support/smtp.ts';

let house: TestHouse;
let people: Cast;
let box: MailBox;
let david: Agent;

before(async () => {
  box = await openMailBox();
  house = await openTestHouse({ config: { smtpUrl: box.url } });
  people = await cast(house);
  david = await signInAs(house, people.david);
});
after(async () => {
  await house?.close();
  await box?.close();
});

async function thankBen(candidateName = 'Maria Ivanova'): Promise<string> {
  const data = { referralId: 1, candidateName, openingTitle: null, answerDueOn: '2027-03-03' };
  await house.db.transaction((trx) =>
    enqueueEmails(house.deps, trx, [{ kind: 'thank_you', toEmployeeId: people.ben.id, data }]),
  );
  return (await house.db('outbox_emails').where({ kind: 'thank_you' }).orderBy('created_at', 'desc').first()).id;
}

test('an admin sees each letter, its state and its preview', async () => {
  const id = await thankBen();
  const list = await david.get(paths.outbox()).expect(200);
  assert.match(textOf(list.text), /Thank you Ben Carter ben\.carter@example\.com/);
  assert.match(textOf(list.text), /Waiting/);
  const letter = await david.get(paths.outboxEmail(id)).expect(200);
  assert.match(letter.text, /<iframe class="email-preview( is-\w+)?" src/);
  assert.match(letter.text, new RegExp(`<a href="${paths.outboxPreview(id)}">Open the letter on its own</a>`));
  assert.match(textOf(letter.text), /Thank you for recommending Maria Ivanova/);
  assert.match(String(letter.headers['content-security-policy']), /frame-src 'self'/);
  const preview = await david.get(paths.outboxPreview(id)).expect(200);
  assert.match(preview.text, /Recruiting answers by/);
  assert.match(String(preview.headers['content-security-policy']), /sandbox/);
});

test('sends a letter again, once for each press, with the same Message-ID', async () => {
  const id = await thankBen('Tom Weber');
  await deliverMail(house.deps);
  await press(david, paths.outboxEmail(id), paths.outboxSendAgain(id)).then((answer) =>
    assert.equal(answer.status, 303),
  );
  assert.match(textOf((await david.get(paths.outboxEmail(id))).text), /in the queue again/);
  await deliverMail(house.deps);
  const copies = box.letters.filter((letter) => letter.subject?.includes('Tom Weber'));
  assert.equal(copies.length, 2);
  assert.equal(copies[0]?.messageId, copies[1]?.messageId);
  const [entry] = await house.db('history').where({ deed: 'email.sentAgain' });
  assert.equal(entry.actor_id, people.david.id);
});

test('sent again, a letter goes to where its receiver is reached now, and to nobody who has left', async () => {
  const id = await thankBen('Maria Ivanova');
  await deliverMail(house.deps);
  const ben = (changes: object) => house.db('employees').where({ id: people.ben.id }).update(changes);
  await ben({ email: 'ben.c@example.com' });
  await press(david, paths.outboxEmail(id), paths.outboxSendAgain(id));
  await deliverMail(house.deps);
  assert.equal(box.letters.filter((letter) => letter.receivers.includes('ben.c@example.com')).length, 1);
  await ben({ employed_until: '2023-06-30' });
  const answer = await press(david, paths.outboxEmail(id), paths.outboxSendAgain(id));
  await ben({ email: people.ben.email, employed_until: null });
  assert.equal(answer.status, 409);
  assert.match(textOf(answer.text), /has left/);
});

test('a letter that waits already is not put into the queue twice', async () => {
  const id = await thankBen('Yuki Tanaka');
  const answer = await press(david, paths.outbox(), paths.outboxSendAgain(id));
  assert.equal(answer.status, 409);
  assert.match(textOf(answer.text), /waiting to be sent already/);
});

test('a sign-in link is neither shown nor sent again', async () => {
  await house.db.transaction((trx) =>
    enqueueEmails(house.deps, trx, [
      { kind: 'sign_in_link', toEmployeeId: people.ben.id, data: { token: 'very-secret', minutes: 15 } },
    ]),
  );
  const row = await house.db('outbox_emails').where({ kind: 'sign_in_link' }).orderBy('created_at', 'desc').first();
  for (const path of [paths.outboxEmail(row.id), paths.outboxPreview(row.id)]) {
    assert.doesNotMatch((await david.get(path).expect(200)).text, /very-secret/);
  }
  const answer = await press(david, paths.outbox(), paths.outboxSendAgain(row.id));
  assert.equal(answer.status, 409);
});

test('only admins may look', async () => {
  const id = await thankBen();
  const anna = await signInAs(house, people.anna);
  for (const path of [paths.outbox(), paths.outboxEmail(id), paths.outboxPreview(id)]) await anna.get(path).expect(403);
  assert.equal((await press(anna, paths.home(), paths.outboxSendAgain(id))).status, 403);
});

test('filters by state and kind, pages without counting, and shrugs off nonsense', async () => {
  for (let n = 0; n < 60; n += 1) await thankBen(`Candidate ${n}`);
  const first = await david.get(`${paths.outbox()}?state=waiting&kind=thank_you`).expect(200);
  const older = /href="([^"]*after[^"]*)"/.exec(first.text)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
  assert.ok(older);
  await david.get(older).expect(200);
  await david.get(`${paths.outbox()}?state=x&kind=y&after=z`).expect(200);
  await david.get(paths.outboxEmail('not-there')).expect(404);
});
