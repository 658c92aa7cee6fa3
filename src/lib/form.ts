import type { z } from 'zod';

/** A sentence by a field: its locale key, and what goes into it. */
export type FieldError = { key: string; params?: Record<string, unknown> };

/** A posted form, read: either its values, or what was typed with a sentence by each field that needs another look. */
export type Form<T> =
  | { ok: true; value: T }
  | { ok: false; values: Record<string, string>; errors: Record<string, FieldError> };

/** Reads a posted body by a zod schema whose messages are locale keys. Never throws on what a person can type. */
export function parseForm<S extends z.ZodType>(schema: S, body: unknown): Form<z.infer<S>> {
  const posted = withoutNul(body);
  const parsed = schema.safeParse(posted);
  if (parsed.success) return { ok: true, value: parsed.data as z.infer<S> };
  const errors: Record<string, FieldError> = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? 'form');
    // A schema without a message of its own would show zod's English: the common sentence stands in.
    errors[field] ??= { key: /^[a-z][\w.]*$/i.test(issue.message) ? issue.message : 'errors.field.invalid' };
  }
  return { ok: false, values: typed(posted), errors };
}

/** What was typed, as text, to be put back into the form. */
export function typed(body: unknown): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(withoutNul(body))) {
    if (typeof value === 'string') values[name] = value;
    else if (Array.isArray(value)) values[name] = value.filter((one) => typeof one === 'string').join(', ');
  }
  return values;
}

/** The fields without the one letter that nobody can type and PostgreSQL can't keep in a text. */
function withoutNul(body: unknown): Record<string, unknown> {
  const plain = (value: unknown) => (typeof value === 'string' ? value.replaceAll('\0', '') : value);
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  return Object.fromEntries(
    fields.map(([name, value]) => [name, Array.isArray(value) ? value.map(plain) : plain(value)]),
  );
}
