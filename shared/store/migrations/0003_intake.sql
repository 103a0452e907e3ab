-- How the public's responses are taken: limits, proofs of work, quotas, what is not finished yet.
-- How many responses came within a window that ends at a second. `who` is a keyed hash of an
-- address and of the day, so that nobody can tell who it was; '' is the whole site.
create table visit (
  until_s integer not null,
  site_id text not null,
  who text not null,
  n integer not null,
  -- By time, so that what is over is found at once.
  primary key (until_s, site_id, who)
) strict, without rowid;

-- Proofs of work that were used, until their challenges run out.
create table spent (
  hash text primary key,
  until_s integer not null,
  response_id text not null
) strict, without rowid;

create index spent_until on spent (until_s);

-- How many responses of a survey count in a cell: `limit`, a quota (`quota:<id>`), those that
-- stopped at a question (`stopped:<version>:<question>`) and those that came to the end
-- (`finished:<version>`) among the visitors of whom something was saved before.
create table tally (
  study_id text not null,
  cell text not null,
  n integer not null,
  primary key (study_id, cell)
) strict, without rowid;

-- What was answered so far by visitors who have not finished.
create table partial (
  site_id text not null,
  study_id text not null references study (id),
  -- The key of the response that it will be.
  key text not null,
  study_version integer not null,
  channel text not null,
  customer_group text not null,
  language text not null,
  customer_id text not null,
  -- As JSON, without contacts.
  answers text not null,
  hidden text not null,
  -- The response that it will be if its visitor stays away; '' if it has no score.
  row text not null,
  -- The question at which they stand.
  at text not null,
  saved_at_ms integer not null,
  primary key (study_id, key)
) strict, without rowid;

create index partial_age on partial (saved_at_ms);

create index partial_customer on partial (customer_id) where customer_id <> '';

-- Where partials are handed in. `limits` is a JSON array of limits: who, until when and how many.
create view saving as
select '' as site_id, '' as study_id, '' as key, 0 as study_version, '' as channel,
  '' as customer_group, '' as language, '' as customer_id, '' as answers, '' as hidden,
  '' as row, '' as at, 0 as saved_at_ms, '' as limits
where 0;

create trigger partial_saved instead of insert on saving
begin
  insert into partial (site_id, study_id, key, study_version, channel, customer_group, language,
    customer_id, answers, hidden, row, at, saved_at_ms)
  select new.site_id, new.study_id, new.key, new.study_version, new.channel, new.customer_group,
    new.language, new.customer_id, new.answers, new.hidden, new.row, new.at, new.saved_at_ms
  where not exists (
      select 1 from response where site_id = new.site_id and idempotency_key = new.key)
    and not exists (
      select 1 from json_each(new.limits) l
      cross join visit v on v.until_s = l.value ->> 1 and v.site_id = new.site_id
        and v.who = l.value ->> 0
      where v.n >= l.value ->> 2)
  on conflict (study_id, key) do update set study_version = excluded.study_version,
      channel = excluded.channel, customer_group = excluded.customer_group,
      language = excluded.language, answers = excluded.answers, hidden = excluded.hidden,
      row = excluded.row, at = excluded.at, saved_at_ms = excluded.saved_at_ms;
  insert into visit (until_s, site_id, who, n)
  select value ->> 1, new.site_id, value ->> 0, 1 from json_each(new.limits)
  where true
  on conflict do update set n = n + 1;
end;

create trigger partial_added after insert on partial
begin
  insert into tally (study_id, cell, n)
  values (new.study_id, 'stopped:' || new.study_version || ':' || new.at, 1)
  on conflict do update set n = n + 1;
end;

create trigger partial_moved after update on partial
when new.at <> old.at or new.study_version <> old.study_version
begin
  insert into tally (study_id, cell, n)
  values (old.study_id, 'stopped:' || old.study_version || ':' || old.at, -1),
    (new.study_id, 'stopped:' || new.study_version || ':' || new.at, 1)
  on conflict do update set n = n + excluded.n;
end;

-- A partial that is finished is one no longer. One that is given up stays where it stopped.
create trigger response_finished after insert on response
when exists (
  select 1 from partial p where p.study_id = new.study_id and p.key = new.idempotency_key)
begin
  insert into tally (study_id, cell, n)
  select p.study_id, case d.value when -1 then 'stopped:' || p.study_version || ':' || p.at
    else 'finished:' || p.study_version end, d.value
  from partial p
  cross join json_each('[-1, 1]') d
  where p.study_id = new.study_id and p.key = new.idempotency_key and new.complete = 1
  on conflict do update set n = n + excluded.n;
  delete from partial where study_id = new.study_id and key = new.idempotency_key;
end;

-- Where a response is held against the cells that it would count in, a JSON array of names and
-- the most of each. One by one, so that each sees what the one before it took.
create view tallied as
select '' as study_id, '' as response_id, '' as cells
where 0;

create trigger tally_taken instead of insert on tallied
begin
  update response set counted = 0, screened = 'quota', full_cell = coalesce((
      select c.value ->> 0 from json_each(new.cells) c
      cross join tally t on t.study_id = new.study_id and t.cell = c.value ->> 0
      where t.n >= c.value ->> 1
      limit 1), '')
  where study_id = new.study_id and id = new.response_id and counted = 1 and exists (
      select 1 from json_each(new.cells) c
      cross join tally t on t.study_id = new.study_id and t.cell = c.value ->> 0
      where t.n >= c.value ->> 1);
  update response set cells = (select json_group_array(value ->> 0) from json_each(new.cells))
  where study_id = new.study_id and id = new.response_id;
  insert into tally (study_id, cell, n)
  select new.study_id, c.value ->> 0, 1
  from response r
  cross join json_each(new.cells) c
  where r.study_id = new.study_id and r.id = new.response_id and r.counted = 1
  on conflict do update set n = n + 1;
end;

-- Screened out or counted again: the cells follow in the same statement.
create trigger tally_recounted after update of counted on response
when new.counted <> old.counted and old.cells <> ''
begin
  insert into tally (study_id, cell, n)
  select new.study_id, value, new.counted - old.counted from json_each(new.cells)
  where true
  on conflict do update set n = n + excluded.n;
end;

-- What rows use beside their answers, once for a whole set and not at all for most.
create view used as
select '' as rows, '' as site_id, '' as study_id, 0 as uses
where 0;

create trigger used_noted instead of insert on used
begin
  insert into visit (until_s, site_id, who, n)
  select until, new.site_id, who, count(*)
  from (
    select it.value ->> '$[20][1]' as until, it.value ->> '$[20][0]' as who
    from json_each(new.rows) it
    cross join response r on r.study_id = new.study_id and r.id = it.value ->> 0
    where new.uses & 1
    union all
    select it.value ->> '$[20][3]', ''
    from json_each(new.rows) it
    cross join response r on r.study_id = new.study_id and r.id = it.value ->> 0
    where new.uses & 1)
  where until > 0
  group by 1, 3
  on conflict do update set n = n + excluded.n;
  insert into spent (hash, until_s, response_id)
  select it.value ->> '$[21][0]', it.value ->> '$[21][1]', r.id
  from json_each(new.rows) it
  cross join response r on r.study_id = new.study_id and r.id = it.value ->> 0
  where new.uses & 1 and it.value ->> '$[21][0]' is not null;
  insert into tallied (study_id, response_id, cells)
  select new.study_id, value ->> 0, value ->> 22
  from json_each(new.rows)
  where new.uses & 2 and json_array_length(value, '$[22]') > 0;
  insert into contact (owner, kind, question_id, value)
  select r.id, c.value ->> 0, c.value ->> 1, c.value ->> 2
  from json_each(new.rows) it
  cross join response r on r.study_id = new.study_id and r.id = it.value ->> 0
  cross join json_each(it.value, '$[23]') c
  where new.uses & 4;
end;

-- Where responses are handed in. It holds nothing: its trigger writes the responses, their
-- events, scores and rollups, all within the one statement, and a set at a time, since that is
-- half the work of doing it response by response.
--
-- `rows` is a JSON array of arrays, whose places are named in `app::response::row`. `uses` says
-- which of them may be filled, so that what a survey does not use costs nothing: 1 for limits and
-- proofs of work, 2 for cells of `tally`, 4 for contacts.
create view intake as
select '' as rows, '' as site_id, '' as study_id, '' as source, '' as actor, 0 as uses
where 0;

create trigger intake_taken instead of insert on intake
begin
  insert into response (id, site_id, study_id, study_version, idempotency_key, request_hash,
    source, channel, customer_group, language, customer_id, agent_id, answers,
    answered_at_ms, received_at_ms, day, fingerprint, screened, counted, complete)
  select v ->> 0, new.site_id, new.study_id, v ->> 1, v ->> 2, unhex(v ->> 3),
    new.source, v ->> 4, v ->> 5, v ->> 6, case when v ->> 7 <> '' and exists (
      -- Whoever was erased since a link was made is nobody.
      select 1 from customer c where c.id = v ->> 7 and c.erased_at_ms is not null) then ''
    else v ->> 7 end, v ->> 8, v ->> 9,
    v ->> 10, v ->> 11, v ->> 12, v ->> 13, v ->> 18, v ->> 18 = '', v ->> 19
  from (
    select jsonb(value) as v, 0 as nth, 0 as nth_who, 0 as nth_proof
    from json_each(new.rows)
    where new.uses & 1 = 0
    union all
    select jsonb(value), row_number() over (order by key),
      row_number() over (partition by value ->> '$[20][0]' order by key),
      row_number() over (partition by value ->> '$[21][0]' order by key)
    from json_each(new.rows)
    where new.uses & 1
    limit -1 offset 0)
  where new.uses & 1 = 0
    or coalesce((
        select n from visit
        where until_s = v ->> '$[20][1]' and site_id = new.site_id and who = v ->> '$[20][0]'),
        0) + nth_who <= v ->> '$[20][2]'
      and coalesce((
        select n from visit
        where until_s = v ->> '$[20][3]' and site_id = new.site_id and who = ''),
        0) + nth <= v ->> '$[20][4]'
      and (v ->> '$[21][0]' is null
        or nth_proof = 1 and not exists (select 1 from spent where hash = v ->> '$[21][0]'))
  on conflict (site_id, idempotency_key) do nothing;
  insert into fingerprint (site_id, hash, response_id)
  select new.site_id, r.fingerprint, r.id
  from json_each(new.rows) it
  cross join response r on r.study_id = new.study_id and r.id = it.value ->> 0
  where r.fingerprint <> '' and r.counted = 1
  on conflict do nothing;
  update response set counted = 0,
    screened = 'duplicate' || case screened when '' then '' else ',' || screened end
  where study_id = new.study_id
    and id in (select value ->> 0 from json_each(new.rows) where value ->> 13 <> '')
    and exists (
      select 1 from fingerprint f
      where f.site_id = new.site_id and f.hash = fingerprint and f.response_id <> id);
  insert into used (rows, site_id, study_id, uses)
  select new.rows, new.site_id, new.study_id, new.uses
  where new.uses <> 0;
  insert into event (id, site_id, subject, version, kind, actor, at_ms, data, hash)
  select v ->> 14, new.site_id, r.id, 1, 'response.created', new.actor, r.received_at_ms,
    v ->> 15, unhex(v ->> 16)
  from (select jsonb(value) as v from json_each(new.rows) limit -1 offset 0)
  cross join response r on r.study_id = new.study_id and r.id = v ->> 0;
  insert into score (response_id, question_id, site_id, study_id, touchpoint_id, channel,
    customer_group, agent_id, dimension, metric, points, value, day, counted, is_overall)
  select r.id, s.value ->> 0, new.site_id, new.study_id, s.value ->> 1, r.channel,
    r.customer_group, r.agent_id, s.value ->> 2, s.value ->> 3, s.value ->> 4,
    s.value ->> 5, r.day, r.counted, s.value ->> 6
  from json_each(new.rows) it
  cross join response r on r.study_id = new.study_id and r.id = it.value ->> 0
  cross join json_each(it.value, '$[17]') s;
  insert into rollup (site_id, grain, a, b, metric, points, day, n,
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)
  select new.site_id, g.name,
    case g.a when 0 then '' when 1 then f.touchpoint_id when 2 then f.channel
    when 3 then f.customer_group when 4 then f.study_id when 5 then f.question_id
    when 6 then f.agent_id else f.dimension end as first,
    case g.b when 0 then '' when 2 then f.channel when 3 then f.customer_group
    else f.question_id end as second,
    f.metric, f.points, f.day, f.n, f.c0, f.c1, f.c2, f.c3, f.c4, f.c5, f.c6, f.c7, f.c8,
    f.c9, f.c10
  from (
    select s.touchpoint_id, s.channel, s.customer_group, s.study_id, s.question_id,
      s.agent_id, s.dimension, s.metric, s.points, s.day, count(*) as n,
      sum(s.value = 0) as c0, sum(s.value = 1) as c1, sum(s.value = 2) as c2,
      sum(s.value = 3) as c3, sum(s.value = 4) as c4, sum(s.value = 5) as c5,
      sum(s.value = 6) as c6, sum(s.value = 7) as c7, sum(s.value = 8) as c8,
      sum(s.value = 9) as c9, sum(s.value = 10) as c10
    from json_each(new.rows) it
    cross join score s on s.site_id = new.site_id and s.day = it.value ->> 12
      and s.response_id = it.value ->> 0 and s.counted = 1
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) f
  cross join grain g
  where (first <> '' or g.a = 0) and (second <> '' or g.b = 0)
  on conflict (site_id, grain, metric, points, a, b, day) do update set
      n = n + excluded.n, c0 = c0 + excluded.c0, c1 = c1 + excluded.c1, c2 = c2 + excluded.c2,
      c3 = c3 + excluded.c3, c4 = c4 + excluded.c4, c5 = c5 + excluded.c5,
      c6 = c6 + excluded.c6, c7 = c7 + excluded.c7, c8 = c8 + excluded.c8,
      c9 = c9 + excluded.c9, c10 = c10 + excluded.c10;
  insert into rollup (site_id, grain, a, b, metric, points, day, n,
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)
  select new.site_id, d.name,
    case d.a when 1 then i.touchpoint_id else i.dimension end as first,
    i.metric || ':' || i.points || ':' || i.value as second, o.metric, o.points, o.day, count(*),
    sum(o.value = 0), sum(o.value = 1), sum(o.value = 2), sum(o.value = 3), sum(o.value = 4),
    sum(o.value = 5), sum(o.value = 6), sum(o.value = 7), sum(o.value = 8), sum(o.value = 9),
    sum(o.value = 10)
  from json_each(new.rows) it
  cross join score o on o.site_id = new.site_id and o.day = it.value ->> 12
    and o.response_id = it.value ->> 0 and o.is_overall = 1 and o.counted = 1
  cross join score i on i.site_id = o.site_id and i.day = o.day
    and i.response_id = o.response_id and i.question_id <> o.question_id
  cross join driver d
  where first <> ''
  group by 2, 3, 4, 5, 6, 7
  on conflict (site_id, grain, metric, points, a, b, day) do update set
      n = n + excluded.n, c0 = c0 + excluded.c0, c1 = c1 + excluded.c1, c2 = c2 + excluded.c2,
      c3 = c3 + excluded.c3, c4 = c4 + excluded.c4, c5 = c5 + excluded.c5,
      c6 = c6 + excluded.c6, c7 = c7 + excluded.c7, c8 = c8 + excluded.c8,
      c9 = c9 + excluded.c9, c10 = c10 + excluded.c10;
end;

insert into job (id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
  created_at_ms)
values ('job_0000000000000000000abandon', '', 'abandon', 'due', 0, 0, '', '{}', 0);
