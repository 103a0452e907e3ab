-- The first schema. Statements are separated by blank lines and applied one by one.
-- Times are UTC milliseconds, flags are 0 or 1, absent references are '' (never null, so that
-- unique indexes hold). Every check states a rule of `domain` a second time.
create table site (
  id text primary key,
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  zone text not null,
  -- A JSON array of the origins whose pages may embed surveys.
  origins text not null,
  -- Scores out of fewer answers are withheld.
  minimum_n integer not null check (minimum_n between 1 and 1000),
  -- A JSON object: a dimension and its weight in the index; 1 for one that is not named.
  weights text not null,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create table api_key (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null,
  -- 'publishable' keys stand in web pages; of a 'secret' one only the hash is known.
  kind text not null check (kind in ('publishable', 'secret')),
  role text not null check (role in ('', 'viewer', 'agent', 'manager', 'admin')),
  hash blob not null check (length(hash) = 32),
  -- The key itself, of publishable keys alone.
  public text not null check ((kind = 'publishable') = (public <> '')),
  created_at_ms integer not null,
  expires_at_ms integer,
  revoked_at_ms integer
) strict, without rowid;

create unique index api_key_hash on api_key (hash);

create index api_key_site on api_key (site_id, id);

create table session (
  hash blob primary key check (length(hash) = 32),
  -- '' is the admin key, which stands in no table.
  key_id text not null,
  created_at_ms integer not null,
  expires_at_ms integer not null
) strict, without rowid;

create table department (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index department_site on department (site_id, id);

create table agent (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  department_id text not null,
  -- A JSON array of tags.
  skills text not null,
  is_active integer not null check (is_active in (0, 1)),
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index agent_site on agent (site_id, id);

create table touchpoint (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  stage text not null check (stage in ('pre_sale', 'purchase', 'after_sale', 'retention')),
  lifecycle text not null check (lifecycle in
    ('', 'awareness', 'interest', 'consideration', 'purchase', 'use', 'advocacy')),
  -- A JSON array of channels.
  channels text not null,
  is_key integer not null check (is_key in (0, 1)),
  target integer not null check (target between 0 and 100),
  -- A JSON object: the name of a service standard and the seconds it allows.
  standards text not null,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index touchpoint_site on touchpoint (site_id, id);

-- No contact stands here: see `contact`.
create table customer (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  external_id text not null,
  customer_group text not null check (customer_group in ('', 'new', 'existing', 'core')),
  adviser_id text not null,
  zone text not null,
  language text not null,
  -- Whether the customer agreed to be asked for feedback.
  has_consent integer not null check (has_consent in (0, 1)),
  created_at_ms integer not null,
  updated_at_ms integer not null,
  erased_at_ms integer
) strict, without rowid;

create unique index customer_external on customer (site_id, external_id);

create index customer_site on customer (site_id, id);

-- Every contact of every customer, and every one that a response gives; no other table holds one.
create table contact (
  -- A customer, or a response.
  owner text not null,
  kind text not null check (kind in ('name', 'email', 'phone', 'wechat')),
  -- Of a response, the question that was answered; '' of a customer.
  question_id text not null default '',
  value text not null,
  primary key (owner, kind, question_id)
) strict, without rowid;

create table study (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  state text not null check (state in ('draft', 'open', 'closed')),
  -- The number of the newest published version; 0 for none.
  published integer not null check (published >= 0),
  -- The definition being worked on, as JSON.
  draft text not null,
  -- How the columns of a CSV become responses, as JSON; '' for none.
  mapping text not null,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index study_site on study (site_id, id);

-- What was published never changes: a response keeps the version that it answered.
create table study_version (
  study_id text not null references study (id),
  number integer not null check (number >= 1),
  definition text not null,
  published_at_ms integer not null,
  primary key (study_id, number)
) strict, without rowid;

create trigger study_version_stays before update on study_version
begin
  select raise(abort, 'a published version never changes');
end;

create table event (
  seq integer primary key,
  id text not null,
  site_id text not null,
  subject text not null,
  version integer not null,
  kind text not null,
  actor text not null,
  at_ms integer not null,
  data text not null,
  hash blob not null check (length(hash) = 32)
) strict;

-- The database arbitrates who makes the next version of a subject.
create unique index event_subject on event (subject, version);

create trigger event_stays before update on event
begin
  select raise(abort, 'an event never changes');
end;

create table response (
  id text not null,
  site_id text not null references site (id),
  study_id text not null references study (id),
  study_version integer not null,
  -- The client's own name for this submission: the same one is never taken twice.
  idempotency_key text not null,
  request_hash blob not null check (length(request_hash) = 32),
  source text not null check (source in ('widget', 'page', 'api', 'import', 'interview',
    'mystery_shopper', 'paper', 'phone')),
  channel text not null,
  customer_group text not null,
  language text not null,
  customer_id text not null,
  agent_id text not null,
  -- What was answered, as JSON, open texts included.
  answers text not null,
  answered_at_ms integer not null,
  received_at_ms integer not null,
  day integer not null,
  -- What two responses must not share, hashed; '' for none.
  fingerprint text not null,
  -- Why it was screened out, reasons of `domain::screen` parted by commas; '' if it was not.
  -- Of reasons alone nothing is left when each is taken away with the comma before it.
  screened text not null check (screened = '' or
    replace(replace(replace(replace(replace(replace(replace(replace(',' || screened,
      ',duplicate', ''), ',similar', ''), ',straight_lining', ''), ',too_fast', ''),
      ',no_substance', ''), ',staff', ''), ',spam', ''), ',quota', '') = ''),
  -- 0 when the response is screened out of the figures.
  counted integer not null check (counted in (0, 1)),
  -- Counts its changes; its answers never do.
  version integer not null default 1,
  -- 0 when its visitor went away before the end.
  complete integer not null default 1 check (complete in (0, 1)),
  -- The cells of `tally` that it counts in while it counts, as a JSON array; '' for none.
  cells text not null default '',
  -- Which of them was full when it came; '' for none.
  full_cell text not null default '',
  primary key (study_id, id)
) strict, without rowid;

create unique index response_once on response (site_id, idempotency_key);

create index response_customer on response (customer_id, id) where customer_id <> '';

-- Whoever says something first has said it; whoever says the very same again is screened out.
-- What was screened out for another reason has not said it, so that of equal texts one counts.
create table fingerprint (
  site_id text not null,
  hash text not null,
  response_id text not null,
  primary key (site_id, hash)
) strict, without rowid;

-- The scored answers: the facts that figures are made of, with everything they are cut by.
create table score (
  response_id text not null,
  question_id text not null,
  site_id text not null,
  study_id text not null,
  touchpoint_id text not null,
  channel text not null,
  customer_group text not null,
  agent_id text not null,
  dimension text not null,
  metric text not null check (metric in ('nps', 'csat', 'ces')),
  points integer not null check (points between 2 and 10),
  value integer not null check (value between 0 and points),
  day integer not null,
  counted integer not null check (counted in (0, 1)),
  -- Whether it is the response's verdict on everything, which the other scores may explain.
  is_overall integer not null check (is_overall in (0, 1)),
  -- By day, for the rebuild.
  primary key (site_id, day, response_id, question_id)
) strict, without rowid;

-- One row per grain, day and metric holds a whole histogram: how often each value was given.
create table rollup (
  site_id text not null,
  grain text not null,
  metric text not null,
  points integer not null,
  a text not null,
  b text not null,
  day integer not null,
  n integer not null,
  c0 integer not null default 0, c1 integer not null default 0, c2 integer not null default 0,
  c3 integer not null default 0, c4 integer not null default 0, c5 integer not null default 0,
  c6 integer not null default 0, c7 integer not null default 0, c8 integer not null default 0,
  c9 integer not null default 0, c10 integer not null default 0,
  primary key (site_id, grain, metric, points, a, b, day)
) strict, without rowid;

-- For the rebuild alone; counting up an existing row does not touch it.
create index rollup_day on rollup (site_id, day);

-- The grains, and which fact is their first and second key: 0 none, 1 touchpoint, 2 channel,
-- 3 group, 4 survey, 5 question, 6 agent, 7 dimension.
create table grain (
  name text primary key,
  a integer not null,
  b integer not null
) strict, without rowid;

insert into grain (name, a, b)
values ('site', 0, 0), ('touchpoint', 1, 0), ('channel', 2, 0), ('group', 3, 0),
  ('survey', 4, 0), ('question', 5, 0), ('agent', 6, 0), ('dimension', 7, 0),
  ('touchpoint_channel', 1, 2), ('touchpoint_group', 1, 3), ('survey_question', 4, 5),
  ('survey_group', 4, 3), ('agent_channel', 6, 2);

-- What is set against the overall verdict of the same response.
create table driver (
  name text primary key,
  -- 1 touchpoint, 7 dimension, as in `grain`.
  a integer not null
) strict, without rowid;

insert into driver (name, a)
values ('touchpoint_driver', 1), ('dimension_driver', 7);

-- Every score in each of its grains; an absent key belongs to none. And every overall verdict
-- once more beside each other score of its response: under what that one is about (`a`) and
-- its metric, points and value (`b`), so that a row is a line of their joint histogram.
create view score_grain as
select *
from (
  select s.*, g.name as grain,
    case g.a when 0 then '' when 1 then s.touchpoint_id when 2 then s.channel
      when 3 then s.customer_group when 4 then s.study_id when 5 then s.question_id
      when 6 then s.agent_id else s.dimension end as a,
    case g.b when 0 then '' when 2 then s.channel when 3 then s.customer_group
      else s.question_id end as b,
    g.a as a_is, g.b as b_is
  from score s cross join grain g)
where (a <> '' or a_is = 0) and (b <> '' or b_is = 0)
union all
select *
from (
  select o.*, d.name as grain,
    case d.a when 1 then i.touchpoint_id else i.dimension end as a,
    i.metric || ':' || i.points || ':' || i.value as b, d.a as a_is, 5 as b_is
  from score o
  cross join score i on i.site_id = o.site_id and i.day = o.day
    and i.response_id = o.response_id and i.question_id <> o.question_id
  cross join driver d
  where o.is_overall = 1)
where a <> '';

-- What the rollups must be, counted from the facts.
create view rollup_fact as
select site_id, grain, metric, points, a, b, day, count(*) as n,
  sum(value = 0) as c0, sum(value = 1) as c1, sum(value = 2) as c2, sum(value = 3) as c3,
  sum(value = 4) as c4, sum(value = 5) as c5, sum(value = 6) as c6, sum(value = 7) as c7,
  sum(value = 8) as c8, sum(value = 9) as c9, sum(value = 10) as c10
from score_grain
where counted = 1
group by site_id, grain, metric, points, a, b, day;

-- Screened out or counted again: the figures follow in the same statement.
create trigger response_recounted after update of counted on response
when new.counted <> old.counted
begin
  update score set counted = new.counted
  where site_id = new.site_id and day = new.day and response_id = new.id;
  insert into rollup (site_id, grain, a, b, metric, points, day, n,
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)
  select site_id, grain, a, b, metric, points, day, sign, sign * (value = 0),
    sign * (value = 1), sign * (value = 2), sign * (value = 3), sign * (value = 4),
    sign * (value = 5), sign * (value = 6), sign * (value = 7), sign * (value = 8),
    sign * (value = 9), sign * (value = 10)
  from (
    select *, new.counted - old.counted as sign from score_grain
    where site_id = new.site_id and day = new.day and response_id = new.id)
  where true
  on conflict (site_id, grain, metric, points, a, b, day) do update set
      n = n + excluded.n, c0 = c0 + excluded.c0, c1 = c1 + excluded.c1, c2 = c2 + excluded.c2,
      c3 = c3 + excluded.c3, c4 = c4 + excluded.c4, c5 = c5 + excluded.c5,
      c6 = c6 + excluded.c6, c7 = c7 + excluded.c7, c8 = c8 + excluded.c8,
      c9 = c9 + excluded.c9, c10 = c10 + excluded.c10;
end;

-- Answers to writes, kept for a day so that a repeated request gets the first one's answer.
create table idempotency (
  caller text not null,
  key text not null,
  request_hash blob not null check (length(request_hash) = 32),
  status integer not null,
  -- A JSON object of the headers that belong to the answer.
  headers text not null,
  body text not null,
  -- What the answer is about, so that erasing a customer reaches it.
  subject text not null,
  created_at_ms integer not null,
  primary key (caller, key)
) strict, without rowid;

create index idempotency_subject on idempotency (subject);

create index idempotency_age on idempotency (created_at_ms);

-- What is out of order, and when it was put right.
create table alarm (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  kind text not null check (kind in ('under_target', 'rise')),
  metric text not null check (metric in ('nps', 'csat', 'ces')),
  -- '' is the whole site.
  touchpoint_id text not null,
  -- The numbers that raised it and those that cleared it, as JSON.
  numbers text not null,
  cleared_by text not null,
  raised_at_ms integer not null,
  cleared_at_ms integer
) strict, without rowid;

create unique index alarm_once on alarm (site_id, kind, metric, touchpoint_id)
where cleared_at_ms is null;

create index alarm_site on alarm (site_id, id);

-- Work that time causes. A tick leases what is due; a lease that runs out is due again.
create table job (
  id text primary key,
  site_id text not null,
  kind text not null check (kind in
    ('expire', 'rebuild', 'alarm', 'read', 'digest', 'train', 'abandon', 'invite')),
  state text not null check (state in ('due', 'done')),
  due_at_ms integer not null,
  lease_until_ms integer not null,
  lease text not null,
  -- Where the work stands, and what it found, as JSON.
  progress text not null,
  created_at_ms integer not null
) strict, without rowid;

create unique index job_once on job (site_id, kind) where state = 'due';

create index job_due on job (due_at_ms) where state = 'due';

insert into job (id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
  created_at_ms)
values ('job_00000000000000000000expire', '', 'expire', 'due', 0, 0, '', '{}', 0),
  ('job_000000000000000000000alarm', '', 'alarm', 'due', 0, 0, '', '{}', 0);
