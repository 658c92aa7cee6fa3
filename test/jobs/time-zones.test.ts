import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../support/zone-process.ts', import.meta.url));
const zones = ['Pacific/Kiritimati', 'Europe/Moscow', 'America/New_York', 'Europe/Berlin'];
const ordinary = '2027-02-28';
// The clocks of New York and of Berlin change in the first hours of the day on which the bonus falls due.
const cases = [
  ...zones.map((zone) => [zone, ordinary]),
  ['America/New_York', '2027-03-13'],
  ['Europe/Berlin', '2027-03-27'],
];

describe('a bonus falls due at midnight of the company, wherever the server stands', () => {
  for (const serverZone of zones) {
    it(`in ${serverZone}`, async () => {
      const env = { ...process.env, TZ: serverZone };
      const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(cases)], { env });
      const found = JSON.parse(stdout.trim().split('\n').at(-1) as string);
      const expected = cases.map(([zone, lastDayOn]) => {
        const due = Temporal.PlainDate.from(lastDayOn as string)
          .add({ days: 1 })
          .toString();
        const period = due > '2027-03-20' ? '2027-04' : '2027-03';
        return { zone, lastDayOn, awarded: [0, 1], awardedOn: due, lineOn: due, period };
      });
      assert.deepEqual(found, expected);
    });
  }
});
