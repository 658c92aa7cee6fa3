import type { Request, Response } from 'express';
import type { Translate } from '../lib/words.ts';
import { cookieOptions, isSealOf, readCookie, seal } from './cookies.ts';
import { frameOf } from './frame.ts';

export type FlashKind = 'good' | 'note' | 'bad';
export type Flash = { kind: FlashKind; text: string };
type Stored = { kind: FlashKind; key: string; params: Record<string, unknown> };

const name = 'vouch_flash';

/**
 * Leaves a sentence for the next page this browser opens. It travels in a signed cookie for a minute, so that showing it
 * writes nothing to the database.
 */
export function flash(res: Response, kind: FlashKind, key: string, params: Record<string, unknown> = {}): void {
  const { config } = frameOf(res.req);
  const text = Buffer.from(JSON.stringify({ kind, key, params: packed(params) })).toString('base64url');
  res.cookie(name, `${text}.${seal(text, config.sessionSecret)}`, { ...cookieOptions(config.baseUrl), maxAge: 60_000 });
}

/**
 * As flash, for a deed that wrote a letter: without a mail server nothing leaves the house, and the sentence `<key>Silent`
 * says so instead.
 */
export function flashWithLetter(
  res: Response,
  kind: FlashKind,
  key: string,
  params: Record<string, unknown> = {},
): void {
  flash(res, kind, frameOf(res.req).config.smtpUrl === null ? `${key}Silent` : key, params);
}

/** Takes the sentence that was left, and clears it. */
export function takeFlash(req: Request, res: Response, t: Translate): Flash | null {
  const cookie = readCookie(req, name);
  if (cookie === null) return null;
  const { config } = frameOf(req);
  res.clearCookie(name, cookieOptions(config.baseUrl));
  const [text = '', signature = ''] = cookie.split('.');
  if (!isSealOf(signature, text, config.sessionSecret)) return null;
  const stored = JSON.parse(Buffer.from(text, 'base64url').toString()) as Stored;
  return { kind: stored.kind, text: t(stored.key, unpacked(stored.params)) };
}

/** JSON turns a day into plain text; the day is marked, so that it is written out in the reader's language later. */
function packed(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      value instanceof Temporal.PlainDate ? { day: value.toString() } : value,
    ]),
  );
}

function unpacked(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => {
      const isDay = typeof value === 'object' && value !== null && 'day' in value;
      return [key, isDay ? Temporal.PlainDate.from(String(value.day)) : value];
    }),
  );
}
