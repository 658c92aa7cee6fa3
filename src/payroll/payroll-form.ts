import { z } from 'zod';
import { parseDay } from '../lib/calendar.ts';
import { type Form, parseForm } from '../lib/form.ts';

const paidOn = z.string('payroll.paid.dayMissing').transform((text, context) => {
  const day = parseDay(text);
  if (day.ok) return day.value;
  context.addIssue({
    code: 'custom',
    message: day.reason === 'empty' ? 'payroll.paid.dayMissing' : 'payroll.paid.notADay',
  });
  return z.NEVER;
});

const ids = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) =>
    [given ?? []]
      .flat()
      .filter((id) => /^[1-9]\d{0,14}$/.test(id))
      .map(Number),
  );

const paid = z
  .object({ paidOn, which: z.enum(['all', 'chosen']).catch('chosen'), line: ids })
  .refine(({ which, line }) => which === 'all' || line.length > 0, {
    path: ['line'],
    message: 'payroll.paid.noneChosen',
  });

export type PaidForm = { paidOn: Temporal.PlainDate; lineIds: number[] | null };

/** The day, and the lines: null for all that are still open. */
export function parsePaidForm(body: unknown): Form<PaidForm> {
  const form = parseForm(paid, body);
  if (!form.ok) return form;
  const { which, line } = form.value;
  return { ok: true, value: { paidOn: form.value.paidOn, lineIds: which === 'all' ? null : line } };
}
