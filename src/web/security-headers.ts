import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * The headers that forbid browsers what no page of the house does. They never change, so helmet is asked once, at boot,
 * and each response gets the finished lines.
 */
export function securityHeaders(baseUrl: string): RequestHandler {
  const lines = Object.entries(constantHeaders(baseUrl.startsWith('https:')));
  return (_req, res, next) => {
    for (const [name, value] of lines) res.setHeader(name, value);
    next();
  };
}

function constantHeaders(https: boolean): Record<string, string> {
  const headers: Record<string, string> = {};
  const collect = {
    setHeader: (name: string, value: string) => {
      headers[name] = value;
    },
    removeHeader: () => {},
  };
  const guard = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xDownloadOptions: false,
    xDnsPrefetchControl: false,
  });
  guard({ headers: {} } as never, collect as unknown as ServerResponse, () => {});
  return {
    ...headers,
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Accept-CH': 'Sec-CH-Prefers-Color-Scheme',
  };
}
