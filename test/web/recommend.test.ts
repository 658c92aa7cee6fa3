import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ensureFirstPolicy } from '../../src/bonuses/policy-service.ts';
import { changeOpeningState } from '../../src/openings/opening-service.ts';
import { paths } from '../../src/paths.ts';
import { removeStrayResumes } from '../../src/referrals/resume-service.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { publishOpening, recommending, sendRecommendation as send } from '../support/referrals.ts';
import { contentTypes, documentPart, docx, pdf } from '../support/resumes.ts';

let house: TestHouse;
let people: Cast;
let ben: Agent;
let elena: Agent;
let openingId: number;

before(async () => {
  house = await openTestHouse();
  people = await cast(house);
  await ensureFirstPolicy(house.deps);
  openingId = await publishOpening(house, people);
  ben = await signInAs(house, people.ben);
  elena = await signInAs(house, people.elena);
});
after(() => house.close());

const maria = (more: Record<string, string> = {}) => recommending({ opening: String(openingId), ...more });
const rows = async (sql: string, ...values: (string | number)[]) => (await house.db.raw(sql, values)).rows;
const referralsOf = (email: string) =>
  rows(
    `select referrals.* from referrals join candidates on candidates.id = candidate_id where candidates.email = ?
     order by referrals.id`,
    email.toLowerCase(),
  );
const mailsAbout = (referralId: number) =>
  rows(
    `select kind, to_employee_id as "to" from outbox_emails where data ->> 'referralId' = ? order by kind, to_employee_id`,
    String(referralId),
  );
const asBy = () => ({ id: people.anna.id, roles: people.anna.roles });

describe('recommending', () => {
  it('is one page with the published openings, and says what happens next and by when', async () => {
    const answer = await ben.get(paths.recommend(openingId));
    assert.equal(answer.status, 200);
    assert.match(answer.text, new RegExp(`<option value="${openingId}" selected>`));
    assert.match(textOf(answer.text), /What happens next: recruiting answers by \d/);
  });

  it('makes a referral, thanks, and tells the recruiter in charge', async () => {
    const fields = maria({ skills: ' Go, go ,  Kubernetes ,', relationship_words: 'at Acme' });
    const answer = await send(ben, fields, { name: 'cv.pdf', bytes: pdf() });
    assert.equal(answer.status, 303, textOf(answer.text));
    const [referral] = await referralsOf(fields.email);
    assert.equal(answer.headers.location, paths.referralThanks(referral.id));
    assert.equal(referral.already_recommended, false);
    assert.equal(referral.relationship, 'workedTogether: at Acme');
    assert.deepEqual(referral.referrer_roles, ['employee']);
    assert.equal(referral.agreed_text_version, 1);
    const [candidate] = await rows('select * from candidates where id = ?', referral.candidate_id);
    assert.deepEqual(candidate.skills, ['Go', 'Kubernetes']);
    assert.deepEqual(await mailsAbout(referral.id), [
      { kind: 'new_referral', to: people.anna.id },
      { kind: 'thank_you', to: people.ben.id },
    ]);
    const [deed] = await rows('select deed, actor_id, facts from history where referral_id = ?', referral.id);
    assert.equal(deed.deed, 'referral.made');
    assert.equal(deed.actor_id, people.ben.id);
    assert.doesNotMatch(JSON.stringify(deed.facts), /Maria|example/);
    const [owned] = await rows('select * from ownerships where referral_id = ?', referral.id);
    assert.equal(owned.referrer_id, people.ben.id);
    assert.equal(owned.owned_from.add({ months: 12 }).toString(), owned.owned_until.toString());
    const thanks = await ben.get(answer.headers.location as string);
    assert.match(textOf(thanks.text), /Recruiting has two working days to answer; you'll hear either way\./);
  });

  it('thanks in Russian with the Russian sentence', async () => {
    const answer = await send(elena, maria());
    const thanks = await elena.get(answer.headers.location as string);
    assert.match(textOf(thanks.text), /Рекрутеры ответят за два рабочих дня; вы узнаете о любом решении\./);
  });

  it('tells every recruiter of one for no particular opening', async () => {
    const fields = maria({ opening: 'general' });
    assert.equal((await send(ben, fields)).status, 303);
    const [referral] = await referralsOf(fields.email);
    const told = (await mailsAbout(referral.id)).filter((mail: { kind: string }) => mail.kind === 'new_referral');
    assert.deepEqual(
      told.map((mail: { to: number }) => mail.to),
      [people.anna.id, people.rita.id].sort((a, b) => a - b),
    );
  });

  it('asks who is not signed in to sign in', async () => {
    const { default: supertest } = await import('supertest');
    const answer = await supertest(house.app).get(paths.recommend(openingId));
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location as string, /sign-in\?back=/);
    assert.equal((await supertest(house.app).post(paths.recommend())).status, 403);
  });
});

describe('sending twice', () => {
  it('makes one referral, and the second press leads to the same thanks', async () => {
    const fields = maria();
    const first = await send(ben, fields);
    const second = await send(ben, fields);
    const [referral, ...more] = await referralsOf(fields.email);
    assert.equal(more.length, 0);
    assert.equal(first.headers.location, paths.referralThanks(referral.id));
    assert.equal(second.headers.location, `${paths.referralThanks(referral.id)}?again=1`);
    assert.equal((await mailsAbout(referral.id)).length, 2);
    assert.match(textOf((await ben.get(second.headers.location as string)).text), /You have told us already/);
  });

  it('makes one referral also when both presses arrive at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const fields = maria();
      const files = await house.deps.files.list();
      const answers = await Promise.all([1, 2, 3, 4].map(() => send(ben, fields, { name: 'cv.pdf', bytes: pdf() })));
      assert.deepEqual(
        answers.map((one) => one.status),
        [303, 303, 303, 303],
      );
      const found = await referralsOf(fields.email);
      assert.equal(found.length, 1);
      assert.equal((await mailsAbout(found[0].id)).length, 2);
      assert.equal((await rows('select id from resumes where referral_id = ?', found[0].id)).length, 1);
      // The files of the presses that came to nothing are gone.
      assert.equal((await house.deps.files.list()).length, files.length + 1);
    }
  });

  it('is still the first referral when the opening has closed in between', async () => {
    const opening = await publishOpening(house, people, 'Soon closed');
    const fields = maria({ opening: String(opening) });
    await send(ben, fields);
    await changeOpeningState(house.deps, asBy(), opening, 'close');
    const again = await send(ben, fields);
    assert.equal(again.status, 303);
  });

  it('with an old page filled in anew for somebody else makes a second referral', async () => {
    const first = maria();
    await send(ben, first);
    const second = maria({ submission_key: first.submission_key as string, full_name: 'Tom Weber' });
    assert.equal((await send(ben, second)).status, 303);
    assert.equal((await referralsOf(second.email)).length, 1);
  });

  it("with somebody else's key learns nothing of theirs", async () => {
    const first = maria();
    await send(ben, first);
    const second = maria({ submission_key: first.submission_key as string });
    const answer = await send(elena, second);
    const [theirs] = await referralsOf(second.email);
    assert.equal(answer.headers.location, paths.referralThanks(theirs.id));
  });

  it('adds a new résumé to the referral that is there', async () => {
    const fields = maria();
    await send(ben, fields);
    await send(ben, { ...fields, submission_key: randomUUID() }, { name: 'newer.pdf', bytes: pdf() });
    const [referral, ...more] = await referralsOf(fields.email);
    assert.equal(more.length, 0);
    assert.equal((await rows('select id from resumes where referral_id = ?', referral.id)).length, 1);
  });
});

describe('the same human being', () => {
  it('is known again by e-mail, phone or profile, however they are written', async () => {
    const email = `tom.weber.${randomUUID().slice(0, 6)}@gmail.com`;
    const phone = '0170 5550001';
    await send(ben, maria({ email, phone, profile_link: 'https://www.linkedin.com/in/Tom-Weber/?utm=1' }));
    const [first] = await referralsOf(email);
    const ways: Record<string, string>[] = [
      { email: email.replaceAll('.', '').replace('gmailcom', 'gmail.com').toUpperCase() },
      { email: '', phone: '+49 170 555 00 01' },
      { profile_link: 'linkedin.com/in/tom-weber' },
    ];
    for (const way of ways) {
      const opening = await publishOpening(house, people, `Another ${randomUUID()}`);
      const answer = await send(ben, maria({ opening: String(opening), ...way }));
      assert.equal(answer.status, 303, textOf(answer.text));
      const [found] = await rows('select candidate_id from referrals where opening_id = ?', opening);
      assert.equal(found.candidate_id, first.candidate_id, JSON.stringify(way));
    }
  });

  it('is owned by the first; the second is thanked and learns no more', async () => {
    const fields = maria({ phone: '+49 170 5550002', full_name: 'Maria Unseen' });
    await send(ben, fields);
    const answer = await send(elena, maria({ email: '', phone: '0170 5550002', full_name: 'Masha' }));
    assert.equal(answer.status, 303);
    const [, second] = await referralsOf(fields.email);
    assert.equal(second.already_recommended, true);
    assert.deepEqual(await mailsAbout(second.id), [{ kind: 'already_recommended', to: people.elena.id }]);
    const pages = [answer.headers.location as string, paths.referral(second.id), paths.myReferrals()];
    for (const page of pages) {
      const text = textOf((await elena.get(page)).text);
      assert.match(text, /Кто-то успел чуть раньше/);
      assert.doesNotMatch(text, /Ben|Carter|Unseen/, page);
    }
  });

  it('recommended once more by the second is the same thanks', async () => {
    const fields = maria();
    await send(ben, fields);
    const first = await send(elena, { ...fields, submission_key: randomUUID() });
    const second = await send(elena, { ...fields, submission_key: randomUUID(), opening: 'general' });
    assert.equal(second.headers.location, first.headers.location);
    assert.equal((await referralsOf(fields.email)).length, 2);
  });

  it('recommended by two a millisecond apart has one owner, every time', async () => {
    for (let round = 0; round < 12; round += 1) {
      const fields = maria();
      const [one, two] = await Promise.all([
        send(ben, { ...fields, submission_key: randomUUID() }),
        send(elena, { ...fields, submission_key: randomUUID() }),
      ]);
      assert.deepEqual([one?.status, two?.status], [303, 303]);
      const found = await referralsOf(fields.email);
      assert.deepEqual(found.map((referral: { already_recommended: boolean }) => referral.already_recommended).sort(), [
        false,
        true,
      ]);
      const owners = await rows('select referral_id from ownerships where candidate_id = ?', found[0].candidate_id);
      const first = found.find((referral: { already_recommended: boolean }) => !referral.already_recommended);
      assert.deepEqual(owners, [{ referral_id: first.id }]);
    }
  });

  it('can be recommended by the owner for another opening, and the ownership stays as it was', async () => {
    const fields = maria();
    await send(ben, fields);
    await send(ben, { ...fields, submission_key: randomUUID(), opening: 'general' });
    const found = await referralsOf(fields.email);
    assert.deepEqual(
      found.map((referral: { already_recommended: boolean }) => referral.already_recommended),
      [false, false],
    );
    assert.equal((await rows('select id from ownerships where candidate_id = ?', found[0].candidate_id)).length, 1);
  });

  it('belongs to the next one from the day after the last day, and not a day earlier', async () => {
    const fields = maria();
    await send(ben, fields);
    const [{ candidate_id: id }] = await referralsOf(fields.email);
    const endsIn = (days: number) =>
      house.db.raw(
        `update ownerships set owned_from = (now() at time zone 'Europe/Berlin')::date - 400,
           owned_until = (now() at time zone 'Europe/Berlin')::date + ?::integer where candidate_id = ?`,
        [days, id],
      );
    await endsIn(0);
    await send(elena, { ...fields, submission_key: randomUUID() });
    await endsIn(-1);
    await send(elena, { ...fields, submission_key: randomUUID() });
    const found = await referralsOf(fields.email);
    assert.deepEqual(
      found.map((referral: { already_recommended: boolean }) => referral.already_recommended),
      [false, true, false],
    );
  });
});

describe('who can’t be recommended', () => {
  const refused = async (agent: Agent, fields: Record<string, string>, sentence: RegExp, status = 422) => {
    const before = await rows('select count(*) from candidates');
    const answer = await send(agent, fields);
    assert.equal(answer.status, status);
    assert.match(textOf(answer.text), sentence);
    // What was typed is all there, and nothing was kept of the person.
    assert.match(answer.text, /She kept our payments running/);
    assert.deepEqual(await rows('select count(*) from candidates'), before);
  };

  it('oneself, and everybody who works here', async () => {
    await refused(ben, maria({ email: 'Ben.Carter@Example.com' }), /This is your own address/);
    await refused(ben, maria({ email: 'clara.novak@example.com' }), /This person already works here/);
  });

  it('but somebody who has left', async () => {
    assert.equal((await send(ben, maria({ email: 'henry.moss@example.com' }))).status, 303);
  });

  it('for an opening that is paused or closed', async () => {
    const opening = await publishOpening(house, people, 'Paused');
    await changeOpeningState(house.deps, asBy(), opening, 'pause');
    await refused(ben, maria({ opening: String(opening) }), /isn't taking recommendations any more/, 409);
    assert.match(textOf((await ben.get(paths.recommend(opening))).text), /This opening is not taking recommendations/);
    assert.equal((await send(ben, maria({ opening: '999999' }))).status, 404);
  });
});

describe('a form that needs another look', () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    ['no name', { full_name: ' \u200e ' }, /Tell us their name\./],
    ['a name of 5,000 characters', { full_name: 'x'.repeat(5000) }, /A name may have up to 200 characters\./],
    ['neither e-mail nor phone', { email: '' }, /Give us an e-mail address or a phone number/],
    ['an address that breaks a header', { email: 'a@b.org\r\nBcc: all@example.com' }, /doesn't look like an e-mail/],
    ['no phone', { phone: 'call me' }, /doesn't look like a phone number/],
    ['no profile', { profile_link: 'javascript:alert(1)' }, /isn't the address of a profile/],
    ['no reason', { why: ' \n ' }, /Say in a sentence or two why they fit/],
    ['a long reason', { why: 'x'.repeat(2001) }, /Up to 2,000 characters/],
    ['no relationship', { relationship: 'boss' }, /Choose how you know each other\./],
    ['no agreement', { agreed: '' }, /Ask them first, then tick this/],
    ['no opening', { opening: '' }, /Choose an opening, or “in general”\./],
    ['a long skill', { skills: 'y'.repeat(61) }, /longer than 60 characters/],
    ['a key that is none', { submission_key: 'x' }, /This page was open for too long/],
  ];
  for (const [what, change, sentence] of cases) {
    it(`says what to do about ${what}, and keeps what was typed`, async () => {
      const answer = await send(ben, maria({ relationship_words: 'we share a boat', ...change }));
      assert.equal(answer.status, 422);
      assert.match(textOf(answer.text), sentence);
      assert.match(answer.text, /we share a boat/);
    });
  }

  it('says all of it at once', async () => {
    const answer = await send(ben, { submission_key: randomUUID() });
    assert.equal(answer.status, 422);
    assert.match(textOf(answer.text), /6 things need another look/);
  });

  it('takes 2,000 characters over several lines as the browser counts them', async () => {
    const why = `${'x'.repeat(999)}\r\n${'y'.repeat(1000)}`;
    assert.equal((await send(ben, maria({ why }))).status, 303);
  });
});

describe('a name from anywhere', () => {
  const names = [
    '=HYPERLINK("http://evil.example";"x")',
    '<script>alert(1)</script>',
    'مريم إيفانوفا',
    '👩‍💻 Mia 🚀',
    "O'Brien & Söhne",
  ];
  for (const name of names) {
    it(`is shown harmlessly: ${name}`, async () => {
      const fields = maria({ full_name: `${name}\u202E\u0000` });
      const answer = await send(ben, fields);
      assert.equal(answer.status, 303);
      const [referral] = await referralsOf(fields.email);
      assert.equal(referral.candidate_name, name);
      for (const page of [answer.headers.location as string, paths.referral(referral.id), paths.myReferrals()]) {
        const shown = await ben.get(page);
        assert.equal(shown.status, 200);
        assert.ok(textOf(shown.text).includes(textOf(name.replace(/</g, '&lt;'))) || name.includes('<'), page);
        assert.doesNotMatch(shown.text, /<script>alert/);
      }
    });
  }
});

describe('a résumé', () => {
  it('that is refused says why, and the words are kept', async () => {
    const bomb = { name: 'word/bomb.xml', content: Buffer.alloc(80 * 1024 * 1024) };
    const cases: [string | Buffer, RegExp][] = [
      ['<!doctype html><h1>cv</h1>', /This is a web page, whatever it is called/],
      [docx([contentTypes, documentPart, bomb]), /unpacks to far more than a résumé/],
      ['', /This file is empty/],
      [Buffer.alloc(10 * 1024 * 1024 + 1, 'x'), /larger than 10 MB/],
    ];
    const files = await house.deps.files.list();
    for (const [bytes, sentence] of cases) {
      const answer = await send(ben, maria(), { name: 'cv.pdf', bytes, type: 'application/pdf' });
      assert.equal(answer.status, 422);
      assert.match(textOf(answer.text), sentence);
      assert.match(answer.text, /She kept our payments running/);
    }
    assert.deepEqual(await house.deps.files.list(), files);
  });

  it('is kept while the form comes back, and goes along with the next try', async () => {
    const fields = maria({ agreed: '' });
    const back = await send(ben, fields, { name: 'maria.pdf', bytes: pdf() });
    assert.equal(back.status, 422);
    assert.match(textOf(back.text), /maria\.pdf is kept/);
    assert.equal((await send(ben, { ...fields, agreed: 'yes' })).status, 303);
    const [referral] = await referralsOf(fields.email);
    const kept = await rows('select file_name from resumes where referral_id = ?', referral.id);
    assert.deepEqual(kept, [{ file_name: 'maria.pdf' }]);
    const [session] = await rows(`select sess from sessions where sess ->> 'employeeId' = ?`, String(people.ben.id));
    assert.equal(session.sess.keptResume, undefined);
  });

  it('can be left out again', async () => {
    const fields = maria({ agreed: '' });
    await send(ben, fields, { name: 'maria.pdf', bytes: pdf() });
    const files = await house.deps.files.list();
    await send(ben, { ...fields, agreed: 'yes', drop_resume: 'yes' });
    const [referral] = await referralsOf(fields.email);
    assert.equal((await rows('select id from resumes where referral_id = ?', referral.id)).length, 0);
    assert.equal((await house.deps.files.list()).length, files.length - 1);
  });

  it('is handed out as an attachment to HR, the hiring manager and the referrer only', async () => {
    const fields = maria();
    await send(ben, fields, { name: 'Мария.docx', bytes: docx() });
    const [referral] = await referralsOf(fields.email);
    const [{ id }] = await rows('select id from resumes where referral_id = ?', referral.id);
    for (const name of ['anna', 'rita', 'david', 'farid', 'ben'] as const) {
      const agent = await signInAs(house, people[name]);
      const answer = await agent
        .get(paths.resume(id))
        .buffer(true)
        .parse((res, done) => {
          const pieces: Buffer[] = [];
          res.on('data', (piece: Buffer) => pieces.push(piece));
          res.on('end', () => done(null, Buffer.concat(pieces)));
        });
      assert.equal(answer.status, 200, name);
      assert.deepEqual(answer.body, docx());
      assert.match(
        answer.headers['content-disposition'] as string,
        /^attachment; filename=".+"; filename\*=UTF-8''%D0/,
      );
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.match(answer.headers['content-security-policy'] as string, /^sandbox/);
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
    for (const name of ['elena', 'clara', 'greta'] as const) {
      const agent = await signInAs(house, people[name]);
      assert.equal((await agent.get(paths.resume(id))).status, 404, name);
    }
    assert.equal((await ben.get(paths.resume('nothing'))).status, 404);
  });

  it('that nobody knows is swept after a day, and no other', async () => {
    const { files, db, clock, ...rest } = house.deps;
    const stray = await files.save(pdf());
    const all = await files.list();
    assert.equal((await removeStrayResumes(house.deps)).removed, 0);
    const tomorrow = { ...clock, now: async () => (await clock.now(db)).add({ hours: 25 }) };
    const swept = await removeStrayResumes({ ...rest, files, db, clock: tomorrow });
    assert.equal(swept.removed, 1);
    assert.deepEqual((await files.list()).sort(), all.filter((name) => name !== stray).sort());
  });
});
