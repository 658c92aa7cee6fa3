import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cleanUpPeople } from '../../src/people/clean-up-service.ts';
import type { Problem } from '../../src/people/staff-list.ts';
import { checkStaffList } from '../../src/people/staff-list-check-service.ts';
import { cancelStaffList, takeStaffList, uploadStaffList } from '../../src/people/staff-list-service.ts';
import { beginTaking } from '../../src/people/staff-list-take-store.ts';
import { type Cast, cast } from '../support/cast.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';

const header =
  'staff_number,email,full_name,department,manager_staff_number,country,level,employment_type,works_hours,employed_from,employed_until,notice_given_on,language,roles';
const david = '006,david.okafor@example.com,David Okafor,IT,001,DE,senior,permanent,40,2020-01-01,,,en,admin';
const castLines = [
  '001,greta.lind@example.com,Greta Lind,Engineering,,DE,head,permanent,40,2020-01-01,,,en,',
  '002,farid.aliyev@example.com,Farid Aliyev,Engineering,001,DE,lead,permanent,40,2020-01-01,,,en,',
  '003,anna.petrova@example.com,Anna Petrova,People,001,DE,senior,permanent,40,2020-01-01,,,ru,recruiter',
  '004,ben.carter@example.com,Ben Carter,Engineering,002,DE,senior,permanent,40,2020-01-01,,,en,',
  '005,clara.novak@example.com,Clara Novak,Finance,001,DE,senior,permanent,40,2020-01-01,,,en,payroll',
  david,
  '007,elena.sokolova@example.com,Elena Sokolova,Sales,001,DE,senior,permanent,40,2020-01-01,,,ru,',
  '009,rita.blum@example.com,Rita Blum,People,001,DE,senior,permanent,40,2020-01-01,,,en,recruiter',
];
const csv = (...lines: string[]): string => [header, ...lines].join('\n');
/** The cast as it is, with some lines put differently, left out (null) or added. */
const castWith = (lines: Record<string, string | null> = {}): string => {
  const known = castLines.map((line) => (line.slice(0, 3) in lines ? lines[line.slice(0, 3)] : line));
  const more = Object.entries(lines).filter(([number]) => !castLines.some((line) => line.startsWith(`${number},`)));
  return csv(...[...known, ...more.map(([, line]) => line)].filter((line) => line != null));
};
const person = (number: string, more: Partial<Record<string, string>> = {}): string => {
  const values: Record<string, string | undefined> = {
    staff_number: number,
    email: `p${number}@example.com`,
    full_name: `Person ${number}`,
    country: 'DE',
    employed_from: '2024-01-01',
    ...more,
  };
  return header
    .split(',')
    .map((column) => values[column] ?? '')
    .join(',');
};

describe('a staff list', () => {
  let house: TestHouse;
  let people: Cast;

  before(async () => {
    house = await openTestHouse({ web: false });
    people = await cast(house);
  });
  after(() => house.close());

  const by = () => ({ id: people.david.id, roles: people.david.roles });
  const upload = async (content: string | Uint8Array): Promise<number> => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const uploaded = await uploadStaffList(house.deps, by(), { fileName: 'staff.csv', content: bytes });
    assert.ok(uploaded.ok, 'the file itself is readable');
    await checkStaffList(house.deps, uploaded.value);
    return uploaded.value;
  };
  const row = (id: number) => house.db('staff_list_imports').where({ id }).first();
  const problemsOf = async (content: string | Uint8Array): Promise<Problem[]> => {
    const list = await row(await upload(content));
    assert.equal(list.state, 'refused');
    assert.equal(list.content, null, 'the bytes of a refused list are not kept');
    assert.equal(list.problem_count, list.problems.length);
    return list.problems;
  };
  const told = async (content: string | Uint8Array): Promise<string[]> =>
    (await problemsOf(content)).map(({ line, column, key }) => `${line} ${column} ${key.split('.').at(-1)}`);
  const employee = (staffNumber: string) => house.db('employees').where({ staff_number: staffNumber }).first();

  /** Puts everything back, so that one test's people are not another's. */
  const inPeace = async (work: () => Promise<void>): Promise<void> => {
    const kept = ['employees', 'employee_roles'];
    for (const table of kept) await house.db.raw(`create table kept_${table} as table ${table}`);
    try {
      await work();
    } finally {
      await house.db.raw('alter table history disable trigger user');
      await house.db('history').delete();
      await house.db.raw('alter table history enable trigger user');
      await house.db('staff_list_lines').delete();
      await house.db.raw('update staff_list_imports set taken_by = null');
      await house.db.raw('delete from employees where id not in (select id from kept_employees)');
      await house.db.raw('delete from employee_roles');
      await house.db.raw(`update employees set email = 'x' || id || '@x.x'`);
      await house.db.raw(`update employees set email = kept.email, full_name = kept.full_name, department = kept.department,
        manager_id = kept.manager_id, employed_until = kept.employed_until from kept_employees kept where kept.id = employees.id`);
      await house.db.raw('insert into employee_roles table kept_employee_roles');
      for (const table of kept) await house.db.raw(`drop table kept_${table}`);
    }
  };

  describe('is compared with the staff', () => {
    it('and changes nothing where it says what is known', async () => {
      const list = await row(await upload(castWith()));
      const { state, added, changed, marked_left, unchanged, lines_done, lines_total } = list;
      assert.deepEqual(
        { state, added, changed, marked_left, unchanged, lines_done, lines_total },
        { state: 'ready', added: 0, changed: 0, marked_left: 0, unchanged: 8, lines_done: 8, lines_total: 8 },
      );
    });

    it('and says what is added, changed from what to what, and marked as left', async () => {
      const id = await upload(
        castWith({
          '004': castLines[3]?.replace('Engineering,002', 'Platform,001') as string,
          '007': null,
          '010': person('010'),
        }),
      );
      const lines = await house.db('staff_list_lines').where({ import_id: id }).orderBy('kind');
      assert.deepEqual(
        lines.map(({ kind, staff_number, line_no, changes }) => ({ kind, staff_number, line_no, changes })),
        [
          { kind: 'added', staff_number: '010', line_no: 9, changes: {} },
          {
            kind: 'changed',
            staff_number: '004',
            line_no: 5,
            changes: { department: ['Engineering', 'Platform'], manager_staff_number: ['002', '001'] },
          },
          { kind: 'left', staff_number: '007', line_no: 1, changes: {} },
        ],
      );
    });

    it('in any encoding and with any delimiter that spreadsheets write', async () => {
      const text = castWith({ '010': person('010', { full_name: 'Ольга Ёлкина' }) });
      const windows1251 = Buffer.from([...text].map((letter) => cp1251(letter)));
      const files = [
        Buffer.from(text),
        Buffer.from(`\ufeff${text}`),
        Buffer.from(`\ufeff${text}`, 'utf16le'),
        windows1251,
        Buffer.from(text.replaceAll(',', ';')),
        Buffer.from(text.replaceAll(',', '\t').replaceAll('\n', '\r\n')),
        Buffer.from(`${text}\n\n;;;\n`.replaceAll(',', ';')),
      ];
      for (const file of files) {
        const id = await upload(file);
        assert.equal((await row(id)).state, 'ready', JSON.stringify((await row(id)).problems));
        const added = await house.db('staff_list_lines').where({ import_id: id, kind: 'added' });
        assert.deepEqual(
          added.map((line) => line.values.full_name),
          ['Ольга Ёлкина'],
        );
      }
    });

    it('with columns in any order, and leaves alone what it has no column for', async () => {
      const lines = castLines.map((line) => line.split(','));
      const narrow = ['Full Name,EMAIL,staff-number,country,employed_from'];
      for (const cells of lines) narrow.push([cells[2], cells[1], cells[0], cells[5], '01.01.2020'].join(','));
      const list = await row(await upload(narrow.join('\n')));
      assert.equal(list.state, 'ready', JSON.stringify(list.problems));
      assert.equal(list.unchanged, 8);
    });
  });

  describe('is told its problems by line and column', () => {
    it('in the header', async () => {
      assert.deepEqual(await told('staff_number,email,full_name,country,wage,email,\n1,2,3,4,5,6,7'), [
        '1 wage unknownColumn',
        '1 email doubleColumn',
        '1 7 emptyColumn',
        '1 employed_from missingColumn',
      ]);
      assert.deepEqual(await told(header), ['null null noLines']);
    });

    it('in its cells', async () => {
      const wrong: [Partial<Record<string, string>>, string][] = [
        [{ email: '' }, 'email empty'],
        [{ email: 'no address' }, 'email email'],
        [{ email: '"p@example.com\nBcc: all@example.com"' }, 'email controlCharacter'],
        [{ full_name: '' }, 'full_name empty'],
        [{ full_name: 'N'.repeat(201) }, 'full_name tooLong'],
        [{ full_name: 'N'.repeat(5000) }, 'full_name tooLong'],
        [{ full_name: 'Bell\u0007' }, 'full_name controlCharacter'],
        [{ country: 'Germany' }, 'country country'],
        [{ country: 'ZZ' }, 'country country'],
        [{ country: 'UK' }, 'country country'],
        [{ employment_type: 'boss' }, 'employment_type employmentType'],
        [{ language: 'de' }, 'language language'],
        [{ roles: 'recruiter king' }, 'roles role'],
        [{ works_hours: 'many' }, 'works_hours hours'],
        [{ works_hours: '169' }, 'works_hours hours'],
        [{ employed_from: '' }, 'employed_from empty'],
        [{ employed_from: '2026-02-30' }, 'employed_from day'],
        [{ employed_from: '03/04/2026' }, 'employed_from day'],
        [{ employed_until: '2023-12-31' }, 'employed_until untilBeforeFrom'],
        [{ notice_given_on: 'yesterday' }, 'notice_given_on day'],
        [{ manager_staff_number: '404' }, 'manager_staff_number unknownManager'],
        [{ manager_staff_number: '010' }, 'manager_staff_number ownManager'],
      ];
      for (const [values, expected] of wrong) {
        assert.deepEqual(await told(castWith({ '010': person('010', values) })), [`10 ${expected}`], expected);
      }
    });

    it('all of them at once, and where a cell runs over several lines still by the right one', async () => {
      const file = castWith({
        '010': person('010', { department: '"one, still one"', country: '??' }),
        '011': person('011', { level: '"two\nlines"' }),
        '012': person('012', { country: 'XX', language: 'xx' }),
      });
      assert.deepEqual(await told(file), [
        '10 country country',
        '11 level controlCharacter',
        '13 country country',
        '13 language language',
      ]);
    });

    it('between its lines: nobody twice, no ring of managers', async () => {
      const file = castWith({
        '010': person('010', { manager_staff_number: '012' }),
        '011': person('011', { manager_staff_number: '010', email: 'BEN.CARTER@example.com' }),
        '012': person('012', { manager_staff_number: '011' }),
        x: person('010', { email: 'other@example.com' }),
      });
      const problems = await problemsOf(file);
      assert.deepEqual(
        problems.map(({ line, column, key, params }) => [line, column, key.split('.').at(-1), params]),
        [
          [10, 'manager_staff_number', 'ring', { ring: '010 → 012 → 011 → 010' }],
          [11, 'email', 'doubleEmail', { line: 5 }],
          [13, 'staff_number', 'doubleNumber', { line: 10 }],
        ],
      );
    });

    it('where the file is broken', async () => {
      assert.deepEqual(await told(castWith({ '010': `${person('010')},extra` })), ['10 null cellCount']);
      assert.deepEqual(
        await told(castWith({ '010': '010,short' })),
        ['10 null cellCount', '10 null cellCount'].slice(0, 1),
      );
      assert.deepEqual(await told(`${castWith()}\n010,a@example.com,Joe "the" Plumber,,,DE,,,,2024-01-01,,,,`), [
        '10 null brokenQuote',
      ]);
      const [unclosed] = await told(`${castWith()}\n010,a@example.com,"Joe,,,DE,,,,2024-01-01,,,,`);
      assert.equal(unclosed, '10 null quoteNotClosed');
    });

    it('before the line where the file breaks, too', async () => {
      const early = `${castWith({ '010': person('010', { country: '??' }) })}\n\n`;
      const open = '011,a@example.com,"Joe,,,DE,,,,2024-01-01,,,,\n012,more,of,it';
      assert.deepEqual(await told(early + open), ['10 country country', '12 null quoteNotClosed']);
      const stray = '011,a@example.com,Joe "the" Plumber,,,DE,,,,2024-01-01,,,,';
      assert.deepEqual(await told(early + stray), ['10 country country', '12 null brokenQuote']);
      const swallowed = `${early}011,a@example.com,"Joe\n${`${person('012')}\n`.repeat(3000)}`;
      assert.deepEqual(await told(swallowed), ['10 country country', '12 null quoteNotClosed']);
    });

    it('without blaming others for a line that can’t be read', async () => {
      const file = castWith({ '010': '010,short', '011': person('011', { manager_staff_number: '010' }) });
      assert.deepEqual(await told(file), ['10 null cellCount']);
    });

    it('counts more than it keeps', async () => {
      const many = Array.from({ length: 700 }, (_, place) => person(`X${place}`, { country: '??' }));
      const list = await row(await upload(csv(...castLines, ...many)));
      assert.deepEqual([list.state, list.problem_count, list.problems.length], ['refused', 700, 500]);
    });

    it('when it would lock out who uploads it', async () => {
      assert.deepEqual(await told(castWith({ '006': david.replace('en,admin', 'en,recruiter') })), [
        '7 roles ownAdmin',
      ]);
      assert.deepEqual(await told(castWith({ '006': null })), ['null null ownMissing']);
      assert.deepEqual(await told(castWith({ '006': david.replace('2020-01-01,', '2020-01-01,2024-01-01') })), [
        '7 employed_until ownLeaving',
      ]);
    });
  });

  it('takes strange names as they are', async () => {
    await inPeace(async () => {
      const names = [
        '=HYPERLINK("http://evil.example";"me")',
        'شیرین عبادی',
        '👩‍🚀 Ada',
        'N'.repeat(200),
        '👍'.repeat(200),
      ];
      const lines = names.map((name, place) => person(`N${place}`, { full_name: `"${name.replaceAll('"', '""')}"` }));
      const id = await upload(csv(...castLines, ...lines));
      assert.equal((await row(id)).state, 'ready', JSON.stringify((await row(id)).problems));
      assert.ok((await takeStaffList(house.deps, by(), id)).ok);
      for (const [place, name] of names.entries()) assert.equal((await employee(`N${place}`)).full_name, name);
    });
  });

  it('is taken whole: people, managers, roles, history', async () => {
    await inPeace(async () => {
      const id = await upload(
        castWith({
          '003': castLines[2]?.replace('ru,recruiter', 'ru,') as string,
          '004': castLines[3]
            ?.replace('Ben Carter', 'Benjamin Carter')
            .replace('en,', 'en,recruiter payroll') as string,
          '007': null,
          '010': person('010', { manager_staff_number: '011', roles: 'payroll' }),
          '011': person('011', { manager_staff_number: '004', works_hours: '"37,5"', notice_given_on: '01.05.2026' }),
        }),
      );
      assert.ok((await takeStaffList(house.deps, by(), id)).ok);
      const [ben, newcomer, boss] = [await employee('004'), await employee('010'), await employee('011')];
      assert.equal(ben.full_name, 'Benjamin Carter');
      assert.equal(newcomer.manager_id, boss.id);
      assert.equal(boss.manager_id, ben.id);
      assert.equal(boss.works_hours, '37.50');
      assert.equal(boss.notice_given_on.toString(), '2026-05-01');
      const roles = await house.db('employee_roles').where({ employee_id: ben.id }).orderBy('role').pluck('role');
      assert.deepEqual(roles, ['payroll', 'recruiter']);
      assert.equal(await house.db('employee_roles').where({ employee_id: people.anna.id }).first(), undefined);
      const today = await house.deps.clock.today(house.db);
      assert.equal((await employee('007')).employed_until.toString(), today.toString());
      assert.equal(
        (await employee('008')).employed_until.toString(),
        '2023-06-30',
        'who left long ago stays as they were',
      );
      const deeds = await house
        .db('history')
        .where({ actor_id: people.david.id })
        .orderBy('id')
        .select('deed', 'facts');
      const kinds = deeds.map(({ deed }) => deed).toSorted();
      assert.deepEqual(kinds, [
        ...['employee.added', 'employee.added', 'employee.changed', 'employee.changed', 'employee.left'],
        'staffList.taken',
      ]);
      const text = JSON.stringify(deeds);
      assert.doesNotMatch(text, /Benjamin|example\.com/, 'the history tells which columns, never what stands in them');
    });
  });

  it('lets addresses change hands: two swap theirs, and a newcomer gets that of one who left', async () => {
    await inPeace(async () => {
      const id = await upload(
        castWith({
          '004': castLines[3]?.replace('ben.carter@', 'elena.sokolova@') as string,
          '007': castLines[6]?.replace('elena.sokolova@', 'ben.carter@') as string,
          '010': person('010', { email: 'henry.moss@example.com' }),
        }),
      );
      assert.deepEqual(await takeStaffList(house.deps, by(), id), { ok: true, value: undefined });
      assert.equal((await employee('004')).email, 'elena.sokolova@example.com');
      assert.equal((await employee('007')).email, 'ben.carter@example.com');
      assert.equal((await employee('010')).email, 'henry.moss@example.com');
      assert.match((await employee('008')).email, /@left\.invalid$/);
    });
  });

  describe('that marks many as left', () => {
    /** The cast and so many more, of whom the list leaves some out. */
    const leaving = async (more: number, left: number): Promise<number> => {
      const numbers = Array.from({ length: more }, (_, place) => `M${place}`);
      const known = numbers.map((number) => person(number));
      assert.ok((await takeStaffList(house.deps, by(), await upload(csv(...castLines, ...known)))).ok);
      return upload(csv(...castLines, ...known.slice(left)));
    };
    const refusal = { ok: false, reason: 'manyLeave' };

    for (const [more, left, asks] of [
      [42, 5, false], // five of fifty are a tenth, and no more
      [41, 5, true],
      [12, 4, false], // four may leave a small company
      [52, 6, false],
      [51, 6, true],
    ] as const) {
      it(`${left} of ${more + 8}: ${asks ? 'asks first' : 'is taken'}`, async () => {
        await inPeace(async () => {
          const id = await leaving(more, left);
          assert.deepEqual(await takeStaffList(house.deps, by(), id), asks ? refusal : { ok: true, value: undefined });
          if (!asks) return;
          assert.equal((await employee('M0')).employed_until, null, 'nothing was done');
          assert.ok((await takeStaffList(house.deps, by(), id, { leaversConfirmed: true })).ok);
          assert.notEqual((await employee('M0')).employed_until, null);
        });
      });
    }
  });

  it('signs out at once who is no longer on it, and nobody else', async () => {
    await inPeace(async () => {
      for (const [sid, who] of [
        ['e1', people.elena],
        ['e2', people.elena],
        ['b', people.ben],
      ] as const) {
        const sess = JSON.stringify({ employeeId: who.id });
        await house.db('sessions').insert({ sid, sess, expire: '2999-01-01T00:00Z' });
        const times = { created_at: '2026-01-01T00:00Z', expires_at: '2999-01-01T00:00Z' };
        await house.db('sign_in_links').insert({ token_hash: Buffer.from(sid), employee_id: who.id, ...times });
      }
      const id = await upload(castWith({ '007': null }));
      assert.equal((await house.db('sessions')).length, 3, 'a preview ends nothing');
      assert.ok((await takeStaffList(house.deps, by(), id)).ok);
      assert.deepEqual(await house.db('sessions').pluck('sid'), ['b']);
      const alive = await house.db('sign_in_links').whereNull('used_at').pluck('employee_id');
      assert.deepEqual(alive, [people.ben.id]);
      await house.db('sessions').delete();
      await house.db('sign_in_links').delete();
    });
  });

  it('is taken once', async () => {
    await inPeace(async () => {
      const id = await upload(castWith({ '010': person('010') }));
      const both = await Promise.all([takeStaffList(house.deps, by(), id), takeStaffList(house.deps, by(), id)]);
      assert.deepEqual(
        both.map((one) => one.ok).toSorted(),
        [false, true],
        'of two presses at once exactly one takes it',
      );
      assert.deepEqual(await takeStaffList(house.deps, by(), id), { ok: false, reason: 'alreadyTaken' });
      assert.deepEqual(await cancelStaffList(house.deps, id), { ok: false, reason: 'alreadyTaken' });
      assert.equal((await house.db('employees').where({ staff_number: '010' })).length, 1);
    });
  });

  it('is refused at once, without waiting, while another one is being taken', async () => {
    const id = await upload(castWith());
    const other = await house.db.transaction();
    assert.equal(await beginTaking(other), true);
    assert.deepEqual(await takeStaffList(house.deps, by(), id), { ok: false, reason: 'anotherIsTaken' });
    await other.rollback();
  });

  it('is refused once the staff has changed since its preview', async () => {
    await inPeace(async () => {
      const first = await upload(castWith({ '010': person('010') }));
      const second = await upload(castWith({ '011': person('011') }));
      assert.ok((await takeStaffList(house.deps, by(), first)).ok);
      assert.deepEqual(await takeStaffList(house.deps, by(), second), { ok: false, reason: 'staffChanged' });
      assert.equal(await employee('011'), undefined);
      const third = await upload(castWith());
      await house.db('employee_roles').insert({ employee_id: people.ben.id, role: 'recruiter' });
      assert.deepEqual(await takeStaffList(house.deps, by(), third), { ok: false, reason: 'staffChanged' });
    });
  });

  it('leaves nothing behind where another admin would lose the role by taking it', async () => {
    await inPeace(async () => {
      await house.db('employee_roles').insert({ employee_id: people.rita.id, role: 'admin' });
      const id = await upload(castWith({ '010': person('010') }));
      const rita = { id: people.rita.id, roles: ['employee', 'admin'] as const };
      assert.deepEqual(await takeStaffList(house.deps, rita, id), { ok: false, reason: 'ownAdmin' });
      assert.equal(await employee('010'), undefined);
      assert.equal((await row(id)).state, 'ready');
      assert.ok((await takeStaffList(house.deps, by(), id)).ok);
    });
  });

  it('can’t be taken while it is checked, once cancelled, or with problems', async () => {
    const uploaded = await uploadStaffList(house.deps, by(), { fileName: 'a.csv', content: Buffer.from(castWith()) });
    assert.ok(uploaded.ok);
    const reasonFor = async (id: number) => {
      const taken = await takeStaffList(house.deps, by(), id);
      return taken.ok ? null : taken.reason;
    };
    assert.equal(await reasonFor(uploaded.value), 'stillChecking');
    assert.ok((await cancelStaffList(house.deps, uploaded.value)).ok);
    assert.equal(await checkStaffList(house.deps, uploaded.value), 'over', 'a cancelled list is checked no further');
    assert.equal(await reasonFor(uploaded.value), 'cancelled');
    assert.equal(await reasonFor(await upload('email\nx')), 'hasProblems');
    assert.equal(await reasonFor(999_999), 'unknown');
  });

  it('is checked from the beginning again after the process that did it died', async () => {
    const content = Buffer.from(castWith({ '010': person('010') }));
    const uploaded = await uploadStaffList(house.deps, by(), { fileName: 'a.csv', content });
    assert.ok(uploaded.ok);
    const half = { import_id: uploaded.value, kind: 'added', line_no: 10, staff_number: '010', values: '{}' };
    await house.db('staff_list_lines').insert(half);
    assert.equal(await checkStaffList(house.deps, uploaded.value), 'ready');
    assert.equal((await house.db('staff_list_lines').where({ import_id: uploaded.value })).length, 1);
  });

  it('is no workbook, no picture and not empty', async () => {
    const reasonFor = async (bytes: readonly number[] | string) => {
      const uploaded = await uploadStaffList(house.deps, by(), {
        fileName: 'a',
        content: Buffer.from(bytes as string),
      });
      return uploaded.ok ? null : uploaded.reason;
    };
    assert.equal(await reasonFor(''), 'empty');
    assert.equal(await reasonFor('\ufeff\r\n \n'), 'empty');
    assert.equal(await reasonFor('PK\u0003\u0004xl/workbook.xml'), 'workbook');
    assert.equal(await reasonFor('\u0089PNG\r\n\u001a\n\0\0\0'), 'notText');
  });

  it('loses its lines after thirty days, and sessions and links that are over go as well', async () => {
    const id = await upload(castWith({ '010': person('010') }));
    await cleanUpPeople(house.deps);
    assert.equal((await house.db('staff_list_lines').where({ import_id: id })).length, 1);
    await house.db.raw(`update staff_list_imports set uploaded_at = now() - interval '31 days' where id = ?`, [id]);
    const token = { token_hash: Buffer.from('x'), employee_id: people.ben.id };
    const times = { created_at: '2020-01-01T00:00Z', expires_at: '2020-01-01T00:15Z' };
    await house.db('sign_in_links').insert({ ...token, ...times });
    await house.db('sessions').insert({ sid: 'old', sess: '{}', expire: '2020-01-01T00:00Z' });
    await house.db('rate_limits').insert({ key: 'old', points: 1, expire: 1 });
    const removed = await cleanUpPeople(house.deps);
    assert.deepEqual(removed, { signInLinks: 1, rateLimits: 1, sessions: 1, staffListLines: 1 });
    assert.equal((await row(id)).state, 'cancelled');
  });
});

/** Cyrillic as old spreadsheets write it. */
function cp1251(letter: string): number {
  const code = letter.codePointAt(0) as number;
  if (letter === 'Ё') return 0xa8;
  if (letter === 'ё') return 0xb8;
  return code >= 0x410 && code <= 0x44f ? code - 0x350 : code;
}
