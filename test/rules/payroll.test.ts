import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeCsv } from '../../src/lib/csv.ts';
import { ok, refuse } from '../../src/lib/result.ts';
import { type ExportedLine, GENERIC_DEFAULTS, genericHeader, genericRow } from '../../src/payroll/generic-format.ts';
import {
  canExport,
  canMarkPaid,
  controlFigures,
  lineDescription,
  openPeriodFrom,
  runFileName,
  runState,
} from '../../src/payroll/payroll.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const at = Temporal.Instant.from('2027-03-22T09:00:00Z');
const line: ExportedLine = {
  id: 31,
  runId: 7,
  lineNo: 1,
  bonusId: 12,
  staffNumber: '000421',
  costCentre: '',
  amount: { minor: 150_000, currency: 'EUR' },
  awardedOn: day('2027-03-01'),
  reversesLineId: null,
  releasedAt: null,
  paidOn: null,
};

describe('a payroll run', () => {
  it('is open, exported, and paid when every live line is', () => {
    const exported = { exportedAt: at };
    const paid = { releasedAt: null, paidOn: day('2027-03-25') };
    const unpaid = { releasedAt: null, paidOn: null };
    assert.equal(runState({ exportedAt: null }, [paid]), 'open');
    assert.equal(runState(exported, [paid, unpaid]), 'exported');
    assert.equal(runState(exported, [paid, { releasedAt: at, paidOn: null }]), 'paid');
    assert.equal(runState(exported, [{ releasedAt: at, paidOn: null }]), 'exported');
    assert.equal(runState(exported, []), 'exported');
  });

  it('is exported once, with a line at least', () => {
    assert.deepEqual(canExport({ exportedAt: null }, [line]), ok());
    assert.deepEqual(canExport({ exportedAt: at }, [line]), refuse('alreadyExported'));
    assert.deepEqual(canExport({ exportedAt: null }, []), refuse('nothingToExport'));
    assert.deepEqual(canExport({ exportedAt: null }, [{ releasedAt: at }]), refuse('nothingToExport'));
  });

  it('is paid from the day of the export to today', () => {
    const mark = (on: string, changes = {}, exportedOn: string | null = '2027-03-22') =>
      canMarkPaid({ ...line, ...changes }, exportedOn === null ? null : day(exportedOn), day(on), day('2027-03-25'));
    assert.deepEqual(mark('2027-03-25'), ok());
    assert.deepEqual(mark('2027-03-26'), refuse('inTheFuture'));
    assert.deepEqual(mark('2027-03-22'), ok());
    assert.deepEqual(mark('2027-03-21'), refuse('beforeExport'));
    assert.deepEqual(mark('2027-03-25', { paidOn: day('2027-03-24') }), refuse('alreadyPaid'));
    assert.deepEqual(mark('2027-03-25', { releasedAt: at }), refuse('takenOut'));
    assert.deepEqual(mark('2027-03-25', {}, null), refuse('notExported'));
  });

  it('that is exported takes no more lines: they go into the next open one', () => {
    assert.equal(openPeriodFrom('2027-03', new Set()), '2027-03');
    assert.equal(openPeriodFrom('2027-03', new Set(['2027-02', '2027-04'])), '2027-03');
    assert.equal(openPeriodFrom('2026-12', new Set(['2026-12', '2027-01'])), '2027-02');
  });

  it('has control figures per currency', () => {
    const yen = { amount: { minor: 30_000, currency: 'JPY' } };
    assert.deepEqual(controlFigures([line, yen, { amount: { minor: -50_000, currency: 'EUR' } }]), {
      count: 3,
      totals: [
        { minor: 100_000, currency: 'EUR' },
        { minor: 30_000, currency: 'JPY' },
      ],
    });
  });

  it('names its file and its lines without names of people', () => {
    assert.equal(runFileName({ id: 7, period: '2027-03' }), 'vouch-2027-03-run-7.csv');
    assert.equal(lineDescription(line), 'Referral bonus 12');
    assert.equal(lineDescription({ ...line, reversesLineId: 5 }), 'Referral bonus 12, reversal of line 5');
  });
});

describe('the generic format', () => {
  const source = { run: { id: 7, period: '2027-03' }, line, settings: GENERIC_DEFAULTS };
  const file = (one = source) => writeCsv([genericHeader(), genericRow(one)], one.settings);

  it('has every column in its order', () => {
    assert.equal(
      file(),
      'run_id,line_no,line_id,bonus_id,staff_number,company_code,pay_code,amount,currency,basis,pay_period,cost_centre,description,awarded_on,reverses_line_id\r\n' +
        '7,1,31,12,000421,,REFERRAL_BONUS,1500.00,EUR,gross,2027-03,,Referral bonus 12,2027-03-01,\r\n',
    );
  });

  it('writes a reversal as a negative number, not defused, and the decimal sign that is set', () => {
    const reversal = { ...line, amount: { minor: -150_050, currency: 'EUR' }, reversesLineId: 30, staffNumber: '-1' };
    const settings = { ...GENERIC_DEFAULTS, decimalSign: ',', delimiter: ';', bom: true } as const;
    const [, row] = file({ ...source, line: reversal, settings }).split('\r\n');
    assert.match(row ?? '', /^7;1;31;12;'-1;;REFERRAL_BONUS;-1500,50;EUR;/);
    assert.ok(file({ ...source, settings }).startsWith('\uFEFFrun_id;'));
  });

  it('writes no decimals for JPY and three for KWD', () => {
    const amountOf = (minor: number, currency: string) =>
      file({ ...source, line: { ...line, amount: { minor, currency } } })
        .split('\r\n')[1]
        ?.split(',')[7];
    assert.equal(amountOf(30_000, 'JPY'), '30000');
    assert.equal(amountOf(1_500, 'KWD'), '1.500');
  });
});
