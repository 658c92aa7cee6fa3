import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Claim, ownedUntil, ownershipOn, ownerships } from '../../src/candidates/candidate.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

let nextId = 1;
function claim(referrerId: number, madeAt: string, ownershipMonths = 6): Claim {
  const at = Temporal.Instant.from(madeAt);
  return {
    referralId: nextId++,
    referrerId,
    madeAt: at,
    madeOn: at.toZonedDateTimeISO('UTC').toPlainDate(),
    ownershipMonths,
  };
}
const ownerOn = (claims: Claim[], on: string) => ownershipOn(claims, day(on))?.ownerId ?? null;

describe('ownership', () => {
  it('lasts to the last day, which still counts', () => {
    const claims = [claim(1, '2026-08-31T12:00:00Z')];
    assert.equal(ownedUntil(day('2026-08-31'), 6).toString(), '2027-02-28');
    assert.equal(ownerOn(claims, '2026-08-30'), null);
    assert.equal(ownerOn(claims, '2026-08-31'), 1);
    assert.equal(ownerOn(claims, '2027-02-28'), 1);
    assert.equal(ownerOn(claims, '2027-03-01'), null);
  });

  it('goes to the first of two who are a millisecond apart, in whatever order they are read', () => {
    const first = claim(1, '2026-08-31T12:00:00.000Z');
    const second = claim(2, '2026-08-31T12:00:00.001Z');
    assert.deepEqual(
      ownerships([second, first]).map((one) => one.ownerId),
      [1],
    );
  });

  it('goes to the lower referral of two in the same instant', () => {
    const [first, second] = [claim(1, '2026-08-31T12:00:00Z'), claim(2, '2026-08-31T12:00:00Z')];
    assert.deepEqual(
      ownerships([second, first]).map((one) => one.ownerId),
      [1],
    );
  });

  it('is not inherited by who recommended meanwhile; on the day after, the next to recommend owns', () => {
    const claims = [
      claim(1, '2026-08-31T12:00:00Z'),
      claim(2, '2027-02-28T23:59:59Z'),
      claim(3, '2027-03-01T00:00:00Z'),
    ];
    assert.deepEqual(
      ownerships(claims).map((one) => [one.ownerId, `${one.fromOn}`, `${one.untilOn}`]),
      [
        [1, '2026-08-31', '2027-02-28'],
        [3, '2027-03-01', '2027-09-01'],
      ],
    );
    assert.equal(ownerOn(claims.slice(0, 2), '2027-03-01'), null);
  });

  it('is not renewed by recommending again, and keeps the months of the version it began under', () => {
    const claims = [claim(1, '2026-01-01T12:00:00Z', 12), claim(1, '2026-06-01T12:00:00Z', 3)];
    assert.equal(ownerOn(claims, '2027-01-01'), 1);
    assert.equal(ownerOn(claims, '2027-01-02'), null);
    const later = [...claims, claim(1, '2027-01-02T12:00:00Z', 3)];
    assert.equal(ownerOn(later, '2027-04-02'), 1);
    assert.equal(ownerOn(later, '2027-04-03'), null);
  });

  it('never has two owners on one day', () => {
    const anyClaim = fc
      .record({
        who: fc.integer({ min: 1, max: 4 }),
        days: fc.integer({ min: 0, max: 900 }),
        months: fc.integer({ min: 1, max: 12 }),
      })
      .map(({ who, days, months }) => claim(who, `${day('2026-01-01').add({ days }).toString()}T09:00:00Z`, months));
    fc.assert(
      fc.property(fc.array(anyClaim, { maxLength: 12 }), (claims) => {
        const all = ownerships(claims);
        all.slice(1).forEach((one, at) => {
          assert.ok(Temporal.PlainDate.compare(all[at]?.untilOn as Temporal.PlainDate, one.fromOn) < 0);
        });
        // Whoever recommends someone whom nobody owns, owns.
        for (const one of claims) assert.notEqual(ownershipOn(claims, one.madeOn), null);
      }),
    );
  });
});
