import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('@tabler/icons/outline/send.svg'));
const drawings = new Map<string, string>();

/** The drawing inside a Tabler outline icon, read once. Throws on a name that Tabler doesn't have. */
function drawing(name: string): string {
  const known = drawings.get(name);
  if (known !== undefined) return known;
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is no name of an icon`);
  let svg: string;
  try {
    svg = readFileSync(join(folder, `${name}.svg`), 'utf8');
  } catch {
    throw new Error(`Tabler has no outline icon "${name}"`);
  }
  const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
  // The first path is an empty square that only keeps editors from cropping.
  const lines = inner
    .replace(/<path stroke="none"[^>]*\/>/, '')
    .replace(/\s*\n\s*/g, '')
    .replaceAll(' />', '/>')
    .trim();
  drawings.set(name, lines);
  return lines;
}

/**
 * An icon as inline SVG. It stands beside words and is hidden from screen readers; with a label it speaks for itself.
 */
export function iconSvg(
  name: string,
  options: { label?: string | undefined; className?: string | undefined } = {},
): string {
  const { label, className } = options;
  if (label || className) return drawn(name, label, className);
  let svg = plain.get(name);
  if (svg === undefined) {
    svg = drawn(name);
    plain.set(name, svg);
  }
  return svg;
}

/** Most icons have neither label nor class; a list shows five a row. */
const plain = new Map<string, string>();

function drawn(name: string, label?: string, className?: string): string {
  const says = label ? `role="img" aria-label="${escapeAttribute(label)}"` : 'aria-hidden="true"';
  const classes = className ? `icon ${escapeAttribute(className)}` : 'icon';
  return `<svg class="${classes}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" ${says}>${drawing(name)}</svg>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
