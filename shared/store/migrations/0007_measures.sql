-- Counts and durations that other systems measure.
-- The facts, as they came.
create table measurement (
  site_id text not null references site (id),
  -- The sender's own name for it: the same one is never taken twice.
  key text not null,
  -- The batch that brought it, which is the subject of an event.
  batch_id text not null,
  name text not null,
  -- Milliseconds of a duration, or a count.
  value integer not null check (value >= 0),
  -- The bound in seconds that a duration falls in; 0 of a count.
  bound integer not null check (bound >= 0),
  at_ms integer not null,
  -- The day of `at_ms` in the site's zone.
  day integer not null,
  -- '' for none, as the other two.
  touchpoint_id text not null,
  channel text not null,
  agent_id text not null,
  primary key (site_id, key)
) strict, without rowid;

-- For the rebuild alone.
create index measurement_day on measurement (site_id, day);

-- What the facts of a day add up to: of each bound how many there are, and their sum.
create table measure (
  site_id text not null,
  -- One of `grain`: `site`, `touchpoint`, `channel` or `agent`.
  grain text not null,
  name text not null,
  a text not null,
  day integer not null,
  bound integer not null,
  n integer not null,
  sum integer not null,
  primary key (site_id, grain, name, a, day, bound)
) strict, without rowid;

create index measure_day on measure (site_id, day);

-- Where measurements are handed in, a JSON array of arrays: key, name, value, bound, time, day,
-- touchpoint, channel and agent. A key that was taken before changes nothing. A batch is handed
-- in once, under a new name: its facts are told from those that were there by it.
create view measured as
select '' as rows, '' as site_id, '' as batch_id
where 0;

create trigger measured_taken instead of insert on measured
begin
  insert into measurement (site_id, key, batch_id, name, value, bound, at_ms, day,
    touchpoint_id, channel, agent_id)
  select new.site_id, value ->> 0, new.batch_id, value ->> 1, value ->> 2, value ->> 3,
    value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
  from json_each(new.rows)
  where true
  on conflict (site_id, key) do nothing;
  insert into measure (site_id, grain, name, a, day, bound, n, sum)
  select new.site_id, g.name, f.name, case g.a when 0 then '' when 1 then f.touchpoint_id
    when 2 then f.channel else f.agent_id end as first, f.day, f.bound, f.n, f.sum
  from (
    select m.name, m.touchpoint_id, m.channel, m.agent_id, m.day, m.bound, count(*) as n,
      sum(m.value) as sum
    from (select distinct value ->> 0 as key from json_each(new.rows)) it
    cross join measurement m on m.site_id = new.site_id and m.key = it.key
      and m.batch_id = new.batch_id
    group by 1, 2, 3, 4, 5, 6) f
  cross join grain g on g.name in ('site', 'touchpoint', 'channel', 'agent')
  where first <> '' or g.a = 0
  on conflict (site_id, grain, name, a, day, bound) do update set n = n + excluded.n,
      sum = sum + excluded.sum;
end;
