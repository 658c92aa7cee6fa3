import type { Express } from 'express';
import type { Knex } from 'knex';
import supertest from 'supertest';
import type { Deps } from '../../src/lib/deps.ts';
import { paths } from '../../src/paths.ts';
import type { Employee, Role } from '../../src/people/employee.ts';
import { insertEmployee, type NewEmployee } from '../../src/people/employee-store.ts';
import { createSignInLink } from '../../src/people/sign-in-store.ts';
import { press } from './forms.ts';

type House = { readonly deps: Deps; readonly app: Express; readonly db: Knex };

/** The people that every test knows. Who they are to each other never changes, so a name in a test says it all. */
export type Cast = Readonly<Record<CastName, Employee>>;
type CastName = 'greta' | 'farid' | 'anna' | 'ben' | 'clara' | 'david' | 'elena' | 'henry' | 'rita';

const day = Temporal.PlainDate.from;
const engineering = 'Engineering';

/**
 * Moves the permanent cast into an empty house: Greta Lind (head) leads Farid Aliyev (hiring manager), who leads Ben
 * Carter; Anna Petrova and Rita Blum recruit, Clara Novak does payroll, David Okafor is admin, Elena Sokolova is the
 * second referrer, and Henry Moss has left.
 */
export async function cast(house: Pick<House, 'db'>): Promise<Cast> {
  return house.db.transaction(async (trx) => {
    const hire = (fullName: string, more: Partial<NewEmployee> & { roles?: Role[] }): Promise<Employee> =>
      insertEmployee(trx, { ...person(fullName), ...more });
    const greta = await hire('Greta Lind', { staffNumber: '001', department: engineering, level: 'head' });
    const under = { managerId: greta.id };
    const farid = await hire('Farid Aliyev', { staffNumber: '002', department: engineering, level: 'lead', ...under });
    return {
      greta,
      farid,
      anna: await hire('Anna Petrova', { staffNumber: '003', language: 'ru', roles: ['recruiter'], ...under }),
      ben: await hire('Ben Carter', { staffNumber: '004', department: engineering, managerId: farid.id }),
      clara: await hire('Clara Novak', { staffNumber: '005', department: 'Finance', roles: ['payroll'], ...under }),
      david: await hire('David Okafor', { staffNumber: '006', department: 'IT', roles: ['admin'], ...under }),
      elena: await hire('Elena Sokolova', { staffNumber: '007', department: 'Sales', language: 'ru', ...under }),
      henry: await hire('Henry Moss', { staffNumber: '008', department: 'Sales', employedUntil: day('2023-06-30') }),
      rita: await hire('Rita Blum', { staffNumber: '009', roles: ['recruiter'], ...under }),
    };
  });
}

function person(fullName: string): NewEmployee {
  return {
    staffNumber: '',
    email: `${fullName.toLowerCase().replace(' ', '.')}@example.com`,
    fullName,
    department: 'People',
    managerId: null,
    country: 'DE',
    level: 'senior',
    employmentType: 'permanent',
    worksHours: '40',
    employedFrom: day('2020-01-01'),
    employedUntil: null,
    noticeGivenOn: null,
    language: 'en',
    roles: [],
  };
}

export type Agent = ReturnType<typeof supertest.agent>;

/** A browser in which this employee is signed in: through the link of an e-mail and its button, as people do. */
export async function signInAs(house: House, employee: Pick<Employee, 'id'>): Promise<Agent> {
  const agent = supertest.agent(house.app);
  const link = paths.signInLink(await linkFor(house, employee.id));
  const answer = await press(agent, link, link);
  if (answer.status !== 303) throw new Error(`Signing in answered ${answer.status}: ${answer.text}`);
  return agent;
}

/** The token of a fresh sign-in link, without its e-mail. */
export async function linkFor(house: Pick<House, 'deps' | 'db'>, employeeId: number): Promise<string> {
  const { clock } = house.deps;
  return house.db.transaction(async (trx) => createSignInLink(trx, employeeId, await clock.now(trx)));
}
