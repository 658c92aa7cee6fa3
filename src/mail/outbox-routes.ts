import { type Request, Router } from 'express';
import type { Deps } from '../lib/deps.ts';
import { NotFound, Refused } from '../lib/errors.ts';
import { isStorable } from '../lib/keyset.ts';
import { paths } from '../paths.ts';
import { flash } from '../web/flash.ts';
import { allow } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { messageIdOf } from './delivery-service.ts';
import type { EmailKind } from './email.ts';
import { EMAIL_KINDS } from './email.ts';
import {
  EMAIL_STATES,
  type EmailState,
  findOutboxEmail,
  listOutbox,
  OUTBOX_PAGE,
  type OutboxRow,
} from './outbox-queries.ts';
import { type SendAgainRefusal, sendAgain } from './outbox-service.ts';
import { type EmailToRender, renderEmail } from './render.ts';

const looks: Record<EmailState, string> = { waiting: 'waiting', retrying: 'needs', givenUp: 'needs', sent: 'done' };

const sentences: Record<SendAgainRefusal, string> = {
  linkIsSpent: 'mail.refused.linkIsSpent',
  alreadyWaiting: 'mail.refused.alreadyWaiting',
  receiverLeft: 'mail.refused.receiverLeft',
};

export function outboxRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.outbox(), allow('admin'), async (req, res) => {
    const state = EMAIL_STATES.find((one) => one === req.query.state);
    const kind = EMAIL_KINDS.find((one) => one === req.query.kind);
    const rows = await listOutbox(deps.db, { state, kind, after: cursorOf(req) });
    const shown = rows.slice(0, OUTBOX_PAGE);
    const last = rows.length > OUTBOX_PAGE ? shown.at(-1) : undefined;
    page(req, res, 'mail/outbox', {
      title: req.t('mail.outbox.title'),
      isSilent: deps.config.smtpUrl === null,
      isFiltered: Boolean(state || kind || req.query.after),
      states: EMAIL_STATES.map((value) => ({ value, label: req.t(`mail.outbox.state.${value}`) })),
      kinds: EMAIL_KINDS.map((value) => ({ value, label: req.t(`mail.outbox.kind.${value}`) })),
      chosen: { values: { state: state ?? '', kind: kind ?? '' }, errors: {} },
      rows: shown.map((row) => rowModel(req, row)),
      newest: req.query.after ? outboxUrl({ state, kind }) : null,
      older: last ? outboxUrl({ state, kind, after: `${last.createdAt}_${last.id}` }) : null,
    });
  });

  router.get(paths.outboxEmail(':id'), allow('admin'), async (req, res) => {
    const row = await rowOf(deps, req);
    const { subject, text } = rendered(deps, row);
    // The letter stands in a frame of its own, which the house's policy would forbid.
    allowOwnFrames(res);
    page(req, res, 'mail/email', {
      title: subject,
      row: rowModel(req, row),
      subject,
      text,
      length: lengthOf(text),
      isMasked: row.kind === 'sign_in_link',
      canSendAgain: row.kind !== 'sign_in_link' && (row.sentAt !== null || row.attempts > 0),
      crumbs: [{ label: req.t('mail.outbox.title'), href: paths.outbox() }],
      facts: factsOf(req, deps, row),
    });
  });

  router.get(paths.outboxPreview(':id'), allow('admin'), async (req, res) => {
    const { html } = rendered(deps, await rowOf(deps, req));
    res.setHeader(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
    );
    res.setHeader('X-Frame-Options', 'SAMEORIGIN');
    res.setHeader('Cache-Control', 'no-store');
    res.type('html').send(html);
  });

  router.post(paths.outboxSendAgain(':id'), allow('admin'), async (req, res) => {
    const id = String(req.params.id);
    const row = await rowOf(deps, req);
    const again = await sendAgain(deps, req.employee, row.id);
    if (!again.ok) throw new Refused(sentences[again.reason], {}, paths.outboxEmail(id));
    flash(res, 'good', deps.config.smtpUrl ? 'mail.flash.again' : 'mail.flash.againSilent', {
      name: again.value.receiverName,
    });
    res.redirect(303, paths.outboxEmail(id));
  });

  return router;
}

function allowOwnFrames(res: {
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
}): void {
  res.setHeader('Content-Security-Policy', `${String(res.getHeader('Content-Security-Policy'))};frame-src 'self'`);
}

async function rowOf(deps: Deps, req: Request): Promise<OutboxRow> {
  const row = await findOutboxEmail(deps.db, String(req.params.id));
  if (!row) throw new NotFound();
  return row;
}

/** Rendered for an admin's eyes: a sign-in link would let them in as somebody else, so its token is left out. */
function rendered(deps: Deps, row: OutboxRow) {
  const data = row.kind === 'sign_in_link' ? { ...row.data, token: '…' } : row.data;
  return renderEmail(deps.config, { ...row, data } as EmailToRender);
}

/** How long the letter is on the page, from its plain text: no script may measure its frame. Null for the shortest. */
function lengthOf(text: string): 'long' | 'longer' | 'longest' | null {
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 0);
  if (lines > 30) return 'longest';
  if (lines > 22) return 'longer';
  return lines > 19 ? 'long' : null;
}

function rowModel(req: Request, row: OutboxRow) {
  const { id, receiverName, toAddress, createdAt, state } = row;
  return {
    id,
    receiverName,
    toAddress,
    createdAt,
    kindWord: req.t(`mail.outbox.kind.${row.kind}`),
    look: looks[state],
    stateWord: req.t(`mail.outbox.state.${state}`),
  };
}

function factsOf(req: Request, deps: Deps, row: OutboxRow) {
  const label = (name: string): string => req.t(`mail.email.facts.${name}`);
  return [
    { label: label('written'), daytime: row.createdAt },
    ...(row.sentAt ? [{ label: label('sent'), daytime: row.sentAt }] : []),
    ...(row.state === 'retrying' ? [{ label: label('next'), daytime: row.nextAttemptAt }] : []),
    { label: label('attempts'), text: String(row.attempts) },
    ...(row.lastError ? [{ label: label('error'), text: row.lastError }] : []),
    { label: label('language'), text: req.t(`mail.email.language.${row.language}`) },
    { label: label('messageId'), text: messageIdOf(row.id, deps.config.baseUrl) },
  ];
}

function cursorOf(req: Request): { createdAt: string; id: string } | undefined {
  const [, createdAt, id] =
    /^([\d:TZ.-]+)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(String(req.query.after ?? '')) ?? [];
  if (!createdAt || !id) return undefined;
  try {
    const read = Temporal.Instant.from(createdAt);
    return isStorable(read) ? { createdAt: read.toString(), id } : undefined;
  } catch {
    return undefined;
  }
}

function outboxUrl(query: { state?: EmailState | undefined; kind?: EmailKind | undefined; after?: string }): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(given).toString();
  return text ? `${paths.outbox()}?${text}` : paths.outbox();
}
