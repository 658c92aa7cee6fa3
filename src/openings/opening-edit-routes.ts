import { type Request, type Response, Router } from 'express';
import { countryChoices } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { Refused } from '../lib/errors.ts';
import { type FieldError, type Form, typed } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { EMPLOYMENT_TYPES } from '../people/employee.ts';
import { flash } from '../web/flash.ts';
import { allow, idOf } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { type OpeningFormValues, parseOpeningForm } from './opening-form.ts';
import { findPeopleBy, getOpeningPage, listFormChoices, type OpeningPage } from './opening-queries.ts';
import {
  changeOpeningState,
  createOpening,
  editOpening,
  type OpeningText,
  type PeopleRefusal,
} from './opening-service.ts';

/** The fields that say no to people who don't fit. */
const unfit: Record<PeopleRefusal, { field: string; key: string }> = {
  hiringManagerNotEmployed: { field: 'hiringManager', key: 'openings.form.error.hiringManagerLeft' },
  recruiterNotRecruiter: { field: 'recruiterId', key: 'openings.form.error.recruiterNotRecruiter' },
};

type Shown = { values: Record<string, string>; errors: Record<string, FieldError> };

/** Writing a new opening and editing one: recruiters only. To be mounted before the page of an opening, whose URL fits /new too. */
export function openingEditRoutes(deps: Deps): Router {
  const router = Router();
  const recruiter = allow('recruiter');

  router.get(paths.openingNew(), recruiter, async (req, res) => {
    const values = { recruiterId: String(req.employee.id), employmentType: 'permanent' };
    await showForm(deps, req, res, { opening: null, form: { values, errors: {} } });
  });

  router.post(paths.openings(), recruiter, async (req, res) => {
    const form = await readOpening(deps, req);
    if (!form.ok) return showForm(deps, req, res, { opening: null, form }, 422);
    const created = await createOpening(deps, req.employee, form.value);
    if (!created.ok) return showForm(deps, req, res, { opening: null, form: refusedForm(req, created.reason) }, 422);
    const publishes = req.body.deed === 'publish';
    if (publishes) await changeOpeningState(deps, req.employee, created.value, 'publish');
    flash(res, 'good', publishes ? 'openings.flash.publish' : 'openings.flash.draft', { title: form.value.title });
    res.redirect(303, paths.opening(created.value));
  });

  router.get(paths.openingEdit(':id'), recruiter, async (req, res) => {
    const opening = await editable(deps, req);
    await showForm(deps, req, res, { opening, form: { values: valuesOf(opening), errors: {} } });
  });

  router.post(paths.openingEdit(':id'), recruiter, async (req, res) => {
    const opening = await editable(deps, req);
    const form = await readOpening(deps, req);
    if (!form.ok) return showForm(deps, req, res, { opening, form }, 422);
    const edited = await editOpening(deps, req.employee, opening.id, form.value);
    if (!edited.ok) {
      if (edited.reason === 'isClosed') throw closed(opening.id);
      return showForm(deps, req, res, { opening, form: refusedForm(req, edited.reason) }, 422);
    }
    flash(res, 'good', 'openings.flash.edited', { title: form.value.title });
    res.redirect(303, paths.opening(opening.id));
  });

  return router;
}

async function editable({ db }: Deps, req: Request): Promise<OpeningPage> {
  const opening = await getOpeningPage(db, idOf(req));
  if (opening.state === 'closed') throw closed(opening.id);
  return opening;
}

function closed(id: number): Refused {
  return new Refused('openings.refused.editClosed', {}, paths.opening(id));
}

/** Reads the form, and who is meant by what was typed as the hiring manager. */
async function readOpening({ db, clock }: Deps, req: Request): Promise<Form<OpeningText>> {
  const form = parseOpeningForm(req.body);
  const named = form.ok ? form.value.hiringManager : (typed(req.body).hiringManager ?? '').trim();
  const people = named === '' ? [] : await findPeopleBy(db, named, await clock.today(db));
  const problem = problemWith(named, people.length);
  if (!form.ok || problem) {
    const errors = { ...(form.ok ? {} : form.errors), ...(problem && { hiringManager: problem }) };
    return { ok: false, values: typed(req.body), errors };
  }
  const { hiringManager: _, ...value }: OpeningFormValues = form.value;
  return { ok: true, value: { ...value, hiringManagerId: (people[0] as { id: number }).id } };
}

function problemWith(named: string, found: number): FieldError | null {
  if (named === '' || found === 1) return null;
  const key = found === 0 ? 'openings.form.error.hiringManagerUnknown' : 'openings.form.error.hiringManagerTwice';
  return { key, params: { name: named } };
}

function refusedForm(req: Request, reason: PeopleRefusal): Shown {
  const { field, key } = unfit[reason];
  return { values: typed(req.body), errors: { [field]: { key } } };
}

function valuesOf(opening: OpeningPage): Record<string, string> {
  const { title, department, place, country, employmentType, level, description, recruiterId } = opening;
  return {
    ...{ title, department, place, country, employmentType, level, description },
    skills: opening.skills.join(', '),
    hiringManager: opening.hiringManagerEmail,
    recruiterId: String(recruiterId),
    isPriority: opening.isPriority ? 'yes' : '',
  };
}

type FormPage = { opening: OpeningPage | null; form: Shown };

async function showForm(
  deps: Deps,
  req: Request,
  res: Response,
  { opening, form }: FormPage,
  status = 200,
): Promise<void> {
  const { db, clock } = deps;
  const { t, language } = req;
  const choices = await listFormChoices(db, await clock.today(db));
  const recruiters = choices.recruiters.map(({ id, fullName }) => ({ value: String(id), label: fullName }));
  // Whoever had it before they stopped recruiting stays readable, until somebody else is chosen.
  if (opening && !recruiters.some((one) => one.value === String(opening.recruiterId))) {
    recruiters.push({ value: String(opening.recruiterId), label: opening.recruiterName });
  }
  const title = opening ? t('openings.form.editTitle') : t('openings.form.newTitle');
  const model = {
    title,
    crumbs: [
      { label: t('openings.manage.title'), href: paths.openingsManage() },
      ...(opening ? [{ label: opening.title, href: paths.opening(opening.id) }] : []),
      { label: title },
    ],
    form,
    isNew: opening === null,
    action: opening ? paths.openingEdit(opening.id) : paths.openings(),
    cancel: opening ? paths.opening(opening.id) : paths.openingsManage(),
    recruiters,
    managers: choices.managers,
    departments: choices.departments,
    levels: choices.levels,
    places: choices.places,
    countries: countryChoices(choices.countries, language),
    types: EMPLOYMENT_TYPES.map((value) => ({ value, label: t(`openings.type.${value}`) })),
  };
  page(req, res, 'openings/form', model, status);
}
