-- What goes out of the house: reports that are made once and kept, and links to one view.

-- A report as it was made. What it says is never counted again, so that it says the same for ever.
create table report (
  id text primary key,
  site_id text not null references site (id),
  kind text not null check (kind in ('week', 'month', 'quarter', 'half_year', 'special')),
  -- Whose report it is; '' for the whole site's.
  department_id text not null,
  -- Days in the zone of the site.
  first_day integer not null,
  last_day integer not null,
  -- Tells special reports about the same days from each other; '' for the others.
  name text not null,
  -- As JSON: what the figures were.
  body text not null,
  made_at_ms integer not null,
  check (first_day <= last_day)
) strict, without rowid;

-- Each is made once, whoever makes it.
create unique index report_once on report
  (site_id, kind, department_id, first_day, last_day, name);

create index report_site on report (site_id, id);

-- A link to one view of the figures. The link itself is sealed and kept nowhere.
create table share (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  -- Path and query below /dashboard.
  view text not null,
  -- Whether other pages may show it within themselves.
  is_embeddable integer not null check (is_embeddable in (0, 1)),
  created_by text not null,
  created_at_ms integer not null,
  expires_at_ms integer not null,
  revoked_at_ms integer
) strict, without rowid;

create index share_site on share (site_id, id);

-- What the comments of a digest are about and how they feel, counted when it is made. '' is the
-- whole site, and a topic that nobody knows.
create table digest_topic (
  site_id text not null,
  touchpoint_id text not null,
  topic text not null,
  -- In the days of the digest, and in those before.
  comments integer not null,
  before integer not null,
  -- Of its days: how many are bad, and how many are good.
  low integer not null,
  high integer not null,
  primary key (site_id, touchpoint_id, topic)
) strict, without rowid;

-- Kinds of work come and go: what does them knows them, and the list that stood here did not grow.
create table work (
  id text primary key,
  site_id text not null,
  kind text not null check (kind <> ''),
  state text not null check (state in ('due', 'done')),
  due_at_ms integer not null,
  lease_until_ms integer not null,
  lease text not null,
  -- Where the work stands, and what it found, as JSON.
  progress text not null,
  created_at_ms integer not null
) strict, without rowid;

insert into work select id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
  created_at_ms from job;

drop table job;

alter table work rename to job;

create unique index job_once on job (site_id, kind) where state = 'due';

create index job_due on job (due_at_ms) where state = 'due';

-- The tick looks for reports that are due.
insert into job (id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
  created_at_ms)
values ('job_00000000000000000000report', '', 'report', 'due', 0, 0, '', '{}', 0);
