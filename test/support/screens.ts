import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Db } from '../../src/lib/database.ts';
import { paths } from '../../src/paths.ts';
import { linkFor } from './cast.ts';
import type { TestHouse } from './house.ts';

/** A page that somebody may see, and what it answers. */
export type Screen = {
  readonly name: string;
  /** Null: nobody is signed in. */
  readonly by: number | null;
  readonly path: string;
  readonly status?: number;
  /** What is done on it first: a form sent empty, a panel opened. */
  readonly act?: (page: Page) => Promise<unknown>;
};

/** Sends the form that holds this button as it stands, past what the browser itself would refuse. */
export const send =
  (button = 'main form .btn-primary', fields: Record<string, string> = {}) =>
  async (page: Page): Promise<void> => {
    for (const [name, value] of Object.entries(fields)) {
      const field = page.locator(`main form [name="${name}"]:not([type=hidden])`).first();
      if ((await field.getAttribute('type')) === 'radio') {
        await page.locator(`main form [name="${name}"][value="${value}"]`).check({ force: true });
      } else await field.fill(value);
    }
    const target = page.locator(button).last();
    await target.evaluate((one) => Object.assign((one as unknown as { form: object }).form, { noValidate: true }));
    await Promise.all([page.waitForEvent('load'), target.click()]);
  };

const unfold = async (page: Page): Promise<void> => {
  for (const folded of await page.locator('main details:not([open]) > summary').all()) await folded.click();
};

type Lookup = (sql: string) => Promise<number>;

function lookup(db: Db): Lookup {
  return async (sql) => {
    const { rows } = await db.raw(`${sql} limit 1`);
    assert.ok(rows[0], `the demo company has one: ${sql}`);
    return rows[0].id;
  };
}

/** Every screen that there is in a company where everything has happened. */
export async function screensOfDemo(house: Pick<TestHouse, 'db' | 'deps'>): Promise<Screen[]> {
  const id = lookup(house.db);
  const someone = (role: string): Promise<number> =>
    id(`select e.id from employees e join employee_roles r on r.employee_id = e.id
        where r.role = '${role}' and e.employed_until is null order by e.id`);
  const [recruiter, payroll, admin] = await Promise.all(['recruiter', 'payroll', 'admin'].map(someone));
  const ben = await id(`select id from employees where full_name = 'Ben Carter'`);
  const by = { recruiter: recruiter as number, payroll: payroll as number, admin: admin as number, ben };
  return [
    ...open(await linkFor(house, ben)),
    ...(await ofManagers(id)),
    ...(await ofEmployees(id, by.ben)),
    ...(await ofRecruiters(id, by.recruiter)),
    ...(await ofHires(id, by.recruiter)),
    ...(await ofPayroll(id, by.payroll)),
    ...(await ofAdmins(id, by.admin)),
    { name: '403 for an employee', by: ben, path: paths.review(), status: 403 },
    { name: '404', by: ben, path: '/no-such-page', status: 404 },
  ];
}

function open(token: string): Screen[] {
  return [
    { name: 'sign in', by: null, path: paths.signIn() },
    { name: 'sign in without an address', by: null, path: paths.signIn(), act: send(), status: 422 },
    { name: 'link sent', by: null, path: paths.signInSent() },
    { name: 'link of a letter', by: null, path: paths.signInLink(token) },
    { name: 'dead link', by: null, path: paths.signInLink('no-such-link'), status: 410 },
    { name: 'be somebody', by: null, path: paths.beSomeone() },
    { name: '404 for a visitor', by: null, path: '/no-such-page', status: 404 },
  ];
}

async function ofEmployees(id: Lookup, ben: number): Promise<Screen[]> {
  const opening = (state: string) => id(`select id from openings where state = '${state}' order by is_priority desc`);
  const referral = async (name: string, where: string): Promise<Screen> => {
    const found = await id(`select id from referrals where ${where} order by made_at desc`);
    const by = await id(`select referrer_id as id from referrals where id = ${found}`);
    return { name: `their referral, ${name}`, by, path: paths.referral(found) };
  };
  const waiting = await id(`select id from referrals where referrer_id = ${ben} and not already_recommended`);
  const second = await id('select id from referrals where already_recommended');
  const secondReferrer = await id(`select referrer_id as id from referrals where id = ${second}`);
  const bonus = async (name: string, where: string): Promise<Screen> => {
    const found = await id(`select id from bonuses where ${where}`);
    const by = await id(`select beneficiary_id as id from bonuses where id = ${found}`);
    return { name: `their bonus, ${name}`, by, path: paths.bonus(found) };
  };
  return [
    { name: 'home', by: ben, path: paths.home() },
    { name: 'openings', by: ben, path: paths.openings() },
    { name: 'openings, filters open', by: ben, path: paths.openings(), act: unfold },
    { name: 'openings, nothing found', by: ben, path: `${paths.openings()}?q=zzzzzz` },
    { name: 'an opening', by: ben, path: paths.opening(await opening('published')) },
    { name: 'a paused opening', by: ben, path: paths.opening(await opening('paused')) },
    { name: 'a closed opening', by: ben, path: paths.opening(await opening('closed')) },
    { name: 'recommend', by: ben, path: paths.recommend(await opening('published')), act: unfold },
    { name: 'recommend, sent empty', by: ben, path: paths.recommend(), act: send(), status: 422 },
    { name: 'recommend for a closed opening', by: ben, path: paths.recommend(await opening('closed')) },
    { name: 'thanks', by: ben, path: paths.referralThanks(waiting) },
    { name: 'thanks, already recommended', by: secondReferrer, path: paths.referralThanks(second) },
    { name: 'my referrals', by: ben, path: paths.myReferrals() },
    { name: 'programme', by: ben, path: paths.programme() },
    { name: 'account', by: ben, path: paths.account() },
    await referral('received', `stage = 'received' and outcome is null and not already_recommended`),
    await referral('interview', `stage = 'interview' and outcome is null`),
    await referral('declined', `outcome = 'declined'`),
    await referral('withdrawn', `outcome = 'withdrawn'`),
    await referral('no reply', `outcome = 'no_reply'`),
    await referral('hired', `outcome = 'hired'`),
    await referral('already recommended', 'already_recommended'),
    await bonus('promised', 'awarded_at is null and forfeited_at is null and held_at is null'),
    await bonus(
      'waiting for a word',
      `due_on < '2026-12-01' and awarded_at is null and forfeited_at is null and held_at is null`,
    ),
    await bonus('awarded', 'awarded_at is not null'),
    await bonus('forfeited', 'forfeited_at is not null'),
  ];
}

/** Who leads the opening reads how its people do, and decides nothing. */
async function ofManagers(id: Lookup): Promise<Screen[]> {
  const referral = await id(`select referrals.id from referrals join openings on openings.id = opening_id
    where outcome = 'hired' and hiring_manager_id <> referrer_id`);
  const by = await id(`select hiring_manager_id as id from openings join referrals on opening_id = openings.id
    where referrals.id = ${referral}`);
  const hire = await id(`select id from hires where referral_id = ${referral}`);
  return [
    { name: 'referral, for the hiring manager', by, path: paths.referral(referral) },
    { name: 'hires, for a manager', by, path: paths.hires() },
    { name: 'hire, for a manager', by, path: paths.hire(hire) },
  ];
}

async function ofRecruiters(id: Lookup, by: number): Promise<Screen[]> {
  const openings = [];
  for (const state of ['draft', 'published', 'closed']) {
    const found = await id(`select id from openings where state = '${state}'`);
    openings.push({ name: `${state} opening, for recruiters`, by, path: paths.opening(found), act: unfold });
  }
  const draft = await id(`select id from openings where state = 'draft'`);
  const closed = await id(`select id from openings where state = 'closed'`);
  const waiting = await id(`select id from referrals where stage = 'received' and outcome is null
    and not already_recommended and first_answered_at is null order by made_at`);
  const offer = await id(`select id from referrals where stage = 'offer' and outcome is null`);
  const declined = await id(`select id from referrals where outcome = 'declined'`);
  const second = await id('select id from referrals where already_recommended');
  const candidate = await id(`select candidate_id as id from referrals where outcome = 'declined' order by made_at`);
  const hired = await id(`select candidate_id as id from referrals where outcome = 'hired'`);
  const words = {
    declineReason: 'skills',
    feedback: 'A thoughtful engineer. We needed years of streaming in production.',
  };
  return [
    { name: 'home of a recruiter', by, path: paths.home() },
    { name: 'inbox', by, path: `${paths.review()}?scope=all` },
    { name: 'inbox, interview', by, path: `${paths.review()}?scope=all&stage=interview` },
    { name: 'referral to answer', by, path: `${paths.referral(waiting)}?from=%2Freview`, act: unfold },
    { name: 'referral at offer', by, path: paths.referral(offer) },
    { name: 'declined referral, for recruiters', by, path: paths.referral(declined) },
    { name: 'second referral, for recruiters', by, path: paths.referral(second) },
    { name: 'decline', by, path: paths.referralDecline(waiting) },
    { name: 'decline, sent empty', by, path: paths.referralDecline(waiting), act: send(), status: 422 },
    { name: 'decline, preview', by, path: paths.referralDecline(waiting), act: send('[value=preview]', words) },
    { name: 'decline twice', by, path: paths.referralDecline(declined), status: 409 },
    { name: 'withdrawn', by, path: paths.referralWithdraw(waiting) },
    { name: 'no reply', by, path: paths.referralNoReply(waiting) },
    { name: 'hire', by, path: paths.referralHire(offer) },
    { name: 'hire, sent empty', by, path: paths.referralHire(offer), act: send(), status: 422 },
    {
      ...{ name: 'hire, counted', by, path: paths.referralHire(offer) },
      act: send('[value=count]', { firstDayOn: '2030-02-01' }),
    },
    { name: 'pool', by, path: paths.pool() },
    { name: 'pool, search', by, path: `${paths.pool()}?q=go` },
    { name: 'pool, nobody', by, path: `${paths.pool()}?q=zzzzzzz` },
    { name: 'candidate', by, path: paths.candidate(candidate) },
    { name: 'candidate, consider without opening', by, path: paths.candidate(candidate), act: send(), status: 422 },
    { name: 'candidate who works here', by, path: paths.candidate(hired) },
    { name: 'manage openings', by, path: paths.openingsManage() },
    { name: 'new opening', by, path: paths.openingNew() },
    { name: 'new opening, sent empty', by, path: paths.openingNew(), act: send(), status: 422 },
    { name: 'edit opening', by, path: paths.openingEdit(draft) },
    { name: 'edit a closed opening', by, path: paths.openingEdit(closed), status: 409 },
    ...openings,
  ];
}

async function ofHires(id: Lookup, by: number): Promise<Screen[]> {
  const running = await id(`select id from hires where passed_on is null and left_on is null
    and first_day_on < '2026-11-01' and probation_ends_on > '2026-12-20'`);
  const passed = await id('select id from hires where passed_on is not null');
  const left = await id('select id from hires where left_on is not null');
  const untouched = await id(`select hires.id from hires join bonuses on hire_id = hires.id
    where passed_on is null and left_on is null and awarded_at is null and forfeited_at is null and held_at is null
      and not exists (select 1 from hire_events where hire_events.hire_id = hires.id)`);
  const extended = await id(`select hire_id as id from hire_events where kind = 'extended'`);
  const lists = ['soon', 'running', 'waiting', 'passed', 'left'].map((show) => {
    return { name: `hires, ${show}`, by, path: `${paths.hires()}?show=${show}` };
  });
  return [
    ...lists,
    { name: 'hire in probation', by, path: paths.hire(running) },
    { name: 'hire who passed', by, path: paths.hire(passed) },
    { name: 'hire who left', by, path: paths.hire(left) },
    { name: 'hire, extended', by, path: paths.hire(extended) },
    { name: 'extend', by, path: paths.hireExtend(running) },
    { name: 'extend, sent empty', by, path: paths.hireExtend(running), act: send(), status: 422 },
    { name: 'passed', by, path: paths.hirePassed(running) },
    { name: 'left', by, path: paths.hireLeft(running) },
    { name: 'left, sent empty', by, path: paths.hireLeft(running), act: send(), status: 422 },
    { name: 'undo', by, path: paths.hireUndo(extended) },
    { name: 'another first day', by, path: paths.hireFirstDay(untouched) },
    { name: 'another first day, sent as it stands', by, path: paths.hireFirstDay(untouched), act: send(), status: 422 },
    { name: 'take a hire back', by, path: paths.hireTakeBack(untouched) },
    { name: 'passed twice', by, path: paths.hirePassed(passed), status: 409 },
  ];
}

async function ofPayroll(id: Lookup, by: number): Promise<Screen[]> {
  const open = await id('select id from payroll_runs where exported_at is null order by period');
  const exported = await id(`select run_id as id from payroll_lines join payroll_runs runs on runs.id = run_id
    where exported_at is not null and paid_on is null and released_at is null`);
  const paid = await id('select run_id as id from payroll_lines where paid_on is not null');
  const promised = await id(
    'select id from bonuses where awarded_at is null and forfeited_at is null and held_at is null',
  );
  const held = await id('select id from bonuses where held_at is not null');
  return [
    { name: 'home of payroll', by, path: paths.home() },
    { name: 'payroll', by, path: paths.payroll() },
    { name: 'open run', by, path: paths.payrollRun(open), act: unfold },
    { name: 'exported run', by, path: paths.payrollRun(exported) },
    { name: 'exported run, no day', by, path: paths.payrollRun(exported), act: send('[value=chosen]'), status: 422 },
    { name: 'paid run', by, path: paths.payrollRun(paid) },
    { name: 'file of an open run', by, path: paths.payrollRunFile(open), status: 409 },
    { name: 'bonus, for payroll', by, path: paths.bonus(promised), act: unfold },
    { name: 'held bonus', by, path: paths.bonus(held) },
    { name: 'hires, closed to payroll', by, path: paths.hires(), status: 403 },
  ];
}

async function ofAdmins(id: Lookup, by: number): Promise<Screen[]> {
  const employee = await id(`select id from employees where full_name = 'Ben Carter'`);
  const gone = await id(`select id from employees where employed_until < '2026-12-01'`);
  const policy = await id('select id from policies');
  const email = async (kind: string): Promise<number> => id(`select id from outbox_emails where kind = '${kind}'`);
  const list = (state: string): Promise<number> => id(`select id from staff_list_imports where state = '${state}'`);
  return [
    { name: 'home of an admin', by, path: paths.home() },
    { name: 'admin', by, path: paths.admin() },
    { name: 'employees', by, path: paths.employees() },
    { name: 'employees, nobody', by, path: `${paths.employees()}?q=zzzzzzz` },
    { name: 'employee', by, path: paths.employee(employee) },
    { name: 'employee who left', by, path: paths.employee(gone) },
    { name: 'staff list', by, path: paths.staffListNew() },
    { name: 'staff list, no file', by, path: paths.staffListNew(), act: send(), status: 422 },
    // It loads itself anew each second, to show how far it is.
    {
      name: 'staff list, being checked',
      by,
      path: paths.staffList(await list('checking')),
      act: (page) => page.evaluate('stop()'),
    },
    { name: 'staff list, ready', by, path: paths.staffList(await list('ready')) },
    { name: 'staff list, refused', by, path: paths.staffList(await list('refused')) },
    { name: 'policies', by, path: paths.policies() },
    { name: 'policy', by, path: paths.policy(policy) },
    { name: 'new policy', by, path: paths.policyNew() },
    {
      ...{ name: 'new policy, wrong', by, path: paths.policyNew(), status: 422 },
      act: send('main form .btn-primary', { countsFrom: '', payrollCutoffDay: '99' }),
    },
    {
      ...{ name: 'new policy, preview', by, path: paths.policyNew() },
      act: send('main form .btn-primary', { countsFrom: '2030-01-01', payrollCutoffDay: '17', note: 'Later cut-off' }),
    },
    { name: 'outbox', by, path: paths.outbox() },
    { name: 'outbox, none match', by, path: `${paths.outbox()}?state=givenUp` },
    { name: 'e-mail', by, path: paths.outboxEmail(await email('declined')), act: unfold },
    { name: 'inbox, for admins', by, path: paths.review() },
  ];
}

/** The same areas where nothing has happened yet. */
export function screensOfEmptyHouse(people: Record<'anna' | 'ben' | 'clara' | 'david', { id: number }>): Screen[] {
  const { anna, ben, clara, david } = people;
  const at = (by: { id: number }, ...all: string[]): Screen[] =>
    all.map((path) => ({ name: `empty ${path}`, by: by.id, path }));
  return [
    ...at(ben, paths.home(), paths.openings(), paths.myReferrals(), paths.programme(), paths.recommend()),
    ...at(anna, paths.review(), paths.pool(), paths.hires(), paths.openingsManage(), paths.openings()),
    ...at(clara, paths.payroll()),
    ...at(david, paths.admin(), paths.outbox(), paths.policies(), paths.policyNew(), paths.staffListNew()),
  ];
}
