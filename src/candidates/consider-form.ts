import { z } from 'zod';
import { type Form, parseForm } from '../lib/form.ts';

export type ConsiderValues = { readonly openingId: number; readonly agreed: boolean };

const schema = z
  .object({
    opening: z.string('candidates.form.opening').regex(/^[1-9]\d{0,14}$/, 'candidates.form.opening'),
    agreed: z
      .string()
      .catch('')
      .transform((value) => value === 'yes'),
  })
  .transform(({ opening, agreed }): ConsiderValues => ({ openingId: Number(opening), agreed }));

export function parseConsiderForm(body: unknown): Form<ConsiderValues> {
  return parseForm(schema, body);
}
