import { type Request, type Response, Router } from 'express';
import { isBefore, isOnOrBefore } from '../lib/calendar.ts';
import { countryCodes, countryName } from '../lib/countries.ts';
import type { Deps } from '../lib/deps.ts';
import { type FieldError, typed } from '../lib/form.ts';
import { formatMoney } from '../lib/format.ts';
import { toDecimal } from '../lib/money.ts';
import { paths } from '../paths.ts';
import { flash } from '../web/flash.ts';
import { allow } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { DEFAULT_TERMS, type PolicyTerms } from './policy.ts';
import {
  EXCLUDABLE,
  type PolicyFormValues,
  parsePolicyForm,
  rearrange,
  rowCount,
  valuesOfTerms,
} from './policy-form.ts';
import { listPlaces, listPolicies, type PolicyRow } from './policy-queries.ts';
import { type PolicyRefusal, publishPolicy } from './policy-service.ts';
import { amountRows, policyCrumbs, termsFacts } from './policy-words.ts';

const currencies = [
  'EUR',
  'USD',
  'GBP',
  'CHF',
  'PLN',
  'CZK',
  'SEK',
  'NOK',
  'DKK',
  'RUB',
  'KZT',
  'AMD',
  'GEL',
  'TRY',
  'AED',
  'INR',
  'JPY',
];

/** By which field each refusal is read. */
const refusals: Record<PolicyRefusal, { field: string; key: string }> = {
  publishedMeanwhile: { field: 'form', key: 'programme.form.error.publishedMeanwhile' },
  inThePast: { field: 'countsFrom', key: 'programme.form.error.inThePast' },
  notAfterPrevious: { field: 'countsFrom', key: 'programme.form.error.notAfterPrevious' },
  contradiction: { field: 'form', key: 'programme.form.error.contradiction' },
  nothingChanged: { field: 'form', key: 'programme.form.error.nothingChanged' },
};

type Shown = { values: Record<string, string>; errors: Record<string, FieldError> };

/**
 * Writing a new version: a copy of the latest, changed, read over and published. Admins only; a version is never edited.
 * Mounted before the page of a version, whose URL fits /new too.
 */
export function policyEditRoutes(deps: Deps): Router {
  const router = Router();
  const { db, clock } = deps;
  const admin = allow('admin');

  router.get(paths.policyNew(), admin, async (req, res) => {
    const [latest] = await listPolicies(db);
    await showForm(deps, req, res, { values: startValues(req, latest ?? null), errors: {} });
  });

  router.post(paths.policyNew(), admin, async (req, res) => {
    const deed = String(req.body.deed ?? 'preview');
    const form = parsePolicyForm(req.body);
    if (deed !== 'preview') {
      return showForm(deps, req, res, { values: rearrange(typed(req.body), deed), errors: {} });
    }
    if (!form.ok) return showForm(deps, req, res, form, 422);
    const [latest] = await listPolicies(db);
    const refused = refusedBefore(form.value, latest ?? null, await clock.today(db));
    if (refused) return showForm(deps, req, res, refusedForm(req, refused, latest), 422);
    showPreview(req, res, form.value, latest ?? null);
  });

  router.post(paths.policies(), admin, async (req, res) => {
    const form = parsePolicyForm(req.body);
    if (!form.ok) return showForm(deps, req, res, form, 422);
    const published = await publishPolicy(deps, req.employee, form.value);
    if (!published.ok) {
      const [latest] = await listPolicies(db);
      return showForm(deps, req, res, refusedForm(req, published.reason, latest), 409);
    }
    flash(res, 'good', 'programme.flash.published', { day: form.value.countsFrom });
    res.redirect(303, paths.policy(published.value));
  });

  return router;
}

function startValues(req: Request, latest: PolicyRow | null): Record<string, string> {
  const written = {
    // The zeros of a whole sum say nothing here, and are one more thing to mistype.
    money: (minor: number, currency: string) => toDecimal({ minor, currency }).replace(/\.0+$/, ''),
    country: (code: string) => countryName(code, req.language),
  };
  const values = valuesOfTerms(latest?.terms ?? DEFAULT_TERMS, written);
  return { ...values, afterVersion: latest ? String(latest.version) : '' };
}

/** The same questions as at publishing, asked early, so that the preview is of something that can be published. */
function refusedBefore(
  value: PolicyFormValues,
  latest: PolicyRow | null,
  today: Temporal.PlainDate,
): PolicyRefusal | null {
  if ((latest?.version ?? null) !== value.afterVersion) return 'publishedMeanwhile';
  if (isBefore(value.countsFrom, today)) return 'inThePast';
  if (latest && isOnOrBefore(value.countsFrom, latest.countsFrom)) return 'notAfterPrevious';
  return latest && JSON.stringify(latest.terms) === JSON.stringify(value.terms) ? 'nothingChanged' : null;
}

function refusedForm(req: Request, reason: PolicyRefusal, latest: PolicyRow | undefined): Shown {
  const { field, key } = refusals[reason];
  const params = { day: latest?.countsFrom ?? '', version: String(latest?.version ?? '') };
  return { values: typed(req.body), errors: { [field]: { key, params } } };
}

async function showForm(deps: Deps, req: Request, res: Response, form: Shown, status = 200): Promise<void> {
  const { t, language } = req;
  const [places, latest] = await Promise.all([
    listPlaces(deps.db),
    listPolicies(deps.db).then(([first]) => first ?? null),
  ]);
  const words = (name: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`programme.terms.${name}.${value}`) }));
  const rest = countryCodes().filter((code) => !places.countries.includes(code));
  page(
    req,
    res,
    'programme/policy-form',
    {
      title: t('programme.form.title'),
      crumbs: [...policyCrumbs(req.t, true), { label: t('programme.form.title') }],
      latest,
      form: { values: form.values, errors: inWords(form.errors, req) },
      rows: Array.from({ length: rowCount(form.values) }, (_, at) => rowModel(form, at + 1)),
      confirmations: words('confirmation', ['automatic', 'required']),
      chains: words('chain', ['chain', 'direct', 'no']),
      notices: words('notice', ['excluded', 'allowed']),
      functions: EXCLUDABLE.map((role) => ({ name: `excludes_${role}`, label: t(`programme.rolesAsChoice.${role}`) })),
      levels: places.levels,
      countries: [...places.countries, ...rest].map((code) => countryName(code, language)),
      currencies,
    },
    status,
  );
}

function rowModel(form: Shown, row: number) {
  const cell = (name: string) => ({
    name: name + row,
    value: form.values[name + row] ?? '',
    isWrong: name + row in form.errors,
  });
  const errors = ['level', 'country', 'amount', 'currency'].map((name) => form.errors[name + row]).filter(Boolean);
  return {
    row,
    level: cell('level'),
    country: cell('country'),
    amount: cell('amount'),
    currency: cell('currency'),
    errors,
  };
}

/** A country in a sentence is read by its name. */
function inWords(errors: Record<string, FieldError>, { language }: Request): Record<string, FieldError> {
  return Object.fromEntries(
    Object.entries(errors).map(([field, { key, params }]) => {
      const country = params?.country;
      return [
        field,
        { key, params: { ...params, ...(typeof country === 'string' && { country: countryName(country, language) }) } },
      ];
    }),
  );
}

function showPreview(req: Request, res: Response, value: PolicyFormValues, latest: PolicyRow | null): void {
  const { t, language } = req;
  const version = String((latest?.version ?? 0) + 1);
  page(req, res, 'programme/policy-preview', {
    title: t('programme.preview.title', { version }),
    crumbs: [...policyCrumbs(req.t, true), { label: t('programme.form.title') }],
    version,
    countsFrom: value.countsFrom,
    note: value.note,
    amounts: amountRows(value.terms, language),
    facts: termsFacts(value.terms, t, language),
    changes: latest ? changesOf(req, latest.terms, value.terms) : [],
    carried: Object.entries(typed(req.body))
      .filter(([name]) => name !== 'deed' && name !== 'csrf')
      .map(([name, text]) => ({ name, text })),
  });
}

function changesOf({ t, language }: Request, before: PolicyTerms, after: PolicyTerms) {
  const said = (terms: PolicyTerms) => [amountsInALine(terms), ...termsFacts(terms, t, language)];
  const amountsInALine = (terms: PolicyTerms) => ({
    label: t('programme.howMuch'),
    text: amountRows(terms, language)
      .map(({ level, country, money }) => {
        const whom = [level, country].filter(Boolean).join(', ') || t('programme.anyoneElse');
        return `${whom}: ${formatMoney(money, language)}`;
      })
      .join('; '),
  });
  const old = said(before);
  return said(after)
    .map(({ label, text }, at) => ({ label, before: old[at]?.text ?? '', after: text }))
    .filter((change) => change.before !== change.after);
}
