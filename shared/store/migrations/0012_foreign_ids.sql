-- Moving here: the ids that another product gave go on working.
-- What another product calls a publishable key or a survey of ours. Exactly one of `key_id` and
-- `study_id` is not empty.
create table foreign_id (
  id text primary key,
  site_id text not null references site (id),
  foreign_id text not null check (length(foreign_id) between 1 and 64),
  key_id text not null,
  study_id text not null,
  -- A JSON object of its question ids and ours; '' for one that is left out.
  questions text not null,
  created_at_ms integer not null,
  check ((key_id = '') <> (study_id = ''))
) strict;

create index foreign_id_site on foreign_id (site_id, id);

-- Who asks by it has nothing else, so it leads to one site alone.
create unique index foreign_id_key on foreign_id (foreign_id) where key_id <> '';

create unique index foreign_id_survey on foreign_id (site_id, foreign_id) where study_id <> '';

-- Ways to reach a visitor who sends each answer once and has not finished, encrypted: nobody asks
-- for them again.
alter table partial add column held text not null default '';

drop trigger partial_saved;

drop view saving;

-- Where partials are handed in. `limits` is a JSON array of limits: who, until when and how many.
create view saving as
select '' as site_id, '' as study_id, '' as key, 0 as study_version, '' as channel,
  '' as customer_group, '' as language, '' as customer_id, '' as answers, '' as hidden,
  '' as row, '' as at, 0 as saved_at_ms, '' as limits, '' as held
where 0;

create trigger partial_saved instead of insert on saving
begin
  insert into partial (site_id, study_id, key, study_version, channel, customer_group, language,
    customer_id, answers, hidden, row, at, saved_at_ms, held)
  select new.site_id, new.study_id, new.key, new.study_version, new.channel, new.customer_group,
    new.language, new.customer_id, new.answers, new.hidden, new.row, new.at, new.saved_at_ms,
    new.held
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
      row = excluded.row, at = excluded.at, saved_at_ms = excluded.saved_at_ms,
      held = excluded.held;
  insert into visit (until_s, site_id, who, n)
  select value ->> 1, new.site_id, value ->> 0, 1 from json_each(new.limits)
  where true
  on conflict do update set n = n + 1;
end;
