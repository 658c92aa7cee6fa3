/** How the pool can be narrowed by where its people stand: being looked at now, or how it ended. */
export const STANDINGS = ['open', 'hired', 'declined', 'withdrawn', 'no_reply'] as const;
export type Standing = (typeof STANDINGS)[number];

export type PoolSearch = {
  /** Each must be found somewhere: in the name, the e-mail, the phone or a skill. */
  readonly words: readonly string[];
  readonly standing: Standing | null;
  readonly skill: string | null;
  readonly department: string | null;
  readonly openingId: number | null;
  /** Only who agreed within the last twelve months. */
  readonly agreedLately: boolean;
};

const MOST_WORDS = 6;

export function wordsOf(text: string): string[] {
  // A phone is one word, however it is spaced.
  const phone = /^\+?[\d\s()./-]{5,}$/.test(text.trim());
  const parts = phone ? [text.replace(/[^\d+]/g, '')] : text.trim().split(/[\s,;]+/);
  return parts.filter((one) => one !== '').slice(0, MOST_WORDS);
}

export type Piece = { readonly text: string; readonly isHit: boolean };

/**
 * The text in pieces, those that a word matches marked. Pieces, not markup: whoever prints them escapes each, so a
 * candidate's name can never become a tag.
 */
export function highlight(text: string, words: readonly string[]): Piece[] {
  const lower = text.toLowerCase();
  // Some letters change their length in lower case; places would be off then, and unmarked is better than wrong.
  if (lower.length !== text.length) return [{ text, isHit: false }];
  const hit = new Array<boolean>(text.length).fill(false);
  for (const word of words) {
    const wanted = word.toLowerCase();
    for (let at = lower.indexOf(wanted); at >= 0 && wanted !== ''; at = lower.indexOf(wanted, at + 1)) {
      hit.fill(true, at, at + wanted.length);
    }
  }
  const pieces: { text: string; isHit: boolean }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const last = pieces.at(-1);
    const isHit = hit[at] === true;
    if (last && last.isHit === isHit) last.text += text[at];
    else pieces.push({ text: text[at] as string, isHit });
  }
  return pieces;
}

export const isHighlighted = (pieces: readonly Piece[]): boolean => pieces.some((piece) => piece.isHit);
