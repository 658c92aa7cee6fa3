import { Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { isLanguage } from '../lib/words.ts';
import { paths } from '../paths.ts';
import { choosePreferences, type Preferences } from '../people/preferences-service.ts';
import { cookieOptions } from './cookies.ts';
import { currentEmployee, localPath } from './frame.ts';
import { isTheme, languageCookie, themeCookie } from './language.ts';

const oneYear = 365 * 24 * 60 * 60 * 1000;

/** Language and theme, chosen in the menu: kept with the employee, and in a cookie for pages before signing in. */
export function preferenceRoutes(deps: Pick<Deps, 'config' | 'db'>): Router {
  const router = Router();
  router.post(paths.preferences(), async (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>;
    const chosen = preferencesIn(body);
    const employee = currentEmployee(req);
    if (employee) await choosePreferences(deps, employee.id, chosen);
    const cookie = { ...cookieOptions(deps.config.baseUrl), maxAge: oneYear };
    if (chosen.language) res.cookie(languageCookie, chosen.language, cookie);
    if (chosen.theme) res.cookie(themeCookie, chosen.theme, cookie);
    if (chosen.theme === null) res.clearCookie(themeCookie, cookieOptions(deps.config.baseUrl));
    res.redirect(303, localPath(body.back) ?? paths.home());
  });
  return router;
}

function preferencesIn(body: Record<string, unknown>): Preferences {
  const chosen: Preferences = {};
  if (isLanguage(body.language)) chosen.language = body.language;
  if (isTheme(body.theme)) chosen.theme = body.theme;
  if (body.theme === 'system') chosen.theme = null;
  return chosen;
}
