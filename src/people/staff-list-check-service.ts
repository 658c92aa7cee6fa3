import type { Deps } from '../lib/deps.ts';
import { type Column, type Problem, readHeader, readLine, type StaffValues } from './staff-list.ts';
import { countLines, decode, FileBroken, readLines } from './staff-list-file.ts';
import { changesOf, ownProblems, ProblemList, StaffListRules } from './staff-list-rules.ts';
import {
  beginCheck,
  type Counts,
  findStaffListToCheck,
  readStaff,
  type Staff,
  type StaffLine,
  type StaffListToCheck,
  saveProblems,
  saveProgress,
  saveReady,
} from './staff-list-store.ts';

const linesAtOnce = 1000;

/**
 * Checks an uploaded list line by line and compares it with the staff; ends in a preview, or in every problem by line
 * and column. Runs as a task: a second run of the same list begins anew, and does nothing once the list is decided.
 */
export async function checkStaffList(deps: Deps, importId: number): Promise<'ready' | 'refused' | 'over'> {
  const list = await findStaffListToCheck(deps.db, importId);
  if (!list) return 'over';
  const check = new Check(deps, list, await readStaff(deps.db), (await deps.clock.today(deps.db)).toString());
  return check.run();
}

class Check {
  readonly #deps: Deps;
  readonly #list: StaffListToCheck;
  readonly #staff: Staff;
  readonly #today: string;
  readonly #rules = new StaffListRules();
  readonly #problems = new ProblemList();
  readonly #counts: Counts = { lines: 0, added: 0, changed: 0, left: 0, unchanged: 0 };
  #found: StaffLine[] = [];
  #hasNameless = false;
  #own: { values: StaffValues; line: number } | null = null;

  constructor(deps: Deps, list: StaffListToCheck, staff: Staff, today: string) {
    this.#deps = deps;
    this.#list = list;
    this.#staff = staff;
    this.#today = today;
  }

  async run(): Promise<'ready' | 'refused' | 'over'> {
    const { db } = this.#deps;
    const decoded = decode(this.#list.content);
    if (!decoded.ok) this.#add(null, decoded.reason);
    else {
      await beginCheck(db, this.#list.id, Math.max(0, countLines(decoded.value.text) - 1));
      if (!(await this.#readAll(decoded.value.text))) return 'over';
    }
    if (this.#problems.count === 0) this.#compareTheRest();
    if (this.#problems.count === 0 && !(await this.#save())) return 'over';
    if (this.#problems.count > 0) {
      await saveProblems(db, this.#list.id, this.#problems.count, inOrder(this.#problems.kept));
      return 'refused';
    }
    await saveReady(db, this.#list.id, this.#counts, this.#staff.fingerprint);
    return 'ready';
  }

  /** False when somebody has cancelled the list meanwhile. */
  async #readAll(text: string): Promise<boolean> {
    let columns: Column[] | null = null;
    try {
      for await (const { cells, line } of readLines(text)) {
        if (!columns) {
          const header = readHeader(cells);
          this.#problems.add(header.problems);
          // Without its header nothing can be said of a line.
          if (header.problems.length > 0) return true;
          columns = header.columns;
          continue;
        }
        this.#readOne(columns, cells, line);
        if (this.#counts.lines % linesAtOnce === 0 && !(await this.#save())) return false;
      }
    } catch (error) {
      if (!(error instanceof FileBroken)) throw error;
      this.#problems.add([error.problem]);
      return true;
    }
    if (this.#counts.lines === 0) this.#add(null, 'noLines');
    // A line without a number may be the very manager that others name.
    if (!this.#hasNameless) this.#problems.add(this.#rules.managerProblems());
    return true;
  }

  #readOne(columns: Column[], cells: string[], line: number): void {
    this.#counts.lines += 1;
    const { values, problems } = readLine(columns, cells, line);
    this.#problems.add(problems);
    this.#hasNameless ||= values.staff_number === undefined;
    this.#problems.add(this.#rules.add(values, line));
    // Once something is wrong nothing will be taken, and the rest is read for its problems only.
    if (this.#problems.count === 0) this.#compare(values, line);
  }

  #compare(values: StaffValues, line: number): void {
    const staffNumber = values.staff_number as string;
    const known = this.#staff.byNumber.get(staffNumber);
    if (!known) {
      this.#counts.added += 1;
      this.#found.push({ kind: 'added', line, staffNumber, employeeId: null, values, changes: {} });
      return;
    }
    if (known.id === this.#list.uploadedBy) this.#own = { values, line };
    const changes = changesOf(known, values);
    if (Object.keys(changes).length === 0) {
      this.#counts.unchanged += 1;
      return;
    }
    this.#counts.changed += 1;
    this.#found.push({ kind: 'changed', line, staffNumber, employeeId: known.id, values, changes });
  }

  /** Who is no longer on the list leaves today; whose last day is known already keeps it. */
  #compareTheRest(): void {
    this.#problems.add(ownProblems(this.#own?.values ?? null, this.#own?.line ?? null, this.#today));
    for (const staffNumber of this.#staff.openEnded) {
      const known = this.#staff.byNumber.get(staffNumber);
      if (!known || this.#rules.has(staffNumber)) continue;
      this.#counts.left += 1;
      const { full_name, department } = known.values;
      const line = this.#counts.left;
      const values = { full_name, department };
      this.#found.push({ kind: 'left', line, staffNumber, employeeId: known.id, values, changes: {} });
    }
  }

  async #save(): Promise<boolean> {
    const lines = this.#problems.count === 0 ? this.#found : [];
    this.#found = [];
    return saveProgress(this.#deps.db, this.#list.id, this.#counts.lines, lines);
  }

  #add(line: number | null, what: string): void {
    this.#problems.add([{ line, column: null, key: `people.staffList.problem.${what}` }]);
  }
}

/** The file as a whole first, then line by line. */
function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
