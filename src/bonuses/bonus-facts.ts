import type { Money } from '../lib/money.ts';
import { managersOf, type Role } from '../people/employee.ts';
import type { BonusFacts } from './decision.ts';
import { type PolicyTerms, readTerms } from './policy.ts';

/*
 * How the facts of a decision are read. The bonus run decides upon them and the pages show a live answer from them, so
 * both must read the same: hence one SELECT, here. Days come as text and are read row by row, so that one damaged day
 * (an "infinity" from an import, say) is one row's failure and not the whole reading's.
 */

/** For `from bonuses …`; the WHERE is the caller's. */
export const selectBonusFacts = `
  select bonuses.id as "bonusId", bonuses.hire_id as "hireId", bonuses.referral_id as "referralId",
    bonuses.beneficiary_id as "beneficiaryId", bonuses.policy_id as "policyId",
    bonuses.amount_minor::text as "amountMinor", bonuses.currency, bonuses.held_reason as "heldReason",
    bonuses.due_on::text as "dueOn",
    hires.first_day_on::text as "firstDayOn", hires.probation_ends_on::text as "probationEndsOn",
    hires.passed_on::text as "passedOn", hires.left_on::text as "leftOn", hires.manager_id as "managerId",
    coalesce(referrals.candidate_name, candidates.full_name) as "candidateName",
    beneficiary.staff_number as "staffNumber", beneficiary.full_name as "beneficiaryName",
    beneficiary.employed_from::text as "employedFrom", beneficiary.employed_until::text as "employedUntil",
    beneficiary.notice_given_on::text as "noticeGivenOn",
    array(select role from employee_roles where employee_id = beneficiary.id) as roles,
    owned.owned_from::text as "ownedFrom", owned.owned_until::text as "ownedUntil"
  from bonuses
  join hires on hires.id = bonuses.hire_id
  join referrals on referrals.id = bonuses.referral_id
  join candidates on candidates.id = hires.candidate_id
  join employees beneficiary on beneficiary.id = bonuses.beneficiary_id
  left join lateral (
    select owned_from, owned_until from ownerships
    where candidate_id = hires.candidate_id and referrer_id = bonuses.beneficiary_id
    order by hires.first_day_on between owned_from and owned_until desc, owned_until desc
    limit 1
  ) owned on true`;

/** The managers above these people, themselves included: who reports to whom, each once, rings and all. */
export const selectManagers = `
  with recursive above (id, manager_id) as (
    select id, manager_id from employees where id = any (?::bigint[])
    union
    select manager.id, manager.manager_id from above join employees manager on manager.id = above.manager_id
  )
  select id, manager_id as "managerId" from above`;

export type FactsRow = {
  bonusId: number;
  hireId: number;
  referralId: number;
  beneficiaryId: number;
  policyId: number;
  amountMinor: string;
  currency: string;
  heldReason: string | null;
  dueOn: string;
  firstDayOn: string;
  probationEndsOn: string;
  passedOn: string | null;
  leftOn: string | null;
  managerId: number | null;
  /** As the beneficiary wrote it. */
  candidateName: string;
  staffNumber: string;
  beneficiaryName: string;
  employedFrom: string;
  employedUntil: string | null;
  noticeGivenOn: string | null;
  roles: Role[];
  ownedFrom: string | null;
  ownedUntil: string | null;
};

/** What is read once for many bonuses: their policies, and who manages whom. */
export type Around = {
  readonly terms: ReadonlyMap<number, () => PolicyTerms>;
  readonly managerOf: ReadonlyMap<number, number | null>;
};

export function around(
  policies: readonly { id: number; terms: unknown }[],
  managers: readonly { id: number; managerId: number | null }[],
): Around {
  const managerOf = new Map(managers.map(({ id, managerId }) => [id, managerId]));
  return { terms: new Map(policies.map(({ id, terms }) => [id, once(() => readTerms(terms))])), managerOf };
}

/** The terms of the bonus's policy; throws where the stored ones can't be read. */
export function termsOf(row: Pick<FactsRow, 'policyId'>, { terms }: Around): PolicyTerms {
  const read = terms.get(row.policyId);
  if (!read) throw new Error(`There is no policy ${row.policyId}`);
  return read();
}

/** Throws on a day that is none and on an amount that a number can't hold. */
export function toBonusFacts(row: FactsRow, { managerOf }: Around): BonusFacts {
  return {
    amount: amountOf(row),
    heldReason: row.heldReason,
    hire: {
      firstDayOn: day(row.firstDayOn),
      probationEndsOn: day(row.probationEndsOn),
      passedOn: maybeDay(row.passedOn),
      leftOn: maybeDay(row.leftOn),
      managerIds: managersOfHire(row.managerId, managerOf),
    },
    referrer: {
      id: row.beneficiaryId,
      roles: ['employee', ...row.roles],
      employedFrom: day(row.employedFrom),
      employedUntil: maybeDay(row.employedUntil),
      noticeGivenOn: maybeDay(row.noticeGivenOn),
    },
    ownership:
      row.ownedFrom === null || row.ownedUntil === null
        ? null
        : { fromOn: day(row.ownedFrom), untilOn: day(row.ownedUntil) },
  };
}

export function amountOf(row: Pick<FactsRow, 'amountMinor' | 'currency'>): Money {
  const minor = Number(row.amountMinor);
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${row.amountMinor} is too large for a sum`);
  return { minor, currency: row.currency };
}

/** The hire is no employee yet, but has a manager: that one is the nearest. */
function managersOfHire(managerId: number | null, managerOf: Around['managerOf']): number[] {
  if (managerId === null) return [];
  return [managerId, ...managersOf(managerId, (id) => managerOf.get(id) ?? null)];
}

const days = new Map<string, Temporal.PlainDate>();

/** The same few thousand days come up again and again; reading each once makes the run a good deal faster. */
function day(text: string): Temporal.PlainDate {
  let found = days.get(text);
  if (!found) {
    found = readDay(text);
    if (days.size > 50_000) days.clear();
    days.set(text, found);
  }
  return found;
}

function readDay(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    throw new RangeError(`"${text}" is no day`);
  }
}

function maybeDay(text: string | null): Temporal.PlainDate | null {
  return text === null ? null : day(text);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
