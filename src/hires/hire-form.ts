import { z } from 'zod';
import { cleanLine, cleanText } from '../candidates/named.ts';
import { parseDay } from '../lib/calendar.ts';
import { isCountry } from '../lib/countries.ts';
import { type FieldError, type Form, parseForm, typed } from '../lib/form.ts';
import { paths } from '../paths.ts';
import { EMPLOYMENT_TYPES, type EmploymentType } from '../people/employee.ts';
import { STAGES, type Stage } from '../referrals/referral.ts';
import { LONGEST_PROBATION_MONTHS, type ProbationTerm, planProbation } from './hire.ts';

const text = (longest: number, clean = cleanLine) =>
  z
    .preprocess((value) => value ?? '', z.string('errors.field.invalid'))
    .transform(clean)
    .pipe(z.string().max(longest, 'hires.errors.longText'));

const day = z
  .preprocess((value) => value ?? '', z.string('hires.errors.notADay'))
  .transform((value, context) => {
    const read = parseDay(value);
    if (read.ok) return read.value;
    context.addIssue({ code: 'custom', message: `hires.errors.${read.reason === 'empty' ? 'dayMissing' : 'notADay'}` });
    return z.NEVER;
  });

const hireForm = z.object({
  madeFor: z.enum(STAGES, 'hires.errors.stage'),
  firstDayOn: day,
  probationBy: z.enum(['months', 'date'], 'hires.errors.probationBy'),
  probationMonths: z.string().optional(),
  probationEndsOn: z.string().optional(),
  level: text(60),
  country: text(200)
    .transform((code) => code.toUpperCase())
    .pipe(z.string().refine(isCountry, 'hires.errors.country')),
  department: text(200),
  employmentType: z.enum(EMPLOYMENT_TYPES, 'hires.errors.employmentType'),
  manager: text(320),
});

const firstDayForm = z.object({
  seenOn: day,
  firstDayOn: day,
  probationBy: z.enum(['months', 'date'], 'hires.errors.probationBy'),
  probationMonths: z.string().optional(),
  probationEndsOn: z.string().optional(),
});

export type HireForm = {
  readonly madeFor: Stage;
  readonly firstDayOn: Temporal.PlainDate;
  readonly probation: ProbationTerm;
  /** The last day that follows from it. */
  readonly probationEndsOn: Temporal.PlainDate;
  readonly level: string;
  readonly country: string;
  readonly department: string;
  readonly employmentType: EmploymentType;
  /** E-mail or staff number as typed; empty: none. */
  readonly manager: string;
};

/** Reads the form of a hire; the last day of probation is counted here already, so that a slip stands by its field. */
export function parseHireForm(body: unknown): Form<HireForm> {
  const form = parseForm(hireForm, body);
  if (!form.ok) return form;
  const { probationBy, probationMonths, probationEndsOn, ...rest } = form.value;
  const term = readTerm(body, form.value);
  return term.ok ? { ok: true, value: { ...rest, ...term.value } } : term;
}

export type FirstDayForm = Pick<HireForm, 'firstDayOn' | 'probation' | 'probationEndsOn'> & {
  /** The first day as the person saw it. */
  readonly seenOn: Temporal.PlainDate;
};

/** Reads another first day of a hire, with the probation that is counted from it. */
export function parseFirstDayForm(body: unknown): Form<FirstDayForm> {
  const form = parseForm(firstDayForm, body);
  if (!form.ok) return form;
  const { seenOn, firstDayOn } = form.value;
  const term = readTerm(body, form.value);
  return term.ok ? { ok: true, value: { seenOn, firstDayOn, ...term.value } } : term;
}

function readTerm(
  body: unknown,
  asked: z.infer<typeof firstDayForm> | z.infer<typeof hireForm>,
): Form<Pick<HireForm, 'probation' | 'probationEndsOn'>> {
  const { probationBy, probationMonths, probationEndsOn } = asked;
  const field = probationBy === 'months' ? 'probationMonths' : 'probationEndsOn';
  const bad = (error: FieldError) => ({ ok: false as const, values: typed(body), errors: { [field]: error } });
  const term = probationBy === 'months' ? readMonths(probationMonths) : readLastDay(probationEndsOn);
  if ('error' in term) return bad({ key: term.error });
  const plan = planProbation(asked.firstDayOn, term);
  if (!plan.ok) return bad({ key: `hires.errors.${plan.reason}` });
  return { ok: true, value: { probation: term, probationEndsOn: plan.value.probationEndsOn } };
}

function readMonths(typedMonths = ''): ProbationTerm | { error: string } {
  if (!/^\d{1,3}$/.test(typedMonths.trim())) return { error: 'hires.errors.months' };
  const months = Number(typedMonths);
  if (months > LONGEST_PROBATION_MONTHS) return { error: 'hires.errors.tooLong' };
  return months === 0 ? { error: 'hires.errors.months' } : { months };
}

function readLastDay(typedDay = ''): ProbationTerm | { error: string } {
  const read = parseDay(typedDay);
  if (read.ok) return { lastDayOn: read.value };
  return { error: `hires.errors.${read.reason === 'empty' ? 'dayMissing' : 'notADay'}` };
}

const note = text(1000, cleanText);
const extendForm = z.object({ toOn: day, note });
export type ExtendForm = z.infer<typeof extendForm>;

export function parseExtendForm(body: unknown): Form<ExtendForm> {
  return parseForm(extendForm, body);
}

const passedForm = z.object({ passedOn: day, note });
export type PassedForm = z.infer<typeof passedForm>;

export function parsePassedForm(body: unknown): Form<PassedForm> {
  return parseForm(passedForm, body);
}

const leftForm = z.object({ lastDayOn: day, note });
export type LeftForm = z.infer<typeof leftForm>;

export function parseLeftForm(body: unknown): Form<LeftForm> {
  return parseForm(leftForm, body);
}

const takeBackForm = z.object({ seenOn: day });

/** The hire is taken back as the person saw it. */
export function parseTakeBackForm(body: unknown): Form<z.infer<typeof takeBackForm>> {
  return parseForm(takeBackForm, body);
}

const undoForm = z.object({
  eventId: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
});

export function parseUndoForm(body: unknown): Form<{ eventId: number }> {
  return parseForm(undoForm, body);
}

export const HIRE_VIEWS = ['soon', 'running', 'waiting', 'passed', 'left'] as const;
export type HireView = (typeof HIRE_VIEWS)[number];

/** Which hires the list shows, and from where on. */
export type HireFilters = {
  readonly view: HireView;
  readonly search: string;
  readonly after: string | null;
  readonly before: string | null;
};

/** Reads the list's address; whatever can't be read falls back to what the list shows at first. */
export function parseHireFilters(query: unknown): HireFilters {
  const { show, q, after, before } = typed(query);
  return {
    view: HIRE_VIEWS.find((one) => one === show) ?? 'soon',
    search: cleanLine(q ?? '').slice(0, 200),
    after: after || null,
    before: before || null,
  };
}

/** The list with these filters; what is as at first stays out of the address. */
export function hiresUrl(filters: Partial<HireFilters>): string {
  const query = new URLSearchParams();
  if (filters.view && filters.view !== 'soon') query.set('show', filters.view);
  if (filters.search) query.set('q', filters.search);
  if (filters.after) query.set('after', filters.after);
  else if (filters.before) query.set('before', filters.before);
  const text = query.toString();
  return text ? `${paths.hires()}?${text}` : paths.hires();
}
