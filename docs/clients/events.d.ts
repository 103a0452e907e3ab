// Made of the contract: `GOLDEN=1 cargo test -p contract` writes it anew.

export interface AnyEvent {
  /** admin, public, tick, key:key_… or source:src_… */
  actor: string;
  data: Record<string, unknown>;
  /** the webhook-id */
  id: `evt_${string}`;
  /** orders all events by their commits, with gaps */
  sequence: number;
  site_id: string;
  /** what changed */
  subject: string;
  timestamp: string;
  type: string;
  /** how often the subject had changed then; 1 is its making */
  version: number;
}

/** What each type of event has of its own. */
export interface Events {
  /** Somebody joined those who work here. */
  "agent.created": {
    subject: `agt_${string}`;
    data: {
      calendar_id?: string;
      calls_per_day?: number;
      capacity?: number;
      department_id: `dep_${string}` | "";
      has_feed?: boolean;
      is_active: boolean;
      is_specialist?: boolean;
      languages?: Array<string>;
      skills: Array<string>;
    };
  };
  /** What somebody who works here does was changed. */
  "agent.updated": {
    subject: `agt_${string}`;
    data: {
      calendar_id?: string;
      calls_per_day?: number;
      capacity?: number;
      department_id: `dep_${string}` | "";
      has_feed?: boolean;
      is_active: boolean;
      is_specialist?: boolean;
      languages?: Array<string>;
      skills: Array<string>;
    };
  };
  /** What an alarm was about is over. */
  "alarm.cleared": {
    subject: `alm_${string}`;
    data: {
      kind: "under_target" | "rise" | "surge";
      metric: "nps" | "csat" | "ces" | "complaints";
      numbers: Record<string, unknown>;
      touchpoint_id: `tch_${string}` | "";
    };
  };
  /** A figure fell below its target, low answers rose above what is usual, or many complaints are alike. */
  "alarm.raised": {
    subject: `alm_${string}`;
    data: {
      kind: "under_target" | "rise" | "surge";
      metric: "nps" | "csat" | "ces" | "complaints";
      numbers: Record<string, unknown>;
      touchpoint_id: `tch_${string}` | "";
    };
  };
  /** A calendar of working hours was made. */
  "calendar.created": {
    subject: `cal_${string}`;
    data: {
      country: "china" | "none";
      exceptions: number;
      known_until: string | null;
      make_up: Array<unknown>;
      name: string;
      week: Record<string, unknown>;
      zone: string;
    };
  };
  /** A calendar of working hours was changed. */
  "calendar.updated": {
    subject: `cal_${string}`;
    data: {
      country: "china" | "none";
      exceptions: number;
      known_until: string | null;
      make_up: Array<unknown>;
      name: string;
      week: Record<string, unknown>;
      zone: string;
    };
  };
  /** An event leads to a call from now on. */
  "call_rule.created": {
    subject: `crl_${string}`;
    data: {
      event: string;
      is_active: boolean;
      purpose: string;
      service_id: `svc_${string}`;
    };
  };
  /** A rule of calls changed. */
  "call_rule.updated": {
    subject: `crl_${string}`;
    data: {
      event: string;
      is_active: boolean;
      purpose: string;
      service_id: `svc_${string}`;
    };
  };
  /** Somebody was called, and this came of it. */
  "callback.attempted": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      digest?: string;
      duration_ms: number;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      next_at: string | null;
      number: number;
      outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
      text_id?: string;
    };
  };
  /** A call has its time. */
  "callback.booked": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** A call was called off. */
  "callback.cancelled": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      by: "customer" | "staff";
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      reason?: "asked" | "settled" | "duplicate" | "mistake" | "other";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** What a call-back knew of a customer is gone. */
  "callback.erased": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** A slot was not confirmed in time, or a call was not made in time. */
  "callback.expired": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** A call is given up: nobody could be reached, or they do not want to be. */
  "callback.failed": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** A slot is held for somebody, for some minutes. */
  "callback.held": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      expires_at: string;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** Nobody called in the time that was promised. */
  "callback.missed": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      due_by: string;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** A call has another time, or another agent. */
  "callback.moved": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
      was_at: string | null;
    };
  };
  /** A call is to be made as soon as somebody is free, or within some days. */
  "callback.queued": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      due_at: string;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      rule_id?: `crl_${string}`;
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** A call was made and somebody was reached. */
  "callback.reached": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      response_id: string | null;
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** An agent did not call after all; somebody else may. */
  "callback.released": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** Time to remind whoever is to be called. */
  "callback.reminder": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      ahead_min: number;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
    };
  };
  /** An agent begins to call. */
  "callback.taken": {
    subject: `cbk_${string}`;
    data: {
      agent_id: string | null;
      case_id: string | null;
      end: string | null;
      mode: "appointment" | "asap" | "visit";
      purpose: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery";
      sequence: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
      until: string;
    };
  };
  /** A cause of complaints was added to the ledger. */
  "cause.created": {
    subject: `cau_${string}`;
    data: {
      department_id: `dep_${string}` | "";
      is_active: boolean;
      kind: "process_gap" | "product_defect" | "service_error";
      measure_since: string | null;
      name: string;
    };
  };
  /** A cause was changed, or a measure against it begun. */
  "cause.updated": {
    subject: `cau_${string}`;
    data: {
      department_id: `dep_${string}` | "";
      is_active: boolean;
      kind: "process_gap" | "product_defect" | "service_error";
      measure_since: string | null;
      name: string;
    };
  };
  /** Staff said what a comment is about or how it feels; null takes it back. */
  "comment.labelled": {
    subject: `rsp_${string}`;
    data: {
      sentiment?: "negative" | "neutral" | "positive" | null;
      topic?: string | null;
    };
  };
  /** Staff answered the customer; with `asks` it is the customer's turn. */
  "complaint.answered": {
    subject: `cmp_${string}`;
    data: {
      agent_id: string | null;
      asks: boolean;
      digest: string;
      grade: "none" | "general" | "moderate" | "major";
      is_plan: boolean;
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** The customer does not agree that it is solved. */
  "complaint.appealed": {
    subject: `cmp_${string}`;
    data: {
      digest: string;
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** A complaint was given to somebody, or to a department; `why` says why to them. */
  "complaint.assigned": {
    subject: `cmp_${string}`;
    data: {
      agent_id: string | null;
      before?: {
        agent_id?: string | null;
        department_id?: string | null;
      };
      by?: string;
      department_id: string | null;
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      passed_over?: Record<string, number>;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
      why: Array<string>;
    };
  };
  /** A complaint was closed, with its cause and what was done about it. */
  "complaint.closed": {
    subject: `cmp_${string}`;
    data: {
      agent_id?: string | null;
      cause?: {
        digest: string;
        text_id: `nte_${string}`;
      };
      cause_id: string | null;
      cause_kind: "" | "process_gap" | "product_defect" | "service_error";
      grade: "none" | "general" | "moderate" | "major";
      is_past?: boolean;
      number: string;
      remedy?: {
        digest: string;
        text_id: `nte_${string}`;
      };
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      touchpoint_id: string | null;
    };
  };
  /** A customer gets a coupon or money back. */
  "complaint.compensated": {
    subject: `cmp_${string}`;
    data: {
      agent_id: string | null;
      amount: number;
      compensation_id: `cpn_${string}`;
      currency: string;
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      kind: "coupon" | "refund";
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** All that is personal of a complaint is gone; the figures keep it. */
  "complaint.erased": {
    subject: `cmp_${string}`;
    data: {
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      touchpoint_id: string | null;
    };
  };
  /** An expert was called in, or the ladder raised the complaint. */
  "complaint.escalated": {
    subject: `cmp_${string}`;
    data: {
      acts?: Array<"notify" | "raise" | "reassign" | "remind">;
      agent_id?: string | null;
      before?: {
        agent_id?: string | null;
        department_id?: string | null;
      };
      by: "staff" | "ladder";
      clock?: "answer" | "solution" | "closing";
      department_id?: string | null;
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      passed_over?: Record<string, number>;
      percent?: number;
      round?: number;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      steps?: Array<{
        clock: "answer" | "solution" | "closing";
        percent: number;
      }>;
      text_id?: `nte_${string}`;
      to?: Array<string>;
      touchpoint_id: string | null;
      urgency?: "normal" | "high" | "immediate";
      why?: Array<string>;
    };
  };
  /** A complaint was graded and classified: by the policy, or by staff, who say why. */
  "complaint.graded": {
    subject: `cmp_${string}`;
    data: {
      before?: {
        grade?: "none" | "general" | "moderate" | "major";
        tier?: 0 | 1 | 2;
      };
      by?: string;
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      matched?: Array<Record<string, unknown>>;
      need: string | null;
      needs_review?: boolean;
      number: string;
      policy_version?: number;
      score?: number;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      tier: 0 | 1 | 2;
      touchpoint_id: string | null;
      type: string | null;
      urgency: string | null;
    };
  };
  /** A file of complaints was brought; each complaint has events of its own. */
  "complaint.imported": {
    subject: `job_${string}`;
    data: {
      refused: number;
      repeated: number;
      taken: number;
    };
  };
  /** A customer with an open complaint said it again, or another was merged into it. */
  "complaint.joined": {
    subject: `cmp_${string}`;
    data: {
      agent_id?: string | null;
      channel?: string | null;
      customer_id?: string | null;
      department_id?: string | null;
      digest?: string;
      from?: `cmp_${string}`;
      from_number?: string;
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      received_at?: string;
      response_id?: string | null;
      source?: "widget" | "page" | "staff" | "survey" | "api" | "import" | "inbound" | "surge";
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** A new private link to a complaint was made. */
  "complaint.linked": {
    subject: `cmp_${string}`;
    data: {
      expires_at: string;
      grade: "none" | "general" | "moderate" | "major";
      link: number;
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      touchpoint_id: string | null;
    };
  };
  /** A complaint became part of another. */
  "complaint.merged": {
    subject: `cmp_${string}`;
    data: {
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      into: `cmp_${string}`;
      into_number?: string;
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** Staff noted something among themselves. */
  "complaint.noted": {
    subject: `cmp_${string}`;
    data: {
      agent_id: string | null;
      digest: string;
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** A customer who gave a low score was offered to complain. */
  "complaint.offered": {
    subject: `ntc_${string}`;
    data: {
      customer_id: `cus_${string}` | "";
      metric: "nps" | "csat" | "ces";
      path: string;
      response_id: `rsp_${string}`;
      survey_id: `srv_${string}`;
      touchpoint_id: string | null;
      value: number;
    };
  };
  /** A complaint came in. */
  "complaint.opened": {
    subject: `cmp_${string}`;
    data: {
      agent_id: string | null;
      channel: string | null;
      customer_id: string | null;
      department_id: string | null;
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      is_past?: boolean;
      number: string;
      received_at: string;
      response_id: string | null;
      source: "widget" | "page" | "staff" | "survey" | "api" | "import" | "inbound" | "surge";
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** The customer rated how a complaint was handled. */
  "complaint.rated": {
    subject: `cmp_${string}`;
    data: {
      agent_id?: string | null;
      ces?: number | null;
      csat: number;
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      is_past?: boolean;
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** A complaint was opened again, by its customer or by staff. */
  "complaint.reopened": {
    subject: `cmp_${string}`;
    data: {
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      reopened: number;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** The customer said more. */
  "complaint.replied": {
    subject: `cmp_${string}`;
    data: {
      digest: string;
      grade: "none" | "general" | "moderate" | "major";
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** Staff say that a complaint is solved. */
  "complaint.solved": {
    subject: `cmp_${string}`;
    data: {
      agent_id: string | null;
      digest?: string;
      grade: "none" | "general" | "moderate" | "major";
      is_first_contact: boolean;
      is_past?: boolean;
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      text_id?: `nte_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** Private links to a complaint were revoked; 0 is each. */
  "complaint.unlinked": {
    subject: `cmp_${string}`;
    data: {
      grade: "none" | "general" | "moderate" | "major";
      link: number;
      number: string;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      touchpoint_id: string | null;
    };
  };
  /** What staff know of a complaint was changed; `fields` names what. */
  "complaint.updated": {
    subject: `cmp_${string}`;
    data: {
      before?: Record<string, unknown>;
      department_id?: string | null;
      fields: Array<string>;
      grade: "none" | "general" | "moderate" | "major";
      need?: string | null;
      number: string;
      parent_id?: `cmp_${string}`;
      state: "open" | "waiting" | "solved" | "closed" | "merged";
      touchpoint_id: string | null;
      type?: string | null;
      urgency?: string;
    };
  };
  /** A customer was made; `fields` names what was given, without its content; only whether they agreed to be asked, and where, is told. */
  "customer.created": {
    subject: `cus_${string}`;
    data: {
      consent_source?: "web" | "app" | "store" | "phone" | "email" | "paper";
      fields: Array<string>;
      has_consent?: boolean;
      source_id?: `src_${string}`;
    };
  };
  /** All that is personal of a customer is gone; `erased` counts the rows of each kind that were theirs. */
  "customer.erased": {
    subject: `cus_${string}`;
    data: {
      erased: Record<string, number>;
    };
  };
  /** All that is kept of a customer was exported. */
  "customer.exported": {
    subject: `cus_${string}`;
    data: Record<string, unknown>;
  };
  /** A customer was changed; `fields` names what, without its content; only whether they agreed to be asked, and where, is told. */
  "customer.updated": {
    subject: `cus_${string}`;
    data: {
      consent_source?: "web" | "app" | "store" | "phone" | "email" | "paper";
      fields: Array<string>;
      has_consent?: boolean;
    };
  };
  /** A department was made. */
  "department.created": {
    subject: `dep_${string}`;
    data: {
      name: string;
    };
  };
  /** A department was renamed. */
  "department.updated": {
    subject: `dep_${string}`;
    data: {
      name: string;
    };
  };
  /** A number is never called again. */
  "do_not_call.added": {
    subject: `dnc_${string}`;
    data: {
      callback_id: string | null;
    };
  };
  /** A number may be called again. */
  "do_not_call.removed": {
    subject: `dnc_${string}`;
    data: Record<string, unknown>;
  };
  /** An id of another product leads to a key or a survey. */
  "foreign_id.added": {
    subject: `fid_${string}`;
    data: {
      foreign_id: string;
      key_id: `key_${string}` | "";
      survey_id: `srv_${string}` | "";
    };
  };
  /** An id of another product leads nowhere any more. */
  "foreign_id.removed": {
    subject: `fid_${string}`;
    data: {
      foreign_id: string;
    };
  };
  /** A message could not be mapped; it is kept and can be mapped again. */
  "inbound.failed": {
    subject: `inb_${string}`;
    data: {
      mistakes: number;
      source_id: `src_${string}`;
    };
  };
  /** No rule took a message. */
  "inbound.ignored": {
    subject: `inb_${string}`;
    data: {
      source_id: `src_${string}`;
    };
  };
  /** A message became what its rule says; how many of each kind. */
  "inbound.mapped": {
    subject: `inb_${string}`;
    data: {
      became: Record<string, number>;
      source_id: `src_${string}`;
    };
  };
  /** Staff had a message mapped again. */
  "inbound.replayed": {
    subject: `inb_${string}`;
    data: {
      source_id: `src_${string}`;
      was: "mapped" | "ignored" | "failed";
    };
  };
  /** A key was made. */
  "key.created": {
    subject: `key_${string}`;
    data: {
      agent_id?: `agt_${string}` | "";
      kind: "publishable" | "secret";
      role: string;
    };
  };
  /** A key was revoked. */
  "key.revoked": {
    subject: `key_${string}`;
    data: Record<string, unknown>;
  };
  /** Another system told counts and durations. */
  "measurement.recorded": {
    subject: `mea_${string}`;
    data: {
      count: number;
      names: Record<string, number>;
    };
  };
  /** Another system told of a message. */
  "message.received": {
    subject: `msg_${string}`;
    data: {
      channel: string | null;
      created_at: string;
      source_id: `src_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** The model that ships reads comments again. */
  "model.removed": {
    subject: `mdl_${string}`;
    data: Record<string, unknown>;
  };
  /** A model that reads comments was uploaded or trained. */
  "model.replaced": {
    subject: `mdl_${string}`;
    data: {
      accuracy_milli?: number;
      bytes?: number;
      coverage_milli?: number;
      examples?: number;
      kind?: "topic" | "sentiment";
      labels?: Array<string>;
      source?: string;
    };
  };
  /** A model is to be trained on what staff said. */
  "model.training_started": {
    subject: `job_${string}`;
    data: {
      examples: number;
      model: "topic" | "sentiment";
    };
  };
  /** People are told something; a digest has the `count` of what it tells. */
  "notice.created": {
    subject: `ntc_${string}`;
    data: {
      about: string;
      count?: number;
      to: {
        agent_id?: string;
        department_id?: string;
        role?: "viewer" | "agent" | "manager" | "admin";
      };
      type: string;
    };
  };
  /** Somebody saw a notice. */
  "notice.seen": {
    subject: `ntc_${string}`;
    data: {
      about: string;
      type: string;
    };
  };
  /** A customer completed an order, as another system told. */
  "order.completed": {
    subject: `ord_${string}`;
    data: {
      amount: number;
      channel: string | null;
      completed_at: string;
      currency: string;
      source_id: `src_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** What was personal in some rows is gone, since the site keeps it no longer; cases and call-backs have events of their own. */
  "personal.expired": {
    subject: `xpy_${string}`;
    data: {
      before: string;
      count: number;
      kind: "responses" | "messages";
    };
  };
  /** A policy was drafted; what is in force stays. */
  "policy.drafted": {
    subject: `pol_${string}`;
    data: {
      digest: string;
      kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work";
    };
  };
  /** A policy was published; the site's cases go by it. */
  "policy.published": {
    subject: `pol_${string}`;
    data: {
      digest: string;
      kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work";
      number: number;
    };
  };
  /** A programme of surveys was made. */
  "programme.created": {
    subject: `prg_${string}`;
    data: {
      is_active: boolean;
      name: string;
      open_days: number;
      recurrence: "once" | "monthly" | "quarterly";
      remind_after_days: Array<number>;
      sample: Record<string, number>;
      starts_on: string;
      study_id: `srv_${string}`;
    };
  };
  /** The next wave of a programme was put off. */
  "programme.rescheduled": {
    subject: `prg_${string}`;
    data: {
      next_wave_at: string | null;
    };
  };
  /** A programme of surveys was changed. */
  "programme.updated": {
    subject: `prg_${string}`;
    data: {
      is_active: boolean;
      name: string;
      open_days: number;
      recurrence: "once" | "monthly" | "quarterly";
      remind_after_days: Array<number>;
      sample: Record<string, number>;
      starts_on: string;
      study_id: `srv_${string}`;
    };
  };
  /** A programme opened its next wave. */
  "programme.wave_opened": {
    subject: `prg_${string}`;
    data: {
      number: number;
      wave_id: `wav_${string}`;
    };
  };
  /** A wave was left out, since its survey was not open. */
  "programme.wave_skipped": {
    subject: `prg_${string}`;
    data: {
      due_on: string;
      reason: "study_not_open";
    };
  };
  /** All figures of the site are counted again from the facts. */
  "rebuild.started": {
    subject: `job_${string}`;
    data: Record<string, unknown>;
  };
  /** A report was made and is kept. */
  "report.made": {
    subject: `rpt_${string}`;
    data: {
      department_id: string | null;
      from: string;
      kind: "week" | "month" | "quarter" | "half_year" | "special";
      name: string | null;
      to: string;
    };
  };
  /** A customer answered a survey. */
  "response.created": {
    subject: `rsp_${string}`;
    data: {
      agent_id: `agt_${string}` | "";
      answered_at: string;
      channel: string;
      group: string;
      language: string;
      scores: Array<{
        dimension: string;
        metric: "nps" | "csat" | "ces";
        points: number;
        question_id: string;
        touchpoint_id: string;
        value: number;
      }>;
      screened: Array<string>;
      survey_id: `srv_${string}`;
      survey_version: number;
    };
  };
  /** Staff looked at a response and put it aside. */
  "response.looked_at": {
    subject: `rsp_${string}`;
    data: {
      survey_id: `srv_${string}`;
    };
  };
  /** Staff took a response back into the figures. */
  "response.overruled": {
    subject: `rsp_${string}`;
    data: {
      is_counted: true;
      screened: Array<string>;
    };
  };
  /** A response was taken out of the figures, by a rule or by staff. */
  "response.screened": {
    subject: `rsp_${string}`;
    data: {
      is_counted: false;
      screened: Array<string>;
      similar_to?: `rsp_${string}`;
    };
  };
  /** A cause was reviewed for its risk in a quarter. */
  "review.created": {
    subject: `rvw_${string}`;
    data: {
      cause_id: `cau_${string}`;
      due: string | null;
      owner_id: `agt_${string}` | "";
      quarter: string;
    };
  };
  /** A review was changed. */
  "review.updated": {
    subject: `rvw_${string}`;
    data: {
      cause_id: `cau_${string}`;
      due: string | null;
      owner_id: `agt_${string}` | "";
      quarter: string;
    };
  };
  /** Something can be booked. */
  "service.created": {
    subject: `svc_${string}`;
    data: {
      is_active: boolean;
    };
  };
  /** What can be booked changed. */
  "service.updated": {
    subject: `svc_${string}`;
    data: {
      is_active: boolean;
    };
  };
  /** Somebody signed out. */
  "session.closed": {
    subject: `ses_${string}`;
    data: Record<string, unknown>;
  };
  /** Somebody signed in on a page. */
  "session.opened": {
    subject: `ses_${string}`;
    data: Record<string, unknown>;
  };
  /** A link to one view of the figures was made. */
  "share.created": {
    subject: `shr_${string}`;
    data: {
      expires_at: string;
      is_embeddable: boolean;
      name: string;
      view: string;
    };
  };
  /** A link to one view of the figures was closed. */
  "share.revoked": {
    subject: `shr_${string}`;
    data: Record<string, unknown>;
  };
  /** A site was made. */
  "site.created": {
    subject: `sit_${string}`;
    data: {
      languages?: Array<string>;
      minimum_n: number;
      name: string;
      origins: Array<string>;
      retention?: Record<string, number>;
      weights: Record<string, unknown>;
      zone: string;
    };
  };
  /** A site was changed. */
  "site.updated": {
    subject: `sit_${string}`;
    data: {
      languages?: Array<string>;
      minimum_n: number;
      name: string;
      origins: Array<string>;
      retention?: Record<string, number>;
      weights: Record<string, unknown>;
      zone: string;
    };
  };
  /** A source was made: another system that calls us. */
  "source.created": {
    subject: `src_${string}`;
    data: {
      has_new_secret: boolean;
      is_active: boolean;
      name: string;
      rules: number;
      scheme: "standard" | "stripe" | "github" | "token";
    };
  };
  /** All messages of a source in some state are to be mapped again. */
  "source.replayed": {
    subject: `src_${string}`;
    data: {
      state: "failed" | "ignored";
    };
  };
  /** A source was changed. */
  "source.updated": {
    subject: `src_${string}`;
    data: {
      has_new_secret: boolean;
      is_active: boolean;
      name: string;
      rules: number;
      scheme: "standard" | "stripe" | "github" | "token";
    };
  };
  /** A survey takes no more answers. */
  "study.closed": {
    subject: `srv_${string}`;
    data: Record<string, unknown>;
  };
  /** A survey was made. */
  "study.created": {
    subject: `srv_${string}`;
    data: Record<string, unknown>;
  };
  /** The responses to a survey were exported. */
  "study.exported": {
    subject: `srv_${string}`;
    data: {
      format: "csv" | "jsonl";
      from: string | null;
      raw: boolean;
      to: string | null;
    };
  };
  /** A file of responses was brought; each response has an event of its own. */
  "study.imported": {
    subject: `job_${string}`;
    data: {
      refused: number;
      survey_id: `srv_${string}`;
      taken: number;
    };
  };
  /** Links to a survey were made. */
  "study.links_made": {
    subject: `srv_${string}`;
    data: {
      are_personal: boolean;
      expires_at: string;
      is_single_use: boolean;
      links: number;
    };
  };
  /** The mapping of CSV files to a survey was changed. */
  "study.mapped": {
    subject: `srv_${string}`;
    data: Record<string, unknown>;
  };
  /** A survey was published. */
  "study.published": {
    subject: `srv_${string}`;
    data: {
      published_version: number;
    };
  };
  /** The draft of a survey was changed. */
  "study.updated": {
    subject: `srv_${string}`;
    data: Record<string, unknown>;
  };
  /** A customer is to be invited: send them the link of the invitation. */
  "survey.invitation_due": {
    subject: `inv_${string}`;
    data: {
      expires_at: string;
      group: string;
      programme_id: `prg_${string}`;
      survey_id: `srv_${string}`;
      wave_id: `wav_${string}`;
    };
  };
  /** A customer is to be reminded of an invitation. */
  "survey.reminder_due": {
    subject: `inv_${string}`;
    data: {
      expires_at: string;
      group: string;
      number: number;
      programme_id: `prg_${string}`;
      survey_id: `srv_${string}`;
      wave_id: `wav_${string}`;
    };
  };
  /** A text was made that staff begin from. */
  "template.created": {
    subject: `tpl_${string}`;
    data: {
      is_active: boolean;
      kind: "answer" | "question" | "plan" | "solution" | "note";
      name: string;
      texts: Record<string, unknown>;
    };
  };
  /** A text that staff begin from was changed. */
  "template.updated": {
    subject: `tpl_${string}`;
    data: {
      is_active: boolean;
      kind: "answer" | "question" | "plan" | "solution" | "note";
      name: string;
      texts: Record<string, unknown>;
    };
  };
  /** Another system told of a ticket. */
  "ticket.received": {
    subject: `msg_${string}`;
    data: {
      channel: string | null;
      created_at: string;
      source_id: `src_${string}`;
      touchpoint_id: string | null;
    };
  };
  /** A touchpoint was made. */
  "touchpoint.created": {
    subject: `tch_${string}`;
    data: {
      channels: Array<string>;
      is_key: boolean;
      lifecycle: string;
      name: string;
      stage: string;
      standards: Record<string, number>;
      target: number;
    };
  };
  /** A touchpoint was changed. */
  "touchpoint.updated": {
    subject: `tch_${string}`;
    data: {
      channels: Array<string>;
      is_key: boolean;
      lifecycle: string;
      name: string;
      stage: string;
      standards: Record<string, number>;
      target: number;
    };
  };
  /** A wave takes no more answers. */
  "wave.closed": {
    subject: `wav_${string}`;
    data: {
      groups: Record<string, {
        answered: number;
        invited: number;
      }>;
    };
  };
  /** All customers of a wave are invited. */
  "wave.invited": {
    subject: `wav_${string}`;
    data: Record<string, unknown>;
  };
  /** A wave of invitations was opened, and its customers drawn. */
  "wave.opened": {
    subject: `wav_${string}`;
    data: {
      closes_at: string;
      due_on: string;
      number: number;
      plan: Record<string, {
        customers: number;
        may_ask: number;
        planned: number;
      }>;
      programme_id: `prg_${string}`;
      survey_id: `srv_${string}`;
    };
  };
  /** A webhook was made. */
  "webhook.created": {
    subject: `whk_${string}`;
    data: {
      grades: Array<string>;
      is_ordered: boolean;
      name: string;
      signature: "v1" | "v1a";
      state: "active" | "paused" | "disabled";
      touchpoints: Array<string>;
      types: Array<string>;
    };
  };
  /** A webhook was deleted, with its log. */
  "webhook.deleted": {
    subject: `whk_${string}`;
    data: Record<string, unknown>;
  };
  /** A webhook was disabled: its receiver is gone, or nothing arrived for five days. */
  "webhook.disabled": {
    subject: `whk_${string}`;
    data: {
      reason: "gone" | "failing";
      since: string;
    };
  };
  /** Staff had the events of some time sent once more. */
  "webhook.replayed": {
    subject: `whk_${string}`;
    data: {
      only: "all" | "failed";
      since: string;
      types: Array<string>;
      until: string;
    };
  };
  /** Staff had a delivery tried once more. */
  "webhook.retried": {
    subject: `whk_${string}`;
    data: {
      event_id: `evt_${string}`;
      sequence: number;
      was: "due" | "delivered" | "dead" | "dropped";
    };
  };
  /** A webhook has a new secret; until then both are good. */
  "webhook.rotated": {
    subject: `whk_${string}`;
    data: {
      old_secret_until: string;
    };
  };
  /** A test: it reaches this webhook alone, whatever its filters. */
  "webhook.tested": {
    subject: `whk_${string}`;
    data: {
      message: string;
    };
  };
  /** A webhook was changed, paused or made active again. */
  "webhook.updated": {
    subject: `whk_${string}`;
    data: {
      grades: Array<string>;
      is_ordered: boolean;
      name: string;
      signature: "v1" | "v1a";
      skip_missed: boolean;
      state: "active" | "paused" | "disabled";
      touchpoints: Array<string>;
      types: Array<string>;
    };
  };
}

/** One event. Compare `type`, and the compiler knows its `data`. */
export type Event = {
  [T in keyof Events]: AnyEvent & {
    type: T;
    subject: Events[T]["subject"];
    data: Events[T]["data"];
  };
}[keyof Events];
/** The name of an event. */
export type EventType = keyof Events;
