-- Complaints: cases, what is said in them, and what they go by.
-- What assignment needs to know of the people who work here.
alter table agent add column capacity integer not null default 20
  check (capacity between 0 and 500);

alter table agent add column is_specialist integer not null default 0
  check (is_specialist in (0, 1));

-- '' is always on shift.
alter table agent add column calendar_id text not null default '';

-- A JSON array of pairs of milliseconds: from, until.
alter table agent add column absences text not null default '[]';

-- Whose key it is; '' for nobody's.
alter table api_key add column agent_id text not null default '';

-- How many open cases each has, and when they last got one. Kept by the writes of cases.
create table agent_load (
  agent_id text primary key,
  site_id text not null,
  open integer not null check (open >= 0),
  turn integer not null
) strict, without rowid;

-- Working hours, for clocks and shifts.
create table calendar (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  name text not null check (length(name) between 1 and 80),
  -- As JSON; see `web::hours`.
  definition text not null,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create index calendar_site on calendar (site_id, id);

-- What a site's cases go by. One without a row goes by what ships.
create table policy (
  id text primary key,
  site_id text not null references site (id),
  kind text not null
    check (kind in ('promise', 'ladder', 'assignment', 'intake', 'grading', 'work')),
  version integer not null,
  -- As JSON; '' for no draft.
  draft text not null,
  -- The number of the newest published version; 0 for none.
  published integer not null check (published >= 0),
  updated_at_ms integer not null
) strict, without rowid;

create unique index policy_once on policy (site_id, kind);

-- What was published never changes: a case keeps the version that it was graded by.
create table policy_version (
  policy_id text not null references policy (id),
  number integer not null check (number >= 1),
  definition text not null,
  published_at_ms integer not null,
  primary key (policy_id, number)
) strict, without rowid;

-- A complaint from its receipt to its closing. What people said stands in `case_text`, who they
-- are in `customer` and `contact`.
create table complaint (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  -- What people call it (服务单号).
  number text not null,
  -- What no other has: `response:rsp_…`, `ticket:msg_…`, or its own id.
  once text not null,
  state text not null check (state in ('open', 'waiting', 'solved', 'closed', 'merged')),
  grade text not null check (grade in ('none', 'general', 'moderate', 'major')),
  tier integer not null check (tier in (0, 1, 2)),
  urgency text not null check (urgency in ('normal', 'high', 'immediate')),
  need text not null check (need in ('', 'product', 'service', 'experience')),
  type_id text not null,
  source text not null check (source in
    ('widget', 'page', 'staff', 'survey', 'api', 'import', 'inbound', 'surge')),
  channel text not null,
  language text not null,
  touchpoint_id text not null,
  department_id text not null,
  agent_id text not null,
  customer_id text not null,
  customer_group text not null,
  -- Whom it is about, hashed, so that what they say again joins it; '' if nobody knows.
  who text not null,
  response_id text not null,
  -- The case that it was merged into, or whose cause it shares; '' for none.
  parent_id text not null,
  -- Money at stake in the smallest unit; null if unknown.
  amount integer,
  -- Why this grade, as JSON: score, matched rules, version of the policy, whether to look again.
  grading text not null,
  -- Why this agent, as JSON.
  assigned text not null,
  -- What the clocks are computed from; see `domain::case::write_history`.
  history text not null,
  -- Which clocks were late, ever: 1 answer, 2 solution, 4 closing.
  late integer not null check (late between 0 and 7),
  -- The steps of the ladder that were taken, as `clock percent round` with commas between.
  ladder_done text not null,
  reopened integer not null,
  answers integer not null,
  -- Whether the same customer complained of such a thing before.
  is_repeat integer not null check (is_repeat in (0, 1)),
  -- Whether one answer was enough; null while nobody knows.
  is_first_contact integer check (is_first_contact in (0, 1)),
  cause_kind text not null check (cause_kind in
    ('', 'process_gap', 'product_defect', 'service_error')),
  cause_id text not null,
  -- How the customer rated its handling: CSAT of 1 to 5, effort of 1 to 7.
  csat integer check (csat between 1 and 5),
  ces integer check (ces between 1 and 7),
  received_at_ms integer not null,
  received_day integer not null,
  answered_at_ms integer,
  solved_at_ms integer,
  closed_at_ms integer,
  answer_due_ms integer,
  solution_due_ms integer,
  closing_due_ms integer,
  -- The first of them that is still to be kept.
  next_due_ms integer,
  -- When time does something to it; null for never.
  next_step_ms integer,
  created_at_ms integer not null,
  updated_at_ms integer not null,
  -- No case is closed without its cause.
  check (state <> 'closed' or cause_kind <> '' or source = 'surge' or grade = 'none')
) strict, without rowid;

create unique index complaint_once on complaint (site_id, once);

create unique index complaint_number on complaint (site_id, number);

create index complaint_site on complaint (site_id, id);

create index complaint_day on complaint (site_id, received_day);

-- The queues of those who work: by whose it is, the most pressing first. What has no clock to keep
-- any more comes last.
create index complaint_queue on complaint (site_id, coalesce(next_due_ms, 9000000000000000), id)
where state in ('open', 'waiting', 'solved');

create index complaint_agent on complaint (agent_id, coalesce(next_due_ms, 9000000000000000), id)
where state in ('open', 'waiting', 'solved') and agent_id <> '';

create index complaint_department
on complaint (department_id, coalesce(next_due_ms, 9000000000000000), id)
where state in ('open', 'waiting', 'solved') and department_id <> '';

-- Those that are nobody's yet.
create index complaint_free on complaint (site_id, next_due_ms, id)
where agent_id = '' and state in ('open', 'waiting');

create index complaint_step on complaint (next_step_ms) where next_step_ms is not null;

create index complaint_who on complaint (who, id) where who <> '';

create index complaint_customer on complaint (customer_id, id) where customer_id <> '';

create index complaint_parent on complaint (parent_id, id) where parent_id <> '';

create index complaint_cause on complaint (cause_id, id) where cause_id <> '';

-- What was said. The log of events holds a salted digest of each text alone, so a text can be
-- erased and the chain of events stays whole.
create table case_text (
  case_id text not null references complaint (id),
  id text not null,
  kind text not null check (kind in ('complaint', 'more', 'answer', 'note', 'customer', 'appeal',
    'reopening', 'rating', 'reason', 'cause', 'remedy')),
  -- Whether the customer sees it.
  is_public integer not null check (is_public in (0, 1)),
  -- `key:key_…`, `public`, `tick`; and the agent, if it was one.
  actor text not null,
  agent_id text not null,
  text text not null,
  -- A JSON array of links to files, each with a name and an address.
  files text not null,
  salt blob not null,
  at_ms integer not null,
  primary key (case_id, id)
) strict, without rowid;

-- Who may see a case by its private link. The token itself is known to its holder alone.
create table case_link (
  hash blob primary key check (length(hash) = 32),
  case_id text not null references complaint (id),
  number integer not null,
  created_at_ms integer not null,
  expires_at_ms integer not null,
  revoked_at_ms integer
) strict, without rowid;

create unique index case_link_number on case_link (case_id, number);

-- What a customer gets for it.
create table compensation (
  id text primary key,
  site_id text not null references site (id),
  case_id text not null references complaint (id),
  -- What no other has: the same one is never given twice.
  once text not null,
  kind text not null check (kind in ('coupon', 'refund')),
  -- In the smallest unit of the currency.
  amount integer not null check (amount > 0),
  currency text not null check (length(currency) = 3),
  -- A coupon's code, or another system's name for the refund.
  reference text not null,
  actor text not null,
  created_at_ms integer not null
) strict, without rowid;

create unique index compensation_once on compensation (case_id, once);

create index compensation_case on compensation (case_id, id);

-- The ledger of root causes (投诉根源台账).
create table cause (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  kind text not null check (kind in ('process_gap', 'product_defect', 'service_error')),
  name text not null check (length(name) between 1 and 80),
  -- Who must put it right.
  department_id text not null,
  -- What is done against it, and since which day.
  measure text not null check (length(measure) <= 2000),
  measure_day integer,
  is_active integer not null check (is_active in (0, 1)),
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create unique index cause_name on cause (site_id, kind, name);

create index cause_site on cause (site_id, id);

-- What was thought of a cause in the review of a quarter (风险研判).
create table review (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  -- Such as `2026-Q4`.
  quarter text not null check (length(quarter) = 7),
  cause_id text not null references cause (id),
  note text not null check (length(note) between 1 and 4000),
  owner_id text not null,
  due_day integer,
  created_at_ms integer not null,
  updated_at_ms integer not null
) strict, without rowid;

create unique index review_once on review (site_id, quarter, cause_id);

create index review_site on review (site_id, id);

-- What the cases of a day come to, by the day on which they were received, at each place where they
-- count. Written in the same commit as the case; see `domain::case::count` for each column.
create table case_count (
  site_id text not null,
  grain text not null,
  a text not null,
  day integer not null,
  received integer not null,
  not_complaints integer not null,
  merged integer not null,
  open integer not null,
  waiting integer not null,
  answered integer not null,
  solved integer not null,
  closed integer not null,
  answer_decided integer not null,
  answer_on_time integer not null,
  solution_decided integer not null,
  solution_on_time integer not null,
  closing_decided integer not null,
  closing_on_time integer not null,
  overdue integer not null,
  late integer not null,
  reopened integer not null,
  repeated integer not null,
  first_contact_known integer not null,
  first_contact integer not null,
  needs_review integer not null,
  general integer not null,
  moderate integer not null,
  major integer not null,
  process_gap integer not null,
  product_defect integer not null,
  service_error integer not null,
  primary key (site_id, grain, a, day)
) strict, without rowid;

create index case_count_day on case_count (site_id, day);

-- The few days that have something open, however long ago.
create index case_count_open on case_count (site_id, grain, a, day) where open + waiting > 0;

-- How long they took and how they were rated: of each bound how many there are, and their sum.
create table case_value (
  site_id text not null,
  grain text not null,
  name text not null check (name in ('first_answer', 'solution', 'csat', 'ces')),
  a text not null,
  day integer not null,
  bound integer not null,
  n integer not null,
  sum integer not null,
  primary key (site_id, grain, name, a, day, bound)
) strict, without rowid;

create index case_value_day on case_value (site_id, day);

-- Up to which event a site's responses and tickets were looked at.
create table case_scan (
  site_id text primary key,
  sequence integer not null
) strict, without rowid;

-- Alarms of one more kind: many cases alike. A check cannot be changed, so the table is made anew.
alter table alarm rename to alarm_before;

create table alarm (
  id text primary key,
  site_id text not null references site (id),
  version integer not null,
  kind text not null check (kind in ('under_target', 'rise', 'surge')),
  metric text not null check (metric in ('nps', 'csat', 'ces', 'complaints')),
  -- '' is the whole site; of a surge, the type of its cases and the touchpoint, with @ between.
  touchpoint_id text not null,
  -- The numbers that raised it and those that cleared it, as JSON.
  numbers text not null,
  cleared_by text not null,
  raised_at_ms integer not null,
  cleared_at_ms integer
) strict, without rowid;

insert into alarm (id, site_id, version, kind, metric, touchpoint_id, numbers, cleared_by,
  raised_at_ms, cleared_at_ms)
select id, site_id, version, kind, metric, touchpoint_id, numbers, cleared_by, raised_at_ms,
  cleared_at_ms
from alarm_before;

drop table alarm_before;

create unique index alarm_once on alarm (site_id, kind, metric, touchpoint_id)
where cleared_at_ms is null;

create index alarm_site on alarm (site_id, id);
