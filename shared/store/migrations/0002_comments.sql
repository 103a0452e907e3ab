-- What people wrote, with personal data hidden, and what was read in it. The tick derives it
-- from responses; staff may say better what a comment is about, and no reading overrides them.
create table comment (
  site_id text not null,
  response_id text not null,
  question_id text not null,
  version integer not null,
  study_id text not null,
  touchpoint_id text not null,
  channel text not null,
  language text not null,
  day integer not null,
  text text not null,
  -- How the same response scored.
  verdict text not null check (verdict in ('', 'low', 'high')),
  -- From -100, bad, to 100, good.
  sentiment integer not null check (sentiment between -100 and 100),
  topic text not null,
  needs_review integer not null check (needs_review in (0, 1)),
  sentiment_said integer not null check (sentiment_said in (0, 1)),
  topic_said integer not null check (topic_said in (0, 1)),
  -- 0 when its response is screened out.
  counted integer not null check (counted in (0, 1)),
  primary key (site_id, response_id, question_id)
) strict, without rowid;

create index comment_day on comment (site_id, day, response_id);

create index comment_topic on comment (site_id, topic, response_id);

create index comment_review on comment (site_id, response_id) where needs_review = 1;

create index comment_said on comment (site_id, response_id)
where topic_said = 1 or sentiment_said = 1;

create trigger comment_recounted after update of counted on response
when new.counted <> old.counted
begin
  update comment set counted = new.counted
  where site_id = new.site_id and response_id = new.id;
end;

-- The comments of 90 days that later ones of their study are held against, under the keys of
-- `words::similar::signature`, which texts that are alike share. A number for each keeps a row
-- of `print_key`, of which there are 32, to a dozen bytes.
create table print (
  number integer primary key,
  site_id text not null,
  study_id text not null,
  response_id text not null,
  question_id text not null,
  -- A JSON array, to find the rows of `print_key` again.
  keys text not null
) strict;

create unique index print_once on print (response_id, question_id);

create table print_key (
  key integer not null,
  number integer not null,
  primary key (key, number)
) strict, without rowid;

create trigger print_added after insert on print
begin
  insert into print_key (key, number)
  select value, new.number from json_each(new.keys)
  where true
  on conflict do nothing;
end;

create trigger print_dropped after delete on print
begin
  delete from print_key
  where key in (select value from json_each(old.keys)) and number = old.number;
end;

-- What was erased leaves no print.
create trigger comment_dropped after delete on comment
begin
  delete from print where response_id = old.response_id and question_id = old.question_id;
end;

-- Up to which response the texts of a study were read.
create table reading (
  study_id text primary key,
  last_id text not null
) strict, without rowid;

-- What the comments of a site say together, made anew when there are new ones.
create table digest (
  site_id text primary key,
  -- The newest comment that went in, and how many did.
  last_id text not null,
  comments integer not null,
  first_day integer not null,
  last_day integer not null,
  made_at_ms integer not null
) strict, without rowid;

-- Words that stand out: of the period against the time before, of bad or good comments against
-- the others. '' is the whole site.
create table keyword (
  site_id text not null,
  touchpoint_id text not null,
  side text not null check (side in ('period', 'low', 'high')),
  rank integer not null,
  term text not null,
  -- Comments that have it, and others that do.
  here integer not null,
  rest integer not null,
  -- How sure it is that they differ, in hundredths of a standard error.
  z_centi integer not null,
  primary key (site_id, touchpoint_id, side, rank)
) strict, without rowid;

-- Comments that say the same.
create table alike (
  site_id text not null,
  rank integer not null,
  comments integer not null,
  -- A JSON array of pairs of response and question, the most typical first.
  members text not null,
  primary key (site_id, rank)
) strict, without rowid;

-- An operator's own model in place of the one that ships, or, without weights, the way back.
create table model (
  site_id text not null,
  kind text not null check (kind in ('sentiment', 'topic')),
  version integer not null,
  bytes blob not null check (length(bytes) <= 65536),
  source text not null check (source in ('trained', 'uploaded', 'shipped')),
  -- What it was trained on, and how it did on what it had not seen, in thousandths.
  examples integer not null,
  accuracy_milli integer not null,
  coverage_milli integer not null,
  made_at_ms integer not null,
  primary key (site_id, kind),
  check ((source = 'shipped') = (length(bytes) = 0))
) strict, without rowid;

insert into job (id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
  created_at_ms)
values ('job_0000000000000000000000read', '', 'read', 'due', 0, 0, '', '{}', 0),
  ('job_00000000000000000000digest', '', 'digest', 'due', 0, 0, '', '{}', 0);
