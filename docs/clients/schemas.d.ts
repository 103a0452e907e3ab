// Made of the contract: `GOLDEN=1 cargo test -p contract` writes it anew.

import type { Event } from "./events";

/** What kind of problem it is; branch on it. */
export type ProblemType =
  | "/problems/malformed-body"
  | "/problems/unauthorized"
  | "/problems/forbidden"
  | "/problems/form-token"
  | "/problems/origin-not-allowed"
  | "/problems/proof-needed"
  | "/problems/not-found"
  | "/problems/method-not-allowed"
  | "/problems/conflict"
  | "/problems/do-not-call"
  | "/problems/link-used"
  | "/problems/not-published"
  | "/problems/slot-taken"
  | "/problems/survey-closed"
  | "/problems/wrong-state"
  | "/problems/hold-expired"
  | "/problems/link-expired"
  | "/problems/precondition-failed"
  | "/problems/body-too-large"
  | "/problems/unsupported-media-type"
  | "/problems/idempotency-key-reused"
  | "/problems/invalid-fields"
  | "/problems/too-many-requests"
  | "/problems/internal"
  | "/problems/unavailable";

export interface Absence {
  from: string;
  /** after `from` */
  until: string;
}

/** Somebody who serves customers. */
export interface Agent {
  absences: Array<Absence>;
  /** their working hours: a calendar of the site, or a built-in one */
  calendar_id: string | null;
  /** the most calls that they make on a day */
  calls_per_day: number;
  /** the most open complaints that they may have */
  capacity: number;
  created_at: string;
  department_id: `dep_${string}` | null;
  /** whether their calendar has a secret address */
  has_feed: boolean;
  id: `agt_${string}`;
  /** whether they are given work */
  is_active: boolean;
  /** whether complex complaints go to them */
  is_specialist: boolean;
  /** what they speak on the phone; none is every language */
  languages: Array<SpokenLanguage>;
  name: string;
  skills: Array<AgentSkill>;
  updated_at: string;
  version: number;
}

export interface AgentFeed {
  /** of an iCalendar feed; whoever knows it may read it */
  url: string;
}

export interface AgentInput {
  /** replaces all */
  absences?: Array<Absence> | null;
  /** null for none */
  calendar_id?: string | null;
  calls_per_day?: number | null;
  capacity?: number | null;
  /** null for none */
  department_id?: `dep_${string}` | "" | null;
  is_active?: boolean | null;
  is_specialist?: boolean | null;
  languages?: Array<SpokenLanguage> | null;
  name?: string | null;
  skills?: Array<AgentSkill> | null;
}

/** a tag that says what they can */
export type AgentSkill = string;

export interface Alarm {
  cleared_at: string | null;
  cleared_by: Record<string, unknown> | null;
  id: `alm_${string}`;
  kind: "under_target" | "rise" | "surge";
  metric: string;
  numbers: Record<string, unknown>;
  raised_at: string;
  state: "open" | "cleared";
  touchpoint_id: `tch_${string}` | null;
}

/** By the ids of questions. A score, number or consent is a number or true; a choice its id, or option and text; several choices and a ranking a list; a matrix an object by its rows; everything else a text. */
export type Answers = Record<string, unknown>;

/** Why whoever has it has it, and how many were passed over for which reason. */
export interface Assigned {
  passed_over?: Record<string, number>;
  why: Array<{
    capacity?: number;
    has?: number;
    of?: number;
    open?: number;
    /** adviser, specialist, no_specialist, skills, language, department, other_department, least_loaded, round_robin, only_one, staff, no_agents, all_absent, all_full, absent_or_full */
    reason: string;
  }>;
}

export interface Attempt {
  agent_id: `agt_${string}` | null;
  at: string;
  duration_ms: number | null;
  note: string | null;
  number: number;
  outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call";
  started_at: string;
}

/** Something that happened to a subject. Each is sealed with the one before, so that nothing can be changed unseen. */
export interface AuditEntry {
  /** who did it: `admin`, `key:key_…`, or a part of the system */
  actor: string;
  /** what people call them; null where it was no key */
  actor_name: string | null;
  /** what changed; nothing personal stands here */
  data: Record<string, unknown>;
  /** its seal, SHA-256 */
  hash: string;
  id: `evt_${string}`;
  timestamp: string;
  /** such as `agent.updated` */
  type: string;
  /** the version of the subject after it */
  version: number;
}

export interface Backlog {
  ages: Array<{
    from_days: number;
    n: number;
    to_days: number | null;
  }>;
  open: number;
  overdue: number;
}

export interface BatchItem {
  /** when, if not now: up to 30 days back */
  answered_at?: string | null;
  answers?: Answers | null;
  channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
  /** how long the form was in sight */
  elapsed_ms?: number | null;
  form_token?: string | null;
  group?: "new" | "existing" | "core" | null;
  /** hidden fields by id */
  hidden?: Record<string, unknown> | null;
  /** as Idempotency-Key, for this one */
  key: string;
  language?: string | null;
  /** what follows /s/{id}?link= of a personal link */
  link?: string | null;
  proof?: string | null;
  /** of the survey that was answered; the newest if absent */
  version?: number | null;
  /** whom the widget takes the visitor for; not kept */
  visitor?: string | null;
  /** leave it empty; robots do not */
  website?: string | null;
}

export interface Became {
  id: string;
  /** whether it was there already */
  is_repeated: boolean;
  type: "order" | "ticket" | "message" | "rating" | "measurement";
}

/** A call-back as its holder sees it. */
export interface Booking {
  due: string | null;
  end: string | null;
  ended_at: string | null;
  estimate?: string | null;
  hold_expires: string | null;
  id: `cbk_${string}`;
  language: string | null;
  may?: Array<"confirm" | "move" | "cancel">;
  mode: "appointment" | "asap" | "visit";
  position?: number;
  requested_at: string;
  /** how often it was moved, for calendars */
  sequence: number;
  service?: {
    id: `svc_${string}`;
    length_min: number;
    name: string;
  } | null;
  start: string | null;
  state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
  /** whose clocks the times are on */
  tz: string;
}

export interface Calendar {
  /** whose holidays and make-up days it has */
  country: "china" | "none";
  created_at?: string;
  exceptions: Array<DayException>;
  id: string;
  is_built_in: boolean;
  /** to which day holidays are known; null is for ever */
  known_until: string | null;
  make_up: Hours;
  name: string;
  updated_at?: string;
  version?: number;
  week: Week;
  zone: string;
}

export interface CalendarInput {
  country?: "china" | "none" | null;
  exceptions?: Array<DayException> | null;
  known_until?: string | null;
  make_up?: Hours | null;
  name?: string | null;
  week?: Week | null;
  /** IANA */
  zone?: string | null;
}

export interface CallRule {
  created_at: string;
  csat_max: number;
  delay_min: number;
  event: "complaint.solved" | "order.completed" | "response.created" | "customer";
  every_days: number;
  groups: Array<"new" | "existing" | "core">;
  id: `crl_${string}`;
  is_active: boolean;
  /** -1 is none */
  nps_max: number;
  purpose: "solved_case" | "purchase_visit" | "recovery" | "core_visit";
  service_id: `svc_${string}`;
  updated_at: string;
  version: number;
  within_min: number;
}

export interface CallRuleInput {
  csat_max?: number | null;
  delay_min?: number | null;
  event?: "complaint.solved" | "order.completed" | "response.created" | "customer" | null;
  every_days?: number | null;
  groups?: Array<"new" | "existing" | "core"> | null;
  is_active?: boolean | null;
  nps_max?: number | null;
  purpose?: "solved_case" | "purchase_visit" | "recovery" | "core_visit" | null;
  service_id?: string | null;
  within_min?: number | null;
}

export interface Callback {
  agent_id: `agt_${string}` | null;
  attempts: number;
  case_id: `cmp_${string}` | null;
  customer_id: `cus_${string}` | null;
  due: string | null;
  due_by: string | null;
  end: string | null;
  ended_at: string | null;
  estimate?: string | null;
  expires: string | null;
  hold_expires: string | null;
  id: `cbk_${string}`;
  language: string | null;
  /** the customer's private link; told once */
  link?: string;
  mode: "appointment" | "asap" | "visit";
  order_id: `ord_${string}` | null;
  outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call" | null;
  position?: number;
  /** how its promise stands */
  promise: string;
  purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
  requested_at: string;
  response_id: `rsp_${string}` | null;
  /** what was answered on the phone */
  result_id: `rsp_${string}` | null;
  /** how often it was moved, for calendars */
  sequence: number;
  service_id: `svc_${string}`;
  start: string | null;
  state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
  touchpoint_id: `tch_${string}` | null;
  /** whose clocks the times are on */
  tz: string;
  /** how long whoever calls has it */
  until: string | null;
  version: number;
}

export interface CallbackCompared {
  appointments: number;
  attempts: number;
  attempts_per_reach: number | null;
  cancelled: number;
  differences: {
    cancelled: Difference | null;
    kept: Difference | null;
    no_show: Difference | null;
    reached: Difference | null;
    reached_first: Difference | null;
  };
  expired: number;
  failed: number;
  from: string;
  moved: number;
  no_show: number;
  open: number;
  overdue: number;
  rates: {
    cancelled: Rate;
    kept: Rate;
    no_show: Rate;
    reached: Rate;
    reached_first: Rate;
  };
  reached: number;
  requested: number;
  to: string;
  waits: {
    appointment: Durations;
    asap: Durations;
    visit: Durations;
  };
}

export interface CallbackFigures {
  /** what it was filtered by */
  agent?: string;
  appointments: number;
  as_of: string;
  attempts: number;
  attempts_per_reach: number | null;
  backlog: Backlog;
  by?: string;
  cancelled: number;
  /** what it was filtered by */
  cause?: string;
  /** what it was filtered by */
  cause_id?: string;
  /** what it was filtered by */
  channel?: string;
  compared?: CallbackCompared;
  confidence: number;
  /** what it was filtered by */
  department?: string;
  expired: number;
  failed: number;
  from: string;
  /** what it was filtered by */
  grade?: string;
  /** what it was filtered by */
  group?: string;
  moved: number;
  /** what it was filtered by */
  need?: string;
  no_show: number;
  not_stated?: number;
  open: number;
  overdue: number;
  parts?: Array<CallbackPart>;
  /** what it was filtered by */
  purpose?: string;
  rates: {
    cancelled: Rate;
    kept: Rate;
    no_show: Rate;
    reached: Rate;
    reached_first: Rate;
  };
  reached: number;
  requested: number;
  /** what it was filtered by */
  service?: string;
  to: string;
  /** what it was filtered by */
  touchpoint?: string;
  /** what it was filtered by */
  type?: string;
  waits: {
    appointment: Durations;
    asap: Durations;
    visit: Durations;
  };
  zone: string;
}

export interface CallbackPart {
  appointments: number;
  attempts: number;
  attempts_per_reach: number | null;
  backlog?: Backlog;
  cancelled: number;
  expired: number;
  failed: number;
  key: string;
  moved: number;
  name?: string | null;
  no_show: number;
  open: number;
  overdue: number;
  rates: {
    cancelled: Rate;
    kept: Rate;
    no_show: Rate;
    reached: Rate;
    reached_first: Rate;
  };
  reached: number;
  requested: number;
  waits: {
    appointment: Durations;
    asap: Durations;
    visit: Durations;
  };
}

export interface CallbackShown {
  agent_id: `agt_${string}` | null;
  attempts: number;
  case_id: `cmp_${string}` | null;
  contacts: {
    email?: string;
    name?: string;
    phone?: string;
  };
  customer_id: `cus_${string}` | null;
  due: string | null;
  due_by: string | null;
  end: string | null;
  ended_at: string | null;
  estimate?: string | null;
  expires: string | null;
  hold_expires: string | null;
  id: `cbk_${string}`;
  language: string | null;
  made: Array<Attempt>;
  mode: "appointment" | "asap" | "visit";
  note: string | null;
  order_id: `ord_${string}` | null;
  outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call" | null;
  position?: number;
  /** how its promise stands */
  promise: string;
  purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
  requested_at: string;
  response_id: `rsp_${string}` | null;
  /** what was answered on the phone */
  result_id: `rsp_${string}` | null;
  /** how often it was moved, for calendars */
  sequence: number;
  service: {
    length_min: number;
    name: string;
    quiet: {
      from: string;
      until: string;
    } | null;
    retries_min: {
      busy: Array<number>;
      no_answer: Array<number>;
    };
    script: string | null;
    survey_id: `srv_${string}` | null;
  } | null;
  service_id: `svc_${string}`;
  start: string | null;
  state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
  touchpoint_id: `tch_${string}` | null;
  /** whose clocks the times are on */
  tz: string;
  /** how long whoever calls has it */
  until: string | null;
  version: number;
}

/** What whoever calls must know. */
export interface Calling {
  attempts: Array<Attempt>;
  callback: Callback;
  case: Record<string, unknown> | null;
  contacts: {
    email?: string | null;
    name?: string | null;
    phone?: string | null;
  };
  note: string | null;
  script: string | null;
  survey_id: `srv_${string}` | null;
  until: string;
}

export interface CaseLink {
  expires_at: string;
  number: number;
  revoked_at: string | null;
}

export interface CaseText {
  actor: string;
  agent_id: `agt_${string}` | null;
  at: string;
  case_id: `cmp_${string}`;
  files: Array<File>;
  id: `nte_${string}`;
  /** whether the customer sees it */
  is_public: boolean;
  kind: "complaint" | "more" | "answer" | "note" | "customer" | "appeal" | "reopening" | "rating" | "reason" | "cause" | "remedy";
  /** null once it was erased */
  text: string | null;
}

export interface Cause {
  created_at: string;
  department_id: `dep_${string}` | null;
  id: `cau_${string}`;
  is_active: boolean;
  kind: "process_gap" | "product_defect" | "service_error";
  /** what is done about it */
  measure: string | null;
  measure_since: string | null;
  name: string;
  updated_at: string;
  version: number;
}

export interface CauseCase {
  grade: "none" | "general" | "moderate" | "major";
  id: `cmp_${string}`;
  number: string;
  received_at: string;
  state: "open" | "waiting" | "solved" | "closed" | "merged";
}

export interface CauseInput {
  department_id?: string | null;
  is_active?: boolean | null;
  kind?: "process_gap" | "product_defect" | "service_error" | null;
  measure?: string | null;
  /** a date */
  measure_since?: string | null;
  name?: string | null;
}

export interface CauseRanked {
  department: {
    id: `dep_${string}`;
    name: string;
  } | null;
  effect?: Effect | null;
  grades: {
    general: number;
    major: number;
    moderate: number;
  };
  id: `cau_${string}`;
  is_active: boolean;
  kind: "process_gap" | "product_defect" | "service_error";
  measure: string | null;
  measure_since: string | null;
  n: number;
  n_before: number;
  name: string;
  rank: number;
  share: Share;
}

export interface CauseReviewed {
  department: {
    id: `dep_${string}`;
    name: string;
  } | null;
  grades: {
    general: number;
    major: number;
    moderate: number;
  };
  harm: number;
  id: `cau_${string}`;
  is_active: boolean;
  kind: "process_gap" | "product_defect" | "service_error";
  measure: string | null;
  measure_since: string | null;
  n: number;
  n_before: number;
  name: string;
  rank: number;
  review: Review | null;
  risk: number;
  share: Share;
}

export interface Challenge {
  algorithm: string;
  challenge: string;
  maxnumber: number;
  salt: string;
  signature: string;
}

export type Channel = "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store";

export interface Choice {
  /** of multiple_choice: chosen alone */
  exclusive?: boolean;
  /** lower-case letters, digits and underscores */
  id: string;
  /** whoever chooses it may add words */
  open?: boolean;
  text: Texts;
}

/** One of the promises of a case, read now. */
export interface Clock {
  /** seconds that it allows */
  allowance_s: number;
  due: string | null;
  /** false where it runs into a year whose holidays nobody has told */
  is_calendar_known: boolean;
  /** whether only working time counts */
  is_working_time: boolean;
  /** seconds left; below zero it is late by so many */
  remaining_s: number;
  state: "running" | "paused" | "met" | "late" | "met_late" | "off";
  timeline?: Array<{
    from: string;
    kind: "running" | "paused" | "outside" | "over";
    round: number;
    to: string;
  }>;
  was_late: boolean;
}

export interface Clocks {
  answer: Clock;
  closing: Clock;
  solution: Clock;
}

export interface Comment {
  channel: string | null;
  day: string;
  /** the response and the question, parted by a dot */
  id: string;
  language: string;
  needs_review: boolean;
  question_id: string;
  response_id: `rsp_${string}`;
  /** what staff said of it */
  said: Array<"topic" | "sentiment">;
  /** from -100 to 100 */
  sentiment: number | null;
  survey_id: `srv_${string}`;
  /** personal data hidden */
  text: string | null;
  topic: string | null;
  touchpoint_id: `tch_${string}` | null;
  verdict: "low" | "neutral" | "high" | null;
  version: number;
}

export interface Compensation {
  actor: string;
  amount: number;
  at: string;
  currency: string;
  id: `cpn_${string}`;
  kind: "coupon" | "refund";
  reference: string | null;
}

/** A case. */
export interface Complaint {
  agent_id: `agt_${string}` | null;
  /** money at stake, in the smallest unit */
  amount: number | null;
  answered_at: string | null;
  assigned: Assigned;
  cause: {
    cause_id: string | null;
    kind: "process_gap" | "product_defect" | "service_error";
  } | null;
  channel: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
  clocks: Clocks;
  closed_at: string | null;
  compensations?: Array<Compensation>;
  contacts?: Contacts;
  customer_group: "new" | "existing" | "core" | null;
  customer_id: `cus_${string}` | null;
  /** in lists */
  customer_name?: string | null;
  department_id: `dep_${string}` | null;
  /** how it begins; in lists */
  excerpt?: string | null;
  grade: "none" | "general" | "moderate" | "major";
  grading: Grading;
  id: `cmp_${string}`;
  /** solved at the first contact */
  is_first_contact: boolean | null;
  /** whether it was added to a case that was open; at intake */
  is_joined?: boolean;
  is_repeat: boolean;
  language: string | null;
  /** the customer's private link; told once */
  link?: string;
  links?: Array<CaseLink>;
  need: "product" | "service" | "experience" | null;
  /** what people say: the day, five signs and a check */
  number: string;
  /** the case that it was merged into or belongs to */
  parent_id: `cmp_${string}` | null;
  rating: {
    ces: number | null;
    csat: number | null;
  } | null;
  received_at: string;
  /** how often */
  reopened: number;
  /** the answer that led to it */
  response_id: `rsp_${string}` | null;
  solved_at: string | null;
  source: "widget" | "page" | "staff" | "survey" | "api" | "import" | "inbound" | "surge";
  state: "open" | "waiting" | "solved" | "closed" | "merged";
  survey_id?: `srv_${string}` | null;
  /** where one case is shown */
  texts?: Array<CaseText>;
  /** 1 and 2 are steps above major */
  tier: number;
  touchpoint_id: `tch_${string}` | null;
  /** by the grading policy */
  type: string | null;
  updated_at: string;
  urgency: "normal" | "high" | "immediate";
  version: number;
}

export interface ComplaintCompared {
  answered: number;
  causes: {
    process_gap: number;
    product_defect: number;
    service_error: number;
  };
  ces: Figure;
  closed: number;
  csat: Figure;
  differences: {
    answered_on_time: Difference | null;
    closed_on_time: Difference | null;
    first_contact: Difference | null;
    repeated: Difference | null;
    resolution: Difference | null;
    solved_on_time: Difference | null;
  };
  first_answer: Durations;
  from: string;
  grades: Grades;
  late: number;
  merged: number;
  needs_review: number;
  not_complaints: number;
  open: number;
  overdue: number;
  rates: {
    answered_on_time: Rate;
    closed_on_time: Rate;
    first_contact: Rate;
    repeated: Rate;
    resolution: Rate;
    solved_on_time: Rate;
  };
  received: number;
  reopened: number;
  solution: Durations;
  solved: number;
  to: string;
  waiting: number;
}

export interface ComplaintFigures {
  /** what it was filtered by */
  agent?: string;
  answered: number;
  as_of: string;
  backlog: Backlog;
  by?: string;
  /** what it was filtered by */
  cause?: string;
  /** what it was filtered by */
  cause_id?: string;
  causes: {
    process_gap: number;
    product_defect: number;
    service_error: number;
  };
  ces: Figure;
  /** what it was filtered by */
  channel?: string;
  closed: number;
  compared?: ComplaintCompared;
  confidence: number;
  csat: Figure;
  /** what it was filtered by */
  department?: string;
  first_answer: Durations;
  from: string;
  /** what it was filtered by */
  grade?: string;
  grades: Grades;
  /** what it was filtered by */
  group?: string;
  late: number;
  merged: number;
  /** what it was filtered by */
  need?: string;
  needs_review: number;
  not_complaints: number;
  not_stated?: number;
  open: number;
  overdue: number;
  parts?: Array<ComplaintPart>;
  /** what it was filtered by */
  purpose?: string;
  rates: {
    answered_on_time: Rate;
    closed_on_time: Rate;
    first_contact: Rate;
    repeated: Rate;
    resolution: Rate;
    solved_on_time: Rate;
  };
  received: number;
  reopened: number;
  /** what it was filtered by */
  service?: string;
  solution: Durations;
  solved: number;
  to: string;
  /** what it was filtered by */
  touchpoint?: string;
  /** what it was filtered by */
  type?: string;
  waiting: number;
  zone: string;
}

export interface ComplaintPart {
  answered: number;
  backlog?: Backlog;
  causes: {
    process_gap: number;
    product_defect: number;
    service_error: number;
  };
  ces: Figure;
  closed: number;
  csat: Figure;
  first_answer: Durations;
  grades: Grades;
  key: string;
  late: number;
  merged: number;
  name?: string | null;
  needs_review: number;
  not_complaints: number;
  open: number;
  overdue: number;
  rates: {
    answered_on_time: Rate;
    closed_on_time: Rate;
    first_contact: Rate;
    repeated: Rate;
    resolution: Rate;
    solved_on_time: Rate;
  };
  received: number;
  reopened: number;
  solution: Durations;
  solved: number;
  waiting: number;
}

/** Exactly one of all, any, not, question, hidden, language, group, channel. question and hidden need is, and value unless that is answered. */
export interface Condition {
  /** all of these */
  all?: Array<Condition>;
  /** one of these */
  any?: Array<Condition>;
  channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store";
  group?: "new" | "existing" | "core";
  /** the id of a hidden field */
  hidden?: string;
  /** of hidden fields answered, eq and ne alone; class is of a score: promoter, passive, detractor, satisfied, neutral, dissatisfied, easy, hard */
  is?: "answered" | "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "has" | "class";
  language?: string;
  not?: Condition;
  /** the id of an earlier question */
  question?: string;
  /** the row of a matrix */
  row?: string;
  /** a text or a number */
  value?: unknown;
}

export interface Contacts {
  email?: string;
  name?: string;
  phone?: string;
  wechat?: string;
}

/** A customer, and what may be asked of them. */
export interface Customer {
  /** who usually serves them */
  adviser_id: `agt_${string}` | null;
  /** left out of lists */
  contacts?: CustomerContacts;
  created_at: string;
  erased_at: string | null;
  /** the company's own id; `erased:` and the id once they were erased */
  external_id: string;
  group: "new" | "existing" | "core" | null;
  /** whether they agreed to be asked and called */
  has_consent: boolean;
  id: `cus_${string}`;
  /** a language tag, such as `zh-CN` */
  language: string | null;
  updated_at: string;
  version: number;
  /** IANA time zone */
  zone: string | null;
}

/** How they can be reached. */
export interface CustomerContacts {
  email?: string | null;
  name?: string | null;
  phone?: string | null;
  wechat?: string | null;
}

/** All that is kept of a customer. Of each part the newest 5,000 rows. */
export interface CustomerExport {
  as_of: string;
  callback_attempts: Array<Record<string, unknown>>;
  callback_contacts: Array<Record<string, unknown>>;
  callback_notes: Array<Record<string, unknown>>;
  callbacks: Array<Record<string, unknown>>;
  comments: Array<Record<string, unknown>>;
  compensations: Array<Record<string, unknown>>;
  complaint_contacts: Array<Record<string, unknown>>;
  complaint_links: Array<Record<string, unknown>>;
  complaint_texts: Array<Record<string, unknown>>;
  complaints: Array<Record<string, unknown>>;
  consents: Array<Record<string, unknown>>;
  customer: Customer;
  events: Array<Record<string, unknown>>;
  invitations: Array<Record<string, unknown>>;
  /** the parts that have more rows */
  left_out: Array<string>;
  messages: Array<Record<string, unknown>>;
  orders: Array<Record<string, unknown>>;
  received: Array<Record<string, unknown>>;
  response_contacts: Array<Record<string, unknown>>;
  responses: Array<Record<string, unknown>>;
  scores: Array<Record<string, unknown>>;
  surveys_shown: Array<Record<string, unknown>>;
  unfinished: Array<Record<string, unknown>>;
}

export interface CustomerInput {
  adviser_id?: `agt_${string}` | "" | null;
  /** where they said so; goes with `has_consent`, and stands in the audit trail */
  consent_source?: "web" | "app" | "store" | "phone" | "email" | "paper" | null;
  /** those that are not named stay; empty or null takes one away */
  contacts?: CustomerContacts | null;
  /** the company's own id; never changes */
  external_id?: string | null;
  group?: "new" | "existing" | "core" | null;
  has_consent?: boolean | null;
  /** a language tag */
  language?: string | null;
  /** IANA time zone */
  zone?: string | null;
}

export interface CustomerScore {
  metric: "nps" | "csat" | "ces";
  /** the highest of the scale */
  points: number;
  question_id: string;
  value: number;
}

/** How it stands with a customer now. */
export interface CustomerSummary {
  complaints: number;
  /** the last that has a score */
  last_response: LastResponse | null;
  next_callback: NextCallback | null;
  open_callbacks: number;
  /** open, waiting or solved */
  open_complaints: number;
  /** one for each currency */
  orders: Array<OrderTotals>;
  responses: number;
}

export interface Dashboard {
  alarms: Array<{
    id: `alm_${string}`;
    kind: string;
    metric: string;
    name: string | null;
    raised_at: string;
    touchpoint_id: `tch_${string}` | null;
  }>;
  as_of: string;
  callbacks: {
    cancelled: number;
    compared: {
      cancelled: number;
      differences: {
        cancelled: Difference | null;
        kept: Difference | null;
        no_show: Difference | null;
        reached: Difference | null;
        reached_first: Difference | null;
      };
      rates: {
        cancelled: Rate;
        kept: Rate;
        no_show: Rate;
        reached: Rate;
        reached_first: Rate;
      };
      reached: number;
      requested: number;
    } | null;
    open: number;
    overdue: number;
    rates: {
      cancelled: Rate;
      kept: Rate;
      no_show: Rate;
      reached: Rate;
      reached_first: Rate;
    };
    reached: number;
    requested: number;
    trend: Array<{
      day: string;
      requested: number;
    }>;
    waits: {
      appointment: Durations;
      asap: Durations;
      visit: Durations;
    };
  } | null;
  channels: Array<{
    ces: Figure;
    channel: string;
    csat: Figure;
    nps: Figure;
  }> | null;
  compared: Days | null;
  complaints: {
    by_grade: Array<{
      grade: string;
      late: number;
      open: number;
      overdue: number;
      rates: {
        answered_on_time: Rate;
        closed_on_time: Rate;
        first_contact: Rate;
        repeated: Rate;
        resolution: Rate;
        solved_on_time: Rate;
      };
      received: number;
    }> | null;
    compared: {
      differences: {
        answered_on_time: Difference | null;
        closed_on_time: Difference | null;
        first_contact: Difference | null;
        repeated: Difference | null;
        resolution: Difference | null;
        solved_on_time: Difference | null;
      };
      late: number;
      rates: {
        answered_on_time: Rate;
        closed_on_time: Rate;
        first_contact: Rate;
        repeated: Rate;
        resolution: Rate;
        solved_on_time: Rate;
      };
      received: number;
    } | null;
    first_answer: Durations;
    grades: Grades;
    late: number;
    open: number;
    overdue: number;
    rates: {
      answered_on_time: Rate;
      closed_on_time: Rate;
      first_contact: Rate;
      repeated: Rate;
      resolution: Rate;
      solved_on_time: Rate;
    };
    received: number;
    trend: Array<{
      day: string;
      received: number;
    }>;
  } | null;
  confidence: number;
  filter: {
    agent?: string;
    channel?: string;
    group?: string;
    survey?: string;
    touchpoint?: string;
  } | null;
  from: string;
  scores: {
    ces: DashboardScore;
    csat: DashboardScore;
    index: DashboardIndex | null;
    nps: DashboardScore;
  };
  site: {
    id: `sit_${string}`;
    name: string;
  };
  to: string;
  touchpoints: Array<{
    ces: Figure;
    csat: {
      compared?: {
        difference: Difference | null;
        interval: Interval;
        met?: boolean | null;
        /** answers */
        n: number;
        /** too few to rely on */
        small: boolean;
        /** too few to show */
        suppressed: boolean;
        target?: number;
        /** null with too few answers to show */
        value: number | null;
      };
      interval: Interval;
      met?: boolean | null;
      /** answers */
      n: number;
      /** too few to rely on */
      small: boolean;
      /** too few to show */
      suppressed: boolean;
      target?: number;
      /** null with too few answers to show */
      value: number | null;
    };
    id: `tch_${string}`;
    is_key: boolean;
    name: string;
    nps: Figure;
    stage: "pre_sale" | "purchase" | "after_sale" | "retention";
  }> | null;
  zone: string;
}

export interface DashboardIndex {
  compared: {
    difference: Difference | null;
    interval: Interval;
    met?: boolean | null;
    /** answers */
    n: number;
    /** too few to rely on */
    small: boolean;
    /** too few to show */
    suppressed: boolean;
    target?: number;
    /** null with too few answers to show */
    value: number | null;
  } | null;
  interval: Interval;
  met?: boolean | null;
  method: string;
  /** answers */
  n: number;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  trend: Array<TrendPoint>;
  /** null with too few answers to show */
  value: number | null;
}

export interface DashboardScore {
  compared: {
    difference: Difference | null;
    interval: Interval;
    met?: boolean | null;
    /** answers */
    n: number;
    /** too few to rely on */
    small: boolean;
    /** too few to show */
    suppressed: boolean;
    target?: number;
    /** null with too few answers to show */
    value: number | null;
  } | null;
  confidence: number;
  detractors?: Estimate;
  /** answers by value */
  distribution: Record<string, number>;
  index?: Estimate;
  interval: Interval;
  mean?: Estimate;
  met?: boolean | null;
  /** how the interval was made; see docs/scores.md */
  method: string;
  /** answers */
  n: number;
  passives?: Estimate;
  percent_5_to_7?: Estimate;
  promoters?: Estimate;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  trend: Array<TrendPoint>;
  /** null with too few answers to show */
  value: number | null;
  very_satisfied?: Estimate;
}

export interface DayCall {
  agent_id: `agt_${string}` | null;
  attempts: number;
  case_id: `cmp_${string}` | null;
  case_number: string | null;
  customer_id: `cus_${string}` | null;
  due: string | null;
  due_by: string | null;
  end: string | null;
  ended_at: string | null;
  expires: string | null;
  hold_expires: string | null;
  id: `cbk_${string}`;
  language: string | null;
  mode: "appointment" | "asap" | "visit";
  name: string | null;
  order_id: `ord_${string}` | null;
  outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call" | null;
  phone: string | null;
  /** how its promise stands */
  promise: string;
  purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
  requested_at: string;
  response_id: `rsp_${string}` | null;
  /** what was answered on the phone */
  result_id: `rsp_${string}` | null;
  script: string | null;
  /** how often it was moved, for calendars */
  sequence: number;
  service: string | null;
  service_id: `svc_${string}`;
  start: string | null;
  state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
  touchpoint_id: `tch_${string}` | null;
  tried: Array<Attempt>;
  /** whose clocks the times are on */
  tz: string;
  /** how long whoever calls has it */
  until: string | null;
  version: number;
}

export interface DayDone {
  agent_id: `agt_${string}` | null;
  at: string;
  callback_id: `cbk_${string}`;
  duration_ms: number | null;
  name: string | null;
  note: string | null;
  number: number;
  outcome: string;
  phone: string | null;
  purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
  started_at: string;
}

export interface DayException {
  /** a date */
  date: string;
  hours: Hours;
  name?: string | null;
}

export interface Days {
  from: string;
  to: string;
}

/** A survey: its questions and what goes with them. */
export interface Definition {
  channels?: Array<"web" | "app" | "wechat" | "sms" | "email" | "phone" | "store">;
  /** an RFC 3339 time */
  closes_at?: string;
  default_language?: string;
  endings?: Array<Ending>;
  hidden?: Array<HiddenField>;
  layout?: "page" | "steps";
  /** an RFC 3339 time */
  opens_at?: string;
  questions: Array<Question>;
  quotas?: Array<Quota>;
  response_limit?: number;
  sampling?: Sampling;
  stage?: "pre_sale" | "purchase" | "after_sale" | "retention" | null;
  /** how many responses of each group are wanted, or how high their index should be */
  targets?: {
    core?: number;
    existing?: number;
    new?: number;
  };
  thanks?: Texts;
  theme?: Theme;
  title: Texts;
  /** what it is about */
  touchpoint_id?: string;
  /** how heavily each dimension counts in the index */
  weights?: Record<string, number>;
  welcome?: Texts;
}

/** What became of an event at a webhook. */
export interface Delivery {
  /** of one that is looked at alone; the newest 100, the newest first */
  attempts?: Array<DeliveryAttempt>;
  /** of one that is looked at alone */
  event?: EventTold;
  event_id: `evt_${string}`;
  next_try_at: string | null;
  /** of the event */
  sequence: number;
  state: "due" | "delivered" | "dead" | "dropped";
  /** of the last answer; null where none came */
  status: number | null;
  /** what changed */
  subject: string;
  tries: number;
  type: string;
  updated_at: string;
}

export interface DeliveryAttempt {
  /** its beginning */
  answer: string;
  at: string;
  duration_ms: number;
  error: string | null;
  number: number;
  status: number | null;
}

export interface DeliveryPage {
  items: Array<Delivery>;
  /** the `after` of the next page; null on the last */
  next: number | null;
}

export interface Department {
  created_at: string;
  id: `dep_${string}`;
  name: string;
  updated_at: string;
  version: number;
}

export interface DepartmentInput {
  name?: string | null;
}

/** How it differs from what it is compared with. */
export interface Difference {
  interval: Interval;
  method: string;
  p: number;
  /** for all comparisons made at once (Holm) */
  p_corrected: number;
  significant: boolean;
  value: number;
}

export interface DisplayDay {
  date: string;
  displays: number;
}

export interface DoNotCall {
  actor: string;
  created_at: string;
  id: `dnc_${string}`;
}

export interface Duration {
  connect?: string;
  is_lower_bound?: boolean;
  label: string;
  mean?: number | null;
  mean_met?: boolean | null;
  mean_target?: number;
  median?: number | null;
  met?: boolean | null;
  n: number;
  name: string;
  p90?: number | null;
  small?: boolean;
  standard_seconds?: number;
  sum?: number | null;
  target?: number;
  within?: Estimate | null;
}

/** Seconds. */
export interface Durations {
  mean: number | null;
  median: number | null;
  median_interval: Array<number | null> | null;
  n: number;
  p90: number | null;
  p90_interval: Array<number | null> | null;
  small: boolean;
}

/** Before and since a measure. */
export interface Effect {
  before: EffectPart;
  days_max: number;
  interval: Array<number> | null;
  method: string;
  p: number | null;
  p_corrected: number | null;
  ratio: number | null;
  says: string;
  since: EffectPart;
  verdict: "fewer" | "more" | "too_few" | "unclear";
}

export interface EffectPart {
  days: number;
  known: number;
  n: number;
  per_month: number | null;
  received: number;
}

export interface Ending {
  /** lower-case letters, digits and underscores */
  id: string;
  if?: Condition;
  /** an https address that it leads to */
  link?: string;
  link_text?: Texts;
  text: Texts;
}

/** What an erasure took. */
export interface ErasureReceipt {
  /** the path of the trail that proves it */
  audit: string;
  customer_id: `cus_${string}`;
  /** How many rows of each kind were theirs. */
  erased: {
    callbacks: number;
    complaints: number;
    contacts: number;
    invitations: number;
    messages: number;
    orders: number;
    responses: number;
    unfinished: number;
  };
  erased_at: string;
  /** of the customer, after it */
  version: number;
}

export interface Estimate {
  interval: Interval;
  value: number;
}

export interface EventFeed {
  items: Array<EventTold>;
  /** the `after` of the next page; null at the end */
  next: number | null;
  /** all events up to this one were looked at: the `after` of whoever asks again later */
  until: number;
}

/** a type of events, or a family such as `response.*` */
export type EventFilter = string;

/** Something that happened, as webhooks have it too; `GET /v1/events/types` tells what each type has. */
export interface EventTold {
  /** admin, public, tick, key:key_… or source:src_… */
  actor: string;
  data: Record<string, unknown>;
  id: `evt_${string}`;
  /** orders all events by their commits, with gaps */
  sequence: number;
  site_id: `sit_${string}`;
  /** what changed */
  subject: string;
  timestamp: string;
  type: string;
  /** how often the subject had changed then; 1 is its making */
  version: number;
}

/** A score as lists and curves have it. */
export interface Figure {
  interval: Interval;
  met?: boolean | null;
  /** answers */
  n: number;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  /** null with too few answers to show */
  value: number | null;
}

export interface File {
  name: string;
  url: string;
}

export interface FileReport {
  refusals: Array<{
    errors: Array<{
      detail: string;
      field: string;
    }>;
    line: number;
  }>;
  refused: number;
  repeated: number;
  rows: number;
  taken: number;
}

/** What another product calls something of ours: an environment is a publishable key, a survey is one of ours. */
export interface ForeignId {
  created_at: string;
  foreign_id: string;
  id: `fid_${string}`;
  key_id: `key_${string}` | null;
  /** their ids of questions, and ours; an empty one is left out */
  questions: Record<string, string>;
  survey_id: `srv_${string}` | null;
}

/** As their SDKs know it. */
export type ForeignProblem = Record<string, unknown>;

export interface Goal {
  against: "previous" | "year" | null;
  area: "loyalty" | "satisfaction" | "service" | "complaints" | "calls" | "coverage";
  change: {
    interval: Interval;
    p: number;
    p_corrected: number;
    significant: boolean;
    value: number;
  } | null;
  /** what to connect, where there is nothing to show */
  connect: string | null;
  direction: "at_least" | "at_most" | null;
  formula: string;
  gap: number | null;
  interval: Interval;
  key: string | null;
  label: string;
  met: boolean | null;
  n: number | null;
  name: string;
  note: string | null;
  rise: number | null;
  source: string | null;
  target: number | null;
  trend: Array<{
    from: string;
    n: number;
    to: string;
    value: number | null;
  }>;
  unit: "points" | "percent" | "of_5" | "of_7" | "minutes" | "hours" | "money";
  value: number | null;
}

/** a grade of complaints, such as `major` */
export type GradeFilter = string;

export interface GradeNow {
  department: string | null;
  grade: "none" | "general" | "moderate" | "major";
  grading: Grading;
  need: "product" | "service" | "experience" | null;
  type: string;
  urgency: "normal" | "high" | "immediate";
}

export interface Grades {
  general: number;
  major: number;
  moderate: number;
}

export interface Grading {
  by: "policy" | "staff" | "customer" | "migration";
  matched: Array<Matched>;
  needs_review: boolean;
  policy_version: number | null;
  score: number;
}

export interface HiddenField {
  /** lower-case letters, digits and underscores */
  id: string;
  max_length?: number;
}

/** spans of a day as [from, until] or [from, until, capacity], such as ["09:00", "18:00"] */
export type Hours = Array<Array<unknown>>;

/** What would become of a message. */
export interface InboundAttempt {
  items: Array<TriedItem>;
  mistakes: Array<InboundMistake>;
  /** the number of the rule that takes it, from 0 */
  rule: number | null;
  rules: Array<{
    holds: boolean;
    to: "order" | "ticket" | "message" | "rating" | "measurement";
  }>;
  state: "mapped" | "failed" | "ignored";
}

/** What must hold; with one of `is`, `in` and `exists`. */
export interface InboundCondition {
  exists?: boolean;
  in?: Array<InboundScalar>;
  is?: InboundScalar;
  pointer: InboundPointer;
}

/** What a source sent, and what became of it. */
export interface InboundMessage {
  became: Array<Became>;
  /** as it came, of one that is looked at alone; null once it was erased */
  body?: string | null;
  decided_at: string | null;
  id: `inb_${string}`;
  mistakes: Array<InboundMistake>;
  received_at: string;
  source_id: `src_${string}`;
  state: "new" | "mapped" | "ignored" | "failed";
  tries: number;
}

/** Why nothing was made of a message. */
export interface InboundMistake {
  detail: string;
  field: string;
  /** the number of the item, from 0 */
  item: number | null;
  pointer: string;
  /** the number of the rule, from 0 */
  rule: number | null;
}

/** Where a field comes from; with `pointer` or `value`. */
export interface InboundOrigin {
  pointer?: InboundPointer;
  /** what a number is multiplied by, such as 100 */
  scale?: number;
  /** the same for every message */
  value?: InboundScalar;
  /** what the other system's words mean; at most 500 */
  values?: Record<string, InboundScalar>;
}

/** a JSON Pointer (RFC 6901); with `^` before it, into the whole message and not the item */
export type InboundPointer = string;

/** Of which messages something is made, and what. The first rule that holds takes a message. */
export interface InboundRule {
  /** a list of which each item is mapped */
  each?: InboundPointer;
  /** where each field comes from: a pointer, or an object that says more. Of an order: external_id, customer, amount, currency, completed_at, and perhaps channel, touchpoint_id. Of a ticket or message: external_id, text, and perhaps customer, channel, touchpoint_id, subject, created_at. Of a rating: survey_id, at least one `answers.` and the id of a question, and perhaps customer, agent_id, channel, answered_at, external_id. Of a measurement: name, and perhaps at, seconds, count, touchpoint_id, channel, agent_id, key. */
  fields: Record<string, InboundPointer | InboundOrigin | null>;
  to: "order" | "ticket" | "message" | "rating" | "measurement";
  /** all must hold */
  when?: Array<InboundCondition>;
}

export type InboundScalar = string | number | boolean;

/** Another system that tells us what happened there. */
export interface InboundSource {
  created_at: string;
  id: `src_${string}`;
  is_active: boolean;
  name: string;
  /** until when the secret before is good */
  old_secret_until: string | null;
  once_by: SourceOnce | null;
  /** where it posts to */
  path: string;
  rules: Array<InboundRule>;
  updated_at: string;
  verify: SourceVerify;
  version: number;
}

export interface InboundTaken {
  id: `inb_${string}`;
  state: "new" | "mapped" | "ignored" | "failed";
}

export interface IndexPart {
  from?: string;
  index?: Figure;
  interval: Interval;
  key: string;
  met?: boolean | null;
  moving?: Figure;
  /** answers */
  n: number;
  points?: number;
  share?: number | null;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  to?: string;
  /** null with too few answers to show */
  value: number | null;
  weight?: number;
}

export interface IndexRead {
  as_of: string;
  compared?: {
    confidence?: number;
    difference: Difference | null;
    from: string;
    interval: Interval;
    met?: boolean | null;
    method?: string;
    /** answers */
    n: number;
    /** too few to rely on */
    small: boolean;
    /** too few to show */
    suppressed: boolean;
    target?: number;
    to: string;
    /** null with too few answers to show */
    value: number | null;
  };
  confidence: number;
  from: string;
  interval: Interval;
  met?: boolean | null;
  method: string;
  metric: "index";
  /** answers */
  n: number;
  parts: Array<IndexPart>;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  to: string;
  /** null with too few answers to show */
  value: number | null;
  zone: string;
}

/** the lower and the upper end; null with too few answers */
export type Interval = Array<number> | null;

export interface Invitation {
  answered_at: string | null;
  customer_id: `cus_${string}` | null;
  group: "new" | "existing" | "core";
  id: `inv_${string}`;
  invited_at: string | null;
  language: string | null;
  reminded_at: string | null;
  state: "invited" | "reminded" | "answered";
  /** the customer's own link */
  url: string | null;
}

export interface Jump {
  if?: Condition;
  /** the id of a later question or ending, or thank */
  to: string;
}

/** A key that lets a caller in. */
export interface Key {
  /** the agent whose it is */
  agent_id: `agt_${string}` | null;
  created_at: string;
  expires_at: string | null;
  id: `key_${string}`;
  /** the key itself; a secret one is shown once, when it is made, and not to a repeated request */
  key: string | null;
  kind: "publishable" | "secret";
  name: string;
  revoked_at: string | null;
  /** null for a publishable key */
  role: "viewer" | "agent" | "manager" | "admin" | null;
  version: number;
}

export interface KeyInput {
  /** the agent whose it shall be; only of a secret key */
  agent_id?: `agt_${string}` | "" | null;
  /** in the future; never if it is not there */
  expires_at?: string | "" | null;
  /** a publishable one may stand in a web page */
  kind: "publishable" | "secret";
  name: string;
  /** a secret key must have one, and no other may */
  role?: "viewer" | "agent" | "manager" | "admin" | null;
}

/** a language (BCP 47), such as `zh-CN` or `en` */
export type LanguageTag = string;

export interface LastResponse {
  answered_at: string;
  id: `rsp_${string}`;
  scores: Array<CustomerScore>;
  survey_id: `srv_${string}`;
}

/** A response in words, in the language of whoever reads. */
export interface Look {
  agent_id: `agt_${string}` | null;
  answered_at: string;
  answers: Array<{
    answer: string;
    is_text: boolean;
    question: string;
    question_id: string;
  }>;
  /** the complaint that came of it */
  case: {
    id: `cmp_${string}`;
    number: string;
  } | null;
  channel: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
  customer: {
    external_id: string | null;
    id: `cus_${string}`;
    name: string | null;
  } | null;
  group: "new" | "existing" | "core" | null;
  id: `rsp_${string}`;
  is_complete: boolean;
  is_counted: boolean;
  language: string;
  looked_at: string | null;
  received_at: string;
  scores: Array<LookScore>;
  screened: Array<"duplicate" | "similar" | "straight_lining" | "too_fast" | "no_substance" | "spam" | "quota" | "staff">;
  source: string;
  survey: {
    id: `srv_${string}`;
    name: string;
    version: number;
  };
  version: number;
}

export interface LookScore {
  is_low: boolean;
  metric: "nps" | "csat" | "ces";
  points: number | null;
  question: string;
  question_id: string;
  touchpoint: {
    id: string;
    name: string;
  } | null;
  value: number | null;
}

export interface Mapping {
  agent?: Source;
  answered_at?: Source;
  /** by the ids of questions and hidden fields */
  answers: Record<string, Source>;
  channel?: Source;
  customer?: Source;
  group?: Source;
  id?: Source;
  language?: Source;
}

/** A rule that spoke, and where. */
export interface Matched {
  grade: "none" | "general" | "moderate" | "major";
  rule: string;
  /** from and to, in characters of the text; empty for what is no word */
  span: Array<number>;
  weight: number;
}

export interface MatrixRow {
  dimension?: string;
  /** lower-case letters, digits and underscores */
  id: string;
  text: Texts;
  touchpoint_id?: string;
}

export interface MeasurePart {
  connect?: string;
  is_lower_bound?: boolean;
  key: string;
  mean?: number | null;
  mean_met?: boolean | null;
  mean_target?: number;
  median?: number | null;
  met?: boolean | null;
  n: number;
  name?: string | null;
  p90?: number | null;
  small?: boolean;
  standard_seconds?: number;
  sum?: number | null;
  target?: number;
  within?: Estimate | null;
}

export interface Measurement {
  agent_id?: string | null;
  /** an RFC 3339 time; now if absent */
  at?: string | null;
  channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
  /** of counts */
  count?: number | null;
  /** unique; a repeated one is told and not counted again */
  key: string;
  name: "bot_first_response" | "human_pick_up" | "complex_question_answered" | "after_sale_first_response" | "complex_case_escalated" | "ordinary_problem_solved" | "complex_problem_planned" | "feedback_recorded" | "customer_told" | "waiting" | "handling" | "fault_repair" | "orders" | "contacts" | "contacts_solved_first" | "customers" | "repurchases" | "departures" | "questions" | "questions_covered";
  /** of durations: 0 or more */
  seconds?: unknown;
  touchpoint_id?: string | null;
}

/** A ticket or a message of another system. */
export interface Message {
  channel: Channel | null;
  created_at: string;
  customer_id: `cus_${string}` | null;
  /** the other system's name for it; null once the customer was erased */
  external_id: string | null;
  id: `msg_${string}`;
  kind: "ticket" | "message";
  received_at: string;
  /** who told it */
  source_id: `src_${string}`;
  subject: string | null;
  /** empty once the customer was erased */
  text: string;
  touchpoint_id: `tch_${string}` | null;
}

export interface Mistake {
  detail: string;
  header?: string;
  parameter?: string;
  pointer?: string;
}

export interface MistakeOf {
  detail: string | null;
  header?: string;
  parameter?: string;
  pointer?: string;
}

export interface Model {
  accuracy: number | null;
  coverage: number | null;
  examples: number;
  kind: "topic" | "sentiment";
  labels: Array<{
    en?: string;
    label: string;
    zh?: string;
  }>;
  made_at: string | null;
  source: "shipped" | "trained" | "uploaded";
  version: number;
}

export interface NextCallback {
  due: string | null;
  id: `cbk_${string}`;
  mode: "appointment" | "asap" | "visit";
  purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
  start: string | null;
  state: "held" | "booked" | "waiting" | "calling";
}

/** What people must know. */
export interface Notice {
  created_at: string;
  data: Record<string, unknown>;
  id: `ntc_${string}`;
  seen_at: string | null;
  /** the id of what it is about */
  subject: string;
  /** what it says, in the caller's language; null of a type that has no words */
  text: string | null;
  /** such as `case.late` or `webhook.disabled` */
  type: string;
}

export interface NoticesSeen {
  /** of those that were not seen before */
  seen: number;
}

/** An order that a customer completed, as another system told it. */
export interface Order {
  /** in the smallest unit of the currency */
  amount: number;
  channel: Channel | null;
  completed_at: string;
  currency: string;
  customer_id: `cus_${string}` | null;
  /** the other system's name for it; null once the customer was erased */
  external_id: string | null;
  id: `ord_${string}`;
  received_at: string;
  /** who told it */
  source_id: `src_${string}`;
  touchpoint_id: `tch_${string}` | null;
}

export interface OrderPage {
  items: Array<Order>;
  /** the `after` of the next page; null on the last */
  next: string | null;
  /** of the customer that was asked for */
  totals?: Array<OrderTotals>;
}

/** What the orders of a customer in one currency come to. */
export interface OrderTotals {
  /** in the smallest unit of the currency */
  amount: number;
  currency: string;
  /** whole days since the last one */
  days_since: number;
  first_at: string;
  last_at: string;
  orders: number;
}

/** scheme and host of web pages, and a port if not the usual */
export type Origin = string;

export interface Partial {
  answers?: Answers | null;
  /** the question at which the visitor is */
  at: string;
  channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
  form_token?: string | null;
  group?: "new" | "existing" | "core" | null;
  /** hidden fields by id */
  hidden?: Record<string, unknown> | null;
  language?: string | null;
  /** what follows /s/{id}?link= of a personal link */
  link?: string | null;
  proof?: string | null;
  /** of the survey that was answered; the newest if absent */
  version?: number | null;
  /** whom the widget takes the visitor for; not kept */
  visitor?: string | null;
  /** leave it empty; robots do not */
  website?: string | null;
}

export interface Policy {
  definition: Record<string, unknown>;
  has_draft: boolean;
  kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work";
  published_at: string | null;
  /** for If-Match */
  revision: number;
  /** 0 is the one that ships */
  version: number;
}

export interface PolicyDraft {
  definition: Record<string, unknown>;
  kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work";
  published: number;
  revision: number;
  updated_at: string;
}

export interface PolicyPublished {
  definition: Record<string, unknown>;
  kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work";
  published_at: string | null;
  /** 0 is the one that ships */
  version: number;
}

export interface PolicyVersion {
  published_at: string;
  version: number;
}

export interface Presence {
  items: Array<{
    agent_id: `agt_${string}` | null;
    is_writing: boolean;
    name: string;
  }>;
  version: number;
}

/** What went wrong (RFC 9457). */
export interface Problem {
  /** what to do */
  detail?: string;
  errors?: Array<{
    detail: string;
    header?: string;
    /** of the query */
    parameter?: string;
    /** JSON Pointer into the body */
    pointer?: string;
  }>;
  /** the request-id; absent where no path of ours is asked */
  instance?: string;
  status: number;
  title: string;
  /** a path that names the kind of problem; branch on it */
  type: ProblemType | (string & {});
  [name: string]: unknown;
}

export interface Programme {
  created_at: string;
  id: `prg_${string}`;
  is_active: boolean;
  name: string;
  next_wave_at: string | null;
  open_days: number;
  recurrence: "once" | "monthly" | "quarterly";
  remind_after_days: Array<number>;
  /** how many of each group a wave invites */
  sample: {
    core?: number;
    existing?: number;
    new?: number;
  };
  /** in the site's zone */
  starts_on: string;
  study_id: `srv_${string}`;
  updated_at: string;
  version: number;
  /** how many it had */
  waves: number;
}

export interface ProgrammeChange {
  is_active?: boolean | null;
  name?: string | null;
  open_days?: number | null;
  recurrence?: "once" | "monthly" | "quarterly" | null;
  /** up to 3 rising numbers of days, all less than open_days */
  remind_after_days?: unknown;
  sample?: {
    core?: number | null;
    existing?: number | null;
    new?: number | null;
  } | null;
  /** a date */
  starts_on?: string | null;
  /** never changes */
  study_id?: unknown;
}

export interface ProgrammeNew {
  is_active?: boolean | null;
  name: string;
  open_days?: number | null;
  recurrence: "once" | "monthly" | "quarterly";
  /** up to 3 rising numbers of days, all less than open_days */
  remind_after_days?: unknown;
  sample: {
    core?: number | null;
    existing?: number | null;
    new?: number | null;
  };
  /** a date */
  starts_on: string;
  study_id: string;
}

/** A survey as the widget sees it. */
export interface PublicSurvey {
  default_language: string;
  endings?: Array<Ending>;
  /** give it back with the answers */
  form_token?: string;
  hidden?: Array<HiddenField>;
  id: `srv_${string}`;
  languages: Array<string>;
  layout?: "page" | "steps";
  questions: Array<Question>;
  spam?: {
    age: string;
    /** where a challenge is given out */
    challenge: string;
    honeypot: string;
    /** off, on or suspicion */
    proof: string;
  };
  thanks?: Texts;
  theme?: Theme;
  title: Texts;
  version: number;
  welcome?: Texts;
}

/** What else a question has depends on its type: points and display of rating; options of choices, matrix and ranking; min and max of multiple_choice, ranking, number and date; rows of matrix; lengths and pattern of text; decimals and unit of number. */
export interface Question {
  decimals?: number;
  /** what of the touchpoint it measures */
  dimension?: string;
  display?: "numbers" | "stars" | "faces";
  help?: Texts;
  high?: Texts;
  /** lower-case letters, digits and underscores */
  id: string;
  /** what the low end of a scale means */
  low?: Texts;
  /** a number, or a date */
  max?: unknown;
  max_length?: number;
  /** a number, or a date */
  min?: unknown;
  min_length?: number;
  /** the first that holds is taken */
  next?: Array<Jump>;
  options?: Array<Choice>;
  /** a mask: 9 a digit, A a letter, everything else itself */
  pattern?: string;
  /** of rating and matrix */
  points?: number;
  required?: boolean;
  rows?: Array<MatrixRow>;
  show_if?: Condition;
  shuffle?: boolean;
  text: Texts;
  /** what its score is about, if not what the survey is about */
  touchpoint_id?: string;
  type: "nps" | "rating" | "effort" | "single_choice" | "multiple_choice" | "matrix" | "ranking" | "text" | "number" | "date" | "email" | "phone" | "consent" | "statement";
  unit?: Texts;
}

export interface Quota {
  /** lower-case letters, digits and underscores */
  id: string;
  if: Condition;
  most: number;
  /** what is shown once it is full */
  then?: string;
}

/** A share in percent. */
export interface Rate {
  at_least?: number;
  at_most?: number;
  hits: number;
  interval: Interval;
  met?: boolean | null;
  n: number;
  small: boolean;
  value: number | null;
}

/** The rollups of a site, counted again. */
export interface Rebuild {
  /** days that were counted again */
  days: number;
  /** rows of rollups that differed from the facts; 0 proves that they were right */
  differences: number;
  id: `job_${string}`;
  state: "due" | "done";
}

export interface Report {
  department: {
    id: `dep_${string}`;
    name: string;
  } | null;
  from: string;
  id: `rpt_${string}`;
  kind: "week" | "month" | "quarter" | "half_year" | "special";
  made_at: string;
  /** of a special one */
  name: string | null;
  title: string;
  to: string;
}

export interface Response {
  agent_id: `agt_${string}` | null;
  answered_at: string;
  /** null where a repeated request is told its first answer: words are kept in one place */
  answers: Answers | null;
  channel: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
  customer_id: `cus_${string}` | null;
  group: "new" | "existing" | "core" | null;
  id: `rsp_${string}`;
  is_complete: boolean;
  is_counted: boolean;
  language: string;
  /** when somebody put it aside */
  looked_at: string | null;
  received_at: string;
  screened: Array<"duplicate" | "similar" | "straight_lining" | "too_fast" | "no_substance" | "spam" | "quota" | "staff">;
  /** how it came: widget, page, import, interview, mystery_shopper, paper, phone, api, … */
  source: string;
  survey_version: number;
  version: number;
}

/** How many days each kind of personal data is kept; what is not named, or null, is kept for good. */
export interface Retention {
  /** days */
  callbacks?: number | null;
  /** days */
  complaints?: number | null;
  /** days */
  messages?: number | null;
  /** days */
  responses?: number | null;
}

export interface Review {
  cause_id: `cau_${string}`;
  created_at: string;
  due: string | null;
  id: `rvw_${string}`;
  note: string;
  owner_id: `agt_${string}` | null;
  /** such as 2026-Q4 */
  quarter: string;
  updated_at: string;
  version: number;
}

/** A JSON-RPC 2.0 message; docs/mcp.md tells of methods and tools. */
export interface RpcMessage {
  error?: {
    code: number;
    data?: unknown;
    message: string;
  };
  /** absent in a notification */
  id?: unknown;
  jsonrpc: "2.0";
  method?: string;
  params?: unknown;
  result?: unknown;
  [name: string]: unknown;
}

export type RpcMessages = RpcMessage | Array<RpcMessage>;

export interface Sampling {
  /** how many of the visitors are asked */
  percent?: number;
  /** for how long nobody is asked again */
  rest_days?: {
    /** by any */
    any?: number;
    /** by any with the same metric */
    metric?: number;
    /** by this survey */
    survey?: number;
  };
}

/** A score with all that is known of it. */
export interface Score {
  confidence: number;
  detractors?: Estimate;
  /** answers by value */
  distribution: Record<string, number>;
  index?: Estimate;
  interval: Interval;
  mean?: Estimate;
  met?: boolean | null;
  /** how the interval was made; see docs/scores.md */
  method: string;
  /** answers */
  n: number;
  passives?: Estimate;
  percent_5_to_7?: Estimate;
  promoters?: Estimate;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  /** null with too few answers to show */
  value: number | null;
  very_satisfied?: Estimate;
}

export interface ScoreCompared {
  confidence?: number;
  detractors?: Estimate;
  difference: Difference | null;
  /** answers by value */
  distribution?: Record<string, number>;
  from?: string;
  index?: Estimate;
  interval: Interval;
  mean?: Estimate;
  met?: boolean | null;
  /** how the interval was made; see docs/scores.md */
  method?: string;
  /** answers */
  n: number;
  passives?: Estimate;
  percent_5_to_7?: Estimate;
  promoters?: Estimate;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  to?: string;
  /** null with too few answers to show */
  value: number | null;
  very_satisfied?: Estimate;
}

/** A part of a score: of a thing, or of a step of time. */
export interface ScorePart {
  compared?: ScoreCompared;
  confidence?: number;
  detractors?: Estimate;
  /** answers by value */
  distribution?: Record<string, number>;
  from?: string;
  index?: Estimate;
  interval: Interval;
  key: string;
  mean?: Estimate;
  met?: boolean | null;
  /** how the interval was made; see docs/scores.md */
  method?: string;
  /** over a longer window up to here */
  moving?: Figure;
  /** answers */
  n: number;
  name?: string | null;
  passives?: Estimate;
  percent_5_to_7?: Estimate;
  promoters?: Estimate;
  second?: string;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  to?: string;
  /** null with too few answers to show */
  value: number | null;
  very_satisfied?: Estimate;
}

export interface ScoreRead {
  as_of: string;
  compared?: ScoreCompared;
  confidence: number;
  detractors?: Estimate;
  /** answers by value */
  distribution: Record<string, number>;
  from: string;
  index?: Estimate;
  interval: Interval;
  mean?: Estimate;
  met?: boolean | null;
  /** how the interval was made; see docs/scores.md */
  method: string;
  metric: "nps" | "csat" | "ces";
  /** answers */
  n: number;
  /** answers that say nothing of what it is cut by */
  not_stated?: Score;
  parts?: Array<ScorePart>;
  passives?: Estimate;
  percent_5_to_7?: Estimate;
  points: number;
  promoters?: Estimate;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  to: string;
  /** null with too few answers to show */
  value: number | null;
  very_satisfied?: Estimate;
  zone: string;
}

export interface Service {
  after_min: number;
  asap_within_min: number;
  before_min: number;
  calendar_id: string | null;
  created_at: string;
  every_min: number;
  expires_days: number;
  grace_min: number;
  hold_min: number;
  horizon_days: number;
  id: `svc_${string}`;
  is_active: boolean;
  is_public: boolean;
  length_min: number;
  name: string;
  notice_min: number;
  quiet: {
    from: string;
    until: string;
  } | null;
  reminders_min: Array<number>;
  retries_min: {
    busy: Array<number>;
    no_answer: Array<number>;
  };
  script: string | null;
  skills: Array<string>;
  survey_id: `srv_${string}` | null;
  touchpoint_id: `tch_${string}` | null;
  updated_at: string;
  version: number;
}

export interface ServiceInput {
  after_min?: number | null;
  asap_within_min?: number | null;
  before_min?: number | null;
  calendar_id?: string | null;
  every_min?: number | null;
  expires_days?: number | null;
  grace_min?: number | null;
  hold_min?: number | null;
  horizon_days?: number | null;
  is_active?: boolean | null;
  is_public?: boolean | null;
  length_min?: number | null;
  name?: string | null;
  notice_min?: number | null;
  quiet?: {
    /** such as 21:00 */
    from?: string | null;
    until?: string | null;
  } | null;
  /** minutes before */
  reminders_min?: unknown;
  retries_min?: {
    busy?: unknown;
    /** minutes until each next try */
    no_answer?: unknown;
  } | null;
  script?: string | null;
  skills?: Array<string> | null;
  survey_id?: string | null;
  touchpoint_id?: string | null;
}

/** A browser that is signed in. */
export interface Session {
  /** the kind of browser and system; null where nobody knows */
  device: string | null;
  expires_at: string;
  id: `ses_${string}`;
  /** whether it is the one that asks */
  is_current: boolean;
  opened_at: string;
}

/** A share in percent with its interval. */
export interface Share {
  hits: number;
  interval: Array<number> | null;
  n: number;
  /** too few to rely on */
  small: boolean;
  value: number | null;
}

export interface ShareLink {
  created_at: string;
  created_by: string;
  /** told once */
  embed_url?: string | null;
  expires_at: string;
  id: `shr_${string}`;
  is_embeddable: boolean;
  name: string;
  revoked_at: string | null;
  state: "open" | "expired" | "revoked";
  /** told once */
  url?: string;
  version: number;
  /** the dashboard's query */
  view: string;
}

/** Who was let in. */
export interface SignedIn {
  /** as audit trails have it */
  actor: string;
  /** the agent whose key it is */
  agent_id: `agt_${string}` | null;
  role: "viewer" | "agent" | "manager" | "admin";
  /** null for the admin key, which spans sites */
  site_id: `sit_${string}` | null;
}

/** One company's or brand's data, apart from every other. */
export interface Site {
  created_at: string;
  id: `sit_${string}`;
  /** those that its surveys are in, the usual one first */
  languages: Array<LanguageTag>;
  /** fewer answers show no score */
  minimum_n: number;
  name: string;
  /** whose pages may show its surveys and widgets */
  origins: Array<Origin>;
  retention: Retention;
  updated_at: string;
  version: number;
  /** how much a dimension counts in the overall score; one that is not named counts 1 */
  weights: Record<string, number>;
  /** IANA time zone; days begin and end by it */
  zone: string;
}

export interface SiteInput {
  languages?: Array<LanguageTag> | null;
  minimum_n?: number | null;
  name?: string | null;
  origins?: Array<Origin> | null;
  /** replaces all */
  retention?: Retention | null;
  /** of at most 50 dimensions; replaces all */
  weights?: Record<string, number> | null;
  /** IANA time zone; the installation has a usual one */
  zone?: string | null;
}

/** Where a value comes from: the heading of a column, or an object that says more. */
export type Source = string | SourceRule;

export interface SourceInput {
  is_active?: boolean | null;
  name?: string | null;
  once_by?: SourceOnce | null;
  /** replaces all */
  rules?: Array<InboundRule> | null;
  /** of `standard` `whsec_` and 24 to 64 bytes in base64, of others 8 to 256 characters; a new scheme needs a new one. The one before is good for a day more */
  secret?: string | null;
  verify?: {
    /** not of `standard` */
    header?: string | null;
    scheme: "standard" | "stripe" | "github" | "token";
  } | null;
}

/** what tells a message from a repeated one: a place in it, or a header */
export interface SourceOnce {
  header?: string;
  pointer?: string;
}

export interface SourceReplay {
  state: "failed" | "ignored";
  /** of the source, after it */
  version: number;
}

export interface SourceRule {
  /** the heading; or value */
  column?: string;
  /** what a cell's word means; one that is not here means itself */
  map?: Record<string, unknown>;
  /** cells that stand for no answer */
  not_applicable?: Array<string>;
  /** the same in every row */
  value?: string;
}

/** How it proves who it is. */
export interface SourceVerify {
  /** of a token: where it stands; null is `Authorization: Bearer` */
  header: string | null;
  /** how it signs: Standard Webhooks, Stripe, GitHub, or a token in a header */
  scheme: "standard" | "stripe" | "github" | "token";
}

/** the first part of a language tag, such as `zh` */
export type SpokenLanguage = string;

/** The seconds that each service standard allows. */
export interface Standards {
  /** until after sale, somebody answers first */
  after_sale_first_response?: number;
  /** until a bot answers */
  bot_first_response?: number;
  /** until a complex complaint is escalated */
  complex_case_escalated?: number;
  /** until a complex problem has a plan */
  complex_problem_planned?: number;
  /** until a complex question is answered */
  complex_question_answered?: number;
  /** until the customer is told */
  customer_told?: number;
  /** until what was said is recorded */
  feedback_recorded?: number;
  /** until a person answers */
  human_pick_up?: number;
  /** until an ordinary problem is solved */
  ordinary_problem_solved?: number;
}

export interface Study {
  created_at: string;
  definition: Definition;
  id: `srv_${string}`;
  name: string;
  /** the number of the newest published version */
  published_version: number | null;
  state: "draft" | "open" | "closed";
  updated_at: string;
  version: number;
}

export interface StudyVersion {
  definition: Definition;
  published_at: string;
  version: number;
}

export interface Submission {
  /** when, if not now: up to 30 days back */
  answered_at?: string | null;
  answers?: Answers | null;
  channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
  /** how long the form was in sight */
  elapsed_ms?: number | null;
  form_token?: string | null;
  group?: "new" | "existing" | "core" | null;
  /** hidden fields by id */
  hidden?: Record<string, unknown> | null;
  language?: string | null;
  /** what follows /s/{id}?link= of a personal link */
  link?: string | null;
  proof?: string | null;
  /** of the survey that was answered; the newest if absent */
  version?: number | null;
  /** whom the widget takes the visitor for; not kept */
  visitor?: string | null;
  /** leave it empty; robots do not */
  website?: string | null;
}

export interface SubmissionBatch {
  /** each is judged by itself */
  responses: Array<BatchItem | Record<string, unknown>>;
  version?: number | null;
}

export interface Supply {
  agent: {
    id: `agt_${string}`;
    name: string;
  };
  calls_per_day: number;
  days: Array<{
    calls: number;
    date: string;
    open: Array<{
      from: string;
      until: string;
    }>;
  }>;
  is_active: boolean;
  tz: string;
}

export interface Taken {
  answered_at: string;
  /** the ending to show; null for the thanks */
  ending: string | null;
  /** the quota that was full, or response_limit */
  full: string | null;
  id: `rsp_${string}`;
  received_at: string;
  survey_id: `srv_${string}`;
  version: number;
}

/** A text that staff begin from. */
export interface Template {
  created_at: string;
  id: `tpl_${string}`;
  is_active: boolean;
  /** the act on a complaint that it is for */
  kind: "answer" | "question" | "plan" | "solution" | "note";
  name: string;
  texts: TemplateTexts;
  updated_at: string;
  version: number;
}

export interface TemplateInput {
  is_active?: boolean | null;
  kind?: "answer" | "question" | "plan" | "solution" | "note" | null;
  name?: string | null;
  /** replaces all */
  texts?: TemplateTexts | null;
}

/** a language and the text in it */
export type TemplateTexts = Record<string, string>;

/** A text in several languages, by language tag (BCP 47). A definition that is sent may have just a text, which is then in its default language; one that is read has all languages. */
export type Texts = string | Record<string, string>;

export interface Theme {
  /** such as #0b5f5b */
  accent?: string;
  background?: string;
  text?: string;
}

export interface Ticked {
  /** the kinds of work that were done */
  done: Array<"expire" | "rebuild" | "alarm" | "abandon">;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedCallback {
  cancelled: number;
  /** the kinds of work that were done */
  done: Array<"released" | "reminded" | "missed" | "expired" | "cancelled" | "made">;
  expired: number;
  made: number;
  missed: number;
  /** whether there is more to do at once */
  more: boolean;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
  released: number;
  reminded: number;
  skipped: {
    do_not_call: number;
    no_consent: number;
    no_phone: number;
    open: number;
    over: number;
    too_late: number;
  };
}

export interface TickedDeliver {
  delivered: number;
  /** the kinds of work that were done */
  done: Array<"deliver">;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
  tried: number;
  /** how many had work */
  webhooks: number;
}

export interface TickedGist {
  /** the kinds of work that were done */
  done: Array<"digest" | "train">;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedIngest {
  /** the kinds of work that were done */
  done: Array<"ingest">;
  messages: number;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedInvite {
  /** the kinds of work that were done */
  done: Array<"invite">;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedPromise {
  /** complaints that were given to somebody */
  assigned: number;
  /** the kinds of work that were done */
  done: Array<"assign" | "ladder">;
  escalated: number;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedReader {
  /** the kinds of work that were done */
  done: Array<"read">;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedReport {
  /** the kinds of work that were done */
  done: Array<"report">;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedRetention {
  /** the kinds of work that were done */
  done: Array<"expire" | "index" | "forget">;
  /** rows */
  expired: number;
  /** rows */
  indexed: number;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
}

export interface TickedWatch {
  /** the kinds of work that were done */
  done: Array<"intake" | "surge">;
  /** when there is work again; null when none is in sight */
  next_due_at: string | null;
  /** customers who are to be offered to complain */
  offered: number;
  /** complaints */
  opened: number;
  surges: number;
}

export interface TimelineCallback {
  agent_id: `agt_${string}` | null;
  at: string;
  case_id: `cmp_${string}` | null;
  id: `cbk_${string}`;
  kind: "callback";
  mode: "appointment" | "asap" | "visit";
  outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call" | null;
  purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
  start: string | null;
  state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
}

export interface TimelineComplaint {
  at: string;
  ces: number | null;
  channel: Channel | null;
  csat: number | null;
  grade: "none" | "general" | "moderate" | "major";
  id: `cmp_${string}`;
  kind: "complaint";
  /** as customers know it */
  number: string;
  state: "open" | "waiting" | "solved" | "closed" | "merged";
  /** its beginning */
  text: string | null;
  type: string | null;
}

export interface TimelineInvitation {
  at: string;
  id: `inv_${string}`;
  kind: "invitation";
  reminded_at: string | null;
  survey_id: `srv_${string}`;
  survey_name: string;
  wave_id: `wav_${string}`;
}

/** Something that happened; `kind` says what, and what else it has. */
export type TimelineItem = TimelineResponse | TimelineComplaint | TimelineCallback | TimelineOrder | TimelineMessage | TimelineInvitation;

export interface TimelineMessage {
  at: string;
  channel: Channel | null;
  id: `msg_${string}`;
  kind: "message";
  subject: string | null;
  /** its beginning */
  text: string;
  type: "ticket" | "message";
}

export interface TimelineOrder {
  /** in the smallest unit of the currency */
  amount: number;
  at: string;
  channel: Channel | null;
  currency: string;
  external_id: string | null;
  id: `ord_${string}`;
  kind: "order";
}

export interface TimelineResponse {
  at: string;
  channel: Channel | null;
  comments: Array<string>;
  id: `rsp_${string}`;
  is_complete: boolean;
  /** whether scores count it */
  is_counted: boolean;
  kind: "response";
  scores: Array<CustomerScore>;
  source: "widget" | "page" | "api" | "import" | "interview" | "mystery_shopper" | "paper" | "phone";
  survey_id: `srv_${string}`;
  survey_name: string;
}

/** Where customers meet the company. */
export interface Touchpoint {
  channels: Array<Channel>;
  created_at: string;
  id: `tch_${string}`;
  /** one of those that matter most */
  is_key: boolean;
  /** the finer stage */
  lifecycle: "awareness" | "interest" | "consideration" | "purchase" | "use" | "advocacy" | null;
  name: string;
  /** of the journey */
  stage: "pre_sale" | "purchase" | "after_sale" | "retention";
  standards: Standards;
  /** the score that it should reach */
  target: number;
  updated_at: string;
  version: number;
}

export interface TouchpointInput {
  /** all of them if a new one has none */
  channels?: Array<Channel> | null;
  is_key?: boolean | null;
  lifecycle?: "awareness" | "interest" | "consideration" | "purchase" | "use" | "advocacy" | null;
  name?: string | null;
  stage?: "pre_sale" | "purchase" | "after_sale" | "retention" | null;
  /** those that are not named stay */
  standards?: Standards | null;
  /** for a new one 85, or 95 for a key one */
  target?: number | null;
}

export interface TrendPoint {
  day: string;
  interval: Interval;
  met?: boolean | null;
  /** answers */
  n: number;
  /** too few to rely on */
  small: boolean;
  /** too few to show */
  suppressed: boolean;
  target?: number;
  /** null with too few answers to show */
  value: number | null;
}

export interface TriedItem {
  /** what the rule reads */
  fields: Record<string, unknown>;
  /** its number, from 0; null for the whole message */
  item: number | null;
  makes_customer: boolean;
  /** the id of what is there already and would not be made again */
  repeats: string | null;
  to: "order" | "ticket" | "message" | "rating" | "measurement";
}

/** Whether the events of a subject are intact. */
export interface Verdict {
  as_of: string;
  /** the first version that is missing or was tampered with */
  broken_at: number | null;
  /** how many were checked */
  events: number;
  /** whether every seal holds */
  is_intact: boolean;
  /** its id */
  subject: string;
}

export interface Wave {
  as_of?: string;
  closes_at: string;
  /** for which day, in the site's zone */
  due_on: string;
  groups?: Array<{
    answered: number;
    customers: number;
    group: "new" | "existing" | "core";
    invited: number;
    may_ask: number;
    missing: number;
    not_invited: number;
    planned: number;
    /** answered of invited, in percent */
    rate: number | null;
  }>;
  id: `wav_${string}`;
  number: number;
  opened_at: string;
  /** what was planned and what the draw found, by group */
  plan?: Record<string, unknown>;
  programme_id: `prg_${string}`;
  /** rounds that are done */
  reminders: number;
  state: "open" | "closed";
  study_id: `srv_${string}`;
}

/** Where events are sent. */
export interface Webhook {
  created_at: string;
  /** since when nothing arrived */
  failing_since: string | null;
  /** complaints of these grades alone; empty for all */
  grades: Array<GradeFilter>;
  /** the names of the headers that go along; what they say is never shown */
  headers: Array<string>;
  /** nothing is tried before */
  held_until: string | null;
  id: `whk_${string}`;
  /** whether one event waits for the one before */
  is_ordered: boolean;
  is_replaying: boolean;
  name: string;
  /** until when tries carry the signature of the secret before as well */
  old_secret_until: string | null;
  /** what `v1a` is verified by */
  public_key: string | null;
  /** why it is disabled */
  reason: "gone" | "failing" | null;
  /** shown once, when it is made, and not to a repeated request; never of `v1a` */
  secret?: string;
  /** a shared secret, or a pair of keys (Ed25519) */
  signature: "v1" | "v1a";
  state: "active" | "paused" | "disabled";
  /** events of these alone; empty for all */
  touchpoints: Array<`tch_${string}`>;
  /** empty for all */
  types: Array<EventFilter>;
  updated_at: string;
  url: string;
  version: number;
}

export interface WebhookChange {
  grades?: Array<GradeFilter> | null;
  /** replaces all */
  headers?: WebhookHeaders | null;
  is_ordered?: boolean | null;
  name?: string | null;
  /** never changes */
  signature?: string | null;
  /** with making it active again: what was missed is not sent */
  skip_missed?: boolean | null;
  state?: "active" | "paused" | null;
  touchpoints?: Array<`tch_${string}`> | null;
  types?: Array<EventFilter> | null;
  /** https, public, at most 2,000 characters */
  url?: string | null;
}

/** at most 10 headers that go along with every try, and what they say: visible ASCII. Those that sending sets itself are refused */
export type WebhookHeaders = Record<string, string>;

export interface WebhookNew {
  grades?: Array<GradeFilter> | null;
  /** replaces all */
  headers?: WebhookHeaders | null;
  is_ordered?: boolean | null;
  name: string;
  signature?: "v1" | "v1a" | null;
  touchpoints?: Array<`tch_${string}`> | null;
  types?: Array<EventFilter> | null;
  /** https, public, at most 2,000 characters */
  url: string;
}

export interface WebhookReplay {
  /** how many are sent once more */
  events: number;
  /** false where counting stopped, at 10,000 */
  is_all: boolean;
  is_dry_run: boolean;
  since: string;
  until: string;
}

export interface WebhookTest {
  subject: `whk_${string}`;
  type: "webhook.tested";
  version: number;
}

export interface Week {
  friday?: Hours;
  monday?: Hours;
  saturday?: Hours;
  sunday?: Hours;
  thursday?: Hours;
  tuesday?: Hours;
  wednesday?: Hours;
}

/** Who asks. */
export interface Whoami {
  /** as audit trails have it */
  actor: string;
  /** null for nobody's key */
  agent: WhoamiAgent | null;
  /** the agent whose key it is */
  agent_id: `agt_${string}` | null;
  role: "viewer" | "agent" | "manager" | "admin";
  /** null for the admin key where it names none */
  site: WhoamiSite | null;
  /** null for the admin key, which spans sites */
  site_id: `sit_${string}` | null;
}

export interface WhoamiAgent {
  department_id: `dep_${string}` | null;
  id: `agt_${string}`;
  name: string;
}

export interface WhoamiSite {
  id: `sit_${string}`;
  name: string;
  /** IANA time zone */
  zone: string;
}
