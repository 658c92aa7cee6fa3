import express from 'express';
import Handlebars from 'handlebars';
import pg from 'pg';

// The reference of the figure "page": Express, pg and Handlebars with the one query, and nothing else: no session, no
// roles, no languages, no security headers, no CSRF, no log.

const [url, employeeId] = process.argv.slice(2) as [string, string];
const pool = new pg.Pool({ connectionString: url, max: 10 });
const query = {
  name: 'mine',
  text: `select r.id, coalesce(r.candidate_name, c.full_name) as name, o.title, r.made_on::text as made_on, r.stage, r.outcome,
      r.feedback, b.amount_minor, b.currency, b.due_on::text as due_on, b.awarded_on::text as awarded_on, l.paid_on::text as paid_on
    from referrals r join candidates c on c.id = r.candidate_id
    left join openings o on o.id = r.opening_id
    left join bonuses b on b.referral_id = r.id and b.beneficiary_id = r.referrer_id
    left join payroll_lines l on l.bonus_id = b.id and l.reverses_line_id is null and l.released_at is null
    where r.referrer_id = $1 order by r.made_at desc, r.id desc limit 21`,
};
const template = Handlebars.compile(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Your referrals</title><link rel="stylesheet" href="/style.css"></head>
<body><header><nav><a href="/">Home</a> <a href="/openings">Openings</a> <a href="/programme">Programme</a></nav></header>
<main><h1>Your referrals</h1>
<ul>{{#each rows}}<li><a href="/referrals/{{id}}"><h2>{{name}}</h2></a><p>{{#if title}}{{title}}{{else}}In general{{/if}}, {{made_on}}</p>
<ol><li>Received</li><li>Screening</li><li>Interview</li><li>Offer</li><li>{{#if outcome}}{{outcome}}{{else}}{{stage}}{{/if}}</li></ol>
{{#if feedback}}<blockquote>{{feedback}}</blockquote>{{/if}}
{{#if amount_minor}}<p>{{amount_minor}} {{currency}}: due {{due_on}}{{#if awarded_on}}, awarded {{awarded_on}}{{/if}}{{#if paid_on}}, paid {{paid_on}}{{/if}}</p>{{/if}}</li>{{/each}}</ul>
</main></body></html>`);

const app = express();
app.get('/my-referrals', async (_req, res) => {
  const { rows } = await pool.query({ ...query, values: [employeeId] });
  res.send(template({ rows }));
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`);
});
