import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  addMonthsMinusADay,
  cutOffOn,
  dayAfter,
  dayOf,
  daysBetween,
  earlier,
  firstDayOfPeriod,
  isBefore,
  isOnOrBefore,
  isSameDay,
  later,
  nextPeriod,
  ownershipEndsOn,
  parseDay,
  payrollPeriodOf,
  workingDaysAfter,
} from '../../src/lib/calendar.ts';
import { ok, refuse } from '../../src/lib/result.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const anyDay = fc.integer({ min: 0, max: 60_000 }).map((days) => Temporal.PlainDate.from('1970-01-01').add({ days }));

describe('days', () => {
  it('compares them', () => {
    const [a, b] = [day('2026-02-28'), day('2026-03-01')];
    assert.deepEqual([isBefore(a, b), isBefore(a, a), isBefore(b, a)], [true, false, false]);
    assert.deepEqual([isOnOrBefore(a, b), isOnOrBefore(a, a), isOnOrBefore(b, a)], [true, true, false]);
    assert.ok(isSameDay(a, day('2026-02-28')) && !isSameDay(a, b));
    assert.ok(earlier(a, b).equals(a) && earlier(b, a).equals(a) && later(a, b).equals(b) && later(b, a).equals(b));
    assert.equal(daysBetween(a, b), 1);
    assert.equal(daysBetween(b, a), -1);
    assert.equal(daysBetween(day('2027-03-01'), day('2028-03-01')), 366);
    assert.equal(dayAfter(a).toString(), '2026-03-01');
    assert.equal(dayAfter(day('2028-02-28')).toString(), '2028-02-29');
    assert.equal(dayAfter(day('2026-12-31'), 2).toString(), '2027-01-02');
  });

  it('takes the day of an instant in the zone that is asked for', () => {
    const lastSecond = Temporal.Instant.from('2026-12-31T22:59:59Z');
    assert.equal(dayOf(lastSecond, 'Europe/Berlin').toString(), '2026-12-31');
    assert.equal(dayOf(lastSecond.add({ seconds: 1 }), 'Europe/Berlin').toString(), '2027-01-01');
    assert.equal(dayOf(lastSecond, 'Pacific/Kiritimati').toString(), '2027-01-01');
    assert.equal(dayOf(Temporal.Instant.from('2027-01-01T04:59:59Z'), 'America/New_York').toString(), '2026-12-31');
    // The hour that clocks skip and the hour that they repeat belong to one day.
    assert.equal(dayOf(Temporal.Instant.from('2026-03-29T01:00:00Z'), 'Europe/Berlin').toString(), '2026-03-29');
    assert.equal(dayOf(Temporal.Instant.from('2026-10-25T22:59:59Z'), 'Europe/Berlin').toString(), '2026-10-25');
  });

  it('reads ISO days and nothing else', () => {
    assert.deepEqual(parseDay(' 2026-09-01 '), ok(day('2026-09-01')));
    assert.deepEqual(parseDay('2028-02-29'), ok(day('2028-02-29')));
    assert.deepEqual(parseDay('1900-01-01'), ok(day('1900-01-01')));
    assert.deepEqual(parseDay('2200-12-31'), ok(day('2200-12-31')));
    for (const text of ['', '  ']) assert.deepEqual(parseDay(text), refuse('empty'));
    for (const text of ['1899-12-31', '2201-01-01', '0026-01-01'])
      assert.deepEqual(parseDay(text), refuse('outOfRange'));
    const nonsense = [
      '2027-02-29',
      '2026-02-30',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '2026-1-1',
      '01.02.2026',
      '2/3/2026',
      'tomorrow',
      '20260901',
      '2026-09-01T00:00',
      '2026-09-01[u-ca=hebrew]',
      '+002026-09-01',
      '-2026-09-01',
      '٢٠٢٦-٠٩-٠١',
    ];
    for (const text of nonsense) assert.deepEqual(parseDay(text), refuse('notADay'), text);
  });
});

describe("probation's last day", () => {
  const table: [string, number, string][] = [
    ['2026-09-01', 6, '2027-02-28'],
    ['2026-08-31', 6, '2027-02-28'],
    ['2026-08-30', 6, '2027-02-28'],
    ['2026-08-29', 6, '2027-02-28'],
    ['2026-08-28', 6, '2027-02-27'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2027-08-30', 6, '2028-02-29'],
    ['2027-08-29', 6, '2028-02-28'],
    ['2027-09-01', 6, '2028-02-29'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2028-02-29', 48, '2032-02-28'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2026-01-30', 3, '2026-04-29'],
    ['2026-03-31', 1, '2026-04-30'],
    ['2026-10-01', 3, '2026-12-31'],
    ['2026-07-15', 6, '2027-01-14'],
    ['2026-07-15', 0, '2026-07-14'],
  ];
  for (const [first, months, last] of table) {
    it(`${months} months from ${first} end on ${last}`, () =>
      assert.equal(addMonthsMinusADay(day(first), months).toString(), last));
  }

  it('never gets earlier when the first day is later, and the months add up to the month asked for', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 36 }), (first, months) => {
        const last = addMonthsMinusADay(first, months);
        assert.ok(isOnOrBefore(last, addMonthsMinusADay(first.add({ days: 1 }), months)));
        const next = last.add({ days: 1 });
        const wanted = first.toPlainYearMonth().add({ months });
        // The next day is the same day of the wanted month, or the first of the month after where that day is missing.
        const isSame = next.toPlainYearMonth().equals(wanted) && next.day === first.day;
        assert.ok(
          isSame ||
            (next.day === 1 &&
              next.toPlainYearMonth().equals(wanted.add({ months: 1 })) &&
              first.day > wanted.daysInMonth),
        );
      }),
    );
  });

  it('counts whole months only', () => {
    assert.throws(() => addMonthsMinusADay(day('2026-09-01'), 1.5));
    assert.throws(() => addMonthsMinusADay(day('2026-09-01'), -1));
  });
});

describe("an ownership's last day", () => {
  const table: [string, number, string][] = [
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-08-28', 6, '2027-02-28'],
    ['2026-11-22', 12, '2027-11-22'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2026-12-31', 2, '2027-02-28'],
  ];
  for (const [made, months, last] of table) {
    it(`${months} months from ${made} end on ${last}`, () =>
      assert.equal(ownershipEndsOn(day(made), months).toString(), last));
  }
  it('lasts a month at least', () => assert.throws(() => ownershipEndsOn(day('2026-01-01'), 0)));
});

describe('working days', () => {
  const weekend = (one: Temporal.PlainDate) => one.dayOfWeek > 5;
  const table: [string, number, string][] = [
    ['2026-11-23', 2, '2026-11-25'], // Monday
    ['2026-11-26', 2, '2026-11-30'], // Thursday
    ['2026-11-27', 2, '2026-12-01'], // Friday
    ['2026-11-28', 2, '2026-12-01'], // Saturday
    ['2026-11-29', 1, '2026-11-30'], // Sunday
    ['2026-11-27', 1, '2026-11-30'],
    ['2026-11-28', 0, '2026-11-28'],
    ['2026-12-30', 2, '2027-01-01'],
  ];
  for (const [from, n, to] of table) {
    it(`${n} after ${from} is ${to}`, () => assert.equal(workingDaysAfter(day(from), n, weekend).toString(), to));
  }
  it('steps over holidays', () => {
    const off = (one: Temporal.PlainDate) => weekend(one) || ['2026-12-25', '2026-12-28'].includes(one.toString());
    assert.equal(workingDaysAfter(day('2026-12-24'), 1, off).toString(), '2026-12-29');
    assert.equal(workingDaysAfter(day('2026-12-24'), 2, off).toString(), '2026-12-30');
  });
  it('are whole and not negative', () => {
    for (const n of [-1, 1.5]) assert.throws(() => workingDaysAfter(day('2026-12-24'), n, weekend), /not a number of/);
  });
  it('does not walk for ever', () =>
    assert.throws(() => workingDaysAfter(day('2026-12-24'), 1, () => true), /a year without/));
});

describe('payroll periods', () => {
  const table: [string, number, string][] = [
    ['2027-03-01', 20, '2027-03'],
    ['2027-03-19', 20, '2027-03'],
    ['2027-03-20', 20, '2027-03'],
    ['2027-03-21', 20, '2027-04'],
    ['2027-03-31', 20, '2027-04'],
    ['2026-12-20', 20, '2026-12'],
    ['2026-12-21', 20, '2027-01'],
    ['2028-02-28', 28, '2028-02'],
    ['2028-02-29', 28, '2028-03'],
    ['2027-01-01', 1, '2027-01'],
    ['2027-01-02', 1, '2027-02'],
  ];
  for (const [on, cutoff, period] of table) {
    it(`awarded on ${on}, cut-off ${cutoff}: ${period}`, () => assert.equal(payrollPeriodOf(day(on), cutoff), period));
  }
  it('knows its neighbours and its days', () => {
    assert.equal(nextPeriod('2026-12'), '2027-01');
    assert.equal(cutOffOn('2027-02', 28).toString(), '2027-02-28');
    assert.equal(firstDayOfPeriod('2027-02').toString(), '2027-02-01');
    assert.throws(() => payrollPeriodOf(day('2027-01-01'), 29));
    assert.throws(() => payrollPeriodOf(day('2027-01-01'), 0));
  });
  it("a period's own cut-off day goes into it and the day after does not, in any month", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 28 }), (on, cutoff) => {
        const period = payrollPeriodOf(on, cutoff);
        assert.ok(isOnOrBefore(on, cutOffOn(period, cutoff)));
        assert.equal(payrollPeriodOf(cutOffOn(period, cutoff), cutoff), period);
        assert.equal(payrollPeriodOf(dayAfter(cutOffOn(period, cutoff)), cutoff), nextPeriod(period));
      }),
    );
  });
});
