/** A person as somebody recommends them: what was typed, and the keys by which they are known again. */
export type Named = {
  readonly fullName: string;
  readonly email: string | null;
  readonly emailKey: string | null;
  readonly phone: string | null;
  readonly profileLink: string | null;
  readonly profileKey: string | null;
  readonly skills: readonly string[];
};

export const LONGEST_NAME = 200;

/** One line as a person means it: no control characters, no marks that turn the direction of what follows, one space. */
export function cleanLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cs}/gu, '')
    .trim();
}

/** Several lines: as cleanLine, but the lines stay. */
export function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
