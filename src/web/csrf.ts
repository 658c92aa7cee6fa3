import { randomBytes } from 'node:crypto';
import { csrfSync } from 'csrf-sync';
import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '../config.ts';
import { cookieName, cookieOptions, readCookie, seal } from './cookies.ts';
import { currentEmployee } from './frame.ts';

/**
 * Refuses a form that didn't come from a page of ours. The token is derived from the session's id, and for visitors from
 * a random cookie, so that showing a form writes nothing to the database.
 *
 * A form with files carries its token in the URL (`{{withCsrf …}}`): it is judged before a byte of the body is read,
 * and no route can forget it.
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
    csrfSynchronisedProtection(req, res, next);
  };
}

function expectedToken(req: Request, visitorCookie: string, secret: string): string | undefined {
  if (currentEmployee(req)) return seal(`csrf of session ${req.sessionID}`, secret);
  const visitor = readCookie(req, visitorCookie);
  return visitor ? seal(`csrf of visitor ${visitor}`, secret) : undefined;
}

function givenToken(req: Request): string | undefined {
  const header = req.headers['x-csrf-token'];
  if (typeof header === 'string') return header;
  const token = req.is('multipart/form-data') ? req.query.csrf : (req.body as { csrf?: unknown } | undefined)?.csrf;
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
