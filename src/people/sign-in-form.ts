import { z } from 'zod';
import { type Form, parseForm } from '../lib/form.ts';

export type SignInForm = { email: string; back: string };

// An address is one line: whatever brings a line break along wants to write headers of its own into our e-mail.
const oneLine = /^[^\p{Cc}\u2028\u2029]*$/u;
const address = /^[^\s@<>()[\],;:\\"]+@[^\s@<>()[\],;:\\"]+\.[^\s@<>()[\],;:\\"]+$/u;

const schema = z.object({
  email: z
    .string('people.signIn.error.missing')
    .transform((text) => text.replace(/^ +| +$/g, ''))
    .pipe(
      z
        .string()
        .min(1, 'people.signIn.error.missing')
        .max(254, 'people.signIn.error.malformed')
        .regex(oneLine, 'people.signIn.error.oneLine')
        .regex(address, 'people.signIn.error.malformed'),
    ),
  back: z.string().max(500).catch(''),
});

/** The e-mail address of someone who wants to sign in, in lower case, and the page they were on their way to. */
export function parseSignInForm(body: unknown): Form<SignInForm> {
  const form = parseForm(schema, body);
  return form.ok ? { ok: true, value: { ...form.value, email: form.value.email.toLowerCase() } } : form;
}
