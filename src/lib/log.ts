import { type DestinationStream, type Logger, pino } from 'pino';

/** Fields that may hold a person or a secret. Code logs ids instead; this is the second line of defence. */
const personal = ['email', 'name', 'fullName', 'full_name', 'phone', 'password', 'token', 'to', 'subject'];
const redacted = personal.flatMap((field) => [field, `*.${field}`]);

/** One JSON line per event on standard output. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths: [...redacted, 'req.headers.cookie', 'req.headers.authorization'], censor: '[hidden]' },
      serializers: { err: describeError },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** An error without what PostgreSQL quotes from the row (`detail`) and without bindings: both hold personal data. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint, table } = error as Error & Record<string, unknown>;
  const sql = /^(?:select|insert|update|delete|with)\b.* - (?<reason>[^\n]*)$/is.exec(error.message);
  return {
    type: error.name,
    message: sql?.groups?.reason ?? error.message,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    stack: stackFrames(error),
  };
}

function stackFrames(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}
