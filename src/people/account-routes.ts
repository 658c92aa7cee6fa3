import { Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { paths } from '../paths.ts';
import { flash } from '../web/flash.ts';
import { signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { signOut } from '../web/session.ts';
import { factsOf } from './employee-card.ts';
import { countSessions, findEmployeeCard } from './employee-queries.ts';
import { signOutEverywhere } from './sign-in-service.ts';

/** Who I am here, how the pages look to me, and the ways out. */
export function accountRoutes(deps: Deps): Router {
  const router = Router();
  router.get(paths.account(), signedIn, async (req, res) => {
    const [card, sessions] = await Promise.all([
      findEmployeeCard(deps.db, req.employee.id),
      countSessions(deps.db, req.employee.id),
    ]);
    const who = [
      { label: req.t('people.fact.name'), text: req.employee.fullName },
      { label: req.t('people.fact.email'), text: req.employee.email },
    ];
    const facts = [...who, ...(card ? factsOf(card, req.t, req.language) : [])];
    const look = { here: paths.account(), theme: req.employee.theme };
    page(req, res, 'people/account', { title: req.t('people.account.title'), facts, sessions, ...look });
  });
  router.post(paths.signOutEverywhere(), signedIn, async (req, res) => {
    await signOutEverywhere(deps, req.employee.id);
    await signOut(req, res);
    flash(res, 'good', 'people.flash.signedOutEverywhere');
    res.redirect(303, paths.signIn());
  });
  return router;
}
