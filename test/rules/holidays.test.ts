import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { isHoliday, isWeekend, isWorkingDay } from '../../src/lib/holidays.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

describe('public holidays', () => {
  const table: [string, string, boolean][] = [
    ['DE', '2026-10-03', true],
    ['DE', '2026-10-02', false],
    ['DE', '2026-12-25', true],
    ['DE', '2026-12-24', false], // Christmas Eve is no public holiday there
    ['GB', '2026-04-03', true], // Good Friday
    ['GB', '2026-12-28', true], // Boxing Day moved to Monday
    ['GB', '2026-12-29', false],
    ['RU', '2027-01-01', true],
    ['RU', '2027-01-06', true], // in the middle of several days under one name
    ['RU', '2027-01-08', true],
    ['RU', '2027-01-11', false],
    ['US', '2026-11-26', true],
    ['US', '2026-11-27', false],
    ['AE', '2026-03-20', true], // begins at sunset of the day before
    ['AE', '2026-03-22', true],
    ['AE', '2026-03-23', false],
    ['AE', '2026-03-19', false],
    ['TR', '2026-03-22', true],
    ['TR', '2026-03-23', false],
    ['SZ', '2027-01-02', true], // six days from 28 December on
    ['SZ', '2027-01-03', false],
    ['ZZ', '2026-12-25', false],
    ['', '2026-12-25', false],
    ['de', '2026-10-03', false],
  ];
  for (const [country, on, expected] of table) {
    it(`${country || '(none)'} ${on}: ${expected ? 'off' : 'not off'}`, () =>
      assert.equal(isHoliday(country, day(on)), expected));
  }

  it("knows the country's weekend", () => {
    assert.deepEqual([isWeekend('DE', day('2026-11-27')), isWeekend('DE', day('2026-11-28'))], [false, true]);
    assert.deepEqual([isWeekend('DE', day('2026-11-29')), isWeekend('DE', day('2026-11-30'))], [true, false]);
    assert.deepEqual([isWeekend('IL', day('2026-11-27')), isWeekend('IL', day('2026-11-29'))], [true, false]);
    assert.deepEqual([isWeekend('??', day('2026-11-28')), isWeekend('', day('2026-11-27'))], [true, false]);
  });

  it('a working day is neither', () => {
    assert.ok(isWorkingDay('DE', day('2026-11-27')));
    assert.ok(!isWorkingDay('DE', day('2026-11-28')));
    assert.ok(!isWorkingDay('DE', day('2026-12-25')));
  });

  it('loads the library when the first holiday is asked for, and not before', () => {
    const script = `
      const { isHoliday, isWeekend } = await import('./src/lib/holidays.ts');
      const { createRequire } = await import('node:module');
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('date-holidays'));
      isWeekend('DE', Temporal.PlainDate.from('2026-10-03'));
      const before = loaded();
      isHoliday('DE', Temporal.PlainDate.from('2026-10-03'));
      console.log(before, loaded());`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.equal(stdout.trim(), 'false true', stderr);
  });
});
