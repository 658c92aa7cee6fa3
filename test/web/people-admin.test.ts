import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { paths } from '../../src/paths.ts';
import { changeRoles } from '../../src/people/employee-service.ts';
import { checkStaffList } from '../../src/people/staff-list-check-service.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { csrfToken, press, textOf, upload } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';

const header = 'staff_number,email,full_name,department,country,level,employed_from,language';
const castLines = [
  '001,greta.lind@example.com,Greta Lind,Engineering,DE,head,2020-01-01,en',
  '002,farid.aliyev@example.com,Farid Aliyev,Engineering,DE,lead,2020-01-01,en',
  '003,anna.petrova@example.com,Anna Petrova,People,DE,senior,2020-01-01,ru',
  '004,ben.carter@example.com,Ben Carter,Engineering,DE,senior,2020-01-01,en',
  '005,clara.novak@example.com,Clara Novak,Finance,DE,senior,2020-01-01,en',
  '006,david.okafor@example.com,David Okafor,IT,DE,senior,2020-01-01,en',
  '007,elena.sokolova@example.com,Elena Sokolova,Sales,DE,senior,2020-01-01,ru',
  '009,rita.blum@example.com,Rita Blum,People,DE,senior,2020-01-01,en',
];
const csv = (...lines: string[]): string => [header, ...lines].join('\r\n');
const newcomers = (count: number): string[] =>
  Array.from({ length: count }, (_, place) => {
    const number = String(place + 1).padStart(3, '0');
    return `N${number},n${number}@example.com,"=HYPERLINK(""http://evil"") ${number}",Sales,GB,junior,2026-01-01,en`;
  });

describe('the admin’s pages', () => {
  let house: TestHouse;
  let people: Cast;
  let david: Agent;

  before(async () => {
    house = await openTestHouse();
    people = await cast(house);
    david = await signInAs(house, people.david);
  });
  after(() => house.close());

  const read = async (url: string, agent = david): Promise<string> => {
    const answer = await agent.get(url);
    assert.equal(answer.status, 200, `${url}: ${textOf(answer.text)}`);
    return textOf(answer.text);
  };

  it('are for admins only', async () => {
    const pages = [
      ...[paths.admin(), paths.employees(), paths.employee(people.ben.id), paths.staffListNew()],
      ...[paths.staffListSample(), paths.staffList(1)],
    ];
    const deeds = [paths.employeeRoles(people.ben.id), paths.staffListTake(1), paths.staffListCancel(1)];
    for (const name of ['anna', 'ben', 'clara'] as const) {
      const agent = await signInAs(house, people[name]);
      for (const url of pages) assert.equal((await agent.get(url)).status, 403, `${name} ${url}`);
      const csrf = await csrfToken(agent, paths.account());
      for (const url of deeds) assert.equal((await agent.post(url).type('form').send({ csrf })).status, 403);
      const sent = await upload(agent, paths.account(), paths.staffListNew(), { file: { name: 'a', bytes: csv() } });
      assert.equal(sent.status, 403);
    }
    assert.equal((await house.db('staff_list_imports')).length, 0);
    for (const url of [paths.employee(0), paths.employee('x'), paths.employee(999_999), paths.staffList(999_999)]) {
      assert.equal((await david.get(url)).status, 404, url);
    }
  });

  it('show where to go', async () => {
    assert.match(await read(paths.admin()), /Employees 8 employees · 1 left.*Staff list.*Terms.*Outbox/);
  });

  describe('employees', () => {
    it('are found by name, e-mail and number, and by role, department and standing', async () => {
      const names = async (query: string): Promise<string[]> => {
        const { text } = await david.get(`${paths.employees()}?${query}`);
        return [...text.matchAll(/<bdi>([^<]*)<\/bdi>/g)].map(([, name]) => name as string);
      };
      assert.equal((await names('')).length, 8);
      assert.deepEqual(await names('q=carter'), ['Ben Carter']);
      assert.deepEqual(await names('q=elena.sok'), ['Elena Sokolova']);
      assert.deepEqual(await names('q=009'), ['Rita Blum']);
      assert.deepEqual(await names('role=recruiter'), ['Anna Petrova', 'Rita Blum']);
      assert.deepEqual(await names('role=recruiter&q=blum'), ['Rita Blum']);
      assert.deepEqual(await names('department=Finance'), ['Clara Novak']);
      assert.deepEqual(await names('standing=left'), ['Henry Moss']);
      assert.equal((await names('standing=all')).length, 9);
      for (const odd of [
        'q=%25',
        'q=_',
        'q=%5C',
        'role=king',
        'standing=x',
        'after=x',
        'before=1~',
        'q=%00',
        'q[]=1',
      ]) {
        assert.equal((await david.get(`${paths.employees()}?${odd}`)).status, 200, odd);
      }
      assert.deepEqual(await names('q=%25'), [], 'a percent sign is a percent sign');
      assert.match(await read(`${paths.employees()}?q=nobody`), /Nobody matches/);
    });

    it('have a page with their facts', async () => {
      assert.match(await read(paths.employee(people.ben.id)), /Ben Carter.*Manager Farid Aliyev.*Country Germany/);
      assert.match(await read(paths.employee(people.henry.id)), /Left: the last day was 30 June 2023/);
    });

    it('get and lose roles, from the next click on, with history', async () => {
      const ben = await signInAs(house, people.ben);
      const url = paths.employee(people.ben.id);
      const save = (roles: string[]) => press(david, url, paths.employeeRoles(people.ben.id), { roles });
      assert.equal((await ben.get(paths.admin())).status, 403);
      assert.equal((await save(['admin', 'payroll'])).status, 303);
      assert.match(
        await read(url),
        /The roles are saved.*David Okafor changed the roles from “Employee” to “Admin, Payroll”/,
      );
      assert.equal((await ben.get(paths.admin())).status, 200);
      await save(['admin', 'payroll']);
      assert.match(await read(url), /Nothing to save/);
      await save([]);
      assert.equal((await ben.get(paths.admin())).status, 403);
      const deeds = await house.db('history').where({ about_id: people.ben.id, deed: 'employee.changed' });
      assert.equal(deeds.length, 2);
    });

    it('can’t be given a role that doesn’t exist, nor one when they have left', async () => {
      const url = paths.employee(people.henry.id);
      const ask = (roles: string) => press(david, url, paths.employeeRoles(people.henry.id), { roles });
      assert.equal((await ask('king')).status, 422);
      const left = await ask('admin');
      assert.equal(left.status, 409);
      assert.match(textOf(left.text), /People who have left can't be given a role/);
      assert.equal((await press(david, url, paths.employeeRoles(999_999), { roles: 'admin' })).status, 404);
    });

    it('always have an admin among them, also when two unmake each other at once', async () => {
      const url = paths.employee(people.david.id);
      const last = await press(david, url, paths.employeeRoles(people.david.id), { roles: ['recruiter'] });
      assert.equal(last.status, 409);
      assert.match(textOf(last.text), /This is the last admin/);
      const admin = { id: null, roles: [] };
      await changeRoles(house.deps, admin, people.rita.id, ['admin', 'recruiter']);
      const both = await Promise.all([
        changeRoles(house.deps, admin, people.rita.id, ['recruiter']),
        changeRoles(house.deps, admin, people.david.id, []),
      ]);
      assert.deepEqual(both.map((one) => (one.ok ? one.value : one.reason)).toSorted(), ['changed', 'lastAdmin']);
      await changeRoles(house.deps, admin, people.david.id, ['admin']);
      await changeRoles(house.deps, admin, people.rita.id, ['recruiter']);
    });
  });

  describe('the staff list', () => {
    const send = async (bytes: string | Uint8Array, name = 'staff.csv') => {
      return upload(david, paths.staffListNew(), paths.staffListNew(), { file: { name, bytes, type: 'text/csv' } });
    };
    const check = async (bytes: string): Promise<string> => {
      const url = (await send(bytes)).headers.location as string;
      await checkStaffList(house.deps, Number(url.split('/').at(-1)));
      return url;
    };

    it('explains its columns and hands out a sample that it can read', async () => {
      assert.match(await read(paths.staffListNew()), /manager_staff_number.*must be on the list too/);
      const sample = await david.get(paths.staffListSample());
      assert.match(sample.headers['content-disposition'] as string, /attachment.*\.csv/);
      const page = await read(await check(sample.text));
      // It is another company's list, so its reader is missing on it; there is nothing else to find fault with.
      assert.match(page, /One problem to solve first.*You yourself are not on this list/);
    });

    it('is checked while the page looks again by itself, and then previewed', async () => {
      const sent = await send(csv(...castLines, ...newcomers(120)), 'Личный состав.csv');
      assert.equal(sent.status, 303);
      const url = sent.headers.location as string;
      const waiting = await david.get(url);
      assert.equal(waiting.headers.refresh, '1');
      assert.match(textOf(waiting.text), /Checking the list.*Личный состав\.csv/);
      assert.match(textOf(waiting.text), /The file is being read/);
      assert.doesNotMatch(textOf(waiting.text), /0 \/ 0/);
      assert.match(waiting.text, /<progress/);
      const early = await press(david, url, `${url}/take`);
      assert.equal(early.status, 409);
      await checkStaffList(house.deps, Number(url.split('/').at(-1)));
      const ready = await david.get(url);
      assert.equal(ready.headers.refresh, undefined);
      const text = textOf(ready.text);
      assert.match(text, /added 120 changed 0|120 added 0 changed/);
      assert.match(text, /=HYPERLINK\("http:\/\/evil"\) 001/);
      assert.doesNotMatch(ready.text, /href="http:\/\/evil/);
      const pages = [ready.text];
      for (let next = nextIn(ready.text); next; next = nextIn(pages.at(-1) as string)) {
        pages.push((await david.get(next)).text);
      }
      const seen = pages.flatMap((page) =>
        [...page.matchAll(/evil&quot;\) (\d+)/g)].map(([, number]) => Number(number)),
      );
      assert.deepEqual(
        seen,
        Array.from({ length: 120 }, (_, place) => place + 1),
      );
      const back = /rel="prev"/.test(pages[0] as string);
      assert.equal(back, false, 'the first page has nothing before it');
      assert.match(pages[1] as string, /rel="prev"/);
    });

    it('shows changes before and after, takes them, and says so; the second press is refused', async () => {
      const moved = castLines.map((line) => line.replace('Ben Carter,Engineering', 'Ben Carter,Platform'));
      const url = await check(csv(...moved.filter((line) => !line.startsWith('007'))));
      const changed = await read(`${url}?show=changed`);
      assert.match(changed, /Ben Carter 004 Department: Engineering .*Platform/);
      assert.match(await read(`${url}?show=left`), /Elena Sokolova 007 Sales/);
      const taken = await press(david, url, `${url}/take`);
      assert.equal(taken.status, 303);
      assert.match(await read(url), /The list is taken.*David Okafor took this list on/);
      const csrf = await csrfToken(david, url);
      const again = await david.post(`${url}/take`).type('form').send({ csrf });
      assert.equal(again.status, 409);
      assert.match(textOf(again.text), /This list has already been taken/);
      assert.match(await read(paths.employee(people.ben.id)), /Platform.*David Okafor changed: Department/);
      assert.match(await read(paths.employee(people.elena.id)), /marked them as left/);
      assert.match(await read(paths.staffListNew()), /staff\.csv Taken/);
    });

    it('asks for a tick where many would be marked as left, signs them out, and counts them in words', async () => {
      const keepers = castLines.filter((line) => /^00[136]/.test(line));
      await house.db('employees').where({ id: people.elena.id }).update({ employed_until: null });
      const url = await check(csv(...keepers));
      const ben = await signInAs(house, people.ben);
      await ben.get(paths.account()).expect(200);
      const shown = await david.get(url);
      assert.match(shown.text, /alert-box is-bad/);
      assert.match(textOf(shown.text), /5 of 8 people who work here would be marked as left.*Yes, 5 people have left/);
      const unticked = await press(david, url, `${url}/take`);
      assert.equal(unticked.status, 422);
      assert.match(textOf(unticked.text), /Tick that these people have really left/);
      assert.match(unticked.text, /href="#leavers"/);
      await ben.get(paths.account()).expect(200);
      assert.equal((await press(david, url, `${url}/take`, { leavers: 'yes' })).status, 303);
      await ben.get(paths.account()).expect(303);
      await house.db('employees').update({ employed_until: null }).whereNot({ id: people.henry.id });
    });

    it('is refused when the staff has changed since, and can be cancelled twice', async () => {
      const url = await check(csv(...castLines));
      await house.db('employees').where({ id: people.rita.id }).update({ level: 'lead' });
      const stale = await press(david, url, `${url}/take`);
      assert.equal(stale.status, 409);
      assert.match(textOf(stale.text), /The staff has changed since this preview/);
      assert.equal((await press(david, url, `${url}/cancel`)).headers.location, paths.staffListNew());
      assert.match(await read(url), /This list was cancelled/);
      assert.equal((await press(david, url, `${url}/cancel`)).status, 303);
    });

    it('lists its problems in the reader’s language', async () => {
      const url = await check(csv(...castLines, '010,x,Person,Sales,??,,2026-13-01,en'));
      assert.match(await read(url), /3 problems to solve first.*10 email “x” is not an e-mail address/);
      await house.db('employees').where({ id: people.david.id }).update({ chosen_language: 'ru' });
      assert.match(await read(url), /исправить 3 ошибки.*10 country «\?\?» — это не код страны/);
      await house.db('employees').where({ id: people.david.id }).update({ chosen_language: null });
    });

    it('is no file, an empty one, a workbook or one over 25 MB', async () => {
      const refused = async (bytes: string | Uint8Array, sentence: RegExp) => {
        const answer = await send(bytes);
        assert.equal(answer.status, 422);
        assert.match(textOf(answer.text), sentence);
      };
      await refused('', /This file is empty/);
      await refused('PK\u0003\u0004', /This is an Excel workbook/);
      await refused(Buffer.alloc(25 * 1024 * 1024 + 1, 'a'), /larger than 25 MB/);
      const none = await upload(david, paths.staffListNew(), paths.staffListNew(), {}, { other: 'x' });
      assert.match(textOf(none.text), /Choose a file first/);
      const wrongField = await upload(david, paths.staffListNew(), paths.staffListNew(), {
        x: { name: 'x', bytes: 'x' },
      });
      assert.equal(wrongField.status, 422);
    });
  });
});

function nextIn(html: string): string | null {
  const link = /<a class="btn" href="([^"]+)" rel="next"/.exec(html)?.[1];
  return link ? link.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') : null;
}
