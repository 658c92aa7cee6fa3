import { type PoolSearch, STANDINGS, wordsOf } from './pool-search.ts';

export type PoolPlace = { readonly side: 'newer' | 'older'; readonly id: number };
export type PoolWish = { readonly text: string; readonly search: PoolSearch; readonly place: PoolPlace | null };

/** What the address asks for; what can't be read is not asked for. */
export function parsePoolQuery(query: Record<string, unknown>): PoolWish {
  const text = line(query.q) ?? '';
  const opening = line(query.opening) ?? '';
  return {
    text,
    search: {
      words: wordsOf(text),
      standing: STANDINGS.find((one) => one === query.standing) ?? null,
      skill: line(query.skill),
      department: line(query.department),
      openingId: isId(opening) ? Number(opening) : null,
      agreedLately: query.agreed === 'lately',
    },
    place: placeOf(query.older, 'older') ?? placeOf(query.newer, 'newer'),
  };
}

/** The query of a page of the pool, without what is not asked for. */
export function writePoolQuery(
  wish: PoolWish,
  change: Partial<PoolSearch> & { place?: PoolPlace | null } = {},
): string {
  const { place = null, ...narrower } = change;
  const search = { ...wish.search, ...narrower };
  const query = new URLSearchParams();
  if (wish.text) query.set('q', wish.text);
  if (search.standing) query.set('standing', search.standing);
  if (search.skill) query.set('skill', search.skill);
  if (search.department) query.set('department', search.department);
  if (search.openingId) query.set('opening', String(search.openingId));
  if (search.agreedLately) query.set('agreed', 'lately');
  if (place) query.set(place.side, String(place.id));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function line(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const clean = value
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return clean === '' ? null : clean;
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text);
}

function placeOf(value: unknown, side: PoolPlace['side']): PoolPlace | null {
  return typeof value === 'string' && isId(value) ? { side, id: Number(value) } : null;
}
