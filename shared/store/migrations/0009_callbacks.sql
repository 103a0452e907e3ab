-- Call-backs: what can be booked, who calls when, and what came of it.

-- Languages an agent can speak on the phone, as a JSON array; none is every language.
alter table agent add column languages text not null default '[]';

-- How many calls a day; 0 for somebody who makes none.
alter table agent add column calls_per_day integer not null default 0
  check (calls_per_day between 0 and 200);

-- Counts the secret addresses of their feed; below 0 once the last one was closed.
alter table agent add column feed integer not null default 0;

-- Whose feed an address is. The address itself is known to its holder alone.
create table call_feed (
  hash blob primary key check (length(hash) = 32),
  agent_id text not null references agent (id)
) strict, without rowid;

create unique index call_feed_agent on call_feed (agent_id);

-- What can be booked.
create table service (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  is_active integer not null check (is_active in (0, 1)),
  -- As JSON; see `web::service`.
  definition text not null,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index service_site on service (site_id, id);

-- Which events lead to a call, when, and which.
create table call_rule (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  event text not null check (event in
    ('complaint.solved', 'order.completed', 'response.created', 'customer')),
  purpose text not null check (purpose in
    ('solved_case', 'purchase_visit', 'core_visit', 'recovery')),
  service_id text not null references service (id),
  is_active integer not null check (is_active in (0, 1)),
  -- As JSON; see `web::call_rule`.
  definition text not null,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index call_rule_site on call_rule (site_id, id);

-- Up to which event a site's rules have looked, and up to which customer on which day: as
-- `group:id`, '' for none yet and '~' for all.
create table call_scan (
  site_id text primary key,
  sequence integer not null,
  day integer not null,
  customer text not null
) strict, without rowid;

-- Who is never called again: a keyed hash of the number.
create table do_not_call (
  site_id text not null references site (id),
  phone_hash blob not null check (length(phone_hash) = 32),
  id text not null,
  actor text not null,
  created_at_ms integer not null,
  primary key (site_id, phone_hash)
) strict, without rowid;

create unique index do_not_call_id on do_not_call (site_id, id);

-- A call that somebody was promised. Who they are stands in `contact` and `customer`.
create table callback (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  -- What no other has: its own id, or the rule and what it is about.
  once text not null,
  mode text not null check (mode in ('appointment', 'asap', 'visit')),
  state text not null check (state in
    ('held', 'booked', 'waiting', 'calling', 'reached', 'failed', 'cancelled', 'expired')),
  purpose text not null check (purpose in
    ('request', 'solved_case', 'purchase_visit', 'core_visit', 'recovery')),
  service_id text not null references service (id),
  -- What it is about, each '' for none.
  case_id text not null,
  customer_id text not null,
  response_id text not null,
  touchpoint_id text not null,
  -- Who calls; '' for whoever is free.
  agent_id text not null,
  -- Which of the calls that they make at once.
  lane integer not null check (lane >= 0),
  language text not null,
  -- Where the clocks of whom we call are.
  zone text not null,
  -- Of their number; empty once they were erased.
  phone_hash blob not null,
  -- Of the private link; empty for none.
  link_hash blob not null,
  -- Of an appointment; 0 for none. With the time before and after it that is kept free.
  start_ms integer not null,
  end_ms integer not null,
  from_ms integer not null,
  until_ms integer not null,
  -- The agent's local day of it, which its cap is for.
  day integer not null,
  -- Its place in the queue: since when they wait; of a visit, since when it may be made.
  place_ms integer not null,
  -- Not before.
  due_ms integer not null,
  -- A first attempt until then keeps the promise.
  due_by_ms integer not null,
  -- When it is given up.
  expires_ms integer not null,
  -- How long a slot is held without being confirmed, or an agent may take for a call; 0 for none.
  -- It stays in what ended without ever having been more than a held slot.
  lease_ms integer not null,
  -- When time does something to it; null for never.
  next_step_ms integer,
  -- How many reminders of this time are past.
  reminded integer not null,
  -- Counts the times that it had, for calendars (SEQUENCE of RFC 5545).
  sequence integer not null,
  attempts integer not null,
  -- How often nobody answered and how often the line was busy, since the last time it had.
  no_answers integer not null,
  busies integer not null,
  -- What came of the last attempt; '' before the first.
  outcome text not null check (outcome in
    ('', 'reached', 'no_answer', 'busy', 'wrong_number', 'refused', 'do_not_call')),
  -- Whether the promise was kept: 0 is not decided, 1 kept, 2 broken.
  promise integer not null check (promise in (0, 1, 2)),
  -- Whether nobody was there at the time of an appointment.
  is_no_show integer not null check (is_no_show in (0, 1)),
  -- The response that a conversation gave.
  result_id text not null,
  requested_at_ms integer not null,
  -- The day of the request in the site's zone, which its figures are of.
  requested_day integer not null,
  -- From when figures count the wait for the first attempt, and in which mode it was. Both stay
  -- as they were at that attempt.
  since_ms integer not null,
  since_mode text not null,
  first_attempt_ms integer,
  ended_at_ms integer,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create unique index callback_once on callback (site_id, once);

-- One open call for each case.
create unique index callback_case on callback (case_id)
where case_id <> '' and state in ('held', 'booked', 'waiting', 'calling');

create unique index callback_link on callback (link_hash) where link_hash <> x'';

create index callback_site on callback (site_id, id);

create index callback_day on callback (site_id, requested_day);

-- What is taken of the time of those who call.
create index callback_busy
on callback (site_id, until_ms, from_ms, agent_id, lane, day, lease_ms, state)
where state in ('held', 'booked');

-- The queue: whoever has waited longest comes first.
create index callback_queue on callback (site_id, place_ms, id) where state = 'waiting';

create index callback_agent on callback (agent_id, due_ms, id)
where agent_id <> '' and state in ('held', 'booked', 'waiting', 'calling');

create index callback_start on callback (site_id, start_ms, id) where start_ms > 0;

create index callback_diary on callback (agent_id, start_ms, id)
where agent_id <> '' and start_ms > 0;

create index callback_step on callback (next_step_ms) where next_step_ms is not null;

create index callback_customer on callback (customer_id, id) where customer_id <> '';

create index callback_about on callback (case_id, id) where case_id <> '';

create index callback_phone on callback (site_id, phone_hash)
where state in ('held', 'booked', 'waiting', 'calling');

-- The time of those who call, in pieces of five minutes. Nobody sells one of them twice: this key
-- says so, and nothing else has to.
create table call_quantum (
  agent_id text not null,
  lane integer not null,
  quantum integer not null,
  callback_id text not null,
  primary key (agent_id, lane, quantum)
) strict, without rowid;

create index call_quantum_callback on call_quantum (callback_id);

-- How many calls somebody has on a day.
create table call_day (
  agent_id text not null,
  day integer not null,
  calls integer not null check (calls >= 0),
  primary key (agent_id, day)
) strict, without rowid;

-- Each time that somebody was called, and what came of it.
create table call_attempt (
  callback_id text not null references callback (id),
  number integer not null check (number >= 1),
  outcome text not null,
  actor text not null,
  agent_id text not null,
  started_at_ms integer not null,
  duration_ms integer not null check (duration_ms >= 0),
  -- What staff noted; the log of events holds a salted digest of it alone.
  note text not null,
  salt blob not null,
  at_ms integer not null,
  primary key (callback_id, number)
) strict, without rowid;

create index call_attempt_agent on call_attempt (agent_id, started_at_ms)
where agent_id <> '';

-- What the calls that were asked for on a day come to, at each place where they count. Written in
-- the same commit as the call; see `domain::callback::count` for each column.
create table call_count (
  site_id text not null,
  grain text not null,
  a text not null,
  day integer not null,
  requested integer not null,
  appointments integer not null,
  open integer not null,
  overdue integer not null,
  reached integer not null,
  failed integer not null,
  cancelled integer not null,
  expired integer not null,
  decided integer not null,
  kept integer not null,
  called integer not null,
  reached_first integer not null,
  shown integer not null,
  no_show integer not null,
  attempts integer not null,
  attempts_to_reach integer not null,
  moved integer not null,
  primary key (site_id, grain, a, day)
) strict, without rowid;

create index call_count_day on call_count (site_id, day);

create index call_count_open on call_count (site_id, grain, a, day) where open > 0;

-- How long they waited for the first attempt, of each mode apart: of each bound how many, and
-- their sum.
create table call_value (
  site_id text not null,
  grain text not null,
  name text not null,
  a text not null,
  day integer not null,
  bound integer not null,
  n integer not null,
  sum integer not null,
  primary key (site_id, grain, name, a, day, bound)
) strict, without rowid;

create index call_value_day on call_value (site_id, day);

-- Calls to make about orders are call-backs that a rule makes.
drop table follow_up;
