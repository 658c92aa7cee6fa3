import { readFileSync } from 'node:fs';
import express from 'express';
import Handlebars from 'handlebars';
import pg from 'pg';

// The reference of the figure "page": bare Express, pg and Handlebars, the one query, and the same page to look at. No
// session, no roles, no languages, no security headers, no CSRF, no log; the frame around the list is a fixed text.

const [url, employeeId, frameFile] = process.argv.slice(2) as [string, string, string];
const frame = JSON.parse(readFileSync(frameFile, 'utf8')) as { before: string; after: string };
const pool = new pg.Pool({ connectionString: url, max: 10 });
const query = {
  name: 'mine',
  text: `select r.id, coalesce(r.candidate_name, c.full_name) as name, o.title, r.made_at, r.stage, r.stage_since, r.outcome,
      r.ended_at, r.feedback, b.amount_minor, b.currency, b.due_on::text, b.awarded_on::text, l.paid_on::text
    from referrals r join candidates c on c.id = r.candidate_id
    left join openings o on o.id = r.opening_id
    left join bonuses b on b.referral_id = r.id and b.beneficiary_id = r.referrer_id
    left join payroll_lines l on l.bonus_id = b.id and l.reverses_line_id is null and l.released_at is null
    where r.referrer_id = $1 order by r.made_at desc, r.id desc limit 21`,
};

const svg = (path: string): string =>
  `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;
const check = svg('<path d="M5 12l5 5l10 -10"/>');
const gift = svg(
  '<path d="M3 9a1 1 0 0 1 1 -1h16a1 1 0 0 1 1 1v2a1 1 0 0 1 -1 1h-16a1 1 0 0 1 -1 -1l0 -2"/><path d="M12 8l0 13"/><path d="M19 12v7a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-7"/><path d="M7.5 8a2.5 2.5 0 0 1 0 -5a4.8 8 0 0 1 4.5 5a4.8 8 0 0 1 4.5 -5a2.5 2.5 0 0 1 0 5"/>',
);
const template = Handlebars.compile(`${frame.before}{{#each rows}}<li>
<div class="my-referral">
<div class="my-referral-who"><a class="row-link" href="/referrals/{{id}}">{{name}}</a><p class="quiet">{{#if title}}{{title}}{{else}}In general{{/if}}</p></div>
<div class="my-referral-way"><ol class="way is-small" aria-label="How far it has come">
{{#each steps}}<li class="is-done"><span class="way-dot">${check}</span><span class="way-word">{{word}}</span>{{#if day}}<span class="way-day"><time datetime="{{iso}}">{{day}}</time></span>{{/if}}</li>{{/each}}
</ol></div>
<div class="my-referral-state"><span class="state is-done">${check}<span>{{state}}</span></span></div>
</div>
{{#if feedback}}<blockquote class="one-line">{{feedback}}</blockquote>{{/if}}
{{#if sum}}<p class="my-referral-bonus">${gift} {{sum}}</p>{{/if}}
</li>{{/each}}${frame.after}`);

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'Europe/Berlin' });
const sumFormat = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' });

type Row = Record<string, string | Date | null>;

function toShown(row: Row): Record<string, unknown> {
  const step = (word: string, at: unknown): Record<string, unknown> =>
    at instanceof Date ? { word, day: dayFormat.format(at), iso: at.toISOString().slice(0, 10) } : { word };
  const steps = [
    step('Received', row.made_at),
    step('Screening', null),
    step('Interview', null),
    step('Offer', row.stage_since),
    step('Hired', row.ended_at),
  ];
  const sum =
    row.amount_minor === null ? null : `${sumFormat.format(Number(row.amount_minor) / 100)} if probation ends well`;
  return { ...row, steps, sum, state: row.outcome ?? row.stage };
}

const app = express();
app.get('/my-referrals', async (_req, res) => {
  const { rows } = await pool.query({ ...query, values: [employeeId] });
  res.send(template({ rows: rows.map(toShown) }));
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`);
});
process.once('SIGTERM', () => process.exit());
