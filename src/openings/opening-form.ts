import { z } from 'zod';
import { type Form, parseForm } from '../lib/form.ts';
import { EMPLOYMENT_TYPES } from '../people/employee.ts';

const MAX_SKILLS = 20;

const oneLine = (longest: number, tooLong: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.replace(/\s+/gu, ' ').trim())
    .pipe(z.string().max(longest, tooLong));

const country = z
  .string('openings.form.error.country')
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, 'openings.form.error.country');

const skills = z
  .string()
  .default('')
  .transform(splitSkills)
  .pipe(
    z
      .array(z.string().max(60, 'openings.form.error.skillTooLong'))
      .max(MAX_SKILLS, 'openings.form.error.tooManySkills'),
  );

const schema = z.object({
  title: oneLine(200, 'openings.form.error.titleTooLong').pipe(z.string().min(1, 'openings.form.error.title')),
  department: oneLine(200, 'openings.form.error.tooLong').pipe(z.string().min(1, 'openings.form.error.department')),
  place: oneLine(200, 'openings.form.error.tooLong'),
  country,
  employmentType: z.enum(EMPLOYMENT_TYPES, 'openings.form.error.employmentType'),
  level: oneLine(100, 'openings.form.error.tooLong'),
  description: z
    .string()
    .default('')
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(z.string().max(20_000, 'openings.form.error.descriptionTooLong')),
  skills,
  /** A staff number, an e-mail or a full name: who it is, only the database knows. */
  hiringManager: oneLine(300, 'openings.form.error.hiringManager').pipe(
    z.string().min(1, 'openings.form.error.hiringManager'),
  ),
  recruiterId: z.coerce
    .number('openings.form.error.recruiter')
    .int('openings.form.error.recruiter')
    .positive('openings.form.error.recruiter'),
  isPriority: z
    .string()
    .optional()
    .transform((value) => value === 'yes'),
});

export type OpeningFormValues = z.infer<typeof schema>;

/** Reads a posted opening. Lines are kept to one line each, skills parted at commas and line ends, twins dropped. */
export function parseOpeningForm(body: unknown): Form<OpeningFormValues> {
  return parseForm(schema, body);
}

function splitSkills(text: string): string[] {
  const seen = new Map<string, string>();
  for (const part of text.split(/[,;\n]/)) {
    const skill = part.replace(/\s+/gu, ' ').trim();
    if (skill && !seen.has(skill.toLowerCase())) seen.set(skill.toLowerCase(), skill);
  }
  return [...seen.values()];
}
