import type { Knex } from 'knex';

/**
 * The tables of the first release. What must never be is a constraint here, not a check in the code: one bonus per hire
 * and beneficiary, one owner of a candidate on any day, one live payroll line per bonus, sealed runs, append-only history.
 */
export async function up(knex: Knex): Promise<void> {
  for (const part of [
    extensions,
    people,
    openings,
    policies,
    candidates,
    referrals,
    hires,
    bonuses,
    payroll,
    mail,
    history,
  ]) {
    await knex.raw(part);
  }
}

export async function down(): Promise<void> {
  throw new Error('The first migration is not undone: restore a backup instead.');
}

const extensions = /* sql */ `
create extension if not exists citext;
create extension if not exists pg_trgm;
create extension if not exists btree_gist;

create table company (
  only_row boolean primary key default true check (only_row),
  name text not null,
  is_demo boolean not null default false,
  created_at timestamptz not null default now()
);
`;

const people = /* sql */ `
create table employees (
  id bigint generated always as identity primary key,
  staff_number text not null unique check (staff_number <> ''),
  email citext not null unique,
  full_name text not null check (length(full_name) between 1 and 200),
  department text not null default '',
  manager_id bigint references employees,
  country char(2) not null,
  level text not null default '',
  employment_type text not null default 'permanent'
    check (employment_type in ('permanent', 'fixed_term', 'intern', 'contractor')),
  works_hours numeric(5, 2),
  employed_from date not null,
  employed_until date check (employed_until >= employed_from),
  notice_given_on date,
  -- From the staff list; what the person chose in Vouch stands in chosen_language and wins.
  language text not null default 'en' check (language in ('en', 'ru')),
  chosen_language text check (chosen_language in ('en', 'ru')),
  chosen_theme text check (chosen_theme in ('light', 'dark')),
  check (manager_id <> id)
);
create index on employees (manager_id);
create index on employees (employed_until) where employed_until is not null;
create index on employees using gin (full_name gin_trgm_ops);

create table employee_roles (
  employee_id bigint not null references employees on delete cascade,
  role text not null check (role in ('recruiter', 'payroll', 'admin')),
  primary key (employee_id, role)
);

-- Only the hash of a link's token is kept: who reads the table can't sign in with it.
create table sign_in_links (
  token_hash bytea primary key,
  employee_id bigint not null references employees,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on sign_in_links (expires_at);

create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

create table sessions (
  sid varchar primary key,
  sess jsonb not null,
  expire timestamptz not null,
  employee_id bigint generated always as ((sess ->> 'employeeId')::bigint) stored
);
create index on sessions (expire);
create index on sessions (employee_id);

create table staff_list_imports (
  id bigint generated always as identity primary key,
  file_name text not null,
  content bytea,
  uploaded_by bigint not null references employees,
  uploaded_at timestamptz not null,
  state text not null check (state in ('checking', 'refused', 'ready', 'taking', 'taken', 'cancelled')),
  lines_total integer not null default 0,
  lines_done integer not null default 0,
  added integer not null default 0,
  changed integer not null default 0,
  marked_left integer not null default 0,
  unchanged integer not null default 0,
  problem_count integer not null default 0,
  problems jsonb not null default '[]',
  -- Of the staff that the list was compared with: a preview is worth nothing once they have changed.
  staff_fingerprint text,
  taken_at timestamptz,
  taken_by bigint references employees
);

create table staff_list_lines (
  import_id bigint not null references staff_list_imports on delete cascade,
  line_no integer not null,
  kind text not null check (kind in ('added', 'changed', 'left', 'unchanged')),
  staff_number text not null,
  employee_id bigint references employees,
  "values" jsonb not null,
  changes jsonb not null default '{}',
  primary key (import_id, kind, line_no)
);
`;

const openings = /* sql */ `
create table openings (
  id bigint generated always as identity primary key,
  title text not null check (length(title) between 1 and 200),
  department text not null,
  country char(2) not null,
  place text not null default '',
  employment_type text not null check (employment_type in ('permanent', 'fixed_term', 'intern', 'contractor')),
  level text not null default '',
  description text not null default '',
  skills text[] not null default '{}',
  hiring_manager_id bigint not null references employees,
  recruiter_id bigint not null references employees,
  is_priority boolean not null default false,
  state text not null default 'draft' check (state in ('draft', 'published', 'paused', 'closed')),
  created_at timestamptz not null,
  published_at timestamptz,
  closed_at timestamptz,
  check (state not in ('published', 'paused') or published_at is not null)
);
create index on openings (state, is_priority desc, published_at desc, id desc);
create index on openings (recruiter_id);
create index on openings (hiring_manager_id);
create index on openings using gin (title gin_trgm_ops);
`;

const policies = /* sql */ `
create table policies (
  id bigint generated always as identity primary key,
  version integer not null unique,
  counts_from date not null,
  terms jsonb not null,
  note text not null default '',
  author_id bigint references employees,
  created_at timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % is refused: it is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger policies_never_change before update or delete on policies
  for each row execute function refuse_change();
`;

const candidates = /* sql */ `
create table candidates (
  id bigint generated always as identity primary key,
  full_name text not null check (length(full_name) between 1 and 200),
  email citext,
  -- The keys by which the same person is recognised; the rules of their making are in candidates/identity.ts.
  email_key text unique,
  phone text unique check (phone ~ '^\\+[0-9]{5,15}$'),
  profile_link text,
  profile_key text unique,
  skills text[] not null default '{}',
  created_at timestamptz not null,
  check (email_key is not null or phone is not null or profile_key is not null)
);
-- A name in plain small letters, as it is and as it is spelt out (Đorđević: dordevic, djordjevic; Müller: muller, mueller),
-- each in a line. A word that is looked for is made plain in candidates/pool-search.ts, which must do the same.
create function name_key(text) returns text language sql immutable parallel safe
  as $$ select string_agg(E'\\n' || replace(replace(replace(replace(translate(
            regexp_replace(normalize(form, nfd), '[\\u0300-\\u036f]', '', 'g'),
          'đłøðı', 'dlodi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), '')
        from (select normalize(lower($1), nfc) as name) given, lateral (values (name), (
          replace(replace(replace(replace(replace(replace(name,
            'đ', 'dj'), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ø', 'oe'), 'å', 'aa'))) forms (form) $$;
create index on candidates using gin (name_key(full_name) gin_trgm_ops);
create index on candidates using gin (email_key gin_trgm_ops);
create index on candidates using gin (phone gin_trgm_ops);
-- One text a candidate, a skill a line, so that a part of a skill in any case is found by an index.
create function skill_lines(text[]) returns text language sql immutable parallel safe
  as $$ select E'\\n' || array_to_string($1, E'\\n') || E'\\n' $$;
create index on candidates using gin (skill_lines(skills) gin_trgm_ops);
`;

const referrals = /* sql */ `
create table referrals (
  id bigint generated always as identity primary key,
  candidate_id bigint not null references candidates,
  -- As this referrer wrote it: the second to recommend somebody must not read how the first called them.
  candidate_name text check (length(candidate_name) between 1 and 200),
  referrer_id bigint not null references employees,
  -- What the referrer was then: who was excluded when recommending stays so.
  referrer_roles text[] not null,
  opening_id bigint references openings,
  policy_id bigint not null references policies,
  -- One press of the button, however often it arrives.
  submission_key uuid not null unique,
  relationship text not null,
  why text not null,
  agreed_at timestamptz not null,
  agreed_text_version integer not null,
  made_at timestamptz not null,
  made_on date not null,
  -- Someone else owned the candidate on that day: thanked, and not worked on.
  already_recommended boolean not null default false,
  stage text not null default 'received' check (stage in ('received', 'screening', 'interview', 'offer')),
  stage_since timestamptz not null,
  first_answer_due_on date not null,
  first_answered_at timestamptz,
  outcome text check (outcome in ('hired', 'declined', 'withdrawn', 'no_reply')),
  ended_at timestamptz,
  decline_reason text,
  feedback text,
  -- The referral from the pool that led to this one, and who brought them together again.
  considered_from_id bigint references referrals,
  considered_by bigint references employees,
  check ((outcome is null) = (ended_at is null)),
  check ((outcome is not distinct from 'declined') = (decline_reason is not null)),
  check (not already_recommended or outcome is null)
);
create unique index referrals_once_per_opening on referrals (referrer_id, candidate_id, opening_id)
  nulls not distinct where outcome is null and not already_recommended;
create unique index referrals_once_already_recommended on referrals (referrer_id, candidate_id) where already_recommended;
create index on referrals (referrer_id, made_at desc, id desc);
create index on referrals (candidate_id);
create index on referrals (opening_id);
create index referrals_waiting on referrals (first_answer_due_on, id) where outcome is null and not already_recommended;

-- On any day a candidate has one owner at most, and the database says so.
create table ownerships (
  id bigint generated always as identity primary key,
  candidate_id bigint not null references candidates,
  referrer_id bigint not null references employees,
  referral_id bigint not null unique references referrals,
  owned_from date not null,
  owned_until date not null check (owned_until >= owned_from),
  constraint ownerships_one_owner_a_day
    exclude using gist (candidate_id with =, daterange(owned_from, owned_until, '[]') with &&)
);
create index on ownerships (referrer_id);

create table resumes (
  id uuid primary key default gen_random_uuid(),
  candidate_id bigint not null references candidates,
  referral_id bigint not null references referrals,
  file_name text not null,
  media_type text not null,
  size_bytes integer not null,
  sha256 bytea not null,
  storage_name text not null unique,
  uploaded_by bigint not null references employees,
  uploaded_at timestamptz not null
);
create index on resumes (candidate_id);
create index on resumes (referral_id);
`;

const hires = /* sql */ `
create table hires (
  id bigint generated always as identity primary key,
  referral_id bigint not null unique references referrals,
  candidate_id bigint not null references candidates,
  opening_id bigint references openings,
  department text not null,
  country char(2) not null,
  level text not null,
  employment_type text not null check (employment_type in ('permanent', 'fixed_term', 'intern', 'contractor')),
  manager_id bigint references employees,
  first_day_on date not null,
  probation_months integer check (probation_months between 0 and 36),
  probation_ends_on date not null check (probation_ends_on >= first_day_on),
  passed_on date,
  -- The last day of work; the day before the first says: never started.
  left_on date check (left_on >= first_day_on - 1),
  recorded_by bigint not null references employees,
  recorded_at timestamptz not null,
  -- Nobody starts here twice at once, through whichever referral: a second hire would be a second bonus.
  constraint hires_one_at_a_time
    exclude using gist (candidate_id with =, daterange(first_day_on, left_on + 1, '[)') with &&)
);
create index on hires (probation_ends_on);
create index on hires (candidate_id);
create index on hires (manager_id);
create index on hires (opening_id);
create index on hires (left_on) where left_on is not null;
-- Few at any time, and asked for on every bonus run: who left in probation.
create index hires_left_in_probation on hires (probation_ends_on)
  where left_on is not null and passed_on is null and left_on <= probation_ends_on;

-- What was recorded of a probation, kept so that the last of it can be undone.
create table hire_events (
  id bigint generated always as identity primary key,
  hire_id bigint not null references hires,
  kind text not null check (kind in ('extended', 'passed', 'left')),
  before_on date,
  after_on date not null,
  note text not null default '',
  recorded_by bigint not null references employees,
  recorded_at timestamptz not null,
  undone_by bigint references employees,
  undone_at timestamptz,
  check ((undone_by is null) = (undone_at is null))
);
create index on hire_events (hire_id, id);
`;

const bonuses = /* sql */ `
create table bonuses (
  id bigint generated always as identity primary key,
  hire_id bigint not null references hires,
  referral_id bigint not null references referrals,
  beneficiary_id bigint not null references employees,
  policy_id bigint not null references policies,
  amount_minor bigint not null check (amount_minor > 0),
  currency char(3) not null,
  promised_at timestamptz not null,
  -- The day on which the facts would let it be awarded; moved in the transaction that moves the probation's end.
  due_on date not null,
  awarded_at timestamptz,
  awarded_on date,
  forfeited_at timestamptz,
  forfeited_on date,
  forfeit_reason text,
  held_at timestamptz,
  held_by bigint references employees,
  held_reason text,
  why jsonb not null default '[]',
  constraint bonuses_one_per_hire_and_beneficiary unique (hire_id, beneficiary_id),
  check (awarded_at is null or forfeited_at is null),
  check ((awarded_at is null) = (awarded_on is null)),
  check ((forfeited_at is null) = (forfeited_on is null)),
  check ((forfeited_at is null) = (forfeit_reason is null)),
  check ((held_at is null) = (held_reason is null))
);
create index bonuses_due on bonuses (due_on, id) where awarded_at is null and forfeited_at is null and held_at is null;
create index bonuses_held on bonuses (held_at) where held_at is not null;
create index on bonuses (beneficiary_id);
create index on bonuses (referral_id);
`;

const payroll = /* sql */ `
create table payroll_runs (
  id bigint generated always as identity primary key,
  period char(7) not null unique check (period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  cut_off_on date not null,
  opened_at timestamptz not null,
  exported_at timestamptz,
  exported_by bigint references employees,
  file_name text,
  line_count integer,
  totals jsonb,
  sha256 text,
  check ((exported_at is null) = (exported_by is null)),
  check ((exported_at is null) = (file_name is null)),
  check ((exported_at is null) = (line_count is null)),
  check ((exported_at is null) = (totals is null)),
  check ((exported_at is null) = (sha256 is null))
);

create table payroll_lines (
  id bigint generated always as identity primary key,
  run_id bigint not null references payroll_runs,
  line_no integer,
  bonus_id bigint not null references bonuses,
  staff_number text not null,
  amount_minor bigint not null check (amount_minor <> 0),
  currency char(3) not null,
  awarded_on date not null,
  reverses_line_id bigint references payroll_lines,
  released_at timestamptz,
  paid_on date,
  paid_recorded_at timestamptz,
  paid_recorded_by bigint references employees,
  unique (run_id, line_no),
  check ((reverses_line_id is null) = (amount_minor > 0)),
  check ((paid_on is null) = (paid_recorded_at is null)),
  check (paid_on is null or released_at is null)
);
create unique index payroll_lines_one_live_per_bonus on payroll_lines (bonus_id)
  where reverses_line_id is null and released_at is null;
create index on payroll_lines (run_id, id);

-- The file as it went out, in pieces, so that it streams and is the same bytes whatever the code does later.
create table payroll_file_pieces (
  run_id bigint not null references payroll_runs,
  piece_no integer not null,
  content bytea not null,
  primary key (run_id, piece_no)
);

-- An exported run is sealed: no line comes, goes or changes; only what payroll says back is written to it.
create function keep_exported_run_sealed() returns trigger language plpgsql as $$
declare
  the_run bigint := case when tg_op = 'DELETE' then old.run_id else new.run_id end;
begin
  if tg_op = 'UPDATE' then
    if (new.run_id, new.line_no, new.bonus_id, new.staff_number, new.amount_minor, new.currency, new.awarded_on,
        new.reverses_line_id)
       is not distinct from
       (old.run_id, old.line_no, old.bonus_id, old.staff_number, old.amount_minor, old.currency, old.awarded_on,
        old.reverses_line_id) then
      return new;
    end if;
  end if;
  if exists (select 1 from payroll_runs where id in (the_run, case when tg_op = 'UPDATE' then old.run_id end)
             and exported_at is not null) then
    raise exception 'payroll run % is exported and does not change', the_run using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger payroll_lines_sealed before insert or update or delete on payroll_lines
  for each row execute function keep_exported_run_sealed();

create function keep_exported_run() returns trigger language plpgsql as $$
begin
  if old.exported_at is not null then
    raise exception 'payroll run % is exported and does not change', old.id using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger payroll_runs_sealed before update or delete on payroll_runs
  for each row execute function keep_exported_run();
create trigger payroll_file_pieces_never_change before update or delete on payroll_file_pieces
  for each row execute function refuse_change();
`;

const mail = /* sql */ `
create table outbox_emails (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  to_employee_id bigint not null references employees,
  to_address citext not null,
  language text not null check (language in ('en', 'ru')),
  data jsonb not null,
  -- What must be told once, however often the job that tells it runs.
  once text unique,
  created_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default clock_timestamp(),
  last_error text,
  sent_at timestamptz,
  given_up_at timestamptz,
  check (sent_at is null or given_up_at is null)
);
create index outbox_emails_to_send on outbox_emails (next_attempt_at) where sent_at is null and given_up_at is null;
-- What the top bar counts on every page of an admin.
create index outbox_emails_given_up on outbox_emails (given_up_at) where given_up_at is not null;
create index on outbox_emails (created_at desc, id desc);
create index on outbox_emails (to_employee_id);
`;

const history = /* sql */ `
create table history (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor_id bigint references employees,
  about text not null,
  about_id bigint not null,
  referral_id bigint references referrals,
  deed text not null,
  facts jsonb not null default '{}'
);
create index on history (about, about_id, id);
create index on history (referral_id, id) where referral_id is not null;

create trigger history_never_changes before update or delete on history
  for each row execute function refuse_change();
create trigger history_is_never_emptied before truncate on history
  for each statement execute function refuse_change();
`;
