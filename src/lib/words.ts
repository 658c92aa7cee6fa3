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

function translator(instance: i18n, language: Language, timeZone: string): Translate {
  const fixed = instance.getFixedT(language);
  // Most sentences of a page have no parameters: looking them up once makes a page noticeably cheaper.
  const plain = new Map<string, string>();
  return (key, params) => {
    if (params) return fixed(key, written(params, language, timeZone)) as string;
    let text = plain.get(key);
    if (text === undefined) {
      text = fixed(key) as string;
      plain.set(key, text);
    }
    return text;
  };
}

function written(params: Record<string, unknown>, language: Language, timeZone: string): Record<string, unknown> {
  const texts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) texts[name] = writeOut(value, name, language, timeZone);
  return texts;
}

function writeOut(value: unknown, name: string, language: Language, timeZone: string): unknown {
  if (value instanceof Temporal.PlainDate) return formatDay(value, language);
  if (value instanceof Temporal.Instant) return formatDaytime(value, language, timeZone);
  // `count` chooses the plural form, so it stays a number.
  if (typeof value === 'number') return name === 'count' ? value : formatNumber(value, language);
  if (isSum(value)) return formatMoney(value, language);
  return value;
}

export function isSum(value: unknown): value is { minor: number; currency: string } {
  return typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value;
}
