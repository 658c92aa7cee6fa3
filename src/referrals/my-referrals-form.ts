import { isStorable } from '../lib/keyset.ts';

export const WHICH_ONES = ['all', 'open', 'ended'] as const;
export type WhichOnes = (typeof WHICH_ONES)[number];

/** Where a page of the list begins: beyond this referral, on that side. */
export type MyPlace = { readonly side: 'newer' | 'older'; readonly madeAt: Temporal.Instant; readonly id: number };

/** What the address asks for. What can't be read is the first page of all: an address is no form to complain about. */
export function parseMyReferrals(query: Record<string, unknown>): { which: WhichOnes; place: MyPlace | null } {
  const which = WHICH_ONES.find((one) => one === query.show) ?? 'all';
  return { which, place: parsePlace(query.older, 'older') ?? parsePlace(query.newer, 'newer') };
}

export function writePlace(referral: { madeAt: Temporal.Instant; id: number }): string {
  return `${referral.madeAt.toString()}~${referral.id}`;
}

function parsePlace(text: unknown, side: MyPlace['side']): MyPlace | null {
  if (typeof text !== 'string') return null;
  const [at = '', id = ''] = text.split('~');
  if (!/^[1-9]\d{0,14}$/.test(id)) return null;
  try {
    const madeAt = Temporal.Instant.from(at);
    return isStorable(madeAt) ? { side, madeAt, id: Number(id) } : null;
  } catch {
    return null;
  }
}
