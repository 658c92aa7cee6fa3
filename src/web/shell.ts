import Handlebars from 'handlebars';
import type { Language } from '../lib/format.ts';
import type { Templates } from '../lib/templates.ts';
import type { SignedIn } from '../people/employee.ts';
import { type Area, areasFor } from './areas.ts';
import type { Flash } from './flash.ts';
import type { Counts, Theme } from './frame.ts';
import { initials, tint } from './view-helpers.ts';

/** What a page's frame depends on. Few combinations exist, so each is rendered once and kept. */
export type ShellKind = {
  readonly language: Language;
  readonly theme: Theme | null;
  readonly chosenTheme: Theme | null;
  readonly employee: SignedIn | null;
  readonly here: Area | null;
  readonly demo: boolean;
};

/** What differs from page to page and from person to person; put into the kept frame, escaped. */
export type ShellContent = {
  readonly title: string;
  readonly url: string;
  readonly csrf: string;
  readonly counts: Counts;
  readonly flash: Flash | null;
  /** Finished HTML. */
  readonly body: string;
};

/** Text, encoded once for all pages, and the name of the gap behind it. */
type Shell = readonly { readonly text: Buffer; readonly gap: string | null }[];

const gap = (name: string) => `\ue000${name}\ue001`;
const gaps = /\ue000([\w.]+)\ue001/;
const { escapeExpression } = Handlebars;

/**
 * Puts pages into their frame. Rendering the top bar and its menus anew takes ten times as long as an ordinary page;
 * so it is rendered with gaps once, and filled for each answer. It is kept and filled as bytes: one Cyrillic word in a
 * menu would make V8 copy the whole page as a string of double width, to count its bytes and again to send them.
 */
export function createShells(views: Templates): (kind: ShellKind, content: ShellContent) => Buffer {
  const kept = new Map<string, Shell>();
  return (kind, content) => {
    const roles = kind.employee?.roles.join() ?? '';
    const key = [kind.language, kind.theme, kind.chosenTheme, roles, kind.here, kind.demo].join('|');
    let shell = kept.get(key);
    if (!shell) {
      shell = renderShell(views, kind);
      kept.set(key, shell);
    }
    return fill(shell, contentOf(views, kind, content));
  };
}

function renderShell(views: Templates, kind: ShellKind): Shell {
  const areas = kind.employee ? areasFor(kind.employee.roles) : [];
  const layout = {
    title: gap('title'),
    language: kind.language,
    theme: kind.theme,
    chosenTheme: kind.chosenTheme,
    areas: areas.map((entry) => ({ ...entry, isHere: entry.area === kind.here, count: gap(`count.${entry.area}`) })),
    hasMany: areas.length > 4,
    waiting: gap('waiting'),
    flash: gap('flash'),
    here: gap('url'),
    person: kind.employee && { name: gap('name'), email: gap('email'), initials: gap('initials'), tint: gap('tint') },
    demo: kind.demo,
    body: gap('body'),
  };
  const parts = views.render('layout', layout, { language: kind.language, csrf: gap('csrf') }).split(gaps);
  return parts.flatMap((part, index) => {
    return index % 2 === 0 ? [{ text: Buffer.from(part), gap: parts[index + 1] ?? null }] : [];
  });
}

function contentOf(views: Templates, kind: ShellKind, content: ShellContent): Record<string, string> {
  const { employee, language } = kind;
  const filled: Record<string, string> = {
    title: escapeExpression(content.title),
    url: escapeExpression(content.url),
    csrf: content.csrf,
    body: content.body,
    flash: content.flash ? views.render('partials/flash', content.flash, { language }) : '',
  };
  if (employee) {
    filled.name = escapeExpression(employee.fullName);
    filled.email = escapeExpression(employee.email);
    filled.initials = escapeExpression(initials(employee.fullName));
    filled.tint = String(tint(employee.fullName));
  }
  for (const [area, count] of Object.entries(content.counts)) {
    if (!count) continue;
    filled[`count.${area}`] = views.render('partials/count', { count: shownCount(count) }, { language });
    filled.waiting = '<span class="menu-dot"></span>';
  }
  return filled;
}

function fill(shell: Shell, content: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  for (const { text, gap: name } of shell) {
    parts.push(text);
    const filled = name === null ? '' : content[name];
    if (filled) parts.push(Buffer.from(filled));
  }
  return Buffer.concat(parts);
}

/** Nobody reads a badge of four digits: above 99 it says "99+". */
function shownCount(count: number): string {
  return count > 99 ? '99+' : String(count);
}
