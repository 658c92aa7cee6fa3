import { type Request, type Response, Router } from 'express';
import { type HistoryRow, listHistoryAbout } from '../history/history-queries.ts';
import type { Deps } from '../lib/deps.ts';
import { BadInput, NotFound, Refused } from '../lib/errors.ts';
import type { Translate } from '../lib/words.ts';
import { paths } from '../paths.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { hasRole, ROLES, type Role } from './employee.ts';
import { factsOf } from './employee-card.ts';
import { parseRolesForm } from './employee-form.ts';
import {
  adminOverview,
  countEmployees,
  type EmployeeFilter,
  type EmployeeKey,
  type EmployeeRow,
  findEmployeeCard,
  listDepartments,
  searchEmployees,
} from './employee-queries.ts';
import { changeRoles, type RolesRefusal } from './employee-service.ts';
import { rolesShown } from './staff-list-words.ts';

export function employeeRoutes(deps: Deps): Router {
  const router = Router();
  const admin = allow('admin');
  router.get(paths.admin(), admin, (req, res) => showAdmin(deps, req, res));
  router.get(paths.employees(), admin, (req, res) => showEmployees(deps, req, res));
  router.get(paths.employee(':id'), admin, (req, res) => showEmployee(deps, req, res));
  router.post(paths.employeeRoles(':id'), admin, (req, res) => saveTheirRoles(deps, req, res));
  return router;
}

async function showAdmin(deps: Deps, req: Request, res: Response): Promise<void> {
  const overview = await adminOverview(deps.db, await deps.clock.today(deps.db));
  page(req, res, 'admin/overview', { title: req.t('people.admin.title'), overview });
}

async function showEmployees(deps: Deps, req: Request, res: Response): Promise<void> {
  const today = await deps.clock.today(deps.db);
  const filter = filterOf(req);
  const [found, count, departments] = await Promise.all([
    searchEmployees(deps.db, filter, today),
    countEmployees(deps.db, filter, today),
    listDepartments(deps.db),
  ]);
  const values = { q: filter.search ?? '', role: filter.role ?? '', department: filter.department ?? '' };
  const standing = filter.standing ?? 'employed';
  const choose = (value: string, key: string) => ({ value, label: req.t(key) });
  page(req, res, 'admin/employees', {
    title: req.t('people.employees.title'),
    crumbs: [{ label: req.t('people.admin.title'), href: paths.admin() }, { label: req.t('people.employees.title') }],
    form: { values: { ...values, standing }, errors: {} },
    roles: ROLES.filter((role) => role !== 'employee').map((role) => choose(role, `people.role.${role}`)),
    departments: departments.map((department) => ({ value: department, label: department })),
    standings: ['employed', 'left', 'all'].map((one) => choose(one, `people.employees.standing.${one}`)),
    rows: found.rows.map((row) => rowShown(row, req.t)),
    count: count > 1000 ? req.t('people.employees.countMany') : req.t('people.employees.count', { count }),
    isFiltered: Object.values(values).some(Boolean) || standing !== 'employed',
    previous: found.hasPrevious ? urlOf({ ...values, standing }, 'before', found.rows[0]) : null,
    next: found.hasNext ? urlOf({ ...values, standing }, 'after', found.rows.at(-1)) : null,
  });
}

function rowShown(row: EmployeeRow, t: Translate) {
  const look = row.standing === 'employed' ? 'done' : row.standing === 'left' ? 'closed' : 'waiting';
  const icon = row.standing === 'ahead' ? 'calendar-time' : null;
  return {
    ...row,
    look,
    icon,
    word: t(`people.employees.is.${row.standing}`),
    roleNames: rolesShown(row.roles.slice(1).join(' '), t),
  };
}

function filterOf(req: Request): EmployeeFilter {
  const text = (name: string): string => {
    const value = req.query[name];
    return typeof value === 'string'
      ? value
          .replace(/\p{Cc}/gu, '')
          .trim()
          .slice(0, 200)
      : '';
  };
  const role = text('role');
  const standing = text('standing');
  return {
    search: text('q'),
    role: (ROLES as readonly string[]).includes(role) ? (role as Role) : '',
    department: text('department'),
    standing: standing === 'left' || standing === 'all' ? standing : 'employed',
    after: keyOf(req.query.after),
    before: keyOf(req.query.before),
  };
}

/** A place in the list as the address carries it: the id, then the name. */
function keyOf(value: unknown): EmployeeKey | null {
  const match = typeof value === 'string' ? /^([1-9]\d{0,14})~([^\p{Cc}]{1,200})$/u.exec(value) : null;
  return match ? { id: Number(match[1]), name: match[2] as string } : null;
}

function urlOf(values: Record<string, string>, side: 'after' | 'before', row: EmployeeRow | undefined): string | null {
  if (!row) return null;
  const kept = Object.entries(values).filter(([, value]) => value !== '');
  return `${paths.employees()}?${new URLSearchParams([...kept, [side, `${row.id}~${row.fullName}`]])}`;
}

async function showEmployee(deps: Deps, req: Request, res: Response): Promise<void> {
  const id = idOf(req);
  const [card, history] = await Promise.all([findEmployeeCard(deps.db, id), listHistoryAbout(deps.db, 'employee', id)]);
  if (!card) throw new NotFound();
  const today = await deps.clock.today(deps.db);
  const hasLeft = card.employedUntil !== null && Temporal.PlainDate.compare(card.employedUntil, today) < 0;
  page(req, res, 'admin/employee', {
    title: card.fullName,
    crumbs: [
      { label: req.t('people.admin.title'), href: paths.admin() },
      { label: req.t('people.employees.title'), href: paths.employees() },
      { label: card.fullName },
    ],
    id,
    lead: [card.department, card.email].filter(Boolean).join(' · '),
    hasLeft,
    leftText: hasLeft ? req.t('people.employee.left', { day: card.employedUntil }) : '',
    facts: factsOf(card, req.t, req.language),
    roles: (['recruiter', 'payroll', 'admin'] as const).map((role) => ({
      role,
      name: req.t(`people.role.${role}`),
      hint: req.t(`people.roleHint.${role}`),
      holds: hasRole(card, role),
    })),
    story: history.slice(0, 50).map((row) => storyOf(row, id, req.t)),
  });
}

const icons: Partial<Record<HistoryRow['deed'], string>> = {
  'employee.added': 'user-plus',
  'employee.changed': 'pencil',
  'employee.left': 'user-minus',
  'employee.signedIn': 'login-2',
  'employee.signedOutEverywhere': 'devices-off',
};

function storyOf(row: HistoryRow, employeeId: number, t: Translate) {
  const { before, after, columns } = row.facts as Record<string, string | undefined>;
  const who = row.actorName ?? 'Vouch';
  const key = row.deed.split('.')[1] as string;
  const common = { at: row.at, icon: icons[row.deed] ?? 'point' };
  if (row.deed === 'employee.changed' && before !== undefined && after !== undefined) {
    const params = { who, before: rolesShown(before, t), after: rolesShown(after, t) };
    return { ...common, icon: 'key', text: t('people.story.roles', params) };
  }
  if (row.deed === 'employee.changed') {
    const names = (columns ?? '')
      .split(' ')
      .filter(Boolean)
      .map((column) => t(`people.column.${column}.name`));
    return { ...common, text: t('people.story.changed', { who, columns: names.join(', ') }) };
  }
  const isDemo = row.deed === 'employee.signedIn' && row.facts.by === 'demo';
  return { ...common, text: t(`people.story.${isDemo ? 'signedInDemo' : key}`, { who, employeeId }) };
}

const refusals: Record<RolesRefusal, string> = {
  unknown: 'errors.notFound.text',
  left: 'people.roles.left',
  lastAdmin: 'people.roles.lastAdmin',
};

async function saveTheirRoles(deps: Deps, req: Request, res: Response): Promise<void> {
  const id = idOf(req);
  const form = parseRolesForm(req.body);
  if (!form.ok) throw new BadInput('people.roles.unknown', {}, paths.employee(id));
  const changed = await changeRoles(deps, req.employee, id, form.value.roles);
  if (!changed.ok && changed.reason === 'unknown') throw new NotFound();
  if (!changed.ok) throw new Refused(refusals[changed.reason], {}, paths.employee(id));
  flash(res, changed.value === 'same' ? 'note' : 'good', `people.flash.roles.${changed.value}`);
  // Whoever gave up being admin may not see this page any more.
  const stillAdmin = id !== req.employee.id || form.value.roles.includes('admin');
  res.redirect(303, stillAdmin ? paths.employee(id) : paths.home());
}
