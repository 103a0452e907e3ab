-- The desk: what staff need to work together.
-- A session can be told from others of the same key, and all of a key's can be closed.
alter table session add column id text not null default '';

-- The kind of browser and system, such as 'Chrome, Android'; nothing that tells one device from
-- another.
alter table session add column device text not null default '';

create index session_key on session (key_id, created_at_ms, id);

-- A JSON array of the languages in which the site speaks to its customers, the first one first.
alter table site add column languages text not null default '["zh-CN","en"]';

-- A JSON object: how many days each kind of personal data is kept; what it does not name is kept
-- until somebody erases it.
alter table site add column retention text not null default '{}';

create index site_kept on site (id) where retention <> '{}';

-- How far the personal data of answers and messages that came in is gone; `part` is the survey.
create table expired (
  site_id text not null,
  kind text not null check (kind in ('responses', 'messages')),
  part text not null,
  until text not null,
  primary key (site_id, kind, part)
) strict, without rowid;

-- When the personal data of a case was erased; null for never.
alter table complaint add column erased_at_ms integer;

create index complaint_kept on complaint (site_id, coalesce(closed_at_ms, updated_at_ms), id)
where state in ('closed', 'merged')
  and coalesce(closed_at_ms, updated_at_ms) > coalesce(erased_at_ms, 0);

create index callback_kept on callback (site_id, ended_at_ms, id)
where ended_at_ms is not null and phone_hash <> x'';

create index invitation_nonce on invitation (nonce) where nonce <> '';

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

create index template_kind on template (site_id, kind, id);

-- Where a survey was seen: an origin whose page asked for it. Nothing of who looked.
create table sighting (
  study_id text not null,
  origin text not null,
  -- Whether the site listed it then; of those that it does not, few are kept, and not for long.
  is_listed integer not null check (is_listed in (0, 1)),
  first_at_ms integer not null,
  seen_at_ms integer not null,
  primary key (study_id, origin)
) strict, without rowid;

create index sighting_age on sighting (seen_at_ms);

-- What was said, to be found by its words: pairs of Chinese characters, words of other scripts, and
-- the site. A row for each text, at the place of its case. What is erased leaves nothing behind.
create virtual table case_search using fts5 (
  case_id unindexed, text_id unindexed, words, detail = none,
  tokenize = "unicode61 remove_diacritics 0 tokenchars '_'"
);

insert into case_search (case_search, rank) values ('secure-delete', 1);

-- Whose words the index has not yet: those of the cases before this one, from before there was an
-- index. The tick takes them over; then there is no row.
create table case_search_left (
  before text primary key
) strict, without rowid;

insert into case_search_left (before)
select before from (select max(id) || '~' as before from complaint) where before is not null;

-- Who has this number, address or name, however it was written.
create index contact_value on contact (lower(replace(replace(value, ' ', ''), '-', '')), owner);

-- When staff looked at a response, and who did; nobody yet is null.
alter table response add column looked_at_ms integer;

alter table response add column looked_by text not null default '';

-- Whether somebody looked at the response of a score, or a complaint was made of it.
alter table score add column is_looked integer not null default 0 check (is_looked in (0, 1));

create trigger response_looked_at after update of looked_at_ms on response
when new.looked_at_ms is not old.looked_at_ms
begin
  update score set is_looked = new.looked_at_ms is not null
  where site_id = new.site_id and day = new.day and response_id = new.id;
end;

-- Low scores at which nobody looked yet. What is low is `domain::score::Metric::verdict`.
create index score_low on score (site_id, day, response_id, study_id)
where counted = 1 and is_looked = 0
  and value <= case metric when 'nps' then 6 when 'ces' then 2 else max(points * 2 / 5, 1) end;

-- What is screened out, and nobody looked yet whether that is right.
create index response_screened on response (site_id, day, id)
where counted = 0 and looked_at_ms is null;

-- What nobody saw yet, by whom it is told; what is told to nobody in particular is everybody's.
create index notice_unseen on notice (site_id, coalesce(data ->> '$.to.agent_id',
  data ->> '$.to.department_id', data ->> '$.to.role', ''), id)
where seen_at_ms is null;

-- Contacts of customers are looked for; those of responses, cases and call-backs ('') are not.
alter table contact add column site_id text not null default '';

-- However it was written; see `domain::sought`.
alter table contact add column look_up text not null generated always as (
  case kind when 'phone' then
    substr(replace(replace(replace(replace(replace(replace(replace(
      value, ' ', ''), '-', ''), '(', ''), ')', ''), '+', ''), '.', ''), '/', ''), -9)
  else lower(replace(value, ' ', '')) end
) virtual;

update contact set site_id = coalesce((
  select c.site_id from customer c where c.id = contact.owner), '')
where owner >= 'cus_' and owner < 'cut';

create index contact_look_up on contact (site_id, kind, look_up, owner) where site_id <> '';

create index customer_adviser on customer (adviser_id, id) where adviser_id <> '';

-- What whoever booked a call tells whoever makes it. It goes when its customer is erased.
create table call_note (
  callback_id text primary key references callback (id),
  note text not null check (length(note) between 1 and 2000)
) strict, without rowid;
