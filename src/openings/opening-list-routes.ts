import { type Request, Router } from 'express';
import { expectation, whenPaid } from '../bonuses/expectation.ts';
import type { Policy } from '../bonuses/policy.ts';
import { policyInForce } from '../bonuses/policy-queries.ts';
import { type Choice, countryChoices, countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { filterQuery, type OpeningFilter, readCursor, readFilter, writeCursor } from './opening-filter.ts';
import {
  type BrowsedOpening,
  browseOpenings,
  COUNTED_UP_TO,
  listOpeningChoices,
  type OpeningChoices,
  type OpeningList,
} from './opening-queries.ts';

/** Browsing the published openings: everybody. */
export function openingListRoutes(deps: Deps): Router {
  const router = Router();
  const { db, clock } = deps;

  router.get(paths.openings(), signedIn, async (req, res) => {
    const today = await clock.today(db);
    const filter = readFilter(req.query);
    const [list, choices, policy] = await Promise.all([
      browseOpenings(db, filter, readCursor(req.query)),
      listOpeningChoices(db),
      policyInForce(db, today),
    ]);
    page(req, res, 'openings/list', listModel(req, { filter, list, choices, policy, today }));
  });

  return router;
}

type ListFacts = {
  filter: OpeningFilter;
  list: OpeningList;
  choices: OpeningChoices;
  policy: Policy | null;
  today: Temporal.PlainDate;
};

function listModel(req: Request, { filter, list, choices, policy, today }: ListFacts) {
  const { t, language } = req;
  const pageAt = (side: 'before' | 'after', row: BrowsedOpening | undefined): string | null => {
    if (!row?.publishedAt) return null;
    const query = filterQuery(filter);
    query.set(side, writeCursor({ ...row, publishedAt: row.publishedAt }));
    return `${paths.openings()}?${query}`;
  };
  const plain = (list: readonly string[]): Choice[] => list.map((value) => ({ value, label: value }));
  return {
    title: t('openings.list.title'),
    today,
    recruits: hasRole(req.employee, 'recruiter'),
    rows: list.rows.map((row) => rowModel(req, row, policy)),
    whenPaid: policy ? whenPaid(t, policy.terms) : null,
    count: countText(req, list.count),
    previous: list.hasPrevious ? pageAt('before', list.rows[0]) : null,
    next: list.hasNext ? pageAt('after', list.rows.at(-1)) : null,
    form: { values: { ...filter, priority: filter.priority ? 'yes' : '' }, errors: {} },
    isFiltered: filterQuery(filter).size > 0,
    opensFilters: [...filterQuery(filter).keys()].some((name) => name !== 'q'),
    wishes: wishesOf(req, filter),
    departments: plain(choices.departments),
    places: plain(choices.places),
    levels: plain(choices.levels),
    countries: countryChoices(choices.countries, language).slice(0, choices.countries.length),
    types: choices.types.map((value) => ({ value, label: t(`openings.type.${value}`) })),
  };
}

/** What is filtered by, each with the link that takes it away again. */
function wishesOf({ t, language }: Request, filter: OpeningFilter) {
  const words: Record<string, (value: string) => string> = {
    q: (value) => t('openings.list.wish.q', { q: value }),
    country: (value) => countryName(value, language),
    type: (value) => t(`openings.type.${value}`),
    priority: () => t('openings.priority'),
  };
  return [...filterQuery(filter)].map(([name, value]) => {
    const rest = filterQuery(filter);
    rest.delete(name);
    return {
      word: words[name]?.(value) ?? value,
      without: rest.size > 0 ? `${paths.openings()}?${rest}` : paths.openings(),
    };
  });
}

function rowModel({ t, language, employee }: Request, row: BrowsedOpening, policy: Policy | null) {
  return {
    ...row,
    where: [row.place, countryName(row.country, language)].filter(Boolean).join(', '),
    type: t(`openings.type.${row.employmentType}`),
    skills: row.skills.slice(0, 5),
    bonus: policy && expectation(employee, policy.terms, row).amount,
  };
}

function countText({ t }: Request, count: number): string {
  return count > COUNTED_UP_TO
    ? t('openings.list.more', { number: COUNTED_UP_TO })
    : t('openings.list.count', { count });
}
