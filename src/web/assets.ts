import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

type Encoding = 'br' | 'gzip';
type Asset = { name: string; url: string; type: string; content: Buffer; encoded: Map<Encoding, Promise<Buffer>> };

const folder = new URL('../../views/assets/', import.meta.url);
const styles = new URL('css/', folder);
const tabler = createRequire(import.meta.url).resolve('@tabler/core/dist/css/tabler.min.css');
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const assets = new Map(readAssets().map((asset) => [asset.name, asset]));
const assetsByUrl = new Map([...assets.values()].map((asset) => [asset.url, asset]));

function readAssets(): Asset[] {
  const own = readdirSync(folder).filter((name) => extname(name) in types);
  const read = own.map((name) => newAsset(name, readFileSync(new URL(name, folder))));
  const css = readFileSync(tabler, 'utf8').replace(/\/\*# sourceMappingURL=.*?\*\//, '');
  return [...read, newAsset('vouch.css', readStyles()), newAsset('tabler.css', Buffer.from(css))];
}

/** Our own style sheet: one file a room, joined in the order of their names, so that a page asks for it once. */
function readStyles(): Buffer {
  const files = readdirSync(styles).filter((name) => extname(name) === '.css');
  return Buffer.from(
    files
      .sort()
      .map((name) => readFileSync(new URL(name, styles), 'utf8'))
      .join('\n'),
  );
}

function newAsset(name: string, content: Buffer): Asset {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12);
  return { name, url: `/assets/${hash}/${name}`, type: types[extname(name)] ?? '', content, encoded: new Map() };
}

/** The URL of a style sheet, script or picture. It holds a hash of the content, so browsers may keep it for ever. */
export function assetUrl(name: string): string {
  const asset = assets.get(name);
  if (!asset) throw new Error(`views/assets has no "${name}"`);
  return asset.url;
}

const compressors: Record<Encoding, (content: Buffer) => Promise<Buffer>> = {
  // Quality 9 takes a twentieth of the time of 11 for a few kilobytes more.
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (content) => promisify(gzip)(content, { level: 9 }),
};

function encoded(asset: Asset, encoding: Encoding): Promise<Buffer> {
  let compressed = asset.encoded.get(encoding);
  if (!compressed) {
    compressed = compressors[encoding](asset.content);
    asset.encoded.set(encoding, compressed);
  }
  return compressed;
}

/** Serves /assets/<hash>/<name>, each compressed once and kept in memory. Anything else there falls through to 404. */
export function serveAssets(): RequestHandler {
  return async (req, res, next) => {
    const asset = req.method === 'GET' || req.method === 'HEAD' ? assetsByUrl.get(req.path) : undefined;
    if (!asset) return next();
    res.setHeader('Content-Type', asset.type);
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    res.setHeader('Vary', 'Accept-Encoding');
    const encoding = (req.acceptsEncodings(['br', 'gzip', 'identity']) || 'identity') as Encoding | 'identity';
    if (encoding === 'identity') return void res.end(asset.content);
    const body = await encoded(asset, encoding);
    res.setHeader('Content-Encoding', encoding);
    res.end(body);
  };
}
