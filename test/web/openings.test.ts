import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ensureFirstPolicy } from '../../src/bonuses/policy-service.ts';
import { OPENING_DEEDS } from '../../src/openings/opening.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { press, textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { anOpening } from '../support/opening-cast.ts';

let house: TestHouse;
let people: Cast;
let anna: Agent;
let ben: Agent;

before(async () => {
  house = await openTestHouse();
  people = await cast(house);
  await ensureFirstPolicy(house.deps);
  anna = await signInAs(house, people.anna);
  ben = await signInAs(house, people.ben);
  await anna.get(paths.home());
  await house.db('employees').where({ id: people.anna.id }).update({ chosen_language: 'en' });
});
after(() => house.close());

const typedOpening = (more: Record<string, string> = {}) => ({
  title: 'Data engineer',
  department: 'Engineering',
  place: 'Hamburg',
  country: 'DE',
  employmentType: 'permanent',
  level: 'senior',
  description: '## What you do\n\nYou keep the **numbers** right.',
  skills: 'SQL, Python\nsql',
  hiringManager: people.farid.email,
  recruiterId: String(people.anna.id),
  ...more,
});

async function deedsOf(id: number): Promise<string[]> {
  const rows = await house.db('history').where({ about: 'opening', about_id: id }).orderBy('id');
  return rows.map((row) => row.deed);
}

describe('the list of openings', () => {
  it('shows published ones with their bonus and when it is paid, priority first, then the newest', async () => {
    const older = await anOpening(house.deps, people, { title: 'Older engineer' });
    const urgent = await anOpening(house.deps, people, { title: 'Urgent engineer', isPriority: true });
    const newer = await anOpening(house.deps, people, { title: 'Newer engineer' });
    await anOpening(house.deps, people, { title: 'Drafted engineer' }, 'draft');
    await anOpening(house.deps, people, { title: 'Paused engineer' }, 'paused');
    const answer = await ben.get(`${paths.openings()}?q=engineer`);
    assert.equal(answer.status, 200);
    const text = textOf(answer.text);
    assert.match(text, /1,500 EUR after probation \(6 months\), with the payroll of the month/);
    assert.doesNotMatch(text, /Drafted|Paused/);
    const order = [urgent, newer, older].map((id) => answer.text.indexOf(`href="${paths.opening(id)}"`));
    assert.ok(order.every((place) => place > 0));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  });

  it('asks who you are first', async () => {
    const { default: supertest } = await import('supertest');
    const answer = await supertest(house.app).get(paths.openings());
    assert.equal(answer.status, 303);
    assert.match(String(answer.headers.location), /^\/sign-in/);
  });

  it('finds by title, skill, place and department, forgives a slip of the keys, and takes % and _ for what they are', async () => {
    await anOpening(house.deps, people, { title: 'Security analyst', skills: ['Threat hunting', '100%_safe'] });
    const found = async (q: string) => textOf((await ben.get(`${paths.openings()}?q=${encodeURIComponent(q)}`)).text);
    assert.match(await found('hunting'), /Security analyst/);
    assert.match(await found('SECURITY threat'), /Security analyst/);
    assert.match(await found('secruity'), /Security analyst/);
    assert.match(await found('100%_'), /Security analyst/);
    assert.doesNotMatch(await found('%'), /Backend|Urgent/);
    await anOpening(house.deps, people, { title: 'Night porter', department: 'Hospitality', place: 'Ljubljana' });
    for (const q of ['Ljubljana', 'hospital', 'porter ljubl']) assert.match(await found(q), /Night porter/, q);
    assert.doesNotMatch(await found('Ljubljana'), /Security analyst/);
    assert.match(await found('zymurgy'), /Nothing fits all of this/);
  });

  it('filters by department, country, place, level, employment and priority', async () => {
    const text = { title: 'Warsaw intern', department: 'Research', country: 'PL', place: 'Warsaw', level: 'junior' };
    await anOpening(house.deps, people, { ...text, employmentType: 'intern' });
    for (const wish of ['department=Research', 'country=PL', 'place=Warsaw', 'level=junior', 'type=intern']) {
      const shown = textOf((await ben.get(`${paths.openings()}?${wish}`)).text);
      assert.match(shown, /1 opening\b/, wish);
      assert.match(shown, /Warsaw intern/, wish);
    }
    const priority = textOf((await ben.get(`${paths.openings()}?priority=yes`)).text);
    assert.match(priority, /Urgent engineer/);
    assert.doesNotMatch(priority, /Warsaw intern/);
  });

  it('takes a wish that nobody could mean for no wish at all', async () => {
    const answer = await ben.get(`${paths.openings()}?type=slave&country=Germany&after=1~2026-99-99T00:00:00Z~1&q=%00`);
    assert.equal(answer.status, 200);
    assert.match(textOf(answer.text), /Urgent engineer/);
  });

  it('turns pages without losing or repeating a row', async () => {
    for (let n = 1; n <= 45; n += 1) {
      await anOpening(house.deps, people, { title: `Paged ${n}`, department: 'Paging', isPriority: n % 9 === 0 });
    }
    const seen: string[] = [];
    let url: string | undefined = `${paths.openings()}?department=Paging`;
    let previous: string | undefined;
    for (let turn = 0; url && turn < 5; turn += 1) {
      const { text } = await ben.get(url);
      seen.push(...[...text.matchAll(/Paged (\d+)/g)].map((match) => match[1] as string));
      previous = link(text, 'prev');
      url = link(text, 'next');
    }
    assert.equal(seen.length, 45);
    assert.equal(new Set(seen).size, 45);
    assert.deepEqual(seen.slice(0, 5), ['45', '36', '27', '18', '9']);
    const back = await ben.get(previous as string);
    const middle = [...back.text.matchAll(/Paged (\d+)/g)].map((match) => match[1]);
    assert.deepEqual(middle, seen.slice(20, 40));
  });
});

function link(html: string, rel: 'prev' | 'next'): string | undefined {
  const match = new RegExp(`href="([^"]+)" rel="${rel}"`).exec(html);
  return match?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
}

describe('an opening', () => {
  it('says what is theirs and when, and leads to recommending', async () => {
    const id = await anOpening(house.deps, people);
    const answer = await ben.get(paths.opening(id));
    const text = textOf(answer.text);
    assert.equal(answer.status, 200);
    assert.match(text, /What is yours, and when 1,500 EUR after probation/);
    assert.match(text, /Farid Aliyev/);
    assert.ok(answer.text.includes(`href="${paths.recommend(id).replace('=', '&#x3D;')}"`));
    assert.match(answer.text, /<strong>payments<\/strong>/);
    assert.doesNotMatch(text, /For recruiters/);
  });

  it('tells a recruiter and the managers of the hire that there is no bonus for them', async () => {
    const id = await anOpening(house.deps, people);
    assert.match(textOf((await anna.get(paths.opening(id))).text), /You recruit, so finding people is your work/);
    for (const manager of [people.farid, people.greta]) {
      const shown = textOf((await (await signInAs(house, manager)).get(paths.opening(id))).text);
      assert.match(shown, /The person would work for you/, manager.fullName);
    }
  });

  it('shows a description with scripts and pictures harmlessly', async () => {
    const description = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '[click](javascript:alert(1))',
      '![](https://elsewhere.example/pixel.png)',
      '[fine](https://example.com/)',
    ].join('\n\n');
    const id = await anOpening(house.deps, people, { title: '<b>Bold</b> "engineer"', description });
    const { text: html } = await ben.get(paths.opening(id));
    assert.doesNotMatch(html, /<script>alert|<img|javascript:alert\(1\)"|pixel\.png"|<b>Bold/);
    assert.match(html, /&lt;script&gt;alert/);
    assert.match(html, /<a href="https:\/\/example\.com\/" rel="nofollow noopener noreferrer">fine<\/a>/);
  });

  it('is not there for employees while it is a draft, and for nobody when it never was', async () => {
    const id = await anOpening(house.deps, people, {}, 'draft');
    assert.equal((await ben.get(paths.opening(id))).status, 404);
    assert.equal((await anna.get(paths.opening(id))).status, 200);
    assert.equal((await ben.get(paths.opening(999_999))).status, 404);
    assert.equal((await ben.get(paths.opening('nonsense'))).status, 404);
  });

  it('explains itself when it is paused or closed, and offers no recommending', async () => {
    for (const [state, words] of [
      ['paused', /taking a break/],
      ['closed', /This opening is closed/],
    ] as const) {
      const id = await anOpening(house.deps, people, { title: `A ${state} one` }, state);
      const { text: html } = await ben.get(paths.opening(id));
      assert.match(textOf(html), words);
      assert.doesNotMatch(html, new RegExp(`recommend\\?opening(=|&#x3D;)${id}`));
    }
  });
});

describe('the deeds of an opening', () => {
  it('lead from draft to closed and back, each with its history', async () => {
    const id = await anOpening(house.deps, people, {}, 'draft');
    const page = paths.opening(id);
    for (const deed of ['publish', 'pause', 'resume', 'close', 'reopen']) {
      const answer = await press(anna, page, paths.openingDeed(id, deed));
      assert.equal(answer.status, 303, deed);
      assert.equal(answer.headers.location, page);
    }
    const history = ['created', 'published', 'paused', 'resumed', 'closed', 'reopened'].map((one) => `opening.${one}`);
    assert.deepEqual(await deedsOf(id), history);
    assert.match(textOf((await anna.get(page)).text), /is open again/);
  });

  it('are refused the second time with a sentence, and leave no history', async () => {
    const id = await anOpening(house.deps, people);
    const before = await deedsOf(id);
    const answer = await press(anna, paths.opening(id), paths.openingDeed(id, 'publish'));
    assert.equal(answer.status, 409);
    assert.match(textOf(answer.text), /published already/);
    assert.deepEqual(await deedsOf(id), before);
  });

  it('happen once when two press at the same moment', async () => {
    const id = await anOpening(house.deps, people);
    const rita = await signInAs(house, people.rita);
    const both = await Promise.all([
      press(anna, paths.opening(id), paths.openingDeed(id, 'close')),
      press(rita, paths.opening(id), paths.openingDeed(id, 'close')),
    ]);
    assert.deepEqual(both.map((answer) => answer.status).toSorted(), [303, 409]);
    assert.equal((await deedsOf(id)).filter((deed) => deed === 'opening.closed').length, 1);
  });

  it('are for recruiters only', async () => {
    const id = await anOpening(house.deps, people);
    const david = await signInAs(house, people.david);
    for (const agent of [ben, david]) {
      for (const deed of OPENING_DEEDS) {
        const answer = await press(agent, paths.openings(), paths.openingDeed(id, deed));
        assert.equal(answer.status, 403, deed);
      }
      for (const url of [paths.openingsManage(), paths.openingNew(), paths.openingEdit(id)]) {
        assert.equal((await agent.get(url)).status, 403, url);
      }
      assert.equal((await press(agent, paths.openings(), paths.openings(), typedOpening())).status, 403);
    }
  });
});

describe('writing an opening', () => {
  it('publishes it at once when asked to', async () => {
    const answer = await press(anna, paths.openingNew(), paths.openings(), typedOpening({ deed: 'publish' }));
    assert.equal(answer.status, 303);
    const { text } = await ben.get(String(answer.headers.location));
    assert.match(textOf(text), /Data engineer/);
    assert.match(text, /<h2>What you do<\/h2>/);
    const row = await house.db('openings').where({ title: 'Data engineer' }).first();
    assert.deepEqual(row.skills, ['SQL', 'Python']);
    assert.equal(row.hiring_manager_id, people.farid.id);
  });

  it('takes the hiring manager by staff number and by name too', async () => {
    for (const hiringManager of [people.farid.staffNumber, 'farid aliyev', 'FARID.ALIYEV@example.com']) {
      const title = `By ${hiringManager}`;
      const answer = await press(anna, paths.openingNew(), paths.openings(), typedOpening({ title, hiringManager }));
      assert.equal(answer.status, 303, hiringManager);
      const row = await house.db('openings').where({ title }).first();
      assert.equal(row.hiring_manager_id, people.farid.id);
      assert.equal(row.state, 'draft');
    }
  });

  it('says what is missing by each field and keeps what was typed', async () => {
    const typed = typedOpening({
      title: '  ',
      department: '',
      country: '',
      skills: 'x'.repeat(61),
      description: 'Kept words',
    });
    const answer = await press(anna, paths.openingNew(), paths.openings(), { ...typed, hiringManager: 'Nobody Known' });
    assert.equal(answer.status, 422);
    const text = textOf(answer.text);
    for (const words of [
      /Give the opening a title/,
      /which department/,
      /Choose the country/,
      /more than 60 characters/,
    ]) {
      assert.match(text, words);
    }
    assert.match(text, /Nobody employed has the e-mail, staff number or name “Nobody Known”/);
    assert.match(answer.text, /Kept words/);
    assert.match(answer.text, /value="Nobody Known"/);
  });

  it('refuses a hiring manager who has left, a name that two share, and somebody who does not recruit', async () => {
    const refused = async (more: Record<string, string>) => {
      const answer = await press(anna, paths.openingNew(), paths.openings(), typedOpening(more));
      assert.equal(answer.status, 422);
      return textOf(answer.text);
    };
    assert.match(await refused({ hiringManager: people.henry.email }), /Nobody employed has/);
    await house.db('employees').where({ id: people.rita.id }).update({ full_name: 'Farid Aliyev' });
    assert.match(await refused({ hiringManager: 'Farid Aliyev' }), /Several employees are called/);
    await house.db('employees').where({ id: people.rita.id }).update({ full_name: 'Rita Blum' });
    assert.match(await refused({ recruiterId: String(people.ben.id) }), /doesn't recruit any more/);
    assert.match(await refused({ recruiterId: 'x' }), /Choose who is in charge/);
  });

  it('takes long names, emoji and writing from right to left as they are, and no more than fits', async () => {
    const title = `مهندس 🚀 ${'é'.repeat(150)}`;
    const fine = await press(anna, paths.openingNew(), paths.openings(), typedOpening({ title }));
    assert.equal(fine.status, 303);
    const tooLong = await press(anna, paths.openingNew(), paths.openings(), typedOpening({ title: 'x'.repeat(5000) }));
    assert.equal(tooLong.status, 422);
    assert.match(textOf(tooLong.text), /more than 200 characters/);
  });
});

describe('editing an opening', () => {
  it('shows what there is, saves what changed, and writes no history when nothing did', async () => {
    const id = await anOpening(house.deps, people, { title: 'To be edited' });
    const { text: form } = await anna.get(paths.openingEdit(id));
    assert.match(form, /value="To be edited"/);
    assert.match(form, /value="farid\.aliyev@example\.com"/);
    const same = {
      ...typedOpening({ title: 'To be edited', place: 'Berlin', skills: 'Kotlin, PostgreSQL' }),
      description: 'You build the **payments** that everybody relies on.',
    };
    assert.equal((await press(anna, paths.openingEdit(id), paths.openingEdit(id), same)).status, 303);
    assert.deepEqual(await deedsOf(id), ['opening.created', 'opening.published']);
    const changed = await press(anna, paths.openingEdit(id), paths.openingEdit(id), {
      ...same,
      place: 'Leipzig',
      isPriority: 'yes',
    });
    assert.equal(changed.status, 303);
    const [last] = await house.db('history').where({ about: 'opening', about_id: id }).orderBy('id', 'desc').limit(1);
    assert.equal(last.deed, 'opening.edited');
    assert.equal(last.facts.changed, 'place, isPriority');
    assert.match(textOf((await ben.get(paths.opening(id))).text), /Leipzig/);
  });

  it('is refused once it is closed', async () => {
    const id = await anOpening(house.deps, people, {}, 'closed');
    assert.equal((await anna.get(paths.openingEdit(id))).status, 409);
    const answer = await press(anna, paths.openingNew(), paths.openingEdit(id), typedOpening());
    assert.equal(answer.status, 409);
    assert.match(textOf(answer.text), /Open it again to edit it/);
  });
});

describe('the list of recruiters', () => {
  it('parts the openings by state and counts them', async () => {
    const id = await anOpening(house.deps, people, { title: 'Resting engineer' }, 'paused');
    const answer = await anna.get(`${paths.openingsManage()}?state=paused&q=resting`);
    assert.equal(answer.status, 200);
    assert.match(answer.text, new RegExp(`href="${paths.opening(id)}"`));
    assert.match(textOf(answer.text), /Drafts \d+ Published \d+ Paused \d+ Closed \d+/);
  });

  it('speaks Russian', async () => {
    const elena = await signInAs(house, people.elena);
    const text = textOf((await elena.get(`${paths.openings()}?department=Research`)).text);
    assert.match(text, /1 вакансия/);
    assert.match(text, /1 500 € после испытательного срока \(6 месяцев\), с зарплатой за этот месяц/);
  });
});
