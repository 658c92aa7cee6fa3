import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * One line a request: how, where, with what result, how long. No address, no browser, no name, no query (people search
 * for people), and of a link with a token only that there was one.
 */
export function requestLog(log: Logger): RequestHandler {
  // Its five fields hold no person, and to look for one in each line takes longer than to write it.
  const lines = log.child({}, { redact: [] });
  return (req, res, next) => {
    req.id = randomUUID();
    if (!log.isLevelEnabled('info')) return next();
    const startedAt = performance.now();
    res.on('finish', () => {
      const ms = Math.round((performance.now() - startedAt) * 10) / 10;
      lines.info(
        { request: req.id, method: req.method, path: withoutTokens(req.originalUrl), status: res.statusCode, ms },
        'request',
      );
    });
    next();
  };
}

export function withoutTokens(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.replace(/\/[\w-]{24,}(?=\/|$)/g, '/…').slice(0, 200);
}
