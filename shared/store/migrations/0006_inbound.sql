-- What other systems send. A source is one of them.
create table source (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  is_active integer not null check (is_active in (0, 1)),
  scheme text not null check (scheme in ('standard', 'stripe', 'github', 'token')),
  -- The header that its signature or token stands in; '' is that of the scheme.
  header text not null,
  -- Sealed: the secret, and the one before while it is good.
  secret text not null,
  old_secret text not null,
  old_secret_until_ms integer not null,
  -- Where a message has the name that it has once: in the body or in a header, or '' for neither.
  once_pointer text not null,
  once_header text not null check (once_pointer = '' or once_header = ''),
  -- A JSON array; see `app::ingest`.
  rules text not null,
  -- What is to be looked at again: messages of this state that were decided before then.
  replay text not null check (replay in ('', 'failed', 'ignored')),
  replay_before_ms integer not null,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index source_site on source (site_id, id);

create index source_replay on source (id) where replay <> '';

-- One message, and what became of it. Its body stands beside it, so that a change of state does
-- not write 256 kB again.
create table inbound (
  id text primary key,
  site_id text not null,
  source_id text not null references source (id),
  -- Counts its events, the first of which tells what became of it.
  version integer not null,
  -- A hash of what no other message of the source has.
  once text not null,
  state text not null check (state in ('new', 'mapped', 'ignored', 'failed')),
  -- JSON arrays: what it became, or every mistake.
  outcome text not null,
  mistakes text not null,
  tries integer not null,
  lease text not null,
  lease_until_ms integer not null,
  received_at_ms integer not null,
  decided_at_ms integer,
  forget_at_ms integer not null
) strict, without rowid;

create unique index inbound_once on inbound (source_id, once);

create index inbound_source on inbound (source_id, id);

create index inbound_state on inbound (source_id, state, id);

create index inbound_due on inbound (lease_until_ms) where state = 'new';

create index inbound_forget on inbound (forget_at_ms) where state <> 'new';

-- A message as it came. None is left of one that was about a customer who was erased.
create table inbound_body (
  inbound_id text primary key references inbound (id) on delete cascade,
  content text not null
) strict;

-- Whom messages are about, under `domain::asking::who`, so that erasing somebody finds them, even
-- those that became nothing.
create table inbound_about (
  who text not null,
  inbound_id text not null references inbound (id) on delete cascade,
  primary key (who, inbound_id)
) strict, without rowid;

create index inbound_about_message on inbound_about (inbound_id);

-- Where messages are handed in: one statement stores all parts, or finds the first of the name.
create view arrival as
select '' as id, '' as site_id, '' as source_id, '' as once, 0 as now, 0 as forget_at_ms,
  '' as content, '[]' as whos
where 0;

create trigger arrival_stored instead of insert on arrival
begin
  insert into inbound (id, site_id, source_id, version, once, state, outcome, mistakes, tries,
    lease, lease_until_ms, received_at_ms, decided_at_ms, forget_at_ms)
  values (new.id, new.site_id, new.source_id, 0, new.once, 'new', '[]', '[]', 0, '', 0, new.now,
    null, new.forget_at_ms)
  on conflict (source_id, once) do nothing;
  insert into inbound_body (inbound_id, content)
  select new.id, new.content
  where exists (select 1 from inbound where id = new.id);
  insert into inbound_about (who, inbound_id)
  select value, new.id
  from json_each(new.whos)
  where exists (select 1 from inbound where id = new.id)
  on conflict do nothing;
end;

-- An order that a customer completed. Erasing the customer takes the links and leaves the rest.
create table purchase (
  id text primary key,
  site_id text not null references site (id),
  -- A hash of the company's own number, which stays when the number goes.
  once text not null,
  external_id text not null,
  customer_id text not null,
  -- In the smallest unit of the currency.
  amount integer not null check (amount between 0 and 1000000000000),
  currency text not null check (length(currency) = 3),
  completed_at_ms integer not null,
  channel text not null,
  touchpoint_id text not null,
  source_id text not null,
  inbound_id text not null,
  received_at_ms integer not null
) strict, without rowid;

create unique index purchase_once on purchase (site_id, once);

create index purchase_site on purchase (site_id, id);

create index purchase_customer on purchase (customer_id, id) where customer_id <> '';

-- How recently, how often and for how much a customer bought, in each currency.
create table rfm (
  customer_id text not null,
  currency text not null,
  site_id text not null,
  orders integer not null,
  amount integer not null,
  first_at_ms integer not null,
  last_at_ms integer not null,
  primary key (customer_id, currency)
) strict, without rowid;

create trigger purchase_counted after insert on purchase
when new.customer_id <> ''
begin
  insert into rfm (customer_id, currency, site_id, orders, amount, first_at_ms, last_at_ms)
  values (new.customer_id, new.currency, new.site_id, 1, new.amount, new.completed_at_ms,
    new.completed_at_ms)
  on conflict (customer_id, currency) do update set
    orders = orders + 1, amount = amount + excluded.amount,
    first_at_ms = min(first_at_ms, excluded.first_at_ms),
    last_at_ms = max(last_at_ms, excluded.last_at_ms);
end;

-- A ticket or a message. Erasing its customer takes the words and the links.
create table message (
  id text primary key,
  site_id text not null references site (id),
  kind text not null check (kind in ('ticket', 'message')),
  -- A hash of its kind and of the other system's own name for it.
  once text not null,
  external_id text not null,
  customer_id text not null,
  subject text not null,
  text text not null,
  channel text not null,
  touchpoint_id text not null,
  source_id text not null,
  inbound_id text not null,
  created_at_ms integer not null,
  received_at_ms integer not null
) strict, without rowid;

create unique index message_once on message (site_id, once);

create index message_site on message (site_id, id);

create index message_customer on message (customer_id, id) where customer_id <> '';

-- A call to make.
create table follow_up (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  kind text not null check (kind in ('purchase_visit')),
  state text not null check (state in ('due', 'done', 'dropped')),
  customer_id text not null,
  -- What it is about, such as an order.
  about text not null,
  due_at_ms integer not null,
  created_at_ms integer not null
) strict, without rowid;

create unique index follow_up_once on follow_up (about, kind);

create index follow_up_due on follow_up (site_id, due_at_ms) where state = 'due';

create index follow_up_customer on follow_up (customer_id) where customer_id <> '';
