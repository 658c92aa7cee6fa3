import { randomBytes } from 'node:crypto';
import { csrfSync } from 'csrf-sync';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Config } from '../config.ts';
import { HttpError } from '../lib/errors.ts';
import { cookieName, cookieOptions, readCookie, seal } from './cookies.ts';
import { currentEmployee } from './frame.ts';

/**
 * Refuses a form that didn't come from a page of ours. The token is derived from the session's id, and for visitors from
 * a random cookie, so that showing a form writes nothing to the database.
 *
 * The token of a form with files lies in its body, which nobody has read yet. Such a form passes here only on its way to
 * `receiveFile` (web/upload.ts), which reads it and judges it; anywhere else it is refused, so no route can forget to.
 */
export function csrfProtection(config: Pick<Config, 'baseUrl' | 'sessionSecret'>): RequestHandler {
  const visitorCookie = cookieName('vouch_visitor', config.baseUrl);
  const { csrfSynchronisedProtection } = csrfSync({
    getTokenFromState: (req) => expectedToken(req, visitorCookie, config.sessionSecret),
    getTokenFromRequest: givenToken,
    storeTokenInState: () => {},
  });
  return (req, res, next) => {
    req.csrf = () => {
      const known = expectedToken(req, visitorCookie, config.sessionSecret);
      return known ?? newVisitor(res, visitorCookie, config);
    };
    if (!req.is('multipart/form-data')) return csrfSynchronisedProtection(req, res, next);
    if (req.method !== 'POST' || !takingFiles.has(req.path)) return next(new HttpError(415, 'errors.badRequest.text'));
    unjudged.set(req, (then) => csrfSynchronisedProtection(req, res, then));
    next();
  };
}

const takingFiles = new Set<string>();
const unjudged = new WeakMap<object, (next: NextFunction) => void>();

/** Forms with files may be sent to this path: its route judges their token with `judgeToken`. */
export function takesFiles(path: string): void {
  takingFiles.add(path);
}

/** Judges the token of a form with files, once its fields are in `req.body`. */
export function judgeToken(req: Request, next: NextFunction): void {
  const judge = unjudged.get(req);
  if (judge) judge(next);
  else next();
}

function expectedToken(req: Request, visitorCookie: string, secret: string): string | undefined {
  if (currentEmployee(req)) return tokenOfSession(req.sessionID, secret);
  const visitor = readCookie(req, visitorCookie);
  return visitor ? seal(`csrf of visitor ${visitor}`, secret) : undefined;
}

const tokens = new Map<string, string>();

/** Sealed once a session: each of its pages shows the same token. */
function tokenOfSession(sessionId: string, secret: string): string {
  let token = tokens.get(sessionId);
  if (token === undefined) {
    if (tokens.size > 1000) tokens.clear();
    token = seal(`csrf of session ${sessionId}`, secret);
    tokens.set(sessionId, token);
  }
  return token;
}

function givenToken(req: Request): string | undefined {
  const header = req.headers['x-csrf-token'];
  if (typeof header === 'string') return header;
  const token = (req.body as { csrf?: unknown } | undefined)?.csrf;
  return typeof token === 'string' ? token : undefined;
}

function newVisitor(res: Response, name: string, config: Pick<Config, 'baseUrl' | 'sessionSecret'>): string {
  const visitor = randomBytes(18).toString('base64url');
  res.cookie(name, visitor, cookieOptions(config.baseUrl));
  const token = seal(`csrf of visitor ${visitor}`, config.sessionSecret);
  // A page with several forms asks several times; they all get the visitor of the first.
  res.req.csrf = () => token;
  return token;
}
