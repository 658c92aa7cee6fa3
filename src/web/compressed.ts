import compression from 'compression';
import type { RequestHandler } from 'express';

/** Compresses answers for whoever can read them so; the others are spared what that needs of each answer. */
export function compressed(): RequestHandler {
  const compress = compression();
  return (req, res, next) => {
    if (req.headers['accept-encoding']) return compress(req, res, next);
    res.setHeader('Vary', 'Accept-Encoding');
    next();
  };
}
