import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { type FieldError, typed } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { idOf, signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { receiveFile, uploadedFile } from '../web/upload.ts';
import { AGREED_TEXT_VERSION } from './agreement.ts';
import { LONGEST_RELATIONSHIP_WORDS, LONGEST_WHY, parseRecommendForm } from './recommend-form.ts';
import { type RecommendRefusal, recommend } from './recommend-service.ts';
import { firstAnswerDueOn } from './referral.ts';
import { getAnswerDays, getCountryOf, getReferralPage, listOpeningChoices } from './referral-queries.ts';
import { RELATIONSHIPS } from './relationship.ts';
import { type KeptFile, LARGEST_RESUME_BYTES, type ResumeRefusal } from './resume.ts';
import { discardResume, keepResume } from './resume-service.ts';

declare module 'express-session' {
  interface SessionData {
    /** The résumé of a form that came back with errors: nobody has to look for the file a second time. */
    keptResume?: KeptFile & { submissionKey: string };
  }
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const optionalFields = ['resume', 'profile_link', 'skills', 'relationship_words'];

/** Where each refusal stands in the form, and with which status the form comes back. */
const refusals: Record<RecommendRefusal, { field: string; status: number }> = {
  oneself: { field: 'email', status: 422 },
  employee: { field: 'email', status: 422 },
  openingNotOpen: { field: 'opening', status: 409 },
};

export function recommendRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.recommend(), signedIn, async (req, res) => {
    const opening = typeof req.query.opening === 'string' ? req.query.opening : '';
    await showForm(deps, req, res, { values: { opening }, errors: {} });
  });

  const receive = receiveFile({ at: paths.recommend(), field: 'resume', mostBytes: LARGEST_RESUME_BYTES });
  router.post(paths.recommend(), signedIn, receive, async (req, res) => {
    const form = parseRecommendForm(req.body, await getCountryOf(deps.db, req.employee.id));
    const resume = await takeResume(deps, req);
    const errors: Errors = form.ok ? {} : { ...form.errors };
    if (resume.refused) errors.resume = { key: `referrals.form.resume.${resume.refused}` };
    if (!form.ok || resume.refused) {
      await keepForLater(deps, req, resume.file);
      return showForm(deps, req, res, { values: typed(req.body), errors, status: 422 });
    }
    try {
      const sent = { ...form.value, agreedTextVersion: AGREED_TEXT_VERSION, resume: resume.file };
      const done = await recommend(deps, req.employee.id, sent);
      if (!done.ok) {
        const { field, status } = refusals[done.reason];
        await keepForLater(deps, req, resume.file);
        const refused = { [field]: { key: `referrals.form.error.${done.reason}` } };
        return showForm(deps, req, res, { values: typed(req.body), errors: refused, status });
      }
      await forgetKept(deps, req, resume.file);
      const again = done.value.how === 'again' ? '?again=1' : '';
      res.redirect(303, paths.referralThanks(done.value.referralId) + again);
    } catch (error) {
      await discardResume(deps, resume.file);
      throw error;
    }
  });

  router.get(paths.referralThanks(':id'), signedIn, async (req, res) => {
    const today = await deps.clock.today(deps.db);
    const referral = await getReferralPage(deps.db, idOf(req), today);
    if (referral.referrerId !== req.employee.id) throw new NotFound();
    const kind = referral.alreadyRecommended ? 'already' : req.query.again ? 'again' : 'made';
    const { answerDays: count } = referral;
    const words = count <= 5 ? req.t(`referrals.thanks.days.${count}`) : String(count);
    page(req, res, 'referrals/thanks', {
      title: req.t(kind === 'made' ? 'referrals.thanks.title' : `referrals.thanks.${kind}Title`),
      area: 'home',
      today,
      kind,
      referral,
      answer: count === 0 ? req.t('referrals.thanks.textToday') : req.t('referrals.thanks.text', { count, words }),
      opening: referral.openingTitle ?? req.t('referrals.general'),
      ownedUntil: referral.ownerId === req.employee.id ? referral.ownedUntil : null,
    });
  });

  return router;
}

type Errors = Record<string, FieldError>;
type Shown = { values: Record<string, string>; errors: Errors; status?: number };

async function showForm(deps: Deps, req: Request, res: Response, shown: Shown): Promise<void> {
  const today = await deps.clock.today(deps.db);
  const [openings, country, days] = await Promise.all([
    listOpeningChoices(deps.db),
    getCountryOf(deps.db, req.employee.id),
    getAnswerDays(deps.db, today),
  ]);
  const asked = shown.values.opening ?? '';
  const chosen = openings.find((one) => String(one.id) === asked);
  const { submission_key: given = '' } = shown.values;
  const submissionKey = guid.test(given) ? given : randomUUID();
  const kept = keptFor(req, submissionKey);
  const values: Record<string, string> = { ...shown.values, opening: chosen || asked === 'general' ? asked : '' };
  page(
    req,
    res,
    'referrals/recommend',
    {
      title: req.t('referrals.recommend.title'),
      // From an opening one is still among the openings; the button in the top bar belongs to no area.
      ...(chosen ? { area: 'openings' as const } : {}),
      today,
      form: { values, errors: shown.errors },
      // Only a link or an old page leads to an opening that is not in the list.
      isClosed: asked !== '' && asked !== 'general' && !chosen && !shown.errors.opening,
      submissionKey,
      openings: [
        ...openings.map((one) => ({ value: String(one.id), label: [one.title, one.place].filter(Boolean).join(', ') })),
        { value: 'general', label: req.t('referrals.generalLong') },
      ],
      relationships: RELATIONSHIPS.map((kind) => ({ value: kind, label: req.t(`referrals.relationship.${kind}`) })),
      keptName: kept?.fileName ?? null,
      isMoreOpen: kept !== null || optionalFields.some((name) => shown.errors[name] || values[name]),
      answerDueOn: firstAnswerDueOn(today, chosen?.country ?? country, days),
      limits: { why: LONGEST_WHY, relationshipWords: LONGEST_RELATIONSHIP_WORDS },
    },
    shown.status ?? 200,
  );
}

/** The file that came along, or the one kept from the last try; and why a new one was not taken. */
async function takeResume(deps: Deps, req: Request): Promise<{ file: KeptFile | null; refused: ResumeRefusal | null }> {
  const uploaded = uploadedFile(req);
  const { submission_key: key, drop_resume: drop } = req.body as Record<string, unknown>;
  const kept = typeof key === 'string' && drop !== 'yes' ? keptFor(req, key) : null;
  if (!uploaded) return { file: kept, refused: null };
  if (uploaded.isTooLarge) return { file: kept, refused: 'tooLarge' };
  const taken = await keepResume(deps, uploaded);
  return taken.ok ? { file: taken.value, refused: null } : { file: kept, refused: taken.reason };
}

function keptFor(req: Request, submissionKey: string): KeptFile | null {
  const kept = req.session.keptResume;
  return kept && kept.submissionKey.toLowerCase() === submissionKey.toLowerCase() ? kept : null;
}

/** Ties the file to this form, in the session; the one before it goes. */
async function keepForLater(deps: Deps, req: Request, file: KeptFile | null): Promise<void> {
  const before = req.session.keptResume;
  const key = (req.body as Record<string, unknown>).submission_key;
  if (file && typeof key === 'string' && guid.test(key)) {
    if (before?.storageName === file.storageName) return;
    req.session.keptResume = { ...file, submissionKey: key };
  } else {
    delete req.session.keptResume;
    await discardResume(deps, file);
  }
  if (!before) return;
  await saveSession(req);
  await discardResume(deps, before);
}

/** The recommendation has the file now, or had no use for it. */
async function forgetKept(deps: Deps, req: Request, file: KeptFile | null): Promise<void> {
  const kept = req.session.keptResume;
  if (kept) {
    delete req.session.keptResume;
    await saveSession(req);
    await discardResume(deps, kept);
  }
  await discardResume(deps, file);
}

function saveSession(req: Request): Promise<void> {
  return new Promise((done, fail) => req.session.save((error) => (error ? fail(error) : done())));
}
