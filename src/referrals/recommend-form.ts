import { z } from 'zod';
import { emailKey, normaliseEmail, normaliseProfileLink, profileKey, toE164 } from '../candidates/identity.ts';
import { cleanLine, cleanText, LONGEST_NAME, type Named } from '../candidates/named.ts';
import { LONGEST_SKILL, MOST_SKILLS, normaliseSkills } from '../candidates/skills.ts';
import { type FieldError, type Form, parseForm, typed } from '../lib/form.ts';
import { RELATIONSHIPS, writeRelationship } from './relationship.ts';

export const LONGEST_WHY = 2000;
export const LONGEST_RELATIONSHIP_WORDS = 300;

export type RecommendValues = {
  readonly submissionKey: string;
  readonly openingId: number | null;
  readonly candidate: Named;
  readonly relationship: string;
  readonly why: string;
};

const error = (name: string): string => `referrals.form.error.${name}`;
const text = z.string().catch('');

type Read<T> = { ok: true; value: T } | { ok: false; reason: string };

/** An optional field with a rule of its own: left empty it is null, and a refusal becomes the sentence of that name. */
function optional<T>(read: (typed: string) => Read<T>, sentence: string) {
  return text.transform((typed, ctx): T | null => {
    if (typed.trim() === '') return null;
    const found = read(typed);
    if (found.ok) return found.value;
    ctx.addIssue({ code: 'custom', message: error(found.reason === 'tooLong' ? `${sentence}TooLong` : sentence) });
    return z.NEVER;
  });
}

const schema = (country: string) =>
  z
    .object({
      submission_key: z.guid(error('stale')),
      opening: text.pipe(z.string().regex(/^(?:general|[1-9]\d{0,14})$/, error('opening'))),
      full_name: text
        .transform(cleanLine)
        .pipe(z.string().min(1, error('name')).max(LONGEST_NAME, error('nameTooLong'))),
      email: optional(normaliseEmail, 'email'),
      phone: optional((typed) => toE164(typed, country), 'phone'),
      why: text.transform(cleanText).pipe(z.string().min(1, error('why')).max(LONGEST_WHY, error('whyTooLong'))),
      relationship: z.enum(RELATIONSHIPS, error('relationship')),
      profile_link: optional(normaliseProfileLink, 'profile'),
      skills: text
        .transform(normaliseSkills)
        .refine((skills) => skills.length <= MOST_SKILLS, error('tooManySkills'))
        .refine((skills) => skills.every((one) => one.length <= LONGEST_SKILL), error('skillTooLong')),
      relationship_words: text
        .transform(cleanLine)
        .pipe(z.string().max(LONGEST_RELATIONSHIP_WORDS, error('relationshipTooLong'))),
      agreed: z.literal('yes', error('agreed')),
    })
    .transform(
      (read): RecommendValues => ({
        submissionKey: read.submission_key.toLowerCase(),
        openingId: read.opening === 'general' ? null : Number(read.opening),
        candidate: {
          fullName: read.full_name,
          email: read.email,
          emailKey: read.email === null ? null : emailKey(read.email),
          phone: read.phone,
          profileLink: read.profile_link,
          profileKey: read.profile_link === null ? null : profileKey(read.profile_link),
          skills: read.skills,
        },
        relationship: writeRelationship({ kind: read.relationship, words: read.relationship_words }),
        why: read.why,
      }),
    );

/** Reads the form; a phone without its country code is read as one of that country (ISO alpha-2). */
export function parseRecommendForm(body: unknown, country: string): Form<RecommendValues> {
  const form = parseForm(schema(country), body);
  const values = typed(body);
  if (values.email?.trim() || values.phone?.trim()) return form;
  // The missing address is said together with the rest, in the order of the fields.
  const { submission_key, opening, full_name, ...later } = form.ok ? {} : form.errors;
  const errors = { submission_key, opening, full_name, email: { key: error('contact') }, ...later };
  return { ok: false, values, errors: withoutBlanks(errors) };
}

function withoutBlanks(errors: Record<string, FieldError | undefined>): Record<string, FieldError> {
  return Object.fromEntries(Object.entries(errors).filter((entry): entry is [string, FieldError] => !!entry[1]));
}
