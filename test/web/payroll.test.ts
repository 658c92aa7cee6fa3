import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { payBonuses } from '../../src/bonuses/bonus-run-service.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { paths } from '../../src/paths.ts';
import { type Agent, type Cast, cast, signInAs } from '../support/cast.ts';
import { press, textOf } from '../support/forms.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';
import { type PromiseWish, promiseBonus } from '../support/promised-bonus.ts';

const day = Temporal.PlainDate.from;
const at = Temporal.Instant.from;

/** Where the pager leads, as a browser reads the attribute. */
function linkIn(html: string, rel: 'next' | 'prev'): string | undefined {
  return new RegExp(`href="([^"]+)" rel="${rel}"`).exec(html)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
}

describe('payroll', () => {
  let house: TestHouse;
  let people: Cast;
  let clara: Agent;
  const clock = settableClock('Europe/Berlin', at('2027-03-01T08:00:00Z'));
  beforeEach(async () => {
    clock.set(at('2027-03-01T08:00:00Z'));
    await house?.close();
    house = await openTestHouse({ clock });
    people = await cast(house);
    clara = await signInAs(house, people.clara);
  });
  after(() => house.close());

  const rows = async (sql: string, values: unknown[] = []) => (await house.db.raw(sql, values as never)).rows;

  /** A run of the wished bonuses, awarded on 1 March 2027. */
  async function runWith(...wishes: Partial<PromiseWish>[]): Promise<number> {
    for (const wish of wishes) {
      await promiseBonus(house, { referrer: people.ben, probationEndsOn: day('2027-02-28'), ...wish });
    }
    await payBonuses(house.deps, { asOf: day('2027-03-01') });
    return (await rows('select id from payroll_runs'))[0].id;
  }

  const doExport = (id: number, agent = clara) => press(agent, paths.payrollRun(id), paths.payrollRunExport(id));

  it('teaches what will stand here while nothing does', async () => {
    const text = textOf((await clara.get(paths.payroll())).text);
    assert.match(text, /No run is open/);
  });

  it('lists the open run with its totals per currency and the cut-off day', async () => {
    await runWith({}, { referrer: people.elena, minor: 100_050 }, { minor: 90_000, currency: 'CHF' });
    const text = textOf((await clara.get(paths.payroll())).text);
    assert.match(text, /March 2027/);
    assert.match(text, /Cut-off on 20 March 2027/);
    assert.match(text, /3 lines · 900\.00 CHF · 2,500\.50 EUR/);
    assert.match(text, /awarded by 20 March 2027 goes into the March 2027 payroll/);
  });

  it('shows the ledger by staff number, with a way to each why', async () => {
    const id = await runWith({ referrer: people.elena }, { referrer: people.ben });
    const answer = await clara.get(paths.payrollRun(id));
    assert.equal(answer.status, 200);
    const text = textOf(answer.text);
    assert.match(text, /004 Ben Carter .* 007 Elena Sokolova/);
    assert.match(text, /Total, EUR 3,000\.00 EUR/);
    assert.match(answer.text, /href="\/bonuses\/\d+"/);
    assert.doesNotMatch(text, /Candidate/);
  });

  it('exports once: numbered lines, control figures, the same bytes every time', async () => {
    const id = await runWith({ referrer: people.elena }, { referrer: people.ben, minor: 100_005 });
    assert.equal((await doExport(id)).status, 303);
    const first = await clara.get(paths.payrollRunFile(id)).buffer();
    const second = await clara.get(paths.payrollRunFile(id)).buffer();
    assert.equal(first.status, 200);
    assert.equal(first.text, second.text);
    const [run] = await rows('select * from payroll_runs');
    assert.equal(run.sha256, createHash('sha256').update(first.text).digest('hex'));
    assert.equal(first.headers.etag, `"${run.sha256}"`);
    assert.equal(first.headers['content-disposition'], `attachment; filename=vouch-2027-03-run-${id}.csv`);
    assert.match(first.headers['content-type'] ?? '', /^text\/csv; charset=utf-8/);
    assert.equal(run.line_count, 2);
    assert.deepEqual(run.totals, [{ minor: 250_005, currency: 'EUR' }]);
    const [a, b] = await rows('select * from payroll_lines order by line_no');
    assert.equal(
      first.text,
      [
        'run_id,line_no,line_id,bonus_id,staff_number,company_code,pay_code,amount,currency,basis,pay_period,cost_centre,description,awarded_on,reverses_line_id',
        `${id},1,${a.id},${a.bonus_id},004,,REFERRAL_BONUS,1000.05,EUR,gross,2027-03,,Referral bonus ${a.bonus_id},2027-03-01,`,
        `${id},2,${b.id},${b.bonus_id},007,,REFERRAL_BONUS,1500.00,EUR,gross,2027-03,,Referral bonus ${b.bonus_id},2027-03-01,`,
        '',
      ].join('\r\n'),
    );
    const text = textOf((await clara.get(paths.payrollRun(id))).text);
    assert.match(text, /Sealed/);
    assert.ok(text.includes(run.sha256));
    assert.match(text, /Exported by Clara Novak 1 March 2027, 09:00/);
    assert.equal((await rows(`select 1 from history where deed = 'run.exported'`)).length, 1);
  });

  it('answers 304 to who has the file already', async () => {
    const id = await runWith({});
    await doExport(id);
    const { headers } = await clara.get(paths.payrollRunFile(id));
    const again = await clara.get(paths.payrollRunFile(id)).set('If-None-Match', String(headers.etag));
    assert.equal(again.status, 304);
  });

  it('defuses a staff number that a spreadsheet would run', async () => {
    await house.db.raw(`update employees set staff_number = '=HYPERLINK("http://x","y")' where id = ?`, [
      people.ben.id,
    ]);
    const id = await runWith({});
    await doExport(id);
    const { text } = await clara.get(paths.payrollRunFile(id)).buffer();
    assert.ok(text.includes(`,"'=HYPERLINK(""http://x"",""y"")",`), text);
  });

  it('refuses a second export, and one of nothing', async () => {
    const id = await runWith({});
    await doExport(id);
    const { sha256 } = (await rows('select sha256 from payroll_runs'))[0];
    const again = await press(clara, paths.payrollRun(id), paths.payrollRunExport(id));
    assert.equal(again.status, 409);
    assert.match(again.text, /exported already/);
    assert.equal((await rows('select sha256 from payroll_runs'))[0].sha256, sha256);
    const [empty] = await rows(
      `insert into payroll_runs (period, cut_off_on, opened_at) values ('2027-05', '2027-05-20', now()) returning id`,
    );
    assert.equal((await press(clara, paths.account(), paths.payrollRunExport(empty.id))).status, 409);
    assert.equal((await press(clara, paths.account(), paths.payrollRunExport(999))).status, 404);
  });

  it('exports one of two at the same moment', async () => {
    const id = await runWith({});
    const answers = await Promise.all([1, 2, 3, 4].map(() => doExport(id)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [303, 409, 409, 409]);
  });

  it('has no file before the export', async () => {
    const id = await runWith({});
    assert.equal((await clara.get(paths.payrollRunFile(id))).status, 409);
    assert.equal((await clara.get(paths.payrollRunFile(999))).status, 404);
  });

  it('leaves a line that was taken out of the run out of the file', async () => {
    const id = await runWith({ referrer: people.elena }, { referrer: people.ben });
    const [line] = await rows('select bonus_id from payroll_lines where staff_number = ?', ['004']);
    await press(clara, paths.bonus(line.bonus_id), paths.bonusHold(line.bonus_id), { reason: 'Look again' });
    await doExport(id);
    const { text } = await clara.get(paths.payrollRunFile(id)).buffer();
    assert.equal(text.trim().split('\r\n').length, 2);
    assert.doesNotMatch(text, /,004,/);
  });

  describe('marking as paid', () => {
    const paid = (id: number, fields: Record<string, string | string[]>, agent = clara) =>
      press(agent, paths.payrollRun(id), paths.payrollRunPaid(id), fields);

    it('marks all lines once, and tells the referrers', async () => {
      const id = await runWith({ referrer: people.elena }, { referrer: people.ben });
      await doExport(id);
      clock.set(at('2027-03-31T08:00:00Z'));
      assert.equal((await paid(id, { paidOn: '2027-03-30', which: 'all' })).status, 303);
      assert.deepEqual(await rows('select distinct paid_on::text from payroll_lines'), [{ paid_on: '2027-03-30' }]);
      assert.equal((await rows(`select 1 from outbox_emails where kind = 'bonus_paid'`)).length, 2);
      assert.equal((await rows(`select 1 from history where deed = 'bonus.paid'`)).length, 2);
      const text = textOf((await clara.get(paths.payrollRun(id))).text);
      assert.match(text, /paid to the last line/);
      const twice = await press(clara, paths.account(), paths.payrollRunPaid(id), {
        paidOn: '2027-03-31',
        which: 'all',
      });
      assert.equal(twice.status, 303);
      assert.match(textOf((await clara.get(paths.payrollRun(id))).text), /marked as paid before\. Nothing has changed/);
      assert.deepEqual(await rows('select distinct paid_on::text from payroll_lines'), [{ paid_on: '2027-03-30' }]);
      assert.equal((await rows(`select 1 from outbox_emails where kind = 'bonus_paid'`)).length, 2);
    });

    it('marks the chosen lines only', async () => {
      const id = await runWith({ referrer: people.elena }, { referrer: people.ben });
      await doExport(id);
      const [line] = await rows('select id from payroll_lines where staff_number = ?', ['007']);
      assert.equal((await paid(id, { paidOn: '2027-03-01', which: 'chosen', line: String(line.id) })).status, 303);
      assert.deepEqual(await rows('select staff_number from payroll_lines where paid_on is not null'), [
        { staff_number: '007' },
      ]);
      assert.match(textOf((await clara.get(paths.payroll())).text), /1 of 2 paid/);
    });

    it('keeps the day that was typed when nothing was chosen', async () => {
      const id = await runWith({});
      await doExport(id);
      const answer = await paid(id, { paidOn: '2027-03-01', which: 'chosen' });
      assert.equal(answer.status, 422);
      assert.match(answer.text, /Choose the lines that were paid/);
      assert.match(answer.text, /value="2027-03-01"/);
      assert.equal((await paid(id, { paidOn: '31.02.2027', which: 'all' })).status, 422);
      assert.equal((await paid(id, { which: 'all' })).status, 422);
    });

    it('refuses a day before the export or in the future, and an open run', async () => {
      const open = await runWith({});
      const early = await press(clara, paths.account(), paths.payrollRunPaid(open), {
        paidOn: '2027-03-01',
        which: 'all',
      });
      assert.equal(early.status, 409);
      await doExport(open);
      for (const [paidOn, sentence] of [
        ['2027-02-28', /before the export/],
        ['2027-03-02', /still ahead/],
      ] as const) {
        const answer = await paid(open, { paidOn, which: 'all' });
        assert.equal(answer.status, 409);
        assert.match(answer.text, sentence);
      }
      assert.deepEqual(await rows('select 1 from payroll_lines where paid_on is not null'), []);
    });
  });

  it('is read by admins and payroll, and done by payroll alone', async () => {
    const id = await runWith({});
    for (const name of ['ben', 'anna'] as const) {
      const agent = await signInAs(house, people[name]);
      for (const url of [paths.payroll(), paths.payrollRun(id), paths.payrollRunFile(id)]) {
        assert.equal((await agent.get(url)).status, 403, `${name} ${url}`);
      }
      assert.equal((await press(agent, paths.account(), paths.payrollRunExport(id))).status, 403);
      assert.equal(
        (await press(agent, paths.account(), paths.payrollRunPaid(id), { paidOn: '2027-03-01', which: 'all' })).status,
        403,
      );
    }
    const david = await signInAs(house, people.david);
    const seen = await david.get(paths.payrollRun(id));
    assert.equal(seen.status, 200);
    assert.doesNotMatch(seen.text, /Export this run/);
    assert.equal((await press(david, paths.account(), paths.payrollRunExport(id))).status, 403);
    assert.equal((await david.get(paths.payrollRun(999))).status, 404);
  });

  it('pages through a long ledger and back, each line once', async () => {
    const id = await runWith({});
    const [{ bonus_id, run_id }] = await rows('select bonus_id, run_id from payroll_lines');
    await house.db.raw(
      `insert into payroll_lines (run_id, bonus_id, staff_number, amount_minor, currency, awarded_on, reverses_line_id)
       select ?, ?, to_char(n % 7, 'FM000'), -100, 'EUR', '2027-03-01', (select min(id) from payroll_lines)
       from generate_series(1, 250) n`,
      [run_id, bonus_id],
    );
    const seen: string[] = [];
    let url: string | undefined = paths.payrollRun(id);
    const visited: string[] = [];
    while (url) {
      visited.push(url);
      const { text }: { text: string } = await clara.get(url);
      seen.push(
        ...[...text.matchAll(/<td data-label="Staff number">(\d{3})<\/td>/g)].map((match) => match[1] as string),
      );
      url = linkIn(text, 'next');
      assert.ok(visited.length < 10, 'the pages never end');
    }
    assert.equal(visited.length, 3);
    assert.equal(seen.length, 251);
    assert.deepEqual(seen, [...seen].sort());
    const last = await clara.get(visited[2] as string);
    const again = await clara.get(String(linkIn(last.text, 'prev')));
    const middle = await clara.get(visited[1] as string);
    const numbers = (text: string) => [...text.matchAll(/<td>(\d{3})<\/td>/g)].map((match) => match[1]);
    assert.deepEqual(numbers(again.text), numbers(middle.text));
  });
});
