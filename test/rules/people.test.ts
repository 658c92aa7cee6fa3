import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasRole, isEmployed, isInChain, isUnderNotice, managersOf } from '../../src/people/employee.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

describe('employees', () => {
  it('are employed from the first day to the last, both counted', () => {
    const days = { employedFrom: day('2026-03-01'), employedUntil: day('2027-02-28') };
    const at = (text: string) => isEmployed(days, day(text));
    assert.deepEqual(
      [at('2026-02-28'), at('2026-03-01'), at('2027-02-28'), at('2027-03-01')],
      [false, true, true, false],
    );
    assert.ok(isEmployed({ ...days, employedUntil: null }, day('2099-01-01')));
    assert.ok(!isEmployed({ ...days, employedUntil: null }, day('2026-02-28')));
  });

  it('are under notice from the day it is given', () => {
    const at = (text: string) => isUnderNotice({ noticeGivenOn: day('2026-03-10') }, day(text));
    assert.deepEqual([at('2026-03-09'), at('2026-03-10'), at('2026-03-11')], [false, true, true]);
    assert.ok(!isUnderNotice({ noticeGivenOn: null }, day('2026-03-10')));
  });

  it('have any of the wanted roles, or not', () => {
    assert.ok(hasRole({ roles: ['employee', 'payroll'] }, 'admin', 'payroll'));
    assert.ok(!hasRole({ roles: ['employee'] }, 'admin', 'payroll'));
    assert.ok(!hasRole({ roles: ['employee'] }));
  });
});

describe('the reporting chain', () => {
  const managers = new Map([
    [1, 2],
    [2, 3],
    [3, 4],
    [7, 8],
    [8, 9],
    [9, 8],
    [5, 5],
  ]);
  const managerIdOf = (id: number) => managers.get(id) ?? null;

  it('goes up, the nearest first', () => {
    assert.deepEqual(managersOf(1, managerIdOf), [2, 3, 4]);
    assert.deepEqual(managersOf(4, managerIdOf), []);
  });
  it('ends where a staff list runs in a ring, and never holds the employee', () => {
    assert.deepEqual(managersOf(7, managerIdOf), [8, 9]);
    assert.deepEqual(managersOf(8, managerIdOf), [9]);
    assert.deepEqual(managersOf(5, managerIdOf), []);
  });
  it('reaches nobody, the direct manager, or all', () => {
    const chain = [2, 3, 4];
    assert.deepEqual(
      [2, 3, 4, 1].map((id) => isInChain(id, chain, 'no')),
      [false, false, false, false],
    );
    assert.deepEqual(
      [2, 3, 4, 1].map((id) => isInChain(id, chain, 'direct')),
      [true, false, false, false],
    );
    assert.deepEqual(
      [2, 3, 4, 1].map((id) => isInChain(id, chain, 'chain')),
      [true, true, true, false],
    );
    assert.ok(!isInChain(2, [], 'direct'));
  });
});
