import type { Request, RequestHandler } from 'express';
import { Forbidden, HttpError, NotFound } from '../lib/errors.ts';
import { paths } from '../paths.ts';
import { hasRole, type Role } from '../people/employee.ts';
import { currentEmployee } from './frame.ts';

/** Lets signed-in people through. Who opens a page signed out comes back to it after signing in. */
export const signedIn: RequestHandler = (req, res, next) => {
  if (currentEmployee(req)) return next();
  if (req.method !== 'GET' && req.method !== 'HEAD') throw new HttpError(401, 'errors.signedOut.text');
  const back = req.originalUrl === paths.home() ? '' : `?back=${encodeURIComponent(req.originalUrl)}`;
  res.redirect(303, paths.signIn() + back);
};

/** Lets through who is signed in and holds one of the roles; anybody else reads why not. */
export function allow(...roles: readonly Role[]): RequestHandler {
  return (req, res, next) => {
    if (!currentEmployee(req)) return signedIn(req, res, next);
    if (!hasRole(req.employee, ...roles)) throw new Forbidden();
    next();
  };
}

/** The number in the URL. What is no number leads nowhere: 404, not an error of the database. */
export function idOf(req: Request, name = 'id'): number {
  const text = String(req.params[name] ?? '');
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw new NotFound();
  return id;
}
