import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

/** One cookie of the request, or null. */
export function readCookie(req: Request, name: string): string | null {
  const header = req.headers.cookie;
  if (!header) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at < 0 || part.slice(0, at).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(at + 1).trim());
    } catch {
      return null;
    }
  }
  return null;
}

/** What every cookie of the house has in common: no script reads it, no other site sends it along. */
export function cookieOptions(baseUrl: string) {
  return { httpOnly: true, sameSite: 'lax', secure: baseUrl.startsWith('https:'), path: '/' } as const;
}

/** Over https the name begins with __Host-: then no subdomain and no plain http page can plant it. */
export function cookieName(name: string, baseUrl: string): string {
  return baseUrl.startsWith('https:') ? `__Host-${name}` : name;
}

export function seal(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

export function isSealOf(given: string, text: string, secret: string): boolean {
  const expected = Buffer.from(seal(text, secret));
  const found = Buffer.from(given);
  return found.length === expected.length && timingSafeEqual(found, expected);
}
