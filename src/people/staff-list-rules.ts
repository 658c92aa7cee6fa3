import { COLUMNS, type Column, type Problem, type StaffValues } from './staff-list.ts';

/** Before and after, by column; only what changes. */
export type StaffChanges = Partial<Record<Column, [before: string, after: string]>>;

/** An employee as the house has them, in the spelling of the file. */
export type KnownEmployee = { readonly id: number; readonly values: Readonly<Record<Column, string>> };

/** What the line changes about the employee. A column that the file doesn't have changes nothing. */
export function changesOf(known: KnownEmployee, values: StaffValues): StaffChanges {
  const changes: StaffChanges = {};
  for (const column of COLUMNS) {
    const after = values[column];
    if (after !== undefined && after !== known.values[column]) changes[column] = [known.values[column], after];
  }
  return changes;
}

type Seen = { readonly line: number; readonly manager: string };

/** What the lines of a staff list must be to each other: nobody twice, every manager on the list, and no rings. */
export class StaffListRules {
  readonly #seen = new Map<string, Seen>();
  readonly #emails = new Map<string, number>();

  /** Notes the line, and says whether its person or its e-mail stood on an earlier one. */
  add(values: StaffValues, line: number): Problem[] {
    const { staff_number: number = '', email = '', manager_staff_number: manager = '' } = values;
    const problems: Problem[] = [];
    const earlier = this.#seen.get(number);
    if (earlier) problems.push(problem(line, 'staff_number', 'doubleNumber', { line: earlier.line }));
    else if (number !== '') this.#seen.set(number, { line, manager });
    const sameEmail = this.#emails.get(email);
    if (sameEmail !== undefined) problems.push(problem(line, 'email', 'doubleEmail', { line: sameEmail }));
    else if (email !== '') this.#emails.set(email, line);
    return problems;
  }

  has(staffNumber: string): boolean {
    return this.#seen.has(staffNumber);
  }

  lineOf(staffNumber: string): number | null {
    return this.#seen.get(staffNumber)?.line ?? null;
  }

  /** Managers who aren't on the list, and rings of people who manage each other; asked when all lines are known. */
  *managerProblems(): Generator<Problem> {
    for (const [number, { line, manager }] of this.#seen) {
      if (manager === number) yield problem(line, 'manager_staff_number', 'ownManager');
      else if (manager !== '' && !this.#seen.has(manager)) {
        yield problem(line, 'manager_staff_number', 'unknownManager', { found: manager.slice(0, 40) });
      }
    }
    yield* this.#rings();
  }

  /** Walks up from everybody once; whoever is met again on the same walk is part of a ring, told once. */
  *#rings(): Generator<Problem> {
    const walkOf = new Map<string, string>();
    for (const start of this.#seen.keys()) {
      const way: string[] = [];
      let number = start;
      while (number !== '' && this.#seen.has(number) && !walkOf.has(number)) {
        walkOf.set(number, start);
        way.push(number);
        number = this.#seen.get(number)?.manager ?? '';
      }
      if (number === '' || walkOf.get(number) !== start || !way.includes(number)) continue;
      const ring = way.slice(way.indexOf(number));
      if (ring.length < 2) continue;
      const shown = ring.length > 6 ? [...ring.slice(0, 5), '…'] : ring;
      const line = this.#seen.get(number)?.line ?? 0;
      yield problem(line, 'manager_staff_number', 'ring', { ring: [...shown, number].join(' → ') });
    }
  }
}

function problem(line: number, column: Column, what: string, params?: Record<string, string | number>): Problem {
  return { line, column, key: `people.staffList.problem.${what}`, ...(params ? { params } : {}) };
}

/** Counts every problem, and keeps as many as a person will read. */
export class ProblemList {
  static readonly KEPT = 500;
  readonly kept: Problem[] = [];
  count = 0;

  add(problems: Iterable<Problem>): void {
    for (const one of problems) {
      this.count += 1;
      if (this.kept.length < ProblemList.KEPT) this.kept.push(one);
    }
  }
}

/**
 * Whoever uploads the list stays admin by it: otherwise one wrong line could lock the last door from inside. `values`
 * is their line, null when they have none; today is the company's day.
 */
export function ownProblems(values: StaffValues | null, line: number | null, today: string): Problem[] {
  const problem = (column: Column | null, what: string): Problem[] => {
    return [{ line, column, key: `people.staffList.problem.${what}` }];
  };
  if (!values) return problem(null, 'ownMissing');
  if (values.roles !== undefined && !values.roles.split(' ').includes('admin')) return problem('roles', 'ownAdmin');
  const { employed_until: until, employed_from: from } = values;
  if (until && until < today) return problem('employed_until', 'ownLeaving');
  return from && from > today ? problem('employed_from', 'ownLeaving') : [];
}
