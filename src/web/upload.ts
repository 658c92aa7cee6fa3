import type { RequestHandler } from 'express';
import multer from 'multer';
import { HttpError } from '../lib/errors.ts';

/** A file as it arrived. Too large: the bytes were thrown away, and the other fields of the form are there all the same. */
export type UploadedFile = { readonly name: string; readonly bytes: Buffer; readonly isTooLarge: boolean };

/** However much is sent beyond this, it is not even read to its end. */
const MOST_EVER_READ = 64 * 1024 * 1024;
const kept = new WeakMap<object, UploadedFile>();

/**
 * Reads a multipart form with one file in that field, at most so many bytes of it. A file that is larger doesn't fail the
 * request: whoever typed the form must get their words back. Belongs behind the guards of the route.
 */
export function receiveFile(field: string, mostBytes: number): RequestHandler {
  const receive = multer({
    storage: firstBytes(mostBytes),
    limits: { files: 1, fields: 50, fieldSize: 64 * 1024, fileSize: MOST_EVER_READ },
    defParamCharset: 'utf8',
  }).single(field);
  return (req, res, next) => {
    receive(req, res, (error?: unknown) => {
      req.body ??= {};
      if (req.file) kept.set(req, req.file.stream as unknown as UploadedFile);
      if (!error) return next();
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
    _handleFile(_req, file, done) {
      let pieces: Buffer[] = [];
      let size = 0;
      file.stream.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > mostBytes) pieces = [];
        else pieces.push(piece);
      });
      file.stream.on('error', done);
      file.stream.on('end', () => {
        const uploaded: UploadedFile = {
          name: file.originalname,
          bytes: Buffer.concat(pieces),
          isTooLarge: size > mostBytes,
        };
        done(null, { stream: uploaded as never, size });
      });
    },
    _removeFile(_req, _file, done) {
      done(null);
    },
  };
}
