-- The desk: what staff need to work together.
-- A session can be told from others of the same key, and all of a key's can be closed.
alter table session add column id text not null default '';

-- The kind of browser and system, such as 'Chrome, Android'; nothing that tells one device from
-- another.
alter table session add column device text not null default '';

create index session_key on session (key_id, created_at_ms);

-- A JSON array of the languages in which the site speaks to its customers, the first one first.
alter table site add column languages text not null default '["zh-CN","en"]';

-- A JSON object: how many days each kind of personal data is kept; what it does not name is kept
-- until somebody erases it.
alter table site add column retention text not null default '{}';

-- Who looks at what just now. It may be lost, and nobody is told of it: it is no state of anything.
create table presence (
  subject text not null,
  -- As in events: 'admin' or 'key:key_…'.
  actor text not null,
  agent_id text not null,
  -- Whether they are writing.
  is_writing integer not null check (is_writing in (0, 1)),
  seen_at_ms integer not null,
  primary key (subject, actor)
) strict, without rowid;

create index presence_age on presence (seen_at_ms);

-- Texts that staff begin from.
create table template (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  kind text not null check (kind in ('answer', 'question', 'plan', 'solution', 'note')),
  -- A JSON object: a language and the text in it.
  texts text not null,
  is_active integer not null check (is_active in (0, 1)),
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index template_site on template (site_id, id);

-- Where a survey was seen: an origin whose page asked for it. Nothing of who looked.
create table sighting (
  study_id text not null,
  origin text not null,
  first_at_ms integer not null,
  seen_at_ms integer not null,
  primary key (study_id, origin)
) strict, without rowid;

-- What whoever booked a call tells whoever makes it. It goes when its customer is erased.
create table call_note (
  callback_id text primary key references callback (id),
  note text not null check (length(note) between 1 and 2000)
) strict, without rowid;
