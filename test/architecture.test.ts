import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The law of floors: who may import whom. Each breach is printed with the sentence of the law that it breaks. */

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = [
  ...['people', 'openings', 'candidates', 'referrals', 'hires', 'bonuses', 'payroll'],
  // These look back on all the others.
  ...['programme', 'mail', 'history', 'reports'],
];

/** A word in `mail/outbox.ts` is half a floor up: every deed writes its e-mails through it, and it stands on a store. */
const ownFloor: Record<string, number> = {
  'src/config.ts': 0,
  'src/paths.ts': 1,
  'src/mail/outbox.ts': 2.5,
  'src/app.ts': 5,
  'src/timetable.ts': 5,
  'src/house.ts': 6,
  'src/welcome.ts': 6,
  'src/server.ts': 6,
  'src/run-job.ts': 6,
  'src/first-admin.ts': 6,
};

/** Who may look at a wall clock; everybody else is given `today` or `now`. */
const clockReaders = new Set(['src/lib/clock.ts']);

type Source = { file: string; text: string };
type Import = { from: string; to: string };
type Law = { sentence: string; breaks(one: Import): boolean };

function floorOf(file: string): number {
  const own = ownFloor[file];
  if (own !== undefined) return own;
  if (file.startsWith('src/lib/')) return 0;
  if (file.startsWith('src/web/') || file.endsWith('-routes.ts')) return 4;
  if (file.endsWith('-service.ts')) return 3;
  if (isStore(file) || file.endsWith('-queries.ts')) return 2;
  // The demo company is made by the same deeds as everybody's, from the top of the house.
  if (/^src\/demo(\/|[-.])/.test(file)) return 6;
  return 1;
}

const isStore = (file: string) => file.endsWith('-store.ts');
const isForm = (file: string) => file.endsWith('-form.ts');
const isRoutes = (file: string) => file.endsWith('-routes.ts');
const isWeb = (file: string) => file.startsWith('src/web/');
const roomOf = (file: string) => rooms.indexOf(file.split('/')[1] ?? '');
const isNoun = (file: string) => floorOf(file) === 1 && !isForm(file) && roomOf(file) >= 0;

const laws: Law[] = [
  {
    sentence: 'lib/ knows nothing of the rest of the house.',
    breaks: ({ from, to }) => from.startsWith('src/lib/') && floorOf(to) > 0,
  },
  { sentence: 'Nobody imports upward.', breaks: ({ from, to }) => floorOf(to) > floorOf(from) },
  {
    sentence: 'Stores and queries never import each other: what both need is a rule, and rules are nouns.',
    breaks: ({ from, to }) => floorOf(from) === 2 && floorOf(to) === 2,
  },
  {
    sentence: 'Services never import services: they share stores and nouns, and each deed is one transaction.',
    breaks: ({ from, to }) => floorOf(from) === 3 && floorOf(to) === 3,
  },
  {
    sentence: 'Services write through stores; queries are for screens.',
    breaks: ({ from, to }) => floorOf(from) === 3 && to.endsWith('-queries.ts'),
  },
  {
    sentence: 'Services know nothing of posted forms: they take values.',
    breaks: ({ from, to }) => floorOf(from) === 3 && isForm(to),
  },
  { sentence: 'Routes never import routes.', breaks: ({ from, to }) => isRoutes(from) && isRoutes(to) },
  {
    sentence: 'web/ is plumbing without domain: it never imports routes.',
    breaks: ({ from, to }) => isWeb(from) && isRoutes(to),
  },
  {
    sentence: 'Routes and web/ never import a store: reads go through queries, writes through services.',
    breaks: ({ from, to }) => floorOf(from) === 4 && isStore(to),
  },
  {
    sentence: `A noun imports nouns of its own or an earlier room only (${rooms.join(' < ')}).`,
    breaks: ({ from, to }) => floorOf(from) === 1 && isNoun(to) && roomOf(from) >= 0 && roomOf(to) > roomOf(from),
  },
  {
    sentence: 'Nouns and forms are pure: they never see the database.',
    breaks: ({ from, to }) => floorOf(from) === 1 && to === 'src/lib/database.ts',
  },
  { sentence: 'A noun does not know how its form looks.', breaks: ({ from, to }) => isNoun(from) && isForm(to) },
  {
    sentence: 'A migration never imports src/: the code moves on, the migration stays.',
    breaks: ({ from, to }) => from.startsWith('migrations/') && to.startsWith('src/'),
  },
];

function importsOf({ file, text }: Source): Import[] {
  const found = text.matchAll(
    /(?:^|[\s;])(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]/gm,
  );
  return [...found].map((match) => ({
    from: file,
    to: normalize(join(dirname(file), (match[1] ?? match[2]) as string)).replaceAll('\\', '/'),
  }));
}

/** What stands in comments is no code. Strings with // in them (addresses) survive: the slash follows a colon there. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}

function breaches(sources: Source[]): string[] {
  const found: string[] = [];
  for (const source of sources) {
    for (const one of importsOf(source)) {
      for (const law of laws) if (law.breaks(one)) found.push(`${one.from} imports ${one.to}. ${law.sentence}`);
    }
    found.push(...habits(source));
  }
  return [...found, ...rings(sources)];
}

function habits({ file, text }: Source): string[] {
  const code = withoutComments(text);
  const found: string[] = [];
  const name = file.split('/').at(-1) as string;
  if (/^index\.[cm]?[jt]s$/.test(name))
    found.push(`${file} is a barrel. Import the file that has it; barrels make cycles.`);
  if (/^(utils?|helpers|common|misc)\.ts$/.test(name) || /\/utils?\//.test(file)) {
    found.push(`${file} is named after nothing. Give what it does its own name and its own room.`);
  }
  if (file.startsWith('src/') && file !== 'src/config.ts' && /process\s*\.\s*env\b|process\[['"]env/.test(code)) {
    found.push(
      `${file} reads process.env. Only src/config.ts does, so that a wrong setting stops the start with a sentence.`,
    );
  }
  if (
    file.startsWith('src/') &&
    !clockReaders.has(file) &&
    /\bTemporal\.Now\b|\bDate\.now\s*\(|\bnew Date\s*\(\s*\)/.test(code)
  ) {
    found.push(`${file} reads this machine's clock. "Now" and "today" come from deps.clock, and nouns are given them.`);
  }
  if (floorOf(file) === 1 && file.startsWith('src/') && /from 'express'|from 'knex'|from 'pg'/.test(code)) {
    found.push(`${file} imports the web or the database. Nouns and forms are pure.`);
  }
  if (floorOf(file) === 2 && /from 'express'/.test(code))
    found.push(`${file} imports express. SQL knows nothing of HTTP.`);
  if (floorOf(file) === 4 && /\.(raw|transaction)\s*\(/.test(code)) {
    found.push(`${file} speaks to the database itself. Reads go through queries, writes through services.`);
  }
  return found;
}

/** Files that import each other in a ring, values or types. */
function rings(sources: Source[]): string[] {
  const imports = new Map(sources.map((source) => [source.file, importsOf(source).map((one) => one.to)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push(`${[...way.slice(at), file].join(' → ')}. Imports never go in a ring.`);
    if (at >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const { file } of sources) visit(file, []);
  return found;
}

function readSources(): Source[] {
  const files = ['src', 'migrations'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file.replaceAll('\\', '/')}`,
    ),
  );
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

describe('the law of floors', () => {
  it('is kept by every file of the house', () => {
    const sources = readSources();
    assert.ok(sources.length > 40, 'the sources were not found');
    const found = breaches(sources);
    assert.equal(found.length, 0, `\n${found.join('\n')}\n`);
  });

  it('names imports that exist', () => {
    const sources = readSources();
    const files = new Set(sources.map((source) => source.file));
    const missing = sources.flatMap(importsOf).filter((one) => one.to.endsWith('.ts') && !files.has(one.to));
    assert.deepEqual(missing, []);
  });
});

const broken: [file: string, text: string, sentence: RegExp][] = [
  ['src/lib/money.ts', `import { paths } from '../paths.ts';`, /lib\/ knows nothing/],
  ['src/openings/opening.ts', `import { getOpening } from './opening-store.ts';`, /Nobody imports upward/],
  ['src/openings/opening-store.ts', `import type { Row } from './opening-queries.ts';`, /never import each other/],
  [
    'src/hires/hire-service.ts',
    `import { pay } from '../bonuses/bonus-run-service.ts';`,
    /Services never import services/,
  ],
  ['src/hires/hire-service.ts', `import { list } from './hire-queries.ts';`, /queries are for screens/],
  ['src/hires/hire-service.ts', `import { parse } from './hire-form.ts';`, /they take values/],
  ['src/hires/hire-routes.ts', `import { getHire } from './hire-store.ts';`, /never import a store/],
  ['src/hires/hire-routes.ts', `import { x } from '../people/employee-routes.ts';`, /Routes never import routes/],
  ['src/web/page.ts', `import { x } from '../people/employee-routes.ts';`, /plumbing without domain/],
  ['src/openings/opening.ts', `import type { Hire } from '../hires/hire.ts';`, /earlier room only/],
  ['src/openings/opening.ts', `import { parseOpeningForm } from './opening-form.ts';`, /how its form looks/],
  ['src/openings/opening.ts', `import type { Db } from '../lib/database.ts';`, /never see the database/],
  ['src/openings/opening.ts', `import express from 'express';`, /Nouns and forms are pure/],
  ['src/openings/opening-queries.ts', `import type { Request } from 'express';`, /knows nothing of HTTP/],
  ['src/openings/opening-routes.ts', `await deps.db.raw('select 1');`, /speaks to the database itself/],
  ['src/openings/index.ts', '', /is a barrel/],
  ['src/lib/utils.ts', '', /named after nothing/],
  ['src/app.ts', 'if (process.env.PORT) {}', /reads process\.env/],
  ['src/hires/hire-service.ts', 'const today = Temporal.Now.plainDateISO();', /this machine's clock/],
  ['src/hires/hire-service.ts', 'const at = new Date();', /this machine's clock/],
  ['migrations/20270101_more.ts', `import { connect } from '../src/lib/database.ts';`, /the migration stays/],
];

describe('the law can be broken', () => {
  for (const [file, text, sentence] of broken) {
    it(`by ${file} with ${text || 'its name'}`, () => {
      assert.match(breaches([{ file, text }]).join('\n'), sentence);
    });
  }

  it('by a ring', () => {
    const ring = [
      { file: 'src/people/a.ts', text: `import { b } from './b.ts';` },
      { file: 'src/people/b.ts', text: `import type { A } from './a.ts';` },
    ];
    assert.match(
      breaches(ring).join('\n'),
      /a\.ts → src\/people\/b\.ts → src\/people\/a\.ts\. Imports never go in a ring/,
    );
  });

  it('but not by a comment, a package or an earlier room', () => {
    const text = `// new Date() would be wrong\nimport { z } from 'zod';\nimport type { Role } from '../people/employee.ts';`;
    assert.deepEqual(breaches([{ file: 'src/openings/opening.ts', text }]), []);
  });
});
