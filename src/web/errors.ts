import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { HttpError, NotFound } from '../lib/errors.ts';
import { paths } from '../paths.ts';
import { frameOf } from './frame.ts';
import { page } from './page.ts';

type Answer = {
  status: number;
  /** Key of the heading. */
  title: string;
  /** Key of the sentence. */
  text: string;
  params?: Record<string, unknown>;
  backTo?: string | null;
};

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
    try {
      showError(req, res, answer, reference);
    } catch (failure) {
      log.error({ err: failure, request: req.id }, 'error page failed');
      res
        .status(answer.status)
        .type('text')
        .send(`Something broke on our side. Reference: ${reference ?? answer.status}\n`);
    }
  };
}

function showError(req: Request, res: Response, answer: Answer, reference: string | null): void {
  prepare(req);
  const backTo = answer.backTo ?? (answer.status === 401 ? paths.signIn() : paths.home());
  const model = {
    title: req.t(answer.title),
    text: req.t(answer.text, answer.params),
    icon: icons[answer.status] ?? 'mood-puzzled',
    status: answer.status,
    reference,
    backTo,
    hasWayBack: Boolean(answer.backTo),
    // The database may be what broke: nothing more is asked of it.
    withoutCounts: true,
  };
  page(req, res, 'errors/error', model, answer.status);
}

const titles: Readonly<Record<number, string>> = {
  401: 'errors.signedOut.title',
  403: 'errors.forbidden.title',
  404: 'errors.notFound.title',
  409: 'errors.refused.title',
  413: 'errors.tooLarge.title',
  422: 'errors.badInput.title',
  429: 'errors.tooMany.title',
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

const broken: Answer = { status: 500, title: 'errors.broken.title', text: 'errors.broken.text' };
const csrf: Answer = { status: 403, title: 'errors.csrf.title', text: 'errors.csrf.text' };
const tooLarge: Answer = { status: 413, title: 'errors.tooLarge.title', text: 'errors.tooLarge.text' };
const badRequest: Answer = { status: 400, title: 'errors.badRequest.title', text: 'errors.badRequest.text' };

function answerTo(error: unknown): Answer {
  if (error instanceof HttpError) {
    const { status, messageKey, params, backTo } = error;
    return { status, title: titles[status] ?? 'errors.badInput.title', text: messageKey, params, backTo };
  }
  const { code, status, type } = (error ?? {}) as { code?: unknown; status?: unknown; type?: unknown };
  if (code === 'EBADCSRFTOKEN') return csrf;
  if (type === 'entity.too.large' || (typeof code === 'string' && code.startsWith('LIMIT_'))) return tooLarge;
  // Express and its body parser mark what the request got wrong with a status: a malformed URL, a broken encoding.
  return typeof status === 'number' && status >= 400 && status < 500 ? badRequest : broken;
}

/** An error may come before the request has got its language, its visitor or its id. */
function prepare(req: Request): void {
  const { words } = frameOf(req);
  req.language ??= (req.acceptsLanguages(['en', 'ru']) || 'en') as 'en' | 'ru';
  req.theme ??= null;
  req.t ??= words[req.language];
  req.csrf ??= () => 'none';
}
