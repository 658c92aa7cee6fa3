import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import supertest from 'supertest';
import { createApp } from '../../src/app.ts';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { recordHire } from '../../src/hires/record-hire-service.ts';
import { createOpening } from '../../src/openings/opening-service.ts';
import { paths } from '../../src/paths.ts';
import { exportRun } from '../../src/payroll/payroll-service.ts';
import { type Agent, signInAs } from '../support/cast.ts';
import { csrfToken } from '../support/forms.ts';
import { promiseBonus } from '../support/promised-bonus.ts';
import { openRecruiting, type Recruiting } from '../support/recruiting.ts';
import { pdf } from '../support/resumes.ts';

/*
 * Every route of the house, and what each person is answered there. Ben recommended the candidate, Elena came second,
 * Farid is the hiring manager and leads the hire; "employee" has nothing to do with any of it. A form is sent empty, so
 * 422 and 409 say that somebody may, and 401, 403 and 404 that they may not. A route that is not in here fails the test.
 */
const who = ['out', 'employee', 'referrer', 'second', 'manager', 'recruiter', 'payroll', 'admin'] as const;
type Who = (typeof who)[number];

const table = `
GET  /healthz                       200 200 200 200 200 200 200 200
GET  /readyz                        200 200 200 200 200 200 200 200
POST /preferences                   303 303 303 303 303 303 303 303
GET  /sign-in                       200 303 303 303 303 303 303 303
POST /sign-in                       422 422 422 422 422 422 422 422
GET  /sign-in/sent                  200 200 200 200 200 200 200 200
GET  /sign-in/link/:token           410 410 410 410 410 410 410 410
POST /sign-in/link/:token           409 409 409 409 409 409 409 409
GET  /be                            404 404 404 404 404 404 404 404
POST /be/:id                        404 404 404 404 404 404 404 404
GET  /account                       303 200 200 200 200 200 200 200
GET  /                              303 200 200 200 200 200 200 200

GET  /openings                      303 200 200 200 200 200 200 200
GET  /openings/manage               303 403 403 403 403 200 403 403
GET  /openings/new                  303 403 403 403 403 200 403 403
POST /openings                      401 403 403 403 403 422 403 403
GET  /openings/:id                  303 404 404 404 404 200 404 404
GET  /openings/:id/edit             303 403 403 403 403 200 403 403
POST /openings/:id/edit             401 403 403 403 403 422 403 403
POST /openings/:id/publish          401 403 403 403 403 303 403 403
POST /openings/:id/pause            401 403 403 403 403 303 403 403
POST /openings/:id/resume           401 403 403 403 403 303 403 403
POST /openings/:id/close            401 403 403 403 403 303 403 403
POST /openings/:id/reopen           401 403 403 403 403 303 403 403

GET  /recommend                     303 200 200 200 200 200 200 200
POST /recommend                     401 422 422 422 422 422 422 422
GET  /my-referrals                  303 200 200 200 200 200 200 200
GET  /referrals/:id                 303 404 200 404 200 200 404 200
GET  /referrals/:id/thanks          303 404 200 404 404 404 404 404
GET  /resumes/:id                   303 404 200 404 200 200 404 200
GET  /review                        303 403 403 403 403 200 403 200
POST /referrals/:id/move            401 403 403 403 403 422 403 403
GET  /referrals/:id/decline         303 403 403 403 403 200 403 403
POST /referrals/:id/decline         401 403 403 403 403 422 403 403
GET  /referrals/:id/withdraw        303 403 403 403 403 200 403 403
POST /referrals/:id/withdraw        401 403 403 403 403 422 403 403
GET  /referrals/:id/no-reply        303 403 403 403 403 200 403 403
POST /referrals/:id/no-reply        401 403 403 403 403 422 403 403
GET  /referrals/:id/hire            303 403 403 403 403 200 403 403
POST /referrals/:id/hire            401 403 403 403 403 422 403 403

GET  /pool                          303 403 403 403 403 200 403 200
GET  /candidates/:id                303 403 403 403 403 200 403 200
POST /candidates/:id/consider       401 403 403 403 403 422 403 403

GET  /hires                         303 403 403 403 200 200 403 200
GET  /hires/:id                     303 403 403 403 200 200 403 200
GET  /hires/:id/extend              303 403 403 403 403 200 403 403
POST /hires/:id/extend              401 403 403 403 403 422 403 403
GET  /hires/:id/passed              303 403 403 403 403 200 403 403
POST /hires/:id/passed              401 403 403 403 403 422 403 403
GET  /hires/:id/left                303 403 403 403 403 200 403 403
POST /hires/:id/left                401 403 403 403 403 422 403 403
GET  /hires/:id/undo                303 403 403 403 403 409 403 403
POST /hires/:id/undo                401 403 403 403 403 409 403 403
GET  /hires/:id/first-day           303 403 403 403 403 200 403 403
POST /hires/:id/first-day           401 403 403 403 403 422 403 403
GET  /hires/:id/take-back           303 403 403 403 403 200 403 403
POST /hires/:id/take-back           401 403 403 403 403 409 403 403

GET  /bonuses/:id                   303 403 200 403 403 200 200 200
POST /bonuses/:id/hold              401 403 403 403 403 403 422 422
POST /bonuses/:id/release           401 403 403 403 403 403 409 409
GET  /payroll                       303 403 403 403 403 403 200 200
GET  /payroll/:id                   303 403 403 403 403 403 200 200
POST /payroll/:id/export            401 403 403 403 403 403 409 403
GET  /payroll/:id/file              303 403 403 403 403 403 200 200
POST /payroll/:id/paid              401 403 403 403 403 403 422 403

GET  /programme                     303 200 200 200 200 200 200 200
GET  /programme/policies            303 403 403 403 403 403 403 200
GET  /programme/policies/new        303 403 403 403 403 403 403 200
POST /programme/policies/new        401 403 403 403 403 403 403 422
POST /programme/policies            401 403 403 403 403 403 403 422
GET  /programme/policies/:id        303 200 200 200 200 200 200 200

GET  /admin                         303 403 403 403 403 403 403 200
GET  /admin/employees               303 403 403 403 403 403 403 200
GET  /admin/employees/:id           303 403 403 403 403 403 403 200
POST /admin/employees/:id/roles     401 403 403 403 403 403 403 303
GET  /admin/staff-list              303 403 403 403 403 403 403 200
GET  /admin/staff-list/sample.csv   303 403 403 403 403 403 403 200
POST /admin/staff-list              401 403 403 403 403 403 403 422
GET  /admin/staff-list/:id          303 403 403 403 403 403 403 200
POST /admin/staff-list/:id/take     401 403 403 403 403 403 403 409
POST /admin/staff-list/:id/cancel   401 403 403 403 403 403 403 409
GET  /admin/outbox                  303 403 403 403 403 403 403 200
GET  /admin/outbox/:id              303 403 403 403 403 403 403 200
GET  /admin/outbox/:id/preview      303 403 403 403 403 403 403 200
POST /admin/outbox/:id/send-again   401 403 403 403 403 403 403 409

POST /sign-out                      303 303 303 303 303 303 303 303
POST /sign-out-everywhere           401 303 303 303 303 303 303 303`;

const rows = table
  .split('\n')
  .filter(Boolean)
  .map((line) => {
    const [method = '', path = '', ...statuses] = line.split(/\s+/);
    const expected = Object.fromEntries(who.map((one, at) => [one, Number(statuses[at])])) as Record<Who, number>;
    return { method, path, expected };
  });

type Layer = { route?: { path: string; methods: Record<string, boolean> }; handle?: { stack?: Layer[] } };

function routesIn(stack: readonly Layer[]): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`);
    return handle?.stack ? routesIn(handle.stack) : [];
  });
}

describe('Who may do what', () => {
  let house: Recruiting;
  let agents: Record<Who, Agent>;
  let ids: Record<string, string | number>;

  before(async () => {
    const opened = await openRecruiting({ today: '2026-08-03' });
    // As in production: a form sent by hand may lack fields that ours always send.
    house = { ...opened, app: await createApp(opened.deps) };
    ids = await populate(house);
    agents = await everybody(house);
  });
  after(() => house.close());

  const urlOf = (path: string): string => {
    const thing = Object.keys(ids).find((prefix) => path.startsWith(`${prefix}/:`)) ?? '';
    return path.replace(/:\w+/, String(ids[thing]));
  };

  it('is written down for every route there is', () => {
    const { stack } = house.app.router as unknown as { stack: Layer[] };
    assert.deepEqual(routesIn(stack).sort(), rows.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('is refused in every form that does not come from a page of ours', async () => {
    for (const { path } of rows.filter(({ method }) => method === 'POST')) {
      for (const one of ['out', 'recruiter', 'payroll', 'admin'] as const) {
        const answer = await agents[one].post(urlOf(path)).type('form').send({ csrf: 'a token of another page' });
        assert.equal(answer.status, 403, `${one} POST ${path}`);
      }
    }
  });

  it('is refused in every form with files that does not bring the token inside, and nothing is done', async () => {
    const before = await everythingIn(house);
    for (const { path } of rows.filter(({ method }) => method === 'POST')) {
      for (const one of who) {
        const token = await csrfToken(agents[one], one === 'out' ? paths.signIn() : paths.account());
        for (const url of [urlOf(path), `${urlOf(path)}?csrf=${token}`]) {
          const answer = await agents[one].post(url).field('name', 'x').attach('file', pdf(), 'cv.pdf');
          assert.ok([401, 403, 415].includes(answer.status), `${one} POST ${url}: ${answer.status}`);
        }
      }
    }
    assert.deepEqual(await everythingIn(house), before);
  });

  it('is answered the same way as it is written', async () => {
    const found: string[] = [];
    for (const { method, path, expected } of rows) {
      for (const one of who) {
        const leaves = path.startsWith(paths.signOut());
        const agent = leaves && one !== 'out' ? await signInAs(house, personOf(house)[one]) : agents[one];
        const url = urlOf(path);
        const token = method === 'POST' ? await csrfToken(agent, one === 'out' ? paths.signIn() : paths.account()) : '';
        const answer = await (method === 'GET' ? agent.get(url) : agent.post(url).type('form').send({ csrf: token }));
        if (answer.status !== expected[one]) found.push(`${one} ${method} ${path}: ${answer.status}`);
        if (one === 'out' && expected.out === 303 && method === 'GET') {
          assert.match(answer.headers.location as string, /^\/sign-in/, `${method} ${path}`);
        }
      }
    }
    assert.deepEqual(found, []);
  });
});

/** A sum over each table, but for the sessions, which remember when somebody was last here. */
async function everythingIn({ db }: Recruiting): Promise<Record<string, string>> {
  const { rows: tables } = await db.raw(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables.filter((table: { name: string }) => table.name !== 'sessions')) {
    const { rows } = await db.raw(`select md5(string_agg(one::text, ' ' order by one::text)) as sum from ?? one`, [
      name,
    ]);
    sums[name] = rows[0].sum;
  }
  return sums;
}

function personOf({ people }: Recruiting) {
  return {
    employee: people.greta,
    referrer: people.ben,
    second: people.elena,
    manager: people.farid,
    recruiter: people.anna,
    payroll: people.clara,
    admin: people.david,
  };
}

async function everybody(house: Recruiting): Promise<Record<Who, Agent>> {
  const agents: Partial<Record<Who, Agent>> = { out: supertest.agent(house.app) };
  for (const [one, person] of Object.entries(personOf(house))) agents[one as Who] = await signInAs(house, person);
  return agents as Record<Who, Agent>;
}

/** One of everything, by the beginning of its address. */
async function populate(house: Recruiting): Promise<Record<string, string | number>> {
  const { deps, db, people } = house;
  const one = async (sql: string, values: unknown[] = []): Promise<{ id: string | number }> =>
    (await db.raw(sql, values as never)).rows[0];
  const paid = await promiseBonus(house, {
    referrer: people.elena,
    probationEndsOn: Temporal.PlainDate.from('2026-07-31'),
  });
  await payBonuses(deps, { asOf: Temporal.PlainDate.from('2026-08-03') });
  const run = await one('select run_id as id from payroll_lines where bonus_id = ?', [paid.bonusId]);
  assert.ok((await exportRun(deps, people.clara, Number(run.id))).ok);

  const referralId = await house.refer('Maria Ivanova');
  const { id: candidateId } = await one('select candidate_id as id from referrals where id = ?', [referralId]);
  const storageName = await deps.files.save(pdf());
  const resume = await one(
    `insert into resumes (candidate_id, referral_id, file_name, media_type, size_bytes, sha256, storage_name, uploaded_by, uploaded_at)
     values (?, ?, 'cv.pdf', 'application/pdf', 1, '', ?, ?, now()) returning id`,
    [candidateId, referralId, storageName, people.ben.id],
  );
  const hired = await recordHire(deps, people.anna, {
    referralId: await house.refer('Tom Weber'),
    madeFor: 'received',
    firstDayOn: Temporal.PlainDate.from('2026-09-01'),
    probation: { months: 6 },
    level: 'senior',
    country: 'DE',
    department: 'Engineering',
    employmentType: 'permanent',
    managerId: people.farid.id,
  });
  assert.ok(hired.ok);
  const { hireId } = hired.value;
  const staffList = await one(
    `insert into staff_list_imports (file_name, uploaded_by, uploaded_at, state) values ('staff.csv', ?, now(), 'taken')
     returning id`,
    [people.david.id],
  );
  house.turnTo('2026-10-01');
  return {
    '/sign-in/link': 'a-token-that-nobody-was-sent',
    [paths.beSomeone()]: people.ben.id,
    [paths.openings()]: await draftOpening(house),
    '/referrals': referralId,
    '/resumes': String(resume.id),
    '/candidates': candidateId,
    [paths.hires()]: hireId,
    '/bonuses': (await one('select id from bonuses where hire_id = ?', [hireId])).id,
    [paths.payroll()]: run.id,
    [paths.policies()]: (await one('select id from policies order by id limit 1')).id,
    [paths.employees()]: people.ben.id,
    [paths.staffListNew()]: staffList.id,
    [paths.outbox()]: (await one(`select id from outbox_emails where kind = 'thank_you' limit 1`)).id,
  };
}

/** Nobody but recruiters may know of it. */
async function draftOpening({ deps, people }: Recruiting): Promise<number> {
  const made = await createOpening(deps, people.anna, {
    title: 'A secret plan',
    department: 'Engineering',
    country: 'DE',
    place: '',
    employmentType: 'permanent',
    level: '',
    description: '',
    skills: [],
    hiringManagerId: people.farid.id,
    recruiterId: people.anna.id,
    isPriority: false,
  });
  assert.ok(made.ok);
  return made.value;
}
