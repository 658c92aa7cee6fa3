import { setTimeout as pause } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused, TooMany } from '../lib/errors.ts';
import type { Translate } from '../lib/words.ts';
import { paths } from '../paths.ts';
import { cookieOptions, readCookie } from '../web/cookies.ts';
import { flash } from '../web/flash.ts';
import { currentEmployee, localPath } from '../web/frame.ts';
import { idOf } from '../web/guards.ts';
import { browserLanguage } from '../web/language.ts';
import { page } from '../web/page.ts';
import { signIn, signOut } from '../web/session.ts';
import { isDemoCompany, isUninhabited, listPeopleToBe, type PersonToBe } from './employee-queries.ts';
import { FIRST_ADMIN_COMMAND } from './first-admin-service.ts';
import { parseSignInForm } from './sign-in-form.ts';
import {
  becomeSomeone,
  type LinkRefusal,
  lookAtSignInLink,
  requestSignInLink,
  useSignInLink,
} from './sign-in-service.ts';

/** Looking an address up and writing a link takes less than this; so the answer takes as long without either. */
const answerAfterMs = 200;
const backCookie = 'vouch_back';
const backMs = 15 * 60 * 1000;

export function signInRoutes(deps: Deps): Router {
  const router = Router();
  router.get(paths.signIn(), (req, res) => showForm(deps, req, res));
  router.post(paths.signIn(), (req, res) => askForLink(deps, req, res));
  router.get(paths.signInSent(), (req, res) => showSent(deps, req, res));
  router.get(paths.signInLink(':token'), (req, res) => showLink(deps, req, res));
  router.post(paths.signInLink(':token'), (req, res) => openLink(deps, req, res));
  router.post(paths.signOut(), async (req, res) => {
    await signOut(req, res);
    flash(res, 'good', 'people.flash.signedOut');
    res.redirect(303, paths.signIn());
  });
  router.get(paths.beSomeone(), (req, res) => showPeopleToBe(deps, req, res));
  router.post(`${paths.beSomeone()}/:id`, (req, res) => beSomeone(deps, req, res));
  return router;
}

async function showForm(deps: Deps, req: Request, res: Response): Promise<void> {
  const back = localPath(req.query.back) ?? '';
  if (currentEmployee(req)) return res.redirect(303, back || paths.home());
  const form = { values: { back, email: '' }, errors: {} };
  page(req, res, 'sign-in/form', { ...(await doorOf(deps, req)), form });
}

/** What stands at the door beside the form: the way into the demo, or into a house where nobody lives yet. */
async function doorOf(deps: Deps, req: Request) {
  const command = (await isUninhabited(deps.db)) ? FIRST_ADMIN_COMMAND : null;
  return { title: req.t('people.signIn.title'), demo: await isDemo(deps), command };
}

function showSent({ config }: Deps, req: Request, res: Response): void {
  page(req, res, 'sign-in/sent', { title: req.t('people.sent.title'), isSilent: config.smtpUrl === null });
}

async function askForLink(deps: Deps, req: Request, res: Response): Promise<void> {
  const form = parseSignInForm(req.body);
  if (!form.ok) {
    const values = { back: '', email: '', ...form.values };
    return page(req, res, 'sign-in/form', { ...(await doorOf(deps, req)), form: { ...form, values } }, 422);
  }
  const attempt = { email: form.value.email, ip: req.ip ?? 'unknown' };
  const [asked] = await Promise.all([requestSignInLink(deps, attempt), pause(answerAfterMs)]);
  if (!asked.ok) throw new TooMany('people.signIn.tooOften');
  const back = localPath(form.value.back);
  if (back) res.cookie(backCookie, back, { ...cookieOptions(deps.config.baseUrl), maxAge: backMs });
  res.redirect(303, paths.signInSent());
}

async function showLink(deps: Deps, req: Request, res: Response): Promise<void> {
  const token = String(req.params.token);
  const link = await lookAtSignInLink(deps, token);
  // The address bar holds the token: no page we link to may learn it.
  res.setHeader('Referrer-Policy', 'no-referrer');
  if (!link.ok) return showDeadLink(req, res, link.reason, 410);
  page(req, res, 'sign-in/link', { title: req.t('people.link.title'), name: link.value.fullName, token });
}

async function openLink(deps: Deps, req: Request, res: Response): Promise<void> {
  const used = await useSignInLink(deps, String(req.params.token));
  if (!used.ok) return showDeadLink(req, res, used.reason, 409);
  const back = localPath(readCookie(req, backCookie));
  await signIn(req, used.value.id);
  res.clearCookie(backCookie, cookieOptions(deps.config.baseUrl));
  res.redirect(303, back ?? paths.home());
}

const deadLinks: Record<LinkRefusal, string> = {
  unknown: 'people.link.unknown',
  used: 'people.link.used',
  expired: 'people.link.expired',
  left: 'people.link.left',
};

function showDeadLink(req: Request, res: Response, reason: LinkRefusal, status: number): void {
  const canAskAgain = reason !== 'left';
  const isSignedIn = currentEmployee(req) !== null;
  const model = { title: req.t('people.link.deadTitle'), text: req.t(deadLinks[reason]), canAskAgain, isSignedIn };
  page(req, res, 'sign-in/dead-link', model, status);
}

/** Two keys for one door: the company is the invented one, and the server wasn't told DEMO=off. */
async function isDemo(deps: Deps): Promise<boolean> {
  return deps.config.demo && (await isDemoCompany(deps.db));
}

async function showPeopleToBe(deps: Deps, req: Request, res: Response): Promise<void> {
  if (!(await isDemo(deps))) throw new NotFound();
  const groups = await listPeopleToBe(deps.db, await deps.clock.today(deps.db), browserLanguage(req));
  const me = currentEmployee(req)?.id ?? null;
  const shown = groups.map(({ role, people }) => ({
    role,
    people: people.map((person) => ({ ...person, isMe: person.id === me, note: noteOn(person, req.t) })),
  }));
  page(req, res, 'people/be', { title: req.t('people.be.title'), groups: shown });
}

/** What makes this person worth being: their language, whom they lead, what they have recommended. */
function noteOn(person: PersonToBe, t: Translate): string {
  const notes = [t(`people.languageName.${person.language}`)];
  if (person.reports > 0) notes.push(t('people.be.leads', { count: person.reports }));
  if (person.referrals > 0) notes.push(t('people.be.recommended', { count: person.referrals }));
  return notes.join(' · ');
}

async function beSomeone(deps: Deps, req: Request, res: Response): Promise<void> {
  if (!(await isDemo(deps))) throw new NotFound();
  const become = await becomeSomeone(deps, idOf(req));
  if (!become.ok && become.reason === 'unknown') throw new NotFound();
  if (!become.ok) throw new Refused('people.be.left', {}, paths.beSomeone());
  await signIn(req, become.value.id);
  flash(res, 'good', 'people.flash.youAre', { name: become.value.fullName });
  res.redirect(303, paths.home());
}
