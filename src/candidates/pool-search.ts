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

const plainOf: Readonly<Record<string, string>> = {
  đ: 'd',
  ł: 'l',
  ø: 'o',
  ð: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};
const speltOut: Readonly<Record<string, string>> = { đ: 'dj', ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };

/** The same letters without their marks, small and found on any keyboard: Đorđević is dordevic, Алёна is алена. */
export function plainLetters(text: string): string {
  const bare = text
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
  return bare.replace(/[đłøðıßæœþ]/g, (letter) => plainOf[letter] as string);
}

type Letters = {
  readonly text: string /** Where in the original each letter stood. */;
  readonly from: readonly number[];
};

/** The two ways in which the database knows a name (`name_key`), letter by letter. */
function waysToWrite(text: string): Letters[] {
  return [plainLetters, (letter: string) => plainLetters(speltOut[letter.toLowerCase()] ?? letter)].map((write) => {
    const written = [...text].map(write);
    const from: number[] = [];
    let start = 0;
    [...text].forEach((letter, nth) => {
      from.push(...new Array<number>(written[nth]?.length ?? 0).fill(start));
      start += letter.length;
    });
    return { text: written.join(''), from };
  });
}

const widthAt = (text: string, place: number): number => ((text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1);

/**
 * The text in pieces, those that a word matches marked. Pieces, not markup: whoever prints them escapes each, so a
 * candidate's name can never become a tag.
 */
export function highlight(given: string, words: readonly string[]): Piece[] {
  const text = given.normalize('NFC');
  const hit = new Array<boolean>(text.length).fill(false);
  for (const way of waysToWrite(text)) {
    for (const word of words.map(plainLetters).filter(Boolean)) {
      for (let at = way.text.indexOf(word); at >= 0; at = way.text.indexOf(word, at + 1)) {
        for (const place of way.from.slice(at, at + word.length)) hit.fill(true, place, place + widthAt(text, place));
      }
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
