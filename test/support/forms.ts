import type supertest from 'supertest';
import type { Agent } from './cast.ts';

type Fields = Record<string, string | readonly string[]>;

/** The token that every form of the page carries; throws when the page has none, with the page's answer. */
export async function csrfToken(agent: Agent, page: string): Promise<string> {
  const answer = await agent.get(page);
  const token = tokenIn(answer.text);
  if (!token) throw new Error(`${page} answered ${answer.status} and has no form:\n${answer.text.slice(0, 2000)}`);
  return token;
}

/** Opens the page, as a person does, and posts a form of it with these fields. */
export async function press(
  agent: Agent,
  page: string,
  action: string,
  fields: Fields = {},
): Promise<supertest.Response> {
  const csrf = await csrfToken(agent, page);
  return agent
    .post(action)
    .type('form')
    .send({ csrf, ...fields });
}

export type Upload = { readonly name: string; readonly bytes: Uint8Array | string; readonly type?: string };

/** As press, for a form that carries files: the token is its first field, as such forms have it. */
export async function upload(
  agent: Agent,
  page: string,
  action: string,
  files: Record<string, Upload>,
  fields: Fields = {},
): Promise<supertest.Response> {
  const token = await csrfToken(agent, page);
  const request = agent.post(action).field('csrf', token);
  for (const [name, value] of Object.entries(fields)) request.field(name, value as string);
  for (const [name, file] of Object.entries(files)) {
    const bytes = typeof file.bytes === 'string' ? Buffer.from(file.bytes) : Buffer.from(file.bytes);
    request.attach(name, bytes, { filename: file.name, contentType: file.type ?? 'application/octet-stream' });
  }
  return request;
}

function tokenIn(html: string): string | null {
  return /<input[^>]*name="csrf"[^>]*value="([^"]+)"/.exec(html)?.[1] ?? null;
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#39': "'",
  '#x60': '`',
  '#x3D': '=',
};

/** What a person reads of a page: its text without tags, one space between words. */
export function textOf(html: string): string {
  return html
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole)
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim();
}
