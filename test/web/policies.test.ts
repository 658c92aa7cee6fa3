import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { DEFAULT_TERMS, type PolicyTerms } from '../../src/bonuses/policy.ts';
import { ensureFirstPolicy, publishPolicy } from '../../src/bonuses/policy-service.ts';
import { findPolicyOn, getPolicyOn } from '../../src/bonuses/policy-store.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { press, textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';

const day = Temporal.PlainDate.from;
const morning = Temporal.Instant.from('2027-03-01T09:00:00Z');
const clock = settableClock('Europe/Berlin', morning);
let house: TestHouse;
let people: Cast;
let david: Agent;

before(async () => {
  house = await openTestHouse({ clock });
  people = await cast(house);
  await ensureFirstPolicy(house.deps);
  david = await signInAs(house, people.david);
});
after(() => house.close());
beforeEach(() => clock.set(morning));

/** The newest version's number, as the form carries it. */
async function latest(): Promise<{ version: number; countsFrom: Temporal.PlainDate }> {
  const row = await house.db('policies').orderBy('version', 'desc').first();
  return { version: row.version, countsFrom: row.counts_from };
}

async function typedPolicy(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const { version, countsFrom } = await latest();
  return {
    afterVersion: String(version),
    rows: '3',
    level1: 'head',
    country1: 'Germany',
    amount1: '3,000',
    currency1: 'eur',
    country2: 'pl',
    amount2: '6500',
    currency2: 'PLN',
    currency3: 'EUR',
    fallbackAmount: '1500.50',
    fallbackCurrency: 'EUR',
    probationMonths: '6',
    extraDays: '0',
    confirmation: 'required',
    excludes_recruiter: 'yes',
    excludeReportingChain: 'direct',
    underNotice: 'excluded',
    ownershipMonths: '12',
    firstAnswerWorkingDays: String((version % 20) + 3),
    payrollCutoffDay: '15',
    countsFrom: countsFrom.add({ days: 1 }).toString(),
    note: 'Heads are hard to find.',
    ...more,
  };
}

const preview = async (more?: Record<string, string>) =>
  press(david, paths.policyNew(), paths.policyNew(), { ...(await typedPolicy(more)), deed: 'preview' });
const publish = async (more?: Record<string, string>) =>
  press(david, paths.policyNew(), paths.policies(), await typedPolicy(more));

describe('the first version', () => {
  it('is there once, however many processes start', async () => {
    await Promise.all(Array.from({ length: 5 }, () => ensureFirstPolicy(house.deps)));
    const rows = await house.db('policies').where({ version: 1 });
    assert.equal(rows.length, 1);
    assert.deepEqual(rows[0].counts_from, day('2027-03-01'));
    assert.deepEqual((await getPolicyOn(house.db, day('2027-03-01'))).terms, DEFAULT_TERMS);
  });

  it('counts from its first day on and not before', async () => {
    assert.equal(await findPolicyOn(house.db, day('2027-02-28')), null);
    await assert.rejects(getPolicyOn(house.db, day('2027-02-28')), /No policy counts on 2027-02-28/);
  });
});

describe('a new version', () => {
  it('begins as a copy of the latest, and is read over before it is published', async () => {
    const { text: form } = await david.get(paths.policyNew());
    assert.match(form, /name="fallbackAmount"[^>]* value="1500"/);
    const answer = await preview();
    const text = textOf(answer.text);
    assert.equal(answer.status, 200);
    assert.match(text, /Version 2, before it is published/);
    assert.match(text, /head Germany 3,000 EUR any Poland 6,500 PLN any any 1,500\.50 EUR/);
    assert.match(text, /Confirmation Automatic: passed unless HR says otherwise; HR is told a week ahead Required:/);
    assert.equal((await latest()).version, 1);
  });

  it('is published with its history, counts from its day, and leaves the one before as it was', async () => {
    const answer = await publish();
    assert.equal(answer.status, 303);
    const policy = await getPolicyOn(house.db, day('2027-03-02'));
    assert.equal(answer.headers.location, paths.policy(policy.id));
    assert.equal(policy.version, 2);
    assert.equal(policy.authorId, people.david.id);
    assert.equal(policy.note, 'Heads are hard to find.');
    assert.deepEqual(policy.terms.amounts.lines, [
      { level: 'head', country: 'DE', amountMinor: 300_000, currency: 'EUR' },
      { level: null, country: 'PL', amountMinor: 650_000, currency: 'PLN' },
    ]);
    assert.equal(policy.terms.amounts.fallback.amountMinor, 150_050);
    assert.deepEqual(policy.terms.excludedFunctions, ['recruiter']);
    assert.equal((await getPolicyOn(house.db, day('2027-03-01'))).version, 1);
    const [entry] = await house.db('history').where({ about: 'policy', about_id: policy.id });
    assert.equal(entry.deed, 'policy.published');
    assert.deepEqual(entry.facts, { version: 2, countsFrom: '2027-03-02' });
    const shown = textOf((await david.get(paths.policy(policy.id))).text);
    assert.match(shown, /Version 2/);
    assert.match(shown, /Not yet in force/);
    assert.match(shown, /nothing is paid until HR has recorded/);
  });

  it('is published once, however often the button is pressed', async () => {
    const body = await typedPolicy();
    const first = await press(david, paths.policyNew(), paths.policies(), body);
    const second = await press(david, paths.policyNew(), paths.policies(), body);
    assert.equal(first.status, 303);
    assert.equal(second.status, 409);
    assert.match(textOf(second.text), /Another version was published meanwhile/);
    assert.match(second.text, /Heads are hard to find\./);
  });

  it('comes once when two publish at the same moment', async () => {
    const { version, countsFrom } = await latest();
    const terms: PolicyTerms = { ...DEFAULT_TERMS, extraDays: version };
    const asked = { afterVersion: version, countsFrom: countsFrom.add({ days: 1 }), terms, note: 'Both' };
    const both = await Promise.all([
      publishPolicy(house.deps, people.david, asked),
      publishPolicy(house.deps, people.david, asked),
    ]);
    assert.equal(both.filter((answer) => answer.ok).length, 1);
    assert.deepEqual(
      both.find((answer) => !answer.ok),
      { ok: false, reason: 'publishedMeanwhile' },
    );
  });

  it('comes after the one before, also when nobody read it over', async () => {
    const { version, countsFrom } = await latest();
    const asked = { afterVersion: version, terms: { ...DEFAULT_TERMS, extraDays: 300 }, note: 'Same day' };
    const publishOn = (day: Temporal.PlainDate) =>
      publishPolicy(house.deps, people.david, { ...asked, countsFrom: day });
    assert.deepEqual(await publishOn(countsFrom), { ok: false, reason: 'notAfterPrevious' });
    assert.deepEqual(await publishOn(day('2027-02-28')), { ok: false, reason: 'inThePast' });
    const same = { ...asked, terms: (await getPolicyOn(house.db, countsFrom)).terms };
    const again = await publishPolicy(house.deps, people.david, { ...same, countsFrom: countsFrom.add({ days: 1 }) });
    assert.deepEqual(again, { ok: false, reason: 'nothingChanged' });
    await assert.rejects(publishPolicy(house.deps, people.anna, { ...asked, countsFrom }), /forbidden/);
  });

  it('is never changed afterwards, not even by hand', async () => {
    await assert.rejects(house.db('policies').where({ version: 1 }).update({ note: 'x' }), /append-only/);
    await assert.rejects(house.db('policies').where({ version: 1 }).delete(), /append-only/);
  });
});

describe('a new version is refused', () => {
  const refused = async (more: Record<string, string>, words: RegExp, status = 422) => {
    const answer = await preview(more);
    assert.equal(answer.status, status);
    assert.match(textOf(answer.text), words);
    assert.match(answer.text, /Heads are hard to find\./, 'what was typed is kept');
  };

  it('for a day that is over, and for one not after the version before', async () => {
    const { countsFrom, version } = await latest();
    clock.set(countsFrom.add({ days: 10 }).toZonedDateTime('Europe/Berlin').toInstant());
    await refused({ countsFrom: countsFrom.add({ days: 9 }).toString() }, /This day is over/);
    const today = await preview({ countsFrom: countsFrom.add({ days: 10 }).toString() });
    assert.equal(today.status, 200, 'today is still possible');
    clock.set(morning);
    await refused({ countsFrom: countsFrom.toString() }, new RegExp(`Version ${version} counts from`));
    await refused({ countsFrom: 'soon' }, /Give the day from which/);
  });

  it('when it says what the latest says', async () => {
    assert.equal((await publish()).status, 303);
    const { version } = await latest();
    const days = String(((version - 1) % 20) + 3);
    await refused({ firstAnswerWorkingDays: days }, /This says the same as version/);
  });

  it('when it contradicts itself', async () => {
    const never = { level1: '', country1: '', amount1: '100', currency1: 'EUR' };
    await refused(never, /Line 2 is never reached: line 1 above it/);
    const two = { level3: 'junior', country3: 'Deutschland', amount3: '1', currency3: 'USD', country1: 'DE' };
    await refused({ ...two, country3: 'Germany' }, /The lines for Germany use both EUR and USD/);
  });

  it('where a field cannot be meant', async () => {
    const words: [Record<string, string>, RegExp][] = [
      [{ amount1: '' }, /Give the sum in EUR, or empty the whole line/],
      [{ amount1: '-5' }, /This is no sum above zero/],
      [{ amount1: '0' }, /This is no sum above zero/],
      [{ amount1: '10.505' }, /EUR has fewer decimal places/],
      [{ currency1: 'XXQ' }, /Line 1: give the currency by its three letters/],
      [{ country1: 'Atlantis' }, /Line 1: this is no country we know/],
      [{ fallbackAmount: 'much' }, /This is no sum above zero/],
      [{ fallbackCurrency: '' }, /Give the currency by its three letters/],
      [{ probationMonths: '0' }, /from 1 to 36/],
      [{ extraDays: '366' }, /from 0 to 365/],
      [{ payrollCutoffDay: '29' }, /from 1 to 28/],
      [{ ownershipMonths: '1.5' }, /from 1 to 60/],
      [{ confirmation: 'perhaps' }, /Choose one of these/],
    ];
    for (const [more, sentence] of words) await refused(more, sentence);
    const answer = await preview({ note: ' ' });
    assert.equal(answer.status, 422);
    assert.match(textOf(answer.text), /Say in a sentence what changes and why/);
  });

  it('to everybody but admins', async () => {
    for (const who of [people.ben, people.anna, people.clara]) {
      const agent = await signInAs(house, who);
      // A published version is what somebody was promised: everybody reads it, and is led nowhere they may not go.
      const version = await agent.get(paths.policy(1));
      assert.equal(version.status, 200);
      assert.doesNotMatch(version.text, new RegExp(`href="${paths.policies()}`));
      for (const url of [paths.policies(), paths.policyNew()]) {
        assert.equal((await agent.get(url)).status, 403, `${who.fullName} ${url}`);
      }
      assert.equal((await press(agent, paths.programme(), paths.policies(), await typedPolicy())).status, 403);
    }
  });
});

describe('the table of amounts', () => {
  it('gets more lines and moves a line up, and keeps everything else', async () => {
    const body = await typedPolicy();
    const more = await press(david, paths.policyNew(), paths.policyNew(), { ...body, deed: 'more' });
    assert.equal(more.status, 200);
    assert.match(more.text, /name="amount5"/);
    assert.match(more.text, /Heads are hard to find\./);
    const up = await press(david, paths.policyNew(), paths.policyNew(), { ...body, deed: 'up:2' });
    assert.match(up.text, /name="country1" value="pl"/);
    assert.match(up.text, /name="level2" value="head"/);
  });

  it('is not there for a version that never was', async () => {
    assert.equal((await david.get(paths.policy(999))).status, 404);
  });
});

describe('how it works', () => {
  it('tells employees the policy in force in their language, and of the next one', async () => {
    const ben = await signInAs(house, people.ben);
    const text = textOf((await ben.get(paths.programme())).text);
    assert.match(text, /1,500 EUR for every hire/);
    assert.match(text, /Within 2 working days/);
    assert.match(text, /The bonus is paid after probation \(6 months\), with the payroll of the month/);
    assert.match(
      text,
      /First day of work 1 May 2027 Last day of probation 31 October 2027 The bonus falls due 1 November 2027/,
    );
    assert.match(text, /Paid with the payroll of November 2027/);
    assert.match(text, /You are a recruiter/);
    assert.match(text, /New terms apply from 2 March 2027/);
    assert.doesNotMatch(text, /All versions of the terms/);
    const elena = await signInAs(house, people.elena);
    const russian = textOf((await elena.get(paths.programme())).text);
    assert.match(russian, /1 500 € за каждого принятого/);
    assert.match(russian, /За 2 рабочих дня/);
  });

  it('changes on the day the next version counts', async () => {
    clock.set(Temporal.Instant.from('2027-03-01T23:30:00Z'));
    const ben = await signInAs(house, people.ben);
    const text = textOf((await ben.get(paths.programme())).text);
    assert.match(text, /head Germany 3,000 EUR/);
    assert.match(text, /HR confirms that probation was passed/);
  });
});
