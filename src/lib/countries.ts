import type { Language } from './format.ts';

const names: Record<Language, Intl.DisplayNames> = {
  en: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
  ru: new Intl.DisplayNames('ru', { type: 'region', fallback: 'none' }),
};
/** Codes that Intl has a name for, and that are no country: unions, outlying specks and placeholders. */
const noCountry = new Set(['EU', 'EZ', 'UN', 'XA', 'XB', 'ZZ', 'QO', 'AC', 'CP', 'DG', 'EA', 'IC', 'TA', 'CQ']);

let codes: readonly string[] | null = null;

/** Every ISO 3166-1 alpha-2 code that has a name. */
export function countryCodes(): readonly string[] {
  if (codes) return codes;
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  // Codes of countries that are gone answer with the name of what came after: only a code's own name counts.
  const all = letters.flatMap((first) => letters.map((second) => first + second)).filter((code) => names.en.of(code));
  codes = all.filter((code) => !noCountry.has(code) && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`);
  return codes;
}

export function isCountry(code: string): boolean {
  return countryCodes().includes(code);
}

/** "Germany", «Германия»; the code itself where it has no name. */
export function countryName(code: string, language: Language): string {
  return (/^[A-Z]{2}$/.test(code) && names[language].of(code)) || code;
}

/** The code that a typed code or name (in either language) means; null where it means none. */
export function findCountry(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const means = (code: string): boolean =>
    [code, names.en.of(code), names.ru.of(code)].some((name) => name?.toLowerCase() === text);
  return countryCodes().find(means) ?? null;
}

export type Choice = { readonly value: string; readonly label: string };

/** Countries to choose from: those in use first, then the others, each by its name. */
export function countryChoices(inUse: readonly string[], language: Language): Choice[] {
  const byName = (list: readonly string[]): Choice[] =>
    list
      .map((code) => ({ value: code, label: countryName(code, language) }))
      .sort((a, b) => a.label.localeCompare(b.label, language));
  const known = new Set(inUse);
  return [...byName(inUse), ...byName(countryCodes().filter((code) => !known.has(code)))];
}
