-- When a survey was last shown to somebody, by what it is: '' any survey, a metric, or a study.
--
-- `who` is a customer's id; of visitors, and of customers that we do not know, a hash.
create table rest (
  site_id text not null,
  who text not null,
  scope text not null,
  at_ms integer not null,
  primary key (site_id, who, scope)
) strict, without rowid;

create index rest_age on rest (at_ms);

-- How often a survey was shown, by day.
create table display (
  study_id text not null,
  day integer not null,
  n integer not null,
  primary key (study_id, day)
) strict, without rowid;

-- Where displays are told. It holds nothing: its trigger counts them and sets the clocks, within
-- the one statement. `rows` is a JSON array of `[site, study, who, day, at, scopes, limits]`, and a
-- limit says who, until when and how many.
create view shown as
select '' as rows
where 0;

-- A survey that was shown to somebody within the last minute is not shown again: pages tell it
-- twice when the network fails them.
create trigger shown_told instead of insert on shown
begin
  insert into display (study_id, day, n)
  select it.value ->> 1, it.value ->> 3, count(distinct it.value ->> 2)
  from json_each(new.rows) it
  where not exists (
      select 1 from rest r
      where r.site_id = it.value ->> 0 and r.who = it.value ->> 2 and r.scope = it.value ->> 1
        and r.at_ms > (it.value ->> 4) - 60000)
    and not exists (
      select 1 from json_each(it.value, '$[6]') l
      cross join visit v on v.until_s = l.value ->> 1 and v.site_id = it.value ->> 0
        and v.who = l.value ->> 0
      where v.n >= l.value ->> 2)
  group by 1, 2
  on conflict (study_id, day) do update set n = n + excluded.n;
  insert into rest (site_id, who, scope, at_ms)
  select it.value ->> 0, it.value ->> 2, s.value, it.value ->> 4
  from json_each(new.rows) it
  cross join json_each(it.value, '$[5]') s
  where not exists (
      select 1 from rest r
      where r.site_id = it.value ->> 0 and r.who = it.value ->> 2 and r.scope = it.value ->> 1
        and r.at_ms > (it.value ->> 4) - 60000)
    and not exists (
      select 1 from json_each(it.value, '$[6]') l
      cross join visit v on v.until_s = l.value ->> 1 and v.site_id = it.value ->> 0
        and v.who = l.value ->> 0
      where v.n >= l.value ->> 2)
  on conflict (site_id, who, scope) do update set at_ms = max(at_ms, excluded.at_ms);
  insert into visit (until_s, site_id, who, n)
  select l.value ->> 1, it.value ->> 0, l.value ->> 0, count(*)
  from json_each(new.rows) it
  cross join json_each(it.value, '$[6]') l
  group by 1, 2, 3
  on conflict do update set n = n + excluded.n;
end;

-- For drawing a sample of one group.
create index customer_grouped on customer (site_id, customer_group, id);

-- A survey that is asked again and again of a sample of customers.
create table programme (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  study_id text not null references study (id),
  recurrence text not null check (recurrence in ('once', 'monthly', 'quarterly')),
  first_day integer not null,
  -- A JSON object: how many of each group a wave is to invite.
  sample text not null,
  -- A JSON array of days, in order.
  remind_after_days text not null,
  open_days integer not null check (open_days between 1 and 90),
  is_active integer not null check (is_active in (0, 1)),
  -- How many waves it had, and the day for which the newest was due.
  waves integer not null,
  last_day integer,
  -- When the next one is due; null when there is none.
  due_at_ms integer,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index programme_site on programme (site_id, id);

create index programme_due on programme (due_at_ms) where due_at_ms is not null;

-- One turn of a programme, as it was planned when it opened.
create table wave (
  id text primary key,
  site_id text not null,
  programme_id text not null references programme (id),
  study_id text not null,
  version integer not null,
  number integer not null check (number >= 1),
  state text not null check (state in ('inviting', 'open', 'closed')),
  -- The day for which it was due.
  day integer not null,
  opened_at_ms integer not null,
  closes_at_ms integer not null,
  -- A JSON object by group: how many were planned, how many customers the group had, and how
  -- many of them could be asked.
  plan text not null,
  remind_after_days text not null,
  -- The clocks that an invitation sets, as a JSON array.
  scopes text not null,
  -- How many rounds of reminders are done, and how far the one under way has come.
  reminders integer not null,
  cursor text not null,
  -- When there is something to do; null when it is closed.
  due_at_ms integer check ((due_at_ms is null) = (state = 'closed'))
) strict, without rowid;

-- Whoever opens a programme's next wave first has opened it.
create unique index wave_once on wave (programme_id, number);

create index wave_due on wave (due_at_ms) where due_at_ms is not null;

-- The customers that a wave drew. Those who were invited have an event, and a version above 0.
create table invitation (
  wave_id text not null references wave (id),
  id text not null,
  version integer not null,
  -- '' once the customer was erased, as are their language and what makes their link.
  customer_id text not null,
  customer_group text not null,
  language text not null,
  -- What the link carries; the response through it has the key 'link:' and this.
  nonce text not null,
  invited_at_ms integer check ((invited_at_ms is null) = (version = 0)),
  reminded_at_ms integer,
  -- When it was answered, noted once the look-up by `nonce` no longer tells.
  answered_at_ms integer,
  primary key (wave_id, id)
) strict, without rowid;

create unique index invitation_customer on invitation (customer_id, wave_id)
where customer_id <> '';

-- A personal link is sealed and so outlives whom it was for: what comes through it once they were
-- erased is nobody's.
create trigger response_of_nobody after insert on response
when new.customer_id <> '' and exists (
  select 1 from customer c where c.id = new.customer_id and c.erased_at_ms is not null)
begin
  update response set customer_id = '' where study_id = new.study_id and id = new.id;
end;

insert into job (id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
  created_at_ms)
values ('job_00000000000000000000invite', '', 'invite', 'due', 0, 0, '', '{}', 0);
