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

/** Text and name of a gap in turns. */
type Shell = readonly string[];

const gap = (name: string) => `\ue000${name}\ue001`;
const gaps = /\ue000([\w.]+)\ue001/;
const { escapeExpression } = Handlebars;

/**
 * Puts pages into their frame. Rendering the top bar and its menus anew takes ten times as long as an ordinary page;
 * so it is rendered with gaps once, and filled for each answer.
 */
export function createShells(views: Templates): (kind: ShellKind, content: ShellContent) => string {
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
  return views.render('layout', layout, { language: kind.language, csrf: gap('csrf') }).split(gaps);
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

function fill(shell: Shell, content: Record<string, string>): string {
  let html = '';
  for (let index = 0; index < shell.length; index += 2) {
    html += shell[index];
    const name = shell[index + 1];
    if (name !== undefined) html += content[name] ?? '';
  }
  return html;
}

/** Nobody reads a badge of four digits: above 99 it says "99+". */
function shownCount(count: number): string {
  return count > 99 ? '99+' : String(count);
}
