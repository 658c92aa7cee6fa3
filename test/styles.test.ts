import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Our own style sheet: every class that it speaks of is on some page. */

const root = fileURLToPath(new URL('..', import.meta.url));

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8'));
}

/** Every class in a selector, without what stands in braces, comments and conditions. */
function classesIn(css: string): Set<string> {
  const selectors = css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\{[^{}]*\}/g, ' ')
    .replace(/@[^{};]*/g, '');
  return new Set([...selectors.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name as string));
}

/** The words of every class attribute and parameter; where a value is printed into one, what stands before it. */
function namesIn(text: string): { whole: Set<string>; beginnings: string[] } {
  const attributes = [...text.matchAll(/class(?:Name)?=(?:"((?:\{\{.*?\}\}|\$\{.*?\}|[^"])*)")/g)].map(
    ([, value]) => value ?? '',
  );
  const beginnings = attributes.flatMap((value) =>
    [...value.matchAll(/([\w-]+-)(?=\{\{[^#/]|\$\{)/g)].map(([, begun]) => begun as string),
  );
  return { whole: new Set(attributes.flatMap((value) => value.match(/[\w-]+/g) ?? [])), beginnings };
}

describe('The styles', () => {
  const css = filesIn('views/assets/css', /\.css$/).join('\n');
  const tabler = readFileSync(createRequire(import.meta.url).resolve('@tabler/core/dist/css/tabler.css'), 'utf8');
  const pages = [...filesIn('views', /\.(hbs|js)$/), ...filesIn('src', /\.ts$/)].join('\n');

  it('are used, class by class', () => {
    const { whole, beginnings } = namesIn(pages);
    const ofTabler = classesIn(tabler);
    const spare = [...classesIn(css)].filter(
      (name) => !whole.has(name) && !ofTabler.has(name) && !beginnings.some((begun) => name.startsWith(begun)),
    );
    assert.deepEqual(spare, []);
  });

  it('lie in one file a room, of a size that can be read', () => {
    for (const file of filesIn('views/assets/css', /\.css$/)) assert.ok(file.split('\n').length < 550);
  });
});
