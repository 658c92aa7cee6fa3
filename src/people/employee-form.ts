import { z } from 'zod';
import { type Form, parseForm } from '../lib/form.ts';
import type { Role } from './employee.ts';

const stored = ['recruiter', 'payroll', 'admin'] as const;

const schema = z.object({
  // One ticked box comes as a text, several as a list, none not at all.
  roles: z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(z.enum(stored, 'people.roles.unknown')).max(stored.length, 'people.roles.unknown'),
  ),
});

/** The roles ticked for an employee, beside being one. */
export function parseRolesForm(body: unknown): Form<{ roles: Role[] }> {
  return parseForm(schema, body);
}
