import type { Request, Response } from 'express';
import { type Area, areaOf, areasFor } from './areas.ts';
import { takeFlash } from './flash.ts';
import { type Counts, currentEmployee, type Frame, frameOf } from './frame.ts';

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
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  // Pages hold personal data: nothing between us and the reader keeps a copy, nor does "back" after signing out.
  res.setHeader('Cache-Control', 'no-store');
  res.vary('Cookie, Accept-Language, Sec-CH-Prefers-Color-Scheme');
  res.end(html);
}

function pageHtml(req: Request, res: Response, frame: Frame, { view, model, counts }: Answer): string {
  const employee = currentEmployee(req);
  const data = {
    language: req.language,
    employee,
    demo: frame.demo,
    today: model.today ?? res.locals.today,
    csrf: req.csrf(),
  };
  const body = frame.views.render(view, model, data);
  const areas = employee ? areasFor(employee.roles) : [];
  const here = model.area ?? areaOf(req.path, areas);
  const layout = {
    title: model.title,
    language: req.language,
    theme: req.theme,
    chosenTheme: employee ? employee.theme : req.theme,
    areas: areas.map((entry) => ({ ...entry, isHere: entry.area === here, count: shownCount(counts[entry.area]) })),
    hasMany: areas.length > 4,
    waiting: Object.values(counts).some((count) => count > 0),
    flash: takeFlash(req, res, req.t),
    here: req.originalUrl,
    body,
  };
  return frame.views.render('layout', layout, data);
}

/** Nobody reads a badge of four digits: above 99 it says "99+". */
function shownCount(count: number | undefined): string | null {
  if (!count) return null;
  return count > 99 ? '99+' : String(count);
}
