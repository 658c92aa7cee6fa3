import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { HttpError, NotFound } from '../lib/errors.ts';
import { paths } from '../paths.ts';
import { currentEmployee, frameOf } from './frame.ts';
import { page } from './page.ts';

type Answer = { status: number; text: string; params: Record<string, unknown>; backTo: string | null };

/** Behind every route: what nobody answered is not here. */
export const notFound: RequestHandler = () => {
  throw new NotFound();
};

/**
 * The one error page. What we threw brings its own sentence; what broke gets a reference that stands in the log, and the
 * reader never sees a stack.
 */
export function errorPage(log: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const answer = answerTo(error);
    const reference = answer.status >= 500 ? (req.id ?? randomUUID()).slice(0, 8).toUpperCase() : null;
    if (reference) log.error({ err: error, request: req.id, reference, method: req.method }, 'request failed');
    prepare(req);
    const name = names[answer.status] ?? (answer.status >= 500 ? 'broken' : 'badInput');
    page(
      req,
      res,
      'errors/error',
      {
        title: req.t(`errors.${name}.title`),
        text: req.t(answer.text, answer.params),
        isRefusal: answer.status === 409,
        icon: icons[answer.status] ?? 'mood-puzzled',
        status: answer.status,
        reference,
        backTo: answer.backTo ?? (answer.status === 401 ? paths.signIn() : paths.home()),
        hasWayBack: answer.backTo !== null,
        isSignedOut: currentEmployee(req) === null,
      },
      answer.status,
    );
  };
}

const names: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'signedOut',
  403: 'forbidden',
  404: 'notFound',
  409: 'refused',
  413: 'tooLarge',
  422: 'badInput',
  429: 'tooMany',
};

const icons: Readonly<Record<number, string>> = {
  401: 'key',
  403: 'lock',
  404: 'map-search',
  409: 'hand-stop',
  413: 'file-alert',
  422: 'forms',
  429: 'clock-pause',
  500: 'tool',
};

function answerTo(error: unknown): Answer {
  if (error instanceof HttpError) {
    return { status: error.status, text: error.messageKey, params: error.params, backTo: error.backTo };
  }
  const { code, status, type } = (error ?? {}) as { code?: unknown; status?: unknown; type?: unknown };
  if (code === 'EBADCSRFTOKEN') return plain(403, 'errors.csrf.text');
  if (type === 'entity.too.large' || (typeof code === 'string' && code.startsWith('LIMIT_')))
    return plain(413, 'errors.tooLarge.text');
  // Express and its body parser mark what the request got wrong with a status: a malformed URL, a broken encoding.
  if (typeof status === 'number' && status >= 400 && status < 500) return plain(400, 'errors.badRequest.text');
  return plain(500, 'errors.broken.text');
}

function plain(status: number, text: string): Answer {
  return { status, text, params: {}, backTo: null };
}

/** An error may come before the request has got its language, its visitor or its id. */
function prepare(req: Request): void {
  const { words } = frameOf(req);
  req.language ??= (req.acceptsLanguages(['en', 'ru']) || 'en') as 'en' | 'ru';
  req.theme ??= null;
  req.t ??= words[req.language];
  req.csrf ??= () => 'none';
}
