import express, { type Express } from 'express';
import { bonusRoutes } from './bonuses/bonus-routes.ts';
import { policyEditRoutes } from './bonuses/policy-edit-routes.ts';
import { policyRoutes } from './bonuses/policy-routes.ts';
import { candidateRoutes } from './candidates/candidate-routes.ts';
import { poolRoutes } from './candidates/pool-routes.ts';
import { hireCorrectionRoutes } from './hires/hire-correction-routes.ts';
import { hireDeedRoutes } from './hires/hire-deed-routes.ts';
import { hireFormRoutes } from './hires/hire-form-routes.ts';
import { hireRoutes } from './hires/hire-routes.ts';
import { migrationsAreCurrent } from './lib/database.ts';
import type { Deps } from './lib/deps.ts';
import { loadWords } from './lib/words.ts';
import { outboxRoutes } from './mail/outbox-routes.ts';
import { openingEditRoutes } from './openings/opening-edit-routes.ts';
import { openingListRoutes } from './openings/opening-list-routes.ts';
import { openingManageRoutes } from './openings/opening-manage-routes.ts';
import { openingRoutes } from './openings/opening-routes.ts';
import { paths } from './paths.ts';
import { payrollRoutes } from './payroll/payroll-routes.ts';
import { accountRoutes } from './people/account-routes.ts';
import type { Role, SignedIn } from './people/employee.ts';
import { employeeRoutes } from './people/employee-routes.ts';
import { signInRoutes } from './people/sign-in-routes.ts';
import { staffListRoutes } from './people/staff-list-routes.ts';
import { programmeRoutes } from './programme/programme-routes.ts';
import { recommendRoutes } from './referrals/recommend-routes.ts';
import { referralRoutes } from './referrals/referral-routes.ts';
import { resumeRoutes } from './referrals/resume-routes.ts';
import { reviewDeedRoutes } from './referrals/review-deed-routes.ts';
import { reviewRoutes } from './referrals/review-routes.ts';
import { findWaiting } from './reports/home-queries.ts';
import { homeRoutes } from './reports/home-routes.ts';
import { serveAssets } from './web/assets.ts';
import { compressed } from './web/compressed.ts';
import { csrfProtection } from './web/csrf.ts';
import { errorPage, notFound } from './web/errors.ts';
import type { Counts, Frame } from './web/frame.ts';
import { languageAndTheme } from './web/language.ts';
import { preferenceRoutes } from './web/preferences.ts';
import { requestLog } from './web/request-log.ts';
import { securityHeaders } from './web/security-headers.ts';
import { sessions } from './web/session.ts';
import { createViews } from './web/views.ts';

export type AppOptions = {
  /** In tests: printing a field that a page's model doesn't have throws. */
  strictViews?: boolean;
};

/** The whole web, in the order a request meets it. */
export async function createApp(deps: Deps, options: AppOptions = {}): Promise<Express> {
  const { config, db, log } = deps;
  const words = loadWords({ timeZone: config.timeZone });
  const frame: Frame = {
    config,
    words,
    views: createViews({ words, timeZone: config.timeZone, strict: options.strictViews ?? false }),
    demo: (await db('company').first('is_demo'))?.is_demo ?? false,
    counts: (employee) => countWaiting(deps, employee),
  };

  const app = express();
  app.set('frame', frame);
  app.disable('x-powered-by');
  app.disable('etag');
  if (config.baseUrl.startsWith('https:')) app.set('trust proxy', 1);

  app.use(requestLog(log));
  app.use(securityHeaders(config.baseUrl));
  app.use(serveAssets());
  app.get(paths.healthz(), (_req, res) => void res.type('text').send('alive\n'));
  app.get(paths.readyz(), async (_req, res) => {
    const ready = await migrationsAreCurrent(db).catch(() => false);
    res
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'not ready: the database or its migrations\n');
  });

  app.use(compressed());
  app.use(express.urlencoded({ extended: false, limit: '200kb', parameterLimit: 500 }));
  app.use(sessions(deps));
  app.use(languageAndTheme(words));
  app.use(csrfProtection(config));

  // What people open most comes first: each router on the way is asked.
  app.use(homeRoutes(deps));
  app.use(referralRoutes(deps));
  app.use(preferenceRoutes(deps));
  app.use(outboxRoutes(deps));
  app.use(signInRoutes(deps));
  app.use(accountRoutes(deps));
  app.use(employeeRoutes(deps));
  app.use(staffListRoutes(deps));
  app.use(poolRoutes(deps));
  app.use(candidateRoutes(deps));
  app.use(recommendRoutes(deps));
  app.use(resumeRoutes(deps));
  app.use(reviewRoutes(deps));
  app.use(reviewDeedRoutes(deps));
  app.use(bonusRoutes(deps));
  app.use(openingListRoutes(deps));
  // Before the page of an opening, whose URL fits /openings/new and /openings/manage too; the same for a policy.
  app.use(openingManageRoutes(deps));
  app.use(openingEditRoutes(deps));
  app.use(openingRoutes(deps));
  app.use(programmeRoutes(deps));
  app.use(policyEditRoutes(deps));
  app.use(policyRoutes(deps));
  app.use(hireFormRoutes(deps));
  app.use(hireRoutes(deps));
  app.use(hireDeedRoutes(deps));
  app.use(hireCorrectionRoutes(deps));
  app.use(payrollRoutes(deps));

  app.use(notFound);
  app.use(errorPage(log));
  return app;
}

/** The numbers beside the areas of the top bar: what waits there for this person. */
async function countWaiting({ db, clock }: Deps, { id, roles }: SignedIn): Promise<Counts> {
  const has = (role: Role): boolean => roles.includes(role);
  const asked = { recruits: has('recruiter'), pays: has('payroll'), administers: has('admin') };
  const waiting = await findWaiting(db, id, asked, await clock.today(db));
  return {
    review: waiting.unanswered ?? 0,
    hires: waiting.unconfirmed ?? 0,
    payroll: waiting.held ?? 0,
    admin: waiting.undelivered ?? 0,
  };
}
