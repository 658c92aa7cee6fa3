import { paths } from '../paths.ts';
import type { Role } from '../people/employee.ts';

export type Area = 'home' | 'openings' | 'review' | 'pool' | 'hires' | 'payroll' | 'programme' | 'admin';

type AreaEntry = { readonly area: Area; readonly href: string; readonly icon: string; readonly roles: readonly Role[] };

/** The areas of the top bar in their order, and who may open them. */
const areas: readonly AreaEntry[] = [
  { area: 'home', href: paths.home(), icon: 'home', roles: ['employee'] },
  { area: 'openings', href: paths.openings(), icon: 'briefcase', roles: ['employee'] },
  { area: 'review', href: paths.review(), icon: 'inbox', roles: ['recruiter', 'admin'] },
  { area: 'pool', href: paths.pool(), icon: 'users', roles: ['recruiter', 'admin'] },
  { area: 'hires', href: paths.hires(), icon: 'calendar-check', roles: ['recruiter', 'admin'] },
  { area: 'payroll', href: paths.payroll(), icon: 'cash', roles: ['payroll', 'admin'] },
  { area: 'programme', href: paths.programme(), icon: 'book-2', roles: ['employee'] },
  { area: 'admin', href: paths.admin(), icon: 'settings', roles: ['admin'] },
];

/** Where a URL belongs when the page doesn't say: the first part of its path. */
const areaByPath: Readonly<Record<string, Area>> = {
  '': 'home',
  'my-referrals': 'home',
  openings: 'openings',
  review: 'review',
  referrals: 'review',
  pool: 'pool',
  candidates: 'pool',
  hires: 'hires',
  payroll: 'payroll',
  programme: 'programme',
  bonuses: 'payroll',
  admin: 'admin',
};

export function areasFor(roles: readonly Role[]): readonly AreaEntry[] {
  return areas.filter((entry) => entry.roles.some((role) => role === 'employee' || roles.includes(role)));
}

export function areaOf(url: string, open: readonly { area: Area }[]): Area | null {
  const area = areaByPath[/^\/([\w-]*)/.exec(url)?.[1] ?? ''] ?? null;
  if (area === null || open.some((entry) => entry.area === area)) return area;
  // A referrer reads their own referral: that is Home for them, who have no Review.
  return 'home';
}
