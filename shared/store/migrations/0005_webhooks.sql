-- For the feed and for what is to be delivered: the events of a site in the order of commits.
create index event_site on event (site_id);

-- Receivers know an event by its id, which is the `webhook-id` of every try.
create unique index event_id on event (id);

-- Where events are sent. What changes with every delivery stands in `outlet`.
create table webhook (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  url text not null,
  -- JSON arrays; an empty one lets everything through.
  types text not null,
  touchpoints text not null,
  grades text not null,
  is_ordered integer not null check (is_ordered in (0, 1)),
  signature text not null check (signature in ('v1', 'v1a')),
  -- Sealed: the secret, the headers as a JSON object, and the secret before while it is good.
  secret text not null,
  headers text not null,
  old_secret text not null,
  old_secret_until_ms integer not null,
  -- The names of the headers, a JSON array.
  header_names text not null default '[]',
  -- What `v1a` is verified by; empty for `v1`.
  public_key text not null default '',
  state text not null check (state in ('active', 'paused', 'disabled')),
  -- Why it is disabled: 'gone' or 'failing'.
  reason text not null check ((state = 'disabled') = (reason <> '')),
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index webhook_site on webhook (site_id, id);

-- How far a webhook has come. One row for each, made with it.
create table outlet (
  webhook_id text primary key references webhook (id) on delete cascade,
  site_id text not null,
  is_active integer not null check (is_active in (0, 1)),
  -- Events up to this one have their row in `delivery`, if they pass the filters.
  cursor integer not null,
  -- A replay: the events after the first up to the second are planned once more; equal for none.
  replay_after integer not null,
  replay_until integer not null,
  -- As JSON: its types, and whether only what never arrived.
  replay text not null,
  -- Since when nothing arrived; null while it is well.
  failing_since_ms integer,
  -- The whole webhook is held back until then.
  not_before_ms integer not null,
  -- When its next delivery is due; null for none.
  due_at_ms integer,
  lease text not null,
  -- Until when it is held; once it is given back, since when.
  lease_until_ms integer not null
) strict, without rowid;

create index outlet_active on outlet (site_id) where is_active = 1;

create index outlet_due on outlet (not_before_ms) where is_active = 1;

create index outlet_lease on outlet (lease) where lease <> '';

-- What becomes of an event at a webhook. Of a webhook that was deleted, the tick deletes them
-- little by little.
create table delivery (
  webhook_id text not null,
  -- The event's `seq`.
  sequence integer not null,
  subject text not null,
  kind text not null,
  state text not null check (state in ('due', 'delivered', 'dead', 'dropped')),
  -- How many tries there were, and how many of them since it was last planned.
  tries integer not null,
  round integer not null,
  due_at_ms integer not null,
  status integer not null,
  updated_at_ms integer not null,
  primary key (webhook_id, sequence)
) strict, without rowid;

create index delivery_due on delivery (webhook_id, due_at_ms, sequence) where state = 'due';

create index delivery_subject on delivery (webhook_id, subject, sequence) where state = 'due';

create index delivery_state on delivery (webhook_id, state, sequence);

create index delivery_age on delivery (updated_at_ms) where state <> 'due';

-- Every try.
create table attempt (
  webhook_id text not null,
  sequence integer not null,
  number integer not null,
  at_ms integer not null,
  duration_ms integer not null,
  -- 0 where no answer came; then `error` says why.
  status integer not null,
  error text not null,
  -- The beginning of the answer.
  answer text not null,
  primary key (webhook_id, sequence, number),
  foreign key (webhook_id, sequence) references delivery (webhook_id, sequence) on delete cascade
) strict, without rowid;

-- What people must know.
create table notice (
  id text primary key,
  site_id text not null,
  -- How many events it has: 0 for one that was made with an event of its subject.
  version integer not null,
  kind text not null,
  subject text not null,
  -- A JSON object without anything personal.
  data text not null,
  created_at_ms integer not null,
  seen_at_ms integer
) strict, without rowid;

create index notice_site on notice (site_id, id);
