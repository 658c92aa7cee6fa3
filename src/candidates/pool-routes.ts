import { type Request, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { paths } from '../paths.ts';
import { stateWord } from '../referrals/referral-steps.ts';
import { allow } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { type PoolPlace, type PoolWish, parsePoolQuery, writePoolQuery } from './pool-form.ts';
import { COUNTED_UP_TO, countPool, type Facet, listPool, type PoolFacets, type PoolRow } from './pool-queries.ts';
import { highlight, isHighlighted, type PoolSearch, STANDINGS } from './pool-search.ts';

export function poolRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.pool(), allow('recruiter', 'admin'), async (req, res) => {
    const wish = parsePoolQuery(req.query);
    const today = await deps.clock.today(deps.db);
    const find = (soundsLike: boolean) =>
      Promise.all([
        listPool(deps.db, wish.search, today, wish.place, soundsLike),
        countPool(deps.db, wish.search, today, soundsLike),
      ]);
    let [found, facets] = await find(false);
    // A slip of the keys: what sounds like it is better than nothing, if it is called so.
    const soundsLike = facets.total === 0 && wish.text.length >= 4;
    if (soundsLike) [found, facets] = await find(true);
    const isSearch = writePoolQuery(wish) !== '';
    page(req, res, 'candidates/pool', {
      title: req.t('candidates.pool.title'),
      area: 'pool',
      today,
      text: wish.text,
      rows: found.rows.map((row) => toRow(req, row, soundsLike ? [] : wish.search.words)),
      count: countText(req, facets.total),
      soundsLike: soundsLike && found.rows.length > 0,
      isSearch,
      facets: facetsOf(req, wish, facets),
      wishes: wishesOf(req, wish),
      hidden: hiddenOf(wish.search),
      ...pagesOf(wish, found),
    });
  });

  return router;
}

function link(wish: PoolWish, change: Partial<PoolSearch> & { place?: PoolPlace | null } = {}): string {
  return paths.pool() + writePoolQuery(wish, change);
}

function countText(req: Request, total: number): string {
  const count = Math.min(total, COUNTED_UP_TO);
  return total > COUNTED_UP_TO ? req.t('candidates.pool.countMany') : req.t('candidates.pool.count', { count });
}

function toRow(req: Request, row: PoolRow, words: readonly string[]) {
  const { kind, key } = stateWord(row);
  const email = highlight(row.email ?? '', words);
  const phone = highlight(
    row.phone ?? '',
    words.map((word) => word.replace(/^0+/, '')),
  );
  const skills = row.skills.map((skill) => highlight(skill, words));
  // Those that matched come first, so that they are seen also where there are many.
  const shown = skills.toSorted((a, b) => Number(isHighlighted(b)) - Number(isHighlighted(a))).slice(0, 8);
  return {
    id: row.id,
    name: highlight(row.fullName, words),
    email: isHighlighted(email) ? email : null,
    phone: isHighlighted(phone) ? phone : null,
    skills: shown,
    moreSkills: Math.max(0, row.skills.length - shown.length),
    state: { kind, word: req.t(key) },
    opening: row.openingTitle ?? req.t('referrals.general'),
    referrerName: row.referrerName,
    madeOn: row.madeOn,
  };
}

type FacetLink = { word: string; count: number | null; href: string; isOn: boolean };

function facetsOf(req: Request, wish: PoolWish, facets: PoolFacets) {
  const { search } = wish;
  // Of more than a thousand only the first thousand were looked at: a number would be wrong.
  const isExact = facets.total <= COUNTED_UP_TO;
  const entry = (word: string, count: number, change: Partial<PoolSearch>, isOn: boolean): FacetLink => ({
    word,
    count: isExact ? count : null,
    href: link(wish, change),
    isOn,
  });
  const countOf = (list: readonly Facet[], value: string) => list.find((one) => one.value === value)?.count ?? 0;
  const standings = STANDINGS.filter((one) => search.standing === one || countOf(facets.standings, one) > 0);
  return [
    {
      title: req.t('candidates.pool.standing'),
      links: standings.map((one) => {
        const isOn = search.standing === one;
        const count = countOf(facets.standings, one);
        return entry(req.t(`candidates.standing.${one}`), count, { standing: isOn ? null : one }, isOn);
      }),
    },
    {
      title: req.t('candidates.pool.skill'),
      links: facets.skills.map(({ value, count }) => {
        const isOn = search.skill?.toLowerCase() === value.toLowerCase();
        return entry(value, count, { skill: isOn ? null : value }, isOn);
      }),
    },
    {
      title: req.t('candidates.pool.department'),
      links: facets.departments.map(({ value, count }) => {
        const isOn = search.department === value;
        return entry(value, count, { department: isOn ? null : value }, isOn);
      }),
    },
    {
      title: req.t('candidates.pool.agreed'),
      links:
        facets.agreedLately > 0 || search.agreedLately
          ? [
              entry(
                req.t('candidates.pool.agreedLately'),
                facets.agreedLately,
                { agreedLately: !search.agreedLately },
                search.agreedLately,
              ),
            ]
          : [],
    },
  ].filter((facet) => facet.links.length > 0);
}

/** What the list is narrowed by, each with the way to take it off. */
function wishesOf(req: Request, wish: PoolWish) {
  const { standing, skill, department, openingId, agreedLately } = wish.search;
  return [
    ...(standing ? [{ word: req.t(`candidates.standing.${standing}`), href: link(wish, { standing: null }) }] : []),
    ...(skill ? [{ word: skill, href: link(wish, { skill: null }) }] : []),
    ...(department ? [{ word: department, href: link(wish, { department: null }) }] : []),
    ...(openingId ? [{ word: req.t('candidates.pool.oneOpening'), href: link(wish, { openingId: null }) }] : []),
    ...(agreedLately
      ? [{ word: req.t('candidates.pool.agreedLately'), href: link(wish, { agreedLately: false }) }]
      : []),
  ];
}

/** A new search keeps what the list is narrowed by. */
function hiddenOf({ standing, skill, department, openingId, agreedLately }: PoolSearch) {
  const fields = { standing, skill, department, opening: openingId, agreed: agreedLately ? 'lately' : null };
  return Object.entries(fields).flatMap(([name, value]) => (value ? [{ name, value: String(value) }] : []));
}

function pagesOf(wish: PoolWish, found: { rows: readonly PoolRow[]; hasNewer: boolean; hasOlder: boolean }) {
  const first = found.rows[0];
  const last = found.rows.at(-1);
  return {
    previous: found.hasNewer && first ? link(wish, { place: { side: 'newer', id: first.id } }) : null,
    next: found.hasOlder && last ? link(wish, { place: { side: 'older', id: last.id } }) : null,
  };
}
