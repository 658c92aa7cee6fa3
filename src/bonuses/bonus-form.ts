import { z } from 'zod';
import { type Form, parseForm } from '../lib/form.ts';

const hold = z.object({
  reason: z
    .string('bonuses.hold.reasonMissing')
    .trim()
    .min(3, 'bonuses.hold.reasonMissing')
    .max(500, 'bonuses.hold.reasonTooLong'),
});

export function parseHoldForm(body: unknown): Form<{ reason: string }> {
  return parseForm(hold, body);
}
