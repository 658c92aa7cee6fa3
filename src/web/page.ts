import type { Request, Response } from 'express';
import { type Area, areaOf, areasFor } from './areas.ts';
import { takeFlash } from './flash.ts';
import { type Counts, currentEmployee, type Frame, frameOf } from './frame.ts';
import { createShells } from './shell.ts';

export type Crumb = { label: string; href?: string };

/** What a view is given. The title stands in the browser's tab; everything else is the view's own. */
export type PageModel = {
  readonly title: string;
  /** Lights an area of the top bar; guessed from the URL when absent. */
  readonly area?: Area;
  /** Lets `{{inDays day}}` count. */
  readonly today?: Temporal.PlainDate;
} & Record<string, unknown>;

/**
 * Answers with a page: the view in its frame. The counts of the top bar are asked only for people whose areas have some.
 * An error on the way reaches the error page.
 */
export function page(req: Request, res: Response, view: string, model: PageModel, status = 200): void {
  const frame = frameOf(req);
  const employee = currentEmployee(req);
  if (!frame.counts || !employee || employee.roles.length < 2 || model.withoutCounts) {
    send(req, res, frame, { view, model, status, counts: {} });
    return;
  }
  frame
    .counts(employee)
    .then((counts) => send(req, res, frame, { view, model, status, counts }))
    .catch((error) => req.next?.(error));
}

type Answer = { view: string; model: PageModel; status: number; counts: Counts };

function send(req: Request, res: Response, frame: Frame, answer: Answer): void {
  const html = pageHtml(req, res, frame, answer);
  res.statusCode = answer.status;
  // The length, so that the page leaves in one piece with its headers. What compresses it takes the length away again.
  res.setHeader('Content-Length', html.length);
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  // Pages hold personal data: nothing between us and the reader keeps a copy, nor does "back" after signing out.
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Vary', 'Accept-Encoding, Cookie, Accept-Language, Sec-CH-Prefers-Color-Scheme');
  res.end(html);
}

function pageHtml(req: Request, res: Response, frame: Frame, { view, model, counts }: Answer): Buffer {
  const { language, theme } = req;
  const employee = currentEmployee(req);
  const csrf = req.csrf();
  const data = { language, employee, demo: frame.demo, today: model.today ?? res.locals.today, csrf };
  const body = frame.views.render(view, model, data);
  const areas = employee ? areasFor(employee.roles) : [];
  const here = model.area ?? areaOf(req.originalUrl, areas);
  const chosenTheme = employee ? employee.theme : theme;
  const kind = { language, theme, chosenTheme, employee, here, demo: frame.demo };
  const flash = takeFlash(req, res, req.t);
  return shellsOf(frame)(kind, { title: model.title, url: req.originalUrl, csrf, counts, flash, body });
}

const shells = new WeakMap<Frame, ReturnType<typeof createShells>>();

function shellsOf(frame: Frame): ReturnType<typeof createShells> {
  let made = shells.get(frame);
  if (!made) {
    made = createShells(frame.views);
    shells.set(frame, made);
  }
  return made;
}
