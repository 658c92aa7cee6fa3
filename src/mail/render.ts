import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { formatDay, formatMoney, formatMonths, type Language } from '../lib/format.ts';
import { sharedHelpers } from '../lib/template-helpers.ts';
import { createTemplates, type Templates } from '../lib/templates.ts';
import { loadWords, type Words } from '../lib/words.ts';
import type { EmailFacts, EmailKind } from './email.ts';
import { type Letter, letterOf, type Sentence, type Value } from './letter.ts';

export type EmailToRender = {
  [Kind in EmailKind]: { kind: Kind; data: EmailFacts[Kind]; language: Language; receiverName: string };
}[EmailKind];

export type RenderedEmail = { subject: string; text: string; html: string };

type Press = { words: Words; templates: Templates };
const presses = new Map<string, Press>();

/** Templates and words are read once per time zone and kept: a letter is rendered thousands of times. */
function pressFor(timeZone: string): Press {
  let press = presses.get(timeZone);
  if (!press) {
    const words = loadWords({ timeZone });
    const folder = fileURLToPath(new URL('../../views/emails/', import.meta.url));
    press = {
      words,
      templates: createTemplates({ folder, helpers: (render) => sharedHelpers(words, timeZone, render) }),
    };
    presses.set(timeZone, press);
  }
  return press;
}

/** An e-mail as it goes out: subject, plain text and HTML, in the receiver's language, with absolute links. */
export function renderEmail(config: Pick<Config, 'baseUrl' | 'timeZone'>, email: EmailToRender): RenderedEmail {
  const { words, templates } = pressFor(config.timeZone);
  const say = speaker(words, email.language);
  const letter = letterOf(email.kind, email.data as never);
  const model = letterModel(letter, say, config.baseUrl, email);
  const data = { language: email.language };
  return {
    subject: model.subject,
    text: templates.render('letter.text', model, data).replace(/\n{3,}/g, '\n\n'),
    html: templates.render('letter.html', model, data),
  };
}

type Say = (value: Value) => string;

function speaker(words: Words, language: Language): Say {
  const say: Say = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    if (value instanceof Temporal.PlainDate) return formatDay(value, language);
    if ('months' in value) return formatMonths(value.months, language);
    if ('key' in value) return words[language](value.key, said(value.params, say));
    return formatMoney(value, language);
  };
  return say;
}

function said(params: Sentence['params'], say: Say): Record<string, unknown> | undefined {
  if (!params) return undefined;
  // `count` chooses the plural form, so it stays a number.
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, name === 'count' ? value : say(value)]),
  );
}

function letterModel(letter: Letter, say: Say, baseUrl: string, email: EmailToRender) {
  const url = (path: string): string => `${baseUrl}${path}`;
  return {
    language: email.language,
    subject: say(letter.subject).replace(/\s+/g, ' '),
    title: say(letter.title),
    greeting: say({ key: 'mail.greeting', params: { name: email.receiverName.split(' ')[0] ?? '' } }),
    paragraphs: letter.paragraphs.map(say),
    quote: letter.quote,
    closing: letter.closing.map(say),
    quoteLines: letter.quote?.split(/\r?\n/) ?? [],
    facts: letter.facts.map((fact) => ({ label: say({ key: fact.label }), value: say(fact.value) })),
    items: letter.items.map((item) => ({ text: say(item.text), url: url(item.path) })),
    button: { label: say({ key: letter.button.label }), url: url(letter.button.path) },
    because: say({ key: letter.because }),
    host: URL.parse(baseUrl)?.host ?? baseUrl,
  };
}
