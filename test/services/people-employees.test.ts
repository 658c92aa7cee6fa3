import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  findEmployee,
  findEmployeeByEmail,
  getEmployee,
  insertEmployee,
  listEmployeesWithRole,
  listManagerIds,
  saveRoles,
} from '../../src/people/employee-store.ts';
import { type Cast, cast } from '../support/cast.ts';
import { openTestHouse, type TestHouse } from '../support/house.ts';

describe('employees in the database', () => {
  let house: TestHouse;
  let people: Cast;

  before(async () => {
    house = await openTestHouse({ web: false });
    people = await cast(house);
  });
  after(() => house.close());

  it('are read as the noun has them', async () => {
    const ben = await getEmployee(house.db, people.ben.id);
    assert.deepEqual(
      { ...ben, employedFrom: ben.employedFrom.toString() },
      {
        id: people.ben.id,
        staffNumber: '004',
        email: 'ben.carter@example.com',
        fullName: 'Ben Carter',
        department: 'Engineering',
        managerId: people.farid.id,
        country: 'DE',
        level: 'senior',
        employmentType: 'permanent',
        worksHours: '40',
        employedFrom: '2020-01-01',
        employedUntil: null,
        noticeGivenOn: null,
        language: 'en',
        roles: ['employee'],
      },
    );
    assert.deepEqual((await getEmployee(house.db, people.david.id)).roles, ['employee', 'admin']);
    await assert.rejects(getEmployee(house.db, 999_999), /There is no employee 999999/);
    assert.equal(await findEmployee(house.db, 999_999), null);
  });

  it('are found by e-mail however it is spelt', async () => {
    assert.equal((await findEmployeeByEmail(house.db, 'BEN.Carter@example.COM'))?.id, people.ben.id);
    assert.equal(await findEmployeeByEmail(house.db, 'ben.carter'), null);
  });

  it('speak the language they chose, before the one of the staff list', async () => {
    await house.db('employees').where({ id: people.ben.id }).update({ chosen_language: 'ru' });
    assert.equal((await getEmployee(house.db, people.ben.id)).language, 'ru');
    await house.db('employees').where({ id: people.ben.id }).update({ chosen_language: null });
  });

  it('have managers up to the top, nearest first', async () => {
    assert.deepEqual(await listManagerIds(house.db, people.ben.id), [people.farid.id, people.greta.id]);
    assert.deepEqual(await listManagerIds(house.db, people.greta.id), []);
    assert.deepEqual(await listManagerIds(house.db, 999_999), []);
  });

  it('have managers also where they manage each other in a ring, each once and never themselves', async () => {
    await house.db('employees').where({ id: people.greta.id }).update({ manager_id: people.ben.id });
    assert.deepEqual(await listManagerIds(house.db, people.ben.id), [people.farid.id, people.greta.id]);
    // Elena reports into the ring from outside.
    assert.deepEqual(await listManagerIds(house.db, people.elena.id), [
      people.greta.id,
      people.ben.id,
      people.farid.id,
    ]);
    await house.db('employees').where({ id: people.greta.id }).update({ manager_id: null });
  });

  it('are listed by role, and with a day only those employed on it', async () => {
    const day = Temporal.PlainDate.from;
    const recruiters = async (on?: Temporal.PlainDate) => {
      return (await listEmployeesWithRole(house.db, 'recruiter', on)).map((one) => one.fullName);
    };
    assert.deepEqual(await recruiters(), ['Anna Petrova', 'Rita Blum']);
    await house.db('employees').where({ id: people.rita.id }).update({ employed_until: '2026-05-31' });
    assert.deepEqual(await recruiters(), ['Anna Petrova', 'Rita Blum']);
    assert.deepEqual(await recruiters(day('2026-05-31')), ['Anna Petrova', 'Rita Blum']);
    assert.deepEqual(await recruiters(day('2026-06-01')), ['Anna Petrova']);
    assert.deepEqual(await recruiters(day('2019-12-31')), []);
    assert.equal((await listEmployeesWithRole(house.db, 'employee', day('2026-06-01'))).length, 7);
  });

  it('keep the roles that are saved and no others', async () => {
    await house.db.transaction(async (trx) => {
      await saveRoles(trx, people.ben.id, ['employee', 'payroll', 'admin']);
      await saveRoles(trx, people.ben.id, ['payroll', 'recruiter']);
    });
    assert.deepEqual((await getEmployee(house.db, people.ben.id)).roles, ['employee', 'payroll', 'recruiter']);
    await house.db.transaction((trx) => saveRoles(trx, people.ben.id, []));
    assert.deepEqual((await getEmployee(house.db, people.ben.id)).roles, ['employee']);
  });

  it('are put in one by one for the demo company', async () => {
    const put = house.db.transaction((trx) =>
      insertEmployee(trx, { ...people.ben, staffNumber: '100', email: 'x@example.com' }),
    );
    assert.equal((await put).staffNumber, '100');
    const twice = house.db.transaction((trx) => insertEmployee(trx, { ...people.ben, email: 'y@example.com' }));
    await assert.rejects(twice, /duplicate key/);
  });
});
