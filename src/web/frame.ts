import type { Request } from 'express';
import type { Config } from '../config.ts';
import type { Language } from '../lib/format.ts';
import type { Templates } from '../lib/templates.ts';
import type { Translate, Words } from '../lib/words.ts';
import type { SignedIn } from '../people/employee.ts';
import type { Area } from './areas.ts';

export type Theme = 'light' | 'dark';
/** How much waits in an area; shown as a badge beside its name. */
export type Counts = Partial<Record<Area, number>>;

/** What every page hangs in; made once by createApp and found again by `page()` through the app's settings. */
export type Frame = {
  readonly config: Pick<Config, 'baseUrl' | 'sessionSecret' | 'smtpUrl' | 'timeZone'>;
  readonly views: Templates;
  readonly words: Words;
  /** A banner says that all people are invented. */
  readonly demo: boolean;
  /** One cheap query; asked only for people who have an area with a count. */
  readonly counts?: ((employee: SignedIn) => Promise<Counts>) | undefined;
};

declare global {
  namespace Express {
    interface Request {
      id: string;
      /** Behind `signedIn` and `allow` always there; pages open to everybody ask `currentEmployee(req)`. */
      employee: SignedIn;
      /** The day the request came, in the company's time zone; there where `employee` is. */
      today: Temporal.PlainDate;
      language: Language;
      theme: Theme | null;
      t: Translate;
      /** The token of this visit's forms; made when first asked for. */
      csrf: () => string;
    }
  }
}

export function frameOf(req: Request): Frame {
  return req.app.get('frame');
}

/** Who is signed in, on a page that is open to everybody. */
export function currentEmployee(req: Request): SignedIn | null {
  return (req.employee as SignedIn | undefined) ?? null;
}

/** A path of this house from outside ("back to"), or null: never another site. */
export function localPath(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 500 || !/^\/(?![/\\])/.test(value)) return null;
  // Browsers drop tabs and newlines from URLs, so "/\t/evil" would lead away.
  return [...value].some((letter) => letter <= ' ' || letter === '\\') ? null : value;
}
