/** What a rule answers: a value, or a refusal with a reason from a closed union. An accident is an exception instead. */
export type Ok<T> = { ok: true; value: T };
export type Refusal<Reason extends string> = { ok: false; reason: Reason };
export type Result<T, Reason extends string> = Ok<T> | Refusal<Reason>;

export function ok<T>(value: T): Ok<T>;
export function ok(): Ok<undefined>;
export function ok(value?: unknown): Ok<unknown> {
  return { ok: true, value };
}

export function refuse<Reason extends string>(reason: Reason): Refusal<Reason> {
  return { ok: false, reason };
}
