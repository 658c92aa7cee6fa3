import type { RequestHandler } from 'express';
import multer from 'multer';
import { HttpError } from '../lib/errors.ts';
import { judgeToken, takesFiles } from './csrf.ts';

/** A file as it arrived. Too large: the bytes were thrown away, and the other fields of the form are there all the same. */
export type UploadedFile = { readonly name: string; readonly bytes: Buffer; readonly isTooLarge: boolean };

/** However much is sent beyond this, it is not even read to its end. */
const MOST_EVER_READ = 64 * 1024 * 1024;
const kept = new WeakMap<object, UploadedFile>();

/** The path of the route, the field of the file, and how many bytes of it are kept. */
export type Expected = { readonly at: string; readonly field: string; readonly mostBytes: number };

/**
 * Reads a form with one file, and refuses it with the file thrown away when it didn't come from a page of ours; its token
 * is the first field, so that not a byte is kept for a stranger. A file that is too large doesn't fail the request:
 * whoever typed the form must get their words back. Belongs behind the guards of the route.
 */
export function receiveFile({ at, field, mostBytes }: Expected): RequestHandler {
  takesFiles(at);
  const receive = multer({
    storage: firstBytes(mostBytes),
    limits: { files: 1, fields: 50, fieldSize: 64 * 1024, fileSize: MOST_EVER_READ },
    defParamCharset: 'utf8',
    // A file elsewhere is no file of ours; the page says that none was chosen.
    fileFilter: (req, file, done) => judgeToken(req, (refused) => done(null, !refused && file.fieldname === field)),
  }).any();
  return (req, res, next) => {
    receive(req, res, (error?: unknown) => {
      req.body ??= {};
      if (!error) return judgeToken(req, next);
      const code = (error as { code?: unknown }).code;
      // multer's own limits have their page; what else it says is of a body that broke off or never was a form.
      next(typeof code === 'string' ? error : new HttpError(400, 'errors.badRequest.text'));
    });
  };
}

/** The file that came with the request; null when none was chosen. */
export function uploadedFile(req: object): UploadedFile | null {
  return kept.get(req) ?? null;
}

function firstBytes(mostBytes: number): multer.StorageEngine {
  return {
    _handleFile(req, file, done) {
      let pieces: Buffer[] = [];
      let size = 0;
      file.stream.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > mostBytes) pieces = [];
        else pieces.push(piece);
      });
      file.stream.on('error', done);
      file.stream.on('end', () => {
        kept.set(req, { name: file.originalname, bytes: Buffer.concat(pieces), isTooLarge: size > mostBytes });
        done(null, { size });
      });
    },
    _removeFile(_req, _file, done) {
      done(null);
    },
  };
}
