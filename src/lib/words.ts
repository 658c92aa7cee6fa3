import { readdirSync, readFileSync } from 'node:fs';
import i18next, { type i18n } from 'i18next';
import { formatDay, formatDaytime, formatMoney, formatNumber, type Language } from './format.ts';

/** Translates a key (`room.part.sentence`). Days, instants and sums among the parameters are written out by themselves. */
export type Translate = (key: string, params?: Record<string, unknown>) => string;
export type Words = Record<Language, Translate>;

export const languages: readonly Language[] = ['en', 'ru'];

export function isLanguage(value: unknown): value is Language {
  return value === 'en' || value === 'ru';
}

/**
 * Reads every locale file: `views/locales/<language>/<room>.json`, so that the key `openings.list.title` stands in
 * openings.json under list.title. A key without a sentence comes back as itself; a test finds it before a person does.
 */
export function loadWords(options: { timeZone: string; folder?: URL }): Words {
  const folder = options.folder ?? new URL('../../views/locales/', import.meta.url);
  const instance = i18next.createInstance();
  const resources = Object.fromEntries(
    languages.map((language) => [language, { translation: readRooms(folder, language) }]),
  );
  instance.init({
    resources,
    lng: 'en',
    fallbackLng: 'en',
    initAsync: false,
    nsSeparator: false,
    // Handlebars escapes what it prints, and e-mail subjects are no HTML.
    interpolation: { escapeValue: false },
  });
  return { en: translator(instance, 'en', options.timeZone), ru: translator(instance, 'ru', options.timeZone) };
}

function readRooms(folder: URL, language: Language): Record<string, unknown> {
  const home = new URL(`${language}/`, folder);
  const rooms: Record<string, unknown> = {};
  for (const file of readdirSync(home).sort()) {
    if (!file.endsWith('.json')) continue;
    try {
      rooms[file.slice(0, -'.json'.length)] = JSON.parse(readFileSync(new URL(file, home), 'utf8'));
    } catch (error) {
      throw new Error(`views/locales/${language}/${file} can't be read: ${(error as Error).message}`);
    }
  }
  return rooms;
}

/** A sentence cut at its parameters: text, name, text, name, text. */
type Sentence = readonly string[];

/**
 * i18next finds the sentence and its plural form, once; what stands in it is put in here. A page holds hundreds of
 * sentences, and asking i18next for each would cost more than the rest of the page.
 */
function translator(instance: i18n, language: Language, timeZone: string): Translate {
  const fixed = instance.getFixedT(language);
  const plurals = new Intl.PluralRules(language);
  const sentences = new Map<string, Sentence>();
  return (key, params) => {
    const count = params?.count;
    const form = typeof count === 'number' ? (count === 0 ? '#zero' : `#${plurals.select(count)}`) : '';
    let sentence = sentences.get(key + form);
    if (!sentence) {
      const raw = form
        ? fixed(key, { count: count as number, skipInterpolation: true })
        : fixed(key, { skipInterpolation: true });
      sentence = String(raw).split(/\{\{\s*(\w+)\s*\}\}/);
      sentences.set(key + form, sentence);
    }
    return sentence.length === 1 ? (sentence[0] as string) : filled(sentence, params ?? {}, language, timeZone);
  };
}

function filled(sentence: Sentence, params: Record<string, unknown>, language: Language, timeZone: string): string {
  let text = '';
  for (const [index, part] of sentence.entries()) {
    if (index % 2 === 0) text += part;
    // A parameter that was forgotten stays visible: an empty place would look like a finished sentence.
    else text += part in params ? writeOut(params[part], language, timeZone) : `{{${part}}}`;
  }
  return text;
}

function writeOut(value: unknown, language: Language, timeZone: string): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return formatNumber(value, language);
  if (value instanceof Temporal.PlainDate) return formatDay(value, language);
  if (value instanceof Temporal.Instant) return formatDaytime(value, language, timeZone);
  return isSum(value) ? formatMoney(value, language) : String(value);
}

export function isSum(value: unknown): value is { minor: number; currency: string } {
  return typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value;
}
