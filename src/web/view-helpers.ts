import Handlebars from 'handlebars';
import type { Language } from '../lib/format.ts';
import { sharedHelpers } from '../lib/template-helpers.ts';
import type { Helpers, Templates } from '../lib/templates.ts';
import type { Words } from '../lib/words.ts';
import { paths } from '../paths.ts';
import { assetUrl } from './assets.ts';
import { iconSvg } from './icons.ts';
import { type ShownStep, stateMark, stepsMark } from './marks.ts';

const { SafeString } = Handlebars;

type Options = Omit<Handlebars.HelperOptions, 'data'> & { data: { csrf?: string; language: Language } };
type ShownForm = { values?: Record<string, unknown>; errors?: Record<string, unknown> } | null | undefined;
type PathFunction = (...params: (string | number | null)[]) => string;

/** Every helper of a page: the shared ones, and those that belong to the web. */
export function viewHelpers(words: Words, timeZone: string, render: Templates['render']): Helpers {
  return { ...sharedHelpers(words, timeZone, render), ...webHelpers, ...markHelpers(words) };
}

function markHelpers(words: Words): Helpers {
  return {
    stateMark: (kind: string, word: string, ...rest: unknown[]) =>
      new SafeString(stateMark(kind, word, rest.length > 1 ? (rest[0] as string) : undefined)),
    stepsMark(steps: readonly ShownStep[], options: Options & { hash: { small?: boolean } }) {
      const { language } = options.data;
      const label = words[language]('common.steps');
      return new SafeString(stepsMark(steps, { language, label, isSmall: options.hash.small === true }));
    },
  };
}

const webHelpers: Helpers = {
  path: (name: string, ...params: unknown[]) => pathFunction(name)(...(params.slice(0, -1) as string[])),
  asset: (name: string) => assetUrl(name),
  icon(name: string, options: Options) {
    const { label, class: className } = options.hash as { label?: string; class?: string };
    return new SafeString(iconSvg(name, { label, className }));
  },
  /** Stands first in every form: with a file behind it, it must have arrived before the file. */
  csrf: (options: Options) => new SafeString(`<input type="hidden" name="csrf" value="${token(options)}">`),
  errorCount: (form: ShownForm) => Object.keys(form?.errors ?? {}).length,
  errorOf: (form: ShownForm, name: string) => form?.errors?.[name],
  /** What was typed; before anything was, the value that the view gives. */
  fieldValue: (form: ShownForm, name: string, value: unknown) => form?.values?.[name] ?? value ?? '',
  initials: (name: string) => initials(name),
  tint: (name: string) => tint(name),
};

function token(options: Options): string {
  if (!options.data.csrf) throw new Error('This view has a form, but was rendered without a visitor');
  return options.data.csrf;
}

function pathFunction(name: string): PathFunction {
  if (!Object.hasOwn(paths, name)) throw new Error(`src/paths.ts has no path "${name}"`);
  return paths[name as keyof typeof paths] as PathFunction;
}

/** One of six quiet colours, always the same for a name. */
export function tint(name: string): number {
  let sum = 0;
  for (let index = 0; index < name.length; index++) sum += name.charCodeAt(index);
  return sum % 6;
}

export function initials(name: unknown): string {
  const words = String(name ?? '')
    .trim()
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return chosen.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase()).join('') || '?';
}

/** At boot: a misspelt path or icon stops the start, not the visitor. */
export function checkLiteral(helper: string, literal: string): void {
  if (helper === 'path') pathFunction(literal);
  if (helper === 'icon') iconSvg(literal);
  if (helper === 'asset') assetUrl(literal);
}
