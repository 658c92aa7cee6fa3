import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { loadWords } from '../../src/lib/words.ts';
import { createViews } from '../../src/web/views.ts';

const timeZone = 'Europe/Berlin';
const words = loadWords({ timeZone });
const visitor = { language: 'en', csrf: 'token' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouch-views-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function viewsOf(files: Record<string, string>, strict = false) {
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  return createViews({ words, timeZone, strict, folder });
}

const print = (source: string, model: unknown = {}, partials: Record<string, string> = {}) =>
  viewsOf({ 'one.hbs': source, ...partials }).render('one', model, visitor);

describe('The start', () => {
  const faults: [what: string, source: string, sentence: RegExp][] = [
    ['a helper that nobody knows', '{{formatt day}}', /pages\/one\.hbs.*formatt/],
    ['a block helper that nobody knows', '{{#iff a}}x{{/iff}}', /pages\/one\.hbs.*iff/],
    ['a partial that is not there', '{{> feild name="x"}}', /pages\/one\.hbs.*feild/],
    ['a wrap around a partial that is not there', '{{#wrap "crad"}}x{{/wrap}}', /pages\/one\.hbs.*crad/],
    ['a path that nobody has', '{{path "openning" 1}}', /pages\/one\.hbs.*openning/],
    ['an icon that Tabler does not have', '{{icon "sennd"}}', /pages\/one\.hbs.*sennd/],
    ['a template that can not be parsed', '{{#if a}}', /pages\/one\.hbs.*Parse error/s],
  ];
  for (const [what, source, sentence] of faults) {
    it(`fails on ${what}, and names the file`, () => {
      assert.throws(() => viewsOf({ 'pages/one.hbs': source }), sentence);
    });
  }

  it('succeeds with every view of the house', () => {
    assert.ok(createViews({ words, timeZone, strict: true }).names.includes('layout'));
  });
});

describe('A view', () => {
  it('escapes what people wrote', () => {
    const name = '<img src=x onerror=alert(1)>"\'';
    const html = print('<p title="{{name}}">{{name}}</p>{{t "frame.account" name=name}}', { name });
    assert.doesNotMatch(html, /<img|onerror=alert\(1\)>"/);
  });

  it('escapes what is put into a sentence with tags', () => {
    assert.match(print('{{tHtml "frame.account" name=name}}', { name: '<b>x</b>' }), /&lt;b&gt;x/);
  });

  it('loses the indentation of its template, and not a space of what people wrote', () => {
    const partials = { 'partials/area.hbs': '<textarea>\n{{text}}</textarea>' };
    const html = print('<div>\n    {{> area text=text}}\n</div>', { text: 'one\n  two' }, partials);
    assert.match(html, /<textarea>\none\n {2}two<\/textarea>/);
  });

  it("gives a partial its parameters and nothing of the page's own", () => {
    const partials = { 'partials/hint.hbs': '[{{label}}{{hint}}]' };
    assert.equal(print('{{> hint label="a"}}', { hint: 'of the page' }, partials), '[a]');
  });

  it('wraps its own words in a partial', () => {
    const partials = { 'partials/card.hbs': '<b>{{title}}</b>{{body}}' };
    assert.equal(
      print('{{#wrap "card" title="t"}}<i>{{name}}</i>{{/wrap}}', { name: 'n' }, partials),
      '<b>t</b><i>n</i>',
    );
  });

  it('throws in tests on a field that the model does not have', () => {
    const views = viewsOf({ 'one.hbs': '{{nmae}}' }, true);
    assert.throws(() => views.render('one', { name: 'x' }, visitor), /nmae/);
  });
});

describe('A field', () => {
  const views = createViews({ words, timeZone, strict: true });
  const field = (params: object) =>
    views.render('partials/field', { name: 'email', label: 'E-mail', ...params }, visitor);

  it('shows what was typed rather than what stood there before, also when that is nothing', () => {
    assert.match(field({ value: 'old', form: { values: { email: 'typed' }, errors: {} } }), /value="typed"/);
    assert.match(field({ value: 'old', form: { values: { email: '' }, errors: {} } }), /value=""/);
    assert.match(field({ value: 'old' }), /value="old"/);
  });

  it('is tied to its hint and its error', () => {
    const form = { values: {}, errors: { email: { key: 'errors.field.invalid' } } };
    const html = field({ form, hint: 'As in ben@example.com' });
    assert.match(html, /aria-invalid="true" aria-describedby="email-error email-hint"/);
    assert.match(html, /id="email-hint"[\s\S]*id="email-error"/);
  });
});
