import type { Request, RequestHandler } from 'express';
import type { Language } from '../lib/format.ts';
import { isLanguage, type Words } from '../lib/words.ts';
import { readCookie } from './cookies.ts';
import { currentEmployee, type Theme } from './frame.ts';

export const languageCookie = 'vouch_language';
export const themeCookie = 'vouch_theme';

/**
 * Gives each request its language and theme: the employee's choice, else the cookie of this browser, else what the
 * browser says. A theme of null means that nobody knows yet, and the style sheet follows the system.
 */
export function languageAndTheme(words: Words): RequestHandler {
  return (req, _res, next) => {
    req.language = languageOf(req);
    req.theme = themeOf(req);
    req.t = words[req.language];
    next();
  };
}

function languageOf(req: Request): Language {
  const employee = currentEmployee(req);
  return employee ? employee.language : browserLanguage(req);
}

/** The language of whoever sits there, whoever they are signed in as: the choice of this browser, else its own. */
export function browserLanguage(req: Request): Language {
  const chosen = readCookie(req, languageCookie);
  if (isLanguage(chosen)) return chosen;
  return (req.acceptsLanguages(['en', 'ru']) || 'en') as Language;
}

function themeOf(req: Request): Theme | null {
  const employee = currentEmployee(req);
  const chosen = employee ? employee.theme : readCookie(req, themeCookie);
  if (isTheme(chosen)) return chosen;
  const hint = req.headers['sec-ch-prefers-color-scheme'];
  return isTheme(hint) ? hint : null;
}

export function isTheme(value: unknown): value is Theme {
  return value === 'light' || value === 'dark';
}
