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

-- Every contact of every customer, and no other table holds one.
create table contact (
  customer_id text not null references customer (id),
  kind text not null check (kind in ('name', 'email', 'phone', 'wechat')),
  value text not null,
  primary key (customer_id, kind)
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
  id text primary key,
  site_id text not null references site (id),
  study_id text not null references study (id),
  study_version integer not null,
  -- The client's own name for this submission: the same one is never taken twice.
  idempotency_key text not null,
  request_hash blob not null check (length(request_hash) = 32),
  source text not null check (source in ('widget', 'page', 'api', 'import')),
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
  -- 0 when the response is screened out of the figures.
  counted integer not null check (counted in (0, 1)),
  -- The event of this response on its way to `event`; null once it is there.
  event_id text,
  event_actor text,
  event_data text,
  event_hash blob
) strict, without rowid;

create unique index response_once on response (site_id, idempotency_key);

create index response_study on response (study_id, id);

create index response_customer on response (customer_id, id) where customer_id <> '';

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
  primary key (response_id, question_id)
) strict, without rowid;

-- For the rebuild, which goes day by day.
create index score_day on score (site_id, day);

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

-- The one definition of the grains, for the triggers and for the rebuild.
create view score_grain as
select *, 'site' as grain, '' as a, '' as b from score
union all
select *, 'touchpoint' as grain, touchpoint_id as a, '' as b from score where touchpoint_id <> ''
union all
select *, 'channel' as grain, channel as a, '' as b from score where channel <> ''
union all
select *, 'group' as grain, customer_group as a, '' as b from score where customer_group <> ''
union all
select *, 'survey' as grain, study_id as a, '' as b from score
union all
select *, 'question' as grain, question_id as a, '' as b from score
union all
select *, 'agent' as grain, agent_id as a, '' as b from score where agent_id <> ''
union all
select *, 'touchpoint_channel' as grain, touchpoint_id as a, channel as b from score
  where touchpoint_id <> '' and channel <> ''
union all
select *, 'touchpoint_group' as grain, touchpoint_id as a, customer_group as b from score
  where touchpoint_id <> '' and customer_group <> ''
union all
select *, 'survey_question' as grain, study_id as a, question_id as b from score
union all
select *, 'agent_channel' as grain, agent_id as a, channel as b from score
  where agent_id <> '' and channel <> '';

-- What the rollups must be, counted from the facts.
create view rollup_fact as
select site_id, grain, metric, points, a, b, day, count(*) as n,
  sum(value = 0) as c0, sum(value = 1) as c1, sum(value = 2) as c2, sum(value = 3) as c3,
  sum(value = 4) as c4, sum(value = 5) as c5, sum(value = 6) as c6, sum(value = 7) as c7,
  sum(value = 8) as c8, sum(value = 9) as c9, sum(value = 10) as c10
from score_grain
where counted = 1
group by site_id, grain, metric, points, a, b, day;

create trigger score_counted after insert on score when new.counted = 1
begin
  insert into rollup (site_id, grain, a, b, metric, points, day, n,
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)
  select site_id, grain, a, b, metric, points, day, 1,
    value = 0, value = 1, value = 2, value = 3, value = 4, value = 5, value = 6, value = 7,
    value = 8, value = 9, value = 10
  from score_grain
  where response_id = new.response_id and question_id = new.question_id
  on conflict (site_id, grain, metric, points, a, b, day) do update set
      n = n + excluded.n, c0 = c0 + excluded.c0, c1 = c1 + excluded.c1, c2 = c2 + excluded.c2,
      c3 = c3 + excluded.c3, c4 = c4 + excluded.c4, c5 = c5 + excluded.c5,
      c6 = c6 + excluded.c6, c7 = c7 + excluded.c7, c8 = c8 + excluded.c8,
      c9 = c9 + excluded.c9, c10 = c10 + excluded.c10;
end;

create trigger score_recounted after update of counted on score when new.counted <> old.counted
begin
  insert into rollup (site_id, grain, a, b, metric, points, day, n,
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)
  select site_id, grain, a, b, metric, points, day, (new.counted - old.counted),
    (new.counted - old.counted) * (value = 0), (new.counted - old.counted) * (value = 1),
    (new.counted - old.counted) * (value = 2), (new.counted - old.counted) * (value = 3),
    (new.counted - old.counted) * (value = 4), (new.counted - old.counted) * (value = 5),
    (new.counted - old.counted) * (value = 6), (new.counted - old.counted) * (value = 7),
    (new.counted - old.counted) * (value = 8), (new.counted - old.counted) * (value = 9),
    (new.counted - old.counted) * (value = 10)
  from score_grain
  where response_id = new.response_id and question_id = new.question_id
  on conflict (site_id, grain, metric, points, a, b, day) do update set
      n = n + excluded.n, c0 = c0 + excluded.c0, c1 = c1 + excluded.c1, c2 = c2 + excluded.c2,
      c3 = c3 + excluded.c3, c4 = c4 + excluded.c4, c5 = c5 + excluded.c5,
      c6 = c6 + excluded.c6, c7 = c7 + excluded.c7, c8 = c8 + excluded.c8,
      c9 = c9 + excluded.c9, c10 = c10 + excluded.c10;
end;

create trigger response_recounted after update of counted on response
when new.counted <> old.counted
begin
  update score set counted = new.counted where response_id = new.id;
end;

-- A response, its event, its scores and, through them, its rollups are one statement.
create trigger response_taken after insert on response
begin
  insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
  values (new.event_id, new.site_id, new.id, 1, 'response.created', new.event_actor,
    new.received_at_ms, new.event_data, new.event_hash);
  insert into score (response_id, question_id, site_id, study_id, touchpoint_id, channel,
    customer_group, agent_id, dimension, metric, points, value, day, counted)
  select new.id, it.value ->> 'question_id', new.site_id, new.study_id,
    it.value ->> 'touchpoint_id', new.channel, new.customer_group, new.agent_id,
    it.value ->> 'dimension', it.value ->> 'metric', it.value ->> 'points',
    it.value ->> 'value', new.day, new.counted
  from json_each(new.event_data, '$.scores') it;
  update response
  set event_id = null, event_actor = null, event_data = null, event_hash = null
  where id = new.id;
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

-- Work that time causes. A tick leases what is due; a lease that runs out is due again.
create table job (
  id text primary key,
  site_id text not null,
  kind text not null check (kind in ('expire', 'rebuild')),
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
values ('job_00000000000000000000expire', '', 'expire', 'due', 0, 0, '', '{}', 0);
