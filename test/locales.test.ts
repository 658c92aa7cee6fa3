import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The words of the house: both languages say the same things, in whole plural forms, and no key leads nowhere. */

const root = fileURLToPath(new URL('..', import.meta.url));
const languages = ['en', 'ru'] as const;
type Language = (typeof languages)[number];
type Room = { [key: string]: string | Room };

const pluralForm = /_(zero|one|two|few|many|other)$/;
const pluralForms: Record<Language, readonly string[]> = { en: ['one', 'other'], ru: ['one', 'few', 'many', 'other'] };

function roomsOf(language: Language): Map<string, Room> {
  const folder = `${root}views/locales/${language}/`;
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(files.map((file) => [file.slice(0, -5), JSON.parse(readFileSync(folder + file, 'utf8')) as Room]));
}

function sentences(room: Room, prefix: string): [key: string, text: string][] {
  return Object.entries(room).flatMap(([key, value]): [string, string][] => {
    return typeof value === 'string' ? [[`${prefix}.${key}`, value]] : sentences(value, `${prefix}.${key}`);
  });
}

function sentencesOf(language: Language): Map<string, string> {
  return new Map([...roomsOf(language)].flatMap(([name, room]) => sentences(room, name)));
}

const written: Record<Language, Map<string, string>> = { en: sentencesOf('en'), ru: sentencesOf('ru') };
const withoutForm = (key: string) => key.replace(pluralForm, '');
/** A key counts as plural when its languages have more than one form of it: `step_one` alone may be an ordinary name. */
const plurals = new Set([...written.en.keys()].filter((key) => key.endsWith('_other')).map(withoutForm));
const baseOf = (key: string) => (plurals.has(withoutForm(key)) ? withoutForm(key) : key);
const known = new Set([...written.en.keys()].map(baseOf));

describe('Words', () => {
  it('exist in both languages', () => {
    const ru = new Set([...written.ru.keys()].map(baseOf));
    const missing = [...known].filter((key) => !ru.has(key)).map((key) => `ru has no ${key}`);
    const spare = [...ru].filter((key) => !known.has(key)).map((key) => `en has no ${key}`);
    assert.deepEqual([...missing, ...spare], []);
  });

  for (const language of languages) {
    it(`come in all plural forms of ${language}`, () => {
      const gaps = [...plurals].flatMap((key) =>
        pluralForms[language]
          .filter((form) => !written[language].has(`${key}_${form}`))
          .map((form) => `${key}_${form}`),
      );
      assert.deepEqual(gaps, []);
    });

    it(`are never empty in ${language}`, () => {
      assert.deepEqual(
        [...written[language]].filter(([, text]) => text.trim() === ''),
        [],
      );
    });
  }

  it('ask in Russian for no parameter that English is not given', () => {
    // The other way round it happens: a name that would have to be declined is better left out.
    const foreign = [...known].flatMap((key) => {
      const given = new Set(parametersOf('en', key));
      const asked = parametersOf('ru', key).filter((name) => !given.has(name));
      return asked.map((name) => `${key}: {{${name}}}`);
    });
    assert.deepEqual(foreign, []);
  });

  it('are Russian in Russian', () => {
    const latin = /[a-z]{2,}\s+[a-z]{2,}/i;
    const untranslated = [...written.ru].filter(
      ([, text]) => !/\p{Script=Cyrillic}/u.test(text) && latin.test(text.replace(/\{\{.*?\}\}|<.*?>/g, '')),
    );
    assert.deepEqual(untranslated, []);
  });

  it('are there for every key that a view or a source names', () => {
    const missing = usedKeys().filter(({ key }) => !isKnown(key));
    assert.deepEqual(
      missing.map(({ file, key }) => `${file}: ${key}`),
      [],
    );
  });

  it('are all said somewhere', () => {
    const { whole, beginnings } = saidKeys();
    // What flashWithLetter says where no mail server is set.
    for (const key of [...whole]) whole.add(`${key}Silent`);
    assert.deepEqual(
      [...known].filter((key) => !whole.has(key) && !beginnings.some((beginning) => key.startsWith(beginning))),
      [],
    );
  });
});

/** Quoted words that could be keys; and beginnings that the code completes: `'mail.' + kind`, `` `errors.${name}` ``. */
function saidKeys(): { whole: Set<string>; beginnings: string[] } {
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  for (const file of sourceFiles()) {
    const text = readFileSync(root + file, 'utf8');
    for (const [, word = '', end] of text.matchAll(/['"`]([a-zA-Z]\w*\.[\w.-]*)(?=(['"`$]))/g)) {
      if (end === '$' || word.endsWith('.')) beginnings.add(word);
      else whole.add(word);
    }
  }
  return { whole, beginnings: [...beginnings] };
}

function parametersOf(language: Language, key: string): string[] {
  const texts = [...written[language]].filter(([one]) => baseOf(one) === key).map(([, text]) => text);
  const names = texts.flatMap((text) => [...text.matchAll(/\{\{-?\s*(\w+)/g)].map((match) => match[1] as string));
  // "One thing" needs no number, where Russian says «1 поле».
  return [...new Set(names)].filter((name) => name !== 'count').sort();
}

function isKnown(key: string): boolean {
  return known.has(key) || [...known].some((one) => one.startsWith(`${key}.`));
}

/** Keys written out in full, in quotes, beginning with the name of a room. Composed ones are covered by the web tests. */
function usedKeys(): { file: string; key: string }[] {
  const rooms = [...roomsOf('en').keys()].join('|');
  const pattern = new RegExp(`['"\`]((?:${rooms})\\.[a-zA-Z][\\w.-]*\\w)['"\`]`, 'g');
  return sourceFiles().flatMap((file) => {
    const text = readFileSync(root + file, 'utf8');
    return [...text.matchAll(pattern)]
      .map((match) => ({ file, key: match[1] as string }))
      .filter(({ key }) => !isOther(key));
  });
}

function sourceFiles(): string[] {
  const under = (folder: string, ending: RegExp) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => ending.test(file))
      .map((file) => `${folder}/${file}`);
  return [...under('src', /\.ts$/), ...under('views', /\.hbs$/)];
}

/** Columns of tables, names of deeds and files look like keys, and are none. */
function isOther(key: string): boolean {
  if (/\.(ts|js|json|csv|hbs|css)$/.test(key)) return true;
  const tables = /^(employees|openings|candidates|referrals|hires|bonuses|policies|payroll_runs|company)\.[a-z_]+$/;
  return tables.test(key) && !known.has(key);
}
