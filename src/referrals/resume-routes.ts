import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { signedIn } from '../web/guards.ts';
import { attachmentHeader } from './resume.ts';
import { findResume } from './resume-queries.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function resumeRoutes(deps: Deps): Router {
  const router = Router();

  // Always to be saved, never to be shown: a stranger wrote this file, and it must not run in our pages' name.
  router.get(paths.resume(':id'), signedIn, async (req, res) => {
    const id = String(req.params.id);
    const resume = guid.test(id) ? await findResume(deps.db, id) : null;
    if (!resume) throw new NotFound();
    const { id: me } = req.employee;
    const isHr = hasRole(req.employee, 'recruiter', 'admin');
    if (!isHr && me !== resume.hiringManagerId && me !== resume.uploadedBy) throw new NotFound();
    const file = await deps.files.read(resume.storageName);
    if (!file) throw new NotFound('referrals.resumeGone');
    res.setHeader('Content-Type', resume.mediaType);
    res.setHeader('Content-Length', file.size);
    res.setHeader('Content-Disposition', attachmentHeader(resume.fileName));
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.setHeader('Cache-Control', 'no-store');
    await pipeline(file.stream, res).catch((error: NodeJS.ErrnoException) => {
      // Whoever closes the window in the middle of a download has done nothing wrong.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
  });

  return router;
}
