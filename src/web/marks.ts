import Handlebars from 'handlebars';
import type { Language } from '../lib/format.ts';
import { shortTime } from '../lib/template-helpers.ts';
import { iconSvg } from './icons.ts';

// What every list repeats in each row: where something stands, and the way it came. As partials they would cost more
// than the rest of the page, so they are written here by hand; the partials of the same names say what they look like.

const { escapeExpression } = Handlebars;

const stateIcons: Readonly<Record<string, string>> = {
  waiting: 'clock',
  moving: 'progress',
  done: 'check',
  needs: 'alert-triangle',
};

/** A word with an icon and a colour by meaning (waiting, moving, done, closed, needs); an icon of its own wins. */
export function stateMark(kind: string, word: string, icon?: string): string {
  const svg = iconSvg(icon || (stateIcons[kind] ?? 'minus'));
  return `<span class="state is-${escapeExpression(kind)}">${svg}<span>${escapeExpression(word)}</span></span>`;
}

export type ShownStep = {
  readonly word: string;
  readonly state: 'done' | 'now' | 'ahead' | 'stopped';
  readonly on?: Temporal.PlainDate | null;
};

type Look = { readonly language: Language; readonly label: string; readonly isSmall: boolean };

/** The way of something as a row of steps, today's step lit. */
export function stepsMark(steps: readonly ShownStep[], { language, label, isSmall }: Look): string {
  let html = `<ol class="way${isSmall ? ' is-small' : ''}" aria-label="${escapeExpression(label)}">`;
  for (const { word, state, on } of steps) {
    html += stepBegins[state];
    html += `<span class="way-word">${escapeExpression(word)}</span>`;
    html += on ? `<span class="way-day">${shortTime(on, language)}</span></li>` : '</li>';
  }
  return `${html}</ol>`;
}

const stepBegins: Readonly<Record<ShownStep['state'], string>> = {
  done: `<li class="is-done"><span class="way-dot">${iconSvg('check')}</span>`,
  now: '<li class="is-now" aria-current="step"><span class="way-dot"></span>',
  ahead: '<li class="is-ahead"><span class="way-dot"></span>',
  stopped: `<li class="is-stopped"><span class="way-dot">${iconSvg('x')}</span>`,
};
