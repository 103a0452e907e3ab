// Made of the contract: `GOLDEN=1 cargo test -p contract` writes it anew.

import type { Event } from "./events";
import type {
  Absence,
  Agent,
  AgentFeed,
  AgentInput,
  AgentSkill,
  Alarm,
  Answers,
  Assigned,
  Attempt,
  AuditEntry,
  Backlog,
  BatchItem,
  Became,
  Booking,
  Calendar,
  CalendarInput,
  CallRule,
  CallRuleInput,
  Callback,
  CallbackCompared,
  CallbackFigures,
  CallbackPart,
  CallbackShown,
  Calling,
  CaseLink,
  CaseText,
  Cause,
  CauseCase,
  CauseInput,
  CauseRanked,
  CauseReviewed,
  Challenge,
  Channel,
  Choice,
  Clock,
  Clocks,
  Comment,
  Compensation,
  Complaint,
  ComplaintCompared,
  ComplaintFigures,
  ComplaintPart,
  Condition,
  Contacts,
  Customer,
  CustomerContacts,
  CustomerExport,
  CustomerInput,
  CustomerScore,
  CustomerSummary,
  Dashboard,
  DashboardIndex,
  DashboardScore,
  DayCall,
  DayDone,
  DayException,
  Days,
  Definition,
  Delivery,
  DeliveryAttempt,
  DeliveryPage,
  Department,
  DepartmentInput,
  Difference,
  DisplayDay,
  DoNotCall,
  Duration,
  Durations,
  Effect,
  EffectPart,
  Ending,
  ErasureReceipt,
  Estimate,
  EventFeed,
  EventFilter,
  EventTold,
  Figure,
  File,
  FileReport,
  ForeignId,
  ForeignProblem,
  Goal,
  GradeFilter,
  GradeNow,
  Grades,
  Grading,
  HiddenField,
  Hours,
  InboundAttempt,
  InboundCondition,
  InboundMessage,
  InboundMistake,
  InboundOrigin,
  InboundPointer,
  InboundRule,
  InboundScalar,
  InboundSource,
  InboundTaken,
  IndexPart,
  IndexRead,
  Interval,
  Invitation,
  Jump,
  Key,
  KeyInput,
  LanguageTag,
  LastResponse,
  Look,
  LookScore,
  Mapping,
  Matched,
  MatrixRow,
  MeasurePart,
  Measurement,
  Message,
  Mistake,
  MistakeOf,
  Model,
  NextCallback,
  Notice,
  NoticesSeen,
  Order,
  OrderPage,
  OrderTotals,
  Origin,
  Partial,
  Policy,
  PolicyDraft,
  PolicyPublished,
  PolicyVersion,
  Presence,
  Problem,
  Programme,
  ProgrammeChange,
  ProgrammeNew,
  PublicSurvey,
  Question,
  Quota,
  Rate,
  Rebuild,
  Report,
  Response,
  Retention,
  Review,
  RpcMessage,
  RpcMessages,
  Sampling,
  Score,
  ScoreCompared,
  ScorePart,
  ScoreRead,
  Service,
  ServiceInput,
  Session,
  Share,
  ShareLink,
  SignedIn,
  Site,
  SiteInput,
  Source,
  SourceInput,
  SourceOnce,
  SourceReplay,
  SourceRule,
  SourceVerify,
  SpokenLanguage,
  Standards,
  Study,
  StudyVersion,
  Submission,
  SubmissionBatch,
  Supply,
  Taken,
  Template,
  TemplateInput,
  TemplateTexts,
  Texts,
  Theme,
  Ticked,
  TickedCallback,
  TickedDeliver,
  TickedGist,
  TickedIngest,
  TickedInvite,
  TickedPromise,
  TickedReader,
  TickedReport,
  TickedRetention,
  TickedWatch,
  TimelineCallback,
  TimelineComplaint,
  TimelineInvitation,
  TimelineItem,
  TimelineMessage,
  TimelineOrder,
  TimelineResponse,
  Touchpoint,
  TouchpointInput,
  TrendPoint,
  TriedItem,
  Verdict,
  Wave,
  Webhook,
  WebhookChange,
  WebhookHeaders,
  WebhookNew,
  WebhookReplay,
  WebhookTest,
  Week,
  Whoami,
  WhoamiAgent,
  WhoamiSite,
} from "./schemas";
export type * from "./events";
export type * from "./schemas";

/** Every operation by its route. */
export interface Operations {
  /** Notes that a survey was shown. For: client. */
  "POST /api/{version}/client/{environment}/displays": {
    id: "foreignDisplay";
    path: { version: "v1" | "v2"; environment: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: {
      surveyId: string;
      [name: string]: unknown;
    };
    answer: {
      data: {
        id: string;
      };
    };
  };
  /** Taken, and nothing comes of it. For: client. */
  "PUT /api/{version}/client/{environment}/displays/{id}": {
    id: "foreignDisplayMore";
    path: { version: "v1" | "v2"; environment: string; id: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: {
      data: {
        id: string;
      };
    };
  };
  /** What their SDKs ask first; names no surveys. For: client. */
  "GET /api/{version}/client/{environment}/environment": {
    id: "foreignEnvironment";
    path: { version: "v1" | "v2"; environment: string; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      data: {
        data: {
          actionClasses: Array<unknown>;
          project: {
            id: string;
            [name: string]: unknown;
          };
          settings: {
            id: string;
            [name: string]: unknown;
          };
          surveys: Array<unknown>;
          workspace: {
            id: string;
            [name: string]: unknown;
          };
        };
        expiresAt: string;
      };
    };
  };
  /** Takes answers as Formbricks' SDKs send them. For: client. */
  "POST /api/{version}/client/{environment}/responses": {
    id: "foreignResponse";
    path: { version: "v1" | "v2"; environment: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: {
      createdAt?: unknown;
      /** answers by their ids of questions */
      data: Record<string, unknown>;
      displayId?: unknown;
      finished: boolean;
      language?: unknown;
      meta?: unknown;
      recaptchaToken?: unknown;
      singleUseId?: unknown;
      surveyId: string;
      ttc?: unknown;
      updatedAt?: unknown;
      variables?: unknown;
      [name: string]: unknown;
    };
    answer: {
      data: {
        /** sealed; kept nowhere */
        id: string;
        quota?: {
          action: "endSurvey" | "continueSurvey";
          endingCardId?: string;
          id: string;
        };
        quotaFull: boolean;
      };
    };
  };
  /** Adds answers, or finishes. For: client. */
  "PUT /api/{version}/client/{environment}/responses/{id}": {
    id: "foreignResponseMore";
    path: { version: "v1" | "v2"; environment: string; id: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: {
      createdAt?: unknown;
      /** answers by their ids of questions */
      data?: Record<string, unknown> | null;
      displayId?: unknown;
      finished: boolean;
      language?: unknown;
      meta?: unknown;
      recaptchaToken?: unknown;
      singleUseId?: unknown;
      ttc?: unknown;
      updatedAt?: unknown;
      variables?: unknown;
      [name: string]: unknown;
    };
    answer: {
      data: {
        /** sealed; kept nowhere */
        id: string;
        quota?: {
          action: "endSurvey" | "continueSurvey";
          endingCardId?: string;
          id: string;
        };
        quotaFull: boolean;
      };
    };
  };
  /** A booked call-back, for the customer. For: link. */
  "GET /b/{token}": {
    id: "bookingShown";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** The same as a calendar file. For: link. */
  "GET /b/{token}/call.ics": {
    id: "bookingCalendar";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Cancels the call. For: link. */
  "POST /b/{token}/cancel": {
    id: "cancelOnPage";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Confirms a held time. For: link. */
  "POST /b/{token}/confirm": {
    id: "confirmOnPage";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Moves the call. For: link. */
  "POST /b/{token}/move": {
    id: "moveOnPage";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Times to choose from for a call-back. For: anybody. */
  "GET /book/{site}": {
    id: "bookingPage";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Books a call-back. For: anybody. */
  "POST /book/{site}": {
    id: "bookOnPage";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** The form on which customers complain. For: anybody. */
  "GET /c/{site}": {
    id: "complaintForm";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Takes a complaint of that form. For: anybody. */
  "POST /c/{site}": {
    id: "sendComplaintForm";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Thanks for a complaint, with its number. For: anybody. */
  "GET /c/{site}/thanks": {
    id: "complaintThanks";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** A dialog in which customers complain. For: anybody. */
  "GET /complaint.js": {
    id: "complaintScript";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** The figures as a page. For: viewer. */
  "GET /dashboard": {
    id: "dashboardPage";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** The figures of call-backs. For: viewer. */
  "GET /dashboard/callbacks": {
    id: "dashboardCallbacks";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** The figures of complaints. For: viewer. */
  "GET /dashboard/complaints": {
    id: "dashboardComplaints";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** The goals of the company. For: viewer. */
  "GET /dashboard/goals": {
    id: "dashboardGoals";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** Reports that were made. For: viewer. */
  "GET /dashboard/reports": {
    id: "dashboardReports";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** Has a special report made. For: manager. */
  "POST /dashboard/reports": {
    id: "dashboardReportAsked";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: string;
    answer: string;
  };
  /** One report, made for paper too. For: viewer. */
  "GET /dashboard/reports/{id}": {
    id: "dashboardReport";
    path: { id: `rpt_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** Signs in there. For: anybody. */
  "POST /dashboard/session": {
    id: "dashboardOpen";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Signs out. For: anybody. */
  "POST /dashboard/session/end": {
    id: "dashboardClose";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Links that show one view. For: manager. */
  "GET /dashboard/shares": {
    id: "dashboardShares";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** Makes or revokes such a link. For: manager. */
  "POST /dashboard/shares": {
    id: "dashboardShareMade";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: string;
    answer: string;
  };
  /** The touchpoints against their targets. For: viewer. */
  "GET /dashboard/touchpoints": {
    id: "dashboardTouchpoints";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** One touchpoint. For: viewer. */
  "GET /dashboard/touchpoints/{id}": {
    id: "dashboardTouchpoint";
    path: { id: `tch_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** What customers write. For: viewer. */
  "GET /dashboard/voice": {
    id: "dashboardVoice";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** An agent's calls of a day. For: agent. */
  "GET /day": {
    id: "dayPage";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Signs in there. For: anybody. */
  "POST /day/session": {
    id: "dayOpen";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** A page that embeds the demo's survey. For: anybody. */
  "GET /demo": {
    id: "demoPage";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Styles of the demo. For: anybody. */
  "GET /demo/page.css": {
    id: "demoStyle";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Script of the demo. For: anybody. */
  "GET /demo/page.js": {
    id: "demoScript";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Where agents and managers work; leads to what they need most. For: viewer. */
  "GET /desk": {
    id: "deskEntry";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Signs in to the desk. For: anybody. */
  "POST /desk/session": {
    id: "deskOpen";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Signs out of the desk. For: anybody. */
  "POST /desk/session/end": {
    id: "deskClose";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** The same to read: what there is to know, and every operation. For: anybody. */
  "GET /docs": {
    id: "readDocs";
    path: {};
    query: { lang?: string; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** The script of these pages, which work without it. For: anybody. */
  "GET /docs/script.js": {
    id: "readDocsScript";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** The style of these pages. For: anybody. */
  "GET /docs/style.css": {
    id: "readDocsStyle";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** One part of the API, the events, or the problems. For: anybody. */
  "GET /docs/{page}": {
    id: "readDocsPage";
    path: { page: string; };
    query: { lang?: string; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** The same, for frames of other pages. For: link. */
  "GET /embed/{token}": {
    id: "embeddedView";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** An agent's calls as a calendar to subscribe to. For: link. */
  "GET /feed/{file}": {
    id: "callFeed";
    path: { file: string; };
    query: { lang?: string; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Whether anything answers; touches no database. For: anybody. */
  "GET /health": {
    id: "health";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      status: "ok";
    };
  };
  /** Does what time causes to accounts and figures: alarms, rebuilds, what is over. For: tick. */
  "POST /internal/tick": {
    id: "tick";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: Ticked;
  };
  /** Keeps call-backs on time, and plans those that rules ask for. For: tick. */
  "POST /internal/tick/callback": {
    id: "tickCallback";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedCallback;
  };
  /** Sends events to webhooks. For: tick. */
  "POST /internal/tick/deliver": {
    id: "tickDeliver";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedDeliver;
  };
  /** Sums up what comments say together. For: tick. */
  "POST /internal/tick/gist": {
    id: "tickGist";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedGist;
  };
  /** Makes something of the messages of other systems. For: tick. */
  "POST /internal/tick/ingest": {
    id: "tickIngest";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedIngest;
  };
  /** Invites those whom programmes ask. For: tick. */
  "POST /internal/tick/invite": {
    id: "tickInvite";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedInvite;
  };
  /** Gives complaints to agents and keeps to what was promised. For: tick. */
  "POST /internal/tick/promise": {
    id: "tickPromise";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedPromise;
  };
  /** Reads what people wrote. For: tick. */
  "POST /internal/tick/reader": {
    id: "tickReader";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedReader;
  };
  /** Makes the reports that are due. For: tick. */
  "POST /internal/tick/report": {
    id: "tickReport";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedReport;
  };
  /** Forgets what was kept long enough, and fills the index. For: tick. */
  "POST /internal/tick/retention": {
    id: "tickRetention";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedRetention;
  };
  /** Opens complaints for low scores, and finds surges. For: tick. */
  "POST /internal/tick/watch": {
    id: "tickWatch";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: TickedWatch;
  };
  /** The Model Context Protocol: tools for assistants. For: holder. */
  "POST /mcp": {
    id: "callMcp";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: unknown;
    answer: RpcMessages | undefined;
  };
  /** What waits and since when, as gauges; off until its key is set. For: metrics. */
  "GET /metrics": {
    id: "metrics";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** All of this, as an OpenAPI 3.1 document. For: anybody. */
  "GET /openapi.json": {
    id: "readContract";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Record<string, unknown>;
  };
  /** Whether the database answers and is up to date. For: anybody. */
  "GET /ready": {
    id: "ready";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      status: "ready";
    };
  };
  /** Styles of a survey's page. For: anybody. */
  "GET /s/page.css": {
    id: "surveyStyle";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** A survey as a page of its own, without scripts. For: anybody. */
  "GET /s/{survey}": {
    id: "surveyPage";
    path: { survey: `srv_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Hands the answers of that page on to where they are taken. For: anybody. */
  "POST /s/{survey}": {
    id: "answerSurveyPage";
    path: { survey: `srv_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Takes the answers of that page. For: anybody. */
  "POST /s/{survey}/submit": {
    id: "submitSurveyPage";
    path: { survey: `srv_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** Thanks for the answers. For: anybody. */
  "GET /s/{survey}/thanks": {
    id: "surveyThanks";
    path: { survey: `srv_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Scripts of our pages. For: anybody. */
  "GET /script/{file}": {
    id: "scriptFile";
    path: { file: string; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** One view of the figures, for whoever has the link. For: link. */
  "GET /share/{token}": {
    id: "sharedView";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: unknown | string;
  };
  /** Styles of our pages. For: anybody. */
  "GET /style/{file}": {
    id: "styleFile";
    path: { file: string; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** How a complaint stands, for the customer. For: link. */
  "GET /t/{token}": {
    id: "trackPage";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Hands on what the customer says there. For: link. */
  "POST /t/{token}": {
    id: "trackForm";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: string;
  };
  /** The customer disagrees with the grade. For: link. */
  "POST /t/{token}/appeal": {
    id: "trackAppeal";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** The customer rates how it was solved. For: link. */
  "POST /t/{token}/rate": {
    id: "trackRate";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** The customer has the case opened again. For: link. */
  "POST /t/{token}/reopen": {
    id: "trackReopen";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** The customer adds something. For: link. */
  "POST /t/{token}/say": {
    id: "trackSay";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: string;
    answer: undefined;
  };
  /** The people who serve customers. For: viewer. */
  "GET /v1/agents": {
    id: "listAgents";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Agent>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Adds somebody. For: manager. */
  "POST /v1/agents": {
    id: "createAgent";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
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
      name: string;
      skills?: Array<AgentSkill> | null;
    };
    answer: Agent;
  };
  /** One of them. For: viewer. */
  "GET /v1/agents/{id}": {
    id: "showAgent";
    path: { id: `agt_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Agent;
  };
  /** Changes what is known of somebody. For: manager. */
  "PATCH /v1/agents/{id}": {
    id: "changeAgent";
    path: { id: `agt_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: AgentInput;
    answer: Agent;
  };
  /** What happened to an agent, oldest first. For: viewer. */
  "GET /v1/agents/{id}/audit": {
    id: "listAgentAudit";
    path: { id: `agt_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of an agent is intact. For: viewer. */
  "GET /v1/agents/{id}/audit/verify": {
    id: "verifyAgentAudit";
    path: { id: `agt_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Makes the secret address of their calendar, in place of the one before. For: agent. */
  "POST /v1/agents/{id}/feed": {
    id: "makeAgentFeed";
    path: { id: `agt_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: AgentFeed;
  };
  /** Closes the secret address of their calendar. For: agent. */
  "DELETE /v1/agents/{id}/feed": {
    id: "dropAgentFeed";
    path: { id: `agt_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** What the tick found out of order, newest first. For: viewer. */
  "GET /v1/alarms": {
    id: "listAlarms";
    path: {};
    query: { state?: "open" | "cleared"; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Alarm>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** A call-back, for whoever has its private link. For: link. */
  "GET /v1/bookings/{token}": {
    id: "showBooking";
    path: { token: string; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Booking;
  };
  /** Calls it off. For: link. */
  "POST /v1/bookings/{token}/cancel": {
    id: "cancelBooking";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: Booking;
  };
  /** Confirms a held time. For: link. */
  "POST /v1/bookings/{token}/confirm": {
    id: "confirmBooking";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: Booking;
  };
  /** It as a calendar file. For: link. */
  "GET /v1/bookings/{token}/ics": {
    id: "bookingFile";
    path: { token: string; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Moves it. For: link. */
  "POST /v1/bookings/{token}/move": {
    id: "moveBooking";
    path: { token: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: {
      start: string;
      tz?: string | null;
    };
    answer: Booking;
  };
  /** Calendars of working hours. For: viewer. */
  "GET /v1/calendars": {
    id: "listCalendars";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Calendar>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes one. For: manager. */
  "POST /v1/calendars": {
    id: "createCalendar";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      country?: "china" | "none" | null;
      exceptions?: Array<DayException> | null;
      known_until?: string | null;
      make_up?: Hours | null;
      name: string;
      week: Week;
      /** IANA */
      zone?: string | null;
    };
    answer: Calendar;
  };
  /** One calendar. For: viewer. */
  "GET /v1/calendars/{id}": {
    id: "showCalendar";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Calendar;
  };
  /** Changes one. For: manager. */
  "PATCH /v1/calendars/{id}": {
    id: "changeCalendar";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: CalendarInput;
    answer: Calendar;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/calendars/{id}/audit": {
    id: "auditCalendar";
    path: { id: string; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/calendars/{id}/audit/verify": {
    id: "verifyCalendar";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The days of a year that have other hours than their weekday. For: viewer. */
  "GET /v1/calendars/{id}/days": {
    id: "calendarDays";
    path: { id: string; };
    query: { year?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      days: Array<{
        date: string;
        hours: Hours;
        name: string | null;
        why: "holiday" | "make_up" | "exception";
      }>;
      is_known: boolean;
      year: number;
    };
  };
  /** Takes the days of a file: a CSV, or the holidays of a year as JSON. For: manager. */
  "POST /v1/calendars/{id}/days": {
    id: "loadCalendarDays";
    path: { id: string; };
    query: { known_until?: string; site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      "$id"?: unknown;
      "$schema"?: unknown;
      days: Array<{
        date: string;
        hours?: unknown;
        isOffDay?: boolean | null;
        name?: string | null;
      }>;
      papers?: unknown;
      year?: number | null;
    } | string;
    answer: Calendar;
  };
  /** When so much working time from an instant is over, and why. For: viewer. */
  "GET /v1/calendars/{id}/reading": {
    id: "readCalendar";
    path: { id: string; };
    query: { from?: string; hours?: number; working_days?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      due: string | null;
      from: string;
      is_known: boolean;
      is_open: boolean;
      timeline: Array<{
        from: string;
        kind: "running" | "paused" | "outside" | "over";
        to: string;
      }>;
      working_s: number;
      zone: string;
    };
  };
  /** What leads to a call by itself. For: viewer. */
  "GET /v1/call-rules": {
    id: "listCallRules";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<CallRule>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes one. For: manager. */
  "POST /v1/call-rules": {
    id: "createCallRule";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      csat_max?: number | null;
      delay_min?: number | null;
      event: "complaint.solved" | "order.completed" | "response.created" | "customer";
      every_days?: number | null;
      groups?: Array<"new" | "existing" | "core"> | null;
      is_active?: boolean | null;
      nps_max?: number | null;
      purpose?: "solved_case" | "purchase_visit" | "recovery" | "core_visit" | null;
      service_id: string;
      within_min?: number | null;
    };
    answer: CallRule;
  };
  /** One rule. For: viewer. */
  "GET /v1/call-rules/{id}": {
    id: "showCallRule";
    path: { id: `crl_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: CallRule;
  };
  /** Changes one. For: manager. */
  "PATCH /v1/call-rules/{id}": {
    id: "changeCallRule";
    path: { id: `crl_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: CallRuleInput;
    answer: CallRule;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/call-rules/{id}/audit": {
    id: "auditCallRule";
    path: { id: `crl_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/call-rules/{id}/audit/verify": {
    id: "verifyCallRule";
    path: { id: `crl_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Call-backs in figures: reached, kept, waits. For: viewer. */
  "GET /v1/callback-figures": {
    id: "callbackFigures";
    path: {};
    query: { agent?: string; by?: string; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; from?: string; purpose?: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery"; service?: string; to?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: CallbackFigures;
  };
  /** Call-backs, by when they are due. For: agent. */
  "GET /v1/callbacks": {
    id: "listCallbacks";
    path: {};
    query: { agent_id?: string; case_id?: string; customer_id?: string; from?: string; order?: string; purpose?: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery"; service_id?: string; state?: string; to?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Callback>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Books or queues a call. For: agent. */
  "POST /v1/callbacks": {
    id: "createCallback";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      agent_id?: string | null;
      case_id?: string | null;
      /** an external_id */
      customer?: string | null;
      email?: string | null;
      /** only holds the time, to be confirmed */
      hold?: boolean | null;
      language?: string | null;
      mode?: "appointment" | "asap" | null;
      name?: string | null;
      note?: string | null;
      phone?: string | null;
      purpose?: "request" | "solved_case" | "purchase_visit" | "core_visit" | "recovery" | null;
      service_id: string;
      /** an RFC 3339 time of GET /v1/slots */
      start?: string | null;
      touchpoint_id?: string | null;
      tz?: string | null;
      waiting_since?: string | null;
    };
    answer: Callback;
  };
  /** Takes the most pressing call that the caller may make; nothing if there is none. For: agent. */
  "POST /v1/callbacks/next": {
    id: "nextCallback";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      /** for whom; the key's own agent if absent */
      agent_id?: string | null;
    } | undefined;
    answer: Calling | undefined;
  };
  /** One with all that is known of it. For: agent. */
  "GET /v1/callbacks/{id}": {
    id: "showCallback";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: CallbackShown;
  };
  /** Tells how the call went. For: agent. */
  "POST /v1/callbacks/{id}/attempts": {
    id: "noteAttempt";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      agent_id?: string | null;
      answers?: Answers | null;
      do_not_call?: boolean | null;
      duration_s?: number | null;
      /** agreed with the customer */
      next_at?: string | null;
      note?: string | null;
      outcome: "reached" | "no_answer" | "busy" | "wrong_number" | "refused" | "do_not_call";
      started_at?: string | null;
    };
    answer: Callback;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/callbacks/{id}/audit": {
    id: "auditCallback";
    path: { id: `cbk_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/callbacks/{id}/audit/verify": {
    id: "verifyCallback";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Calls it off. For: agent. */
  "POST /v1/callbacks/{id}/cancel": {
    id: "cancelCallback";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      reason?: "asked" | "settled" | "duplicate" | "mistake" | "other" | null;
    } | undefined;
    answer: Callback;
  };
  /** Confirms a held time. For: agent. */
  "POST /v1/callbacks/{id}/confirm": {
    id: "confirmCallback";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Callback;
  };
  /** It as a calendar file. For: agent. */
  "GET /v1/callbacks/{id}/ics": {
    id: "callbackCalendar";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Moves it to another time. For: agent. */
  "POST /v1/callbacks/{id}/move": {
    id: "moveCallback";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      agent_id?: string | null;
      start: string;
      tz?: string | null;
    };
    answer: Callback;
  };
  /** Gives it back. For: agent. */
  "POST /v1/callbacks/{id}/release": {
    id: "releaseCallback";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      agent_id?: string | null;
    } | undefined;
    answer: Callback;
  };
  /** Takes this one. For: agent. */
  "POST /v1/callbacks/{id}/take": {
    id: "takeCallback";
    path: { id: `cbk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      agent_id?: string | null;
    } | undefined;
    answer: Calling;
  };
  /** The causes of complaints. For: viewer. */
  "GET /v1/causes": {
    id: "listCauses";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Cause>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes one. For: manager. */
  "POST /v1/causes": {
    id: "createCause";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      department_id?: string | null;
      is_active?: boolean | null;
      kind: "process_gap" | "product_defect" | "service_error";
      measure?: string | null;
      /** a date */
      measure_since?: string | null;
      name: string;
    };
    answer: Cause;
  };
  /** Causes by how many cases they made, with the effect of measures. For: viewer. */
  "GET /v1/causes/ranking": {
    id: "rankCauses";
    path: {};
    query: { confidence?: string; from?: string; month?: string; to?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      compared: {
        from: string;
        to: string;
      };
      confidence: number;
      from: string;
      items: Array<CauseRanked>;
      /** of which the cause is known */
      known: number;
      /** causes that are in no list, by kind */
      not_listed: Record<string, number>;
      received: number;
      to: string;
      unknown: number;
      zone: string;
    };
  };
  /** One cause. For: viewer. */
  "GET /v1/causes/{id}": {
    id: "showCause";
    path: { id: `cau_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Cause;
  };
  /** Changes one. For: manager. */
  "PATCH /v1/causes/{id}": {
    id: "changeCause";
    path: { id: `cau_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: CauseInput;
    answer: Cause;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/causes/{id}/audit": {
    id: "auditCause";
    path: { id: `cau_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/causes/{id}/audit/verify": {
    id: "verifyCause";
    path: { id: `cau_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The cases that it made. For: agent. */
  "GET /v1/causes/{id}/cases": {
    id: "causeCases";
    path: { id: `cau_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<CauseCase>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** The effort score (CES 2.0). For: viewer. */
  "GET /v1/ces": {
    id: "ces";
    path: {};
    query: { agent?: string; by?: string; channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store"; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; dimension?: string; from?: string; group?: "new" | "existing" | "core"; question?: string; stage?: "pre_sale" | "purchase" | "after_sale" | "retention"; survey?: string; to?: string; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: ScoreRead;
  };
  /** What customers wrote, newest first, with feeling and topic. For: agent. */
  "GET /v1/comments": {
    id: "listComments";
    path: {};
    query: { review?: "true"; topic?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Comment>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** One of them. For: agent. */
  "GET /v1/comments/{id}": {
    id: "showComment";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Comment;
  };
  /** Says what it is about, or what it feels; models learn of it. For: agent. */
  "PATCH /v1/comments/{id}": {
    id: "labelComment";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      sentiment?: "negative" | "neutral" | "positive" | null;
      /** a label or null */
      topic?: unknown;
    };
    answer: Comment;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/comments/{id}/audit": {
    id: "auditComment";
    path: { id: string; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/comments/{id}/audit/verify": {
    id: "verifyComment";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Complaints in figures: rates, times, backlog. For: viewer. */
  "GET /v1/complaint-figures": {
    id: "complaintFigures";
    path: {};
    query: { agent?: string; by?: string; cause?: "process_gap" | "product_defect" | "service_error"; cause_id?: string; channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store"; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; department?: string; from?: string; grade?: "none" | "general" | "moderate" | "major"; group?: "new" | "existing" | "core"; need?: "product" | "service" | "experience"; to?: string; touchpoint?: string; type?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: ComplaintFigures;
  };
  /** Queues: the most pressing first, or the newest. For: agent. */
  "GET /v1/complaints": {
    id: "listComplaints";
    path: {};
    query: { agent_id?: string; customer_id?: string; department_id?: string; grade?: "none" | "general" | "moderate" | "major"; is_late?: boolean; parent_id?: string; q?: string; sort?: "due" | "newest"; state?: string; touchpoint_id?: string; type?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Complaint>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Takes down a complaint, grades it and gives it to somebody. For: agent. */
  "POST /v1/complaints": {
    id: "createComplaint";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      amount?: number | null;
      channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
      /** instead of customer_id; one with a new external_id is made */
      customer?: {
        email?: string | null;
        external_id?: string | null;
        name?: string | null;
        phone?: string | null;
        wechat?: string | null;
      } | null;
      customer_id?: string | null;
      files?: Array<File> | null;
      language?: string | null;
      /** an RFC 3339 time; now if absent */
      received_at?: string | null;
      response_id?: string | null;
      source?: "staff" | "api" | null;
      text: string;
      touchpoint_id?: string | null;
      /** overrules the policy's */
      type?: string | null;
    };
    answer: Complaint;
  };
  /** Does the same to up to 100. For: agent. */
  "POST /v1/complaints/bulk": {
    id: "bulkComplaints";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      act: "assign" | "note" | "close" | "grade" | "solve";
      agent_id?: string | null;
      auto?: boolean | null;
      cause?: {
        cause_id?: string | null;
        detail: string;
        kind: "process_gap" | "product_defect" | "service_error";
      } | null;
      department_id?: string | null;
      files?: Array<File> | null;
      grade?: "none" | "general" | "moderate" | "major" | null;
      ids: Array<string>;
      is_first_contact?: boolean | null;
      reason?: string | null;
      remedy?: string | null;
      text?: string | null;
      tier?: number | null;
    };
    answer: {
      done: number;
      outcomes: Array<{
        agent_id?: `agt_${string}` | null;
        detail?: string;
        errors?: Array<MistakeOf>;
        grade?: "none" | "general" | "moderate" | "major";
        id: string;
        state?: "open" | "waiting" | "solved" | "closed" | "merged";
        status: number;
        title?: string;
        type?: string;
        version?: number;
      }>;
    };
  };
  /** Grades a text and opens nothing. For: agent. */
  "POST /v1/complaints/grade": {
    id: "tryGrade";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: {
      amount?: number | null;
      days_open?: number | null;
      /** earlier complaints of the customer */
      earlier?: number | null;
      policy?: "published" | "draft" | null;
      text: string;
    };
    answer: GradeNow;
  };
  /** Takes cases of another system from a file. For: manager. */
  "POST /v1/complaints/import": {
    id: "importComplaints";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: string;
    answer: FileReport;
  };
  /** One case with all that was said, by its id or its number. For: agent. */
  "GET /v1/complaints/{id}": {
    id: "showComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Complaint;
  };
  /** Changes what it is about. For: agent. */
  "PATCH /v1/complaints/{id}": {
    id: "changeComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      amount?: number | null;
      department_id?: string | null;
      need?: "product" | "service" | "experience" | null;
      touchpoint_id?: string | null;
      type?: string | null;
      urgency?: "normal" | "high" | "immediate" | null;
    };
    answer: Complaint;
  };
  /** Answers the customer, who sees it; asking them something pauses the clocks that may. For: agent. */
  "POST /v1/complaints/{id}/answer": {
    id: "answerComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      /** the customer must tell something first */
      asks?: boolean | null;
      files?: Array<File> | null;
      /** it says how it will be solved */
      is_plan?: boolean | null;
      text: string;
    };
    answer: Complaint;
  };
  /** Gives it to somebody, or lets the rules choose. For: agent. */
  "POST /v1/complaints/{id}/assign": {
    id: "assignComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      agent_id?: string | null;
      auto?: boolean | null;
      department_id?: string | null;
      reason?: string | null;
    };
    answer: Complaint;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/complaints/{id}/audit": {
    id: "auditComplaint";
    path: { id: string; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its trail and its texts are intact. For: viewer. */
  "GET /v1/complaints/{id}/audit/verify": {
    id: "verifyComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      broken_at: number | null;
      events: number;
      is_intact: boolean;
      subject: string;
      texts: number;
      texts_broken: Array<`nte_${string}`>;
    };
  };
  /** Closes it, with cause and remedy. For: agent. */
  "POST /v1/complaints/{id}/close": {
    id: "closeComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      cause?: {
        cause_id?: string | null;
        detail: string;
        kind: "process_gap" | "product_defect" | "service_error";
      } | null;
      remedy?: string | null;
    };
    answer: Complaint;
  };
  /** Gives a coupon or money back, up to what a role may. For: agent. */
  "POST /v1/complaints/{id}/compensate": {
    id: "compensateComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      /** in the smallest unit */
      amount: number;
      /** ISO 4217 */
      currency: string;
      kind: "coupon" | "refund";
      reason?: string | null;
      /** its name elsewhere; given once */
      reference?: string | null;
    };
    answer: Complaint;
  };
  /** Asks somebody above for help. For: agent. */
  "POST /v1/complaints/{id}/escalate": {
    id: "escalateComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      agent_id?: string | null;
      reason: string;
      skill?: string | null;
    };
    answer: Complaint;
  };
  /** Overrules the grade, with the reason. For: agent. */
  "POST /v1/complaints/{id}/grade": {
    id: "gradeComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      grade?: "none" | "general" | "moderate" | "major" | null;
      reason: string;
      tier?: number | null;
    };
    answer: Complaint;
  };
  /** Makes another private link for the customer. For: agent. */
  "POST /v1/complaints/{id}/links": {
    id: "makeCaseLink";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      case_id: `cmp_${string}`;
      expires_at: string;
      number: number;
      url: string;
    };
  };
  /** Ends a link, or with all every one. For: agent. */
  "DELETE /v1/complaints/{id}/links/{number}": {
    id: "revokeCaseLink";
    path: { id: string; number: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Complaint;
  };
  /** Makes it part of another. For: agent. */
  "POST /v1/complaints/{id}/merge": {
    id: "mergeComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      into: string;
      reason?: string | null;
    };
    answer: Complaint;
  };
  /** Adds a note that only staff see. For: agent. */
  "POST /v1/complaints/{id}/note": {
    id: "noteComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      files?: Array<File> | null;
      text: string;
    };
    answer: Complaint;
  };
  /** Who else looks at it just now. For: agent. */
  "GET /v1/complaints/{id}/presence": {
    id: "casePresence";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Presence;
  };
  /** The same, and tells them; for 45 seconds. For: agent. */
  "PUT /v1/complaints/{id}/presence": {
    id: "meetOnCase";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: {
      is_writing?: boolean | null;
    };
    answer: Presence;
  };
  /** Opens it again. For: agent. */
  "POST /v1/complaints/{id}/reopen": {
    id: "reopenComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      reason: string;
    };
    answer: Complaint;
  };
  /** Tells the customer the solution. For: agent. */
  "POST /v1/complaints/{id}/solve": {
    id: "solveComplaint";
    path: { id: string; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      files?: Array<File> | null;
      is_first_contact?: boolean | null;
      text: string;
    };
    answer: Complaint;
  };
  /** The share of satisfied answers. For: viewer. */
  "GET /v1/csat": {
    id: "csat";
    path: {};
    query: { agent?: string; by?: string; channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store"; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; dimension?: string; from?: string; group?: "new" | "existing" | "core"; points?: number; question?: string; stage?: "pre_sale" | "purchase" | "after_sale" | "retention"; survey?: string; to?: string; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: ScoreRead;
  };
  /** The customers, or whom a text finds. For: agent. */
  "GET /v1/customers": {
    id: "listCustomers";
    path: {};
    query: { adviser_id?: string; external_id?: string; group?: "new" | "existing" | "core" | ""; q?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Customer>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Adds a customer. For: agent. */
  "POST /v1/customers": {
    id: "createCustomer";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      adviser_id?: `agt_${string}` | "" | null;
      /** where they said so; goes with `has_consent`, and stands in the audit trail */
      consent_source?: "web" | "app" | "store" | "phone" | "email" | "paper" | null;
      /** those that are not named stay; empty or null takes one away */
      contacts?: CustomerContacts | null;
      /** the company's own id; never changes */
      external_id: string;
      group?: "new" | "existing" | "core" | null;
      has_consent?: boolean | null;
      /** a language tag */
      language?: string | null;
      /** IANA time zone */
      zone?: string | null;
    };
    answer: Customer;
  };
  /** One customer, with contacts. For: agent. */
  "GET /v1/customers/{id}": {
    id: "showCustomer";
    path: { id: `cus_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Customer;
  };
  /** Changes what is known of a customer. For: agent. */
  "PATCH /v1/customers/{id}": {
    id: "changeCustomer";
    path: { id: `cus_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: CustomerInput;
    answer: Customer;
  };
  /** Erases what is personal of a customer; scores and amounts stay. For: manager. */
  "DELETE /v1/customers/{id}": {
    id: "eraseCustomer";
    path: { id: `cus_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: ErasureReceipt;
  };
  /** What happened to a customer, oldest first. For: viewer. */
  "GET /v1/customers/{id}/audit": {
    id: "listCustomerAudit";
    path: { id: `cus_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a customer is intact. For: viewer. */
  "GET /v1/customers/{id}/audit/verify": {
    id: "verifyCustomerAudit";
    path: { id: `cus_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** All that is kept of a customer, as a file. For: manager. */
  "GET /v1/customers/{id}/export": {
    id: "exportCustomer";
    path: { id: `cus_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: CustomerExport;
  };
  /** How it stands with a customer now. For: agent. */
  "GET /v1/customers/{id}/summary": {
    id: "showCustomerSummary";
    path: { id: `cus_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: CustomerSummary;
  };
  /** What happened with a customer, the newest first. For: agent. */
  "GET /v1/customers/{id}/timeline": {
    id: "listCustomerTimeline";
    path: { id: `cus_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<TimelineItem>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Everything that a manager looks at in the morning. For: viewer. */
  "GET /v1/dashboard": {
    id: "dashboard";
    path: {};
    query: { agent?: string; channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store"; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; from?: string; group?: "new" | "existing" | "core"; survey?: string; to?: string; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Dashboard;
  };
  /** An agent's calls of a day. For: agent. */
  "GET /v1/day": {
    id: "callDay";
    path: {};
    query: { agent?: string; date?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      agent: {
        id: `agt_${string}`;
        name: string;
      };
      appointments: Array<DayCall>;
      date: string;
      done: Array<DayDone>;
      open: Array<{
        from: string;
        until: string;
      }>;
      tz: string;
      waiting: Array<DayCall>;
    };
  };
  /** The departments. For: viewer. */
  "GET /v1/departments": {
    id: "listDepartments";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Department>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a department. For: manager. */
  "POST /v1/departments": {
    id: "createDepartment";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      name: string;
    };
    answer: Department;
  };
  /** One department. For: viewer. */
  "GET /v1/departments/{id}": {
    id: "showDepartment";
    path: { id: `dep_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Department;
  };
  /** Renames a department. For: manager. */
  "PATCH /v1/departments/{id}": {
    id: "changeDepartment";
    path: { id: `dep_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: DepartmentInput;
    answer: Department;
  };
  /** What happened to a department, oldest first. For: viewer. */
  "GET /v1/departments/{id}/audit": {
    id: "listDepartmentAudit";
    path: { id: `dep_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a department is intact. For: viewer. */
  "GET /v1/departments/{id}/audit/verify": {
    id: "verifyDepartmentAudit";
    path: { id: `dep_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Numbers that are never called; of each only a keyed hash is kept. For: agent. */
  "GET /v1/do-not-call": {
    id: "listDoNotCall";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<DoNotCall>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Adds a number. For: agent. */
  "POST /v1/do-not-call": {
    id: "addDoNotCall";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      phone: string;
    };
    answer: DoNotCall;
  };
  /** Takes it off. For: manager. */
  "DELETE /v1/do-not-call/{id}": {
    id: "dropDoNotCall";
    path: { id: `dnc_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/do-not-call/{id}/audit": {
    id: "auditDoNotCall";
    path: { id: `dnc_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/do-not-call/{id}/audit/verify": {
    id: "verifyDoNotCall";
    path: { id: `dnc_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** What goes along with the overall score. For: viewer. */
  "GET /v1/drivers": {
    id: "drivers";
    path: {};
    query: { by?: "dimension" | "touchpoint"; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; from?: string; of?: "nps" | "csat" | "ces"; to?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      by: "dimension" | "touchpoint";
      confidence: number;
      from: string;
      items: Array<{
        importance: {
          interval: Interval;
          n: number;
          value: number;
        } | null;
        key: string;
        name: string | null;
        performance: Figure;
        /** improve, keep, ease or overdone */
        priority: string | null;
      }>;
      method: string;
      middle: {
        importance: number | null;
        performance: number | null;
      };
      of: "nps" | "ces" | "csat";
      points: number;
      to: string;
      zone: string;
    };
  };
  /** What happened at the site, in the order of commits. For: viewer. */
  "GET /v1/events": {
    id: "listEvents";
    path: {};
    query: { subject?: string; type?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: EventFeed;
  };
  /** Every type of event: an OpenAPI document whose webhooks they are. For: anybody. */
  "GET /v1/events/types": {
    id: "eventTypes";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Record<string, unknown>;
  };
  /** One event, by its id or its sequence. For: viewer. */
  "GET /v1/events/{event}": {
    id: "showEvent";
    path: { event: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: EventTold;
  };
  /** Every service standard by touchpoint, and the rates. For: viewer. */
  "GET /v1/figures": {
    id: "serviceFigures";
    path: {};
    query: { confidence?: number; from?: string; to?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      confidence: number;
      durations: Array<Duration>;
      from: string;
      rates: Array<{
        connect?: Array<string>;
        denominator: {
          name: string;
          sum: number | null;
        };
        interval: Interval;
        label: string;
        met: boolean | null;
        name: string;
        numerator: {
          name: string;
          sum: number | null;
        };
        small: boolean;
        target: number | null;
        value: number | null;
      }>;
      to: string;
      touchpoints: Array<{
        id: `tch_${string}`;
        name: string;
        standards: Array<Duration>;
      }>;
      zone?: string;
    };
  };
  /** What other products call our surveys and keys. For: viewer. */
  "GET /v1/foreign-ids": {
    id: "listForeignIds";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<ForeignId>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Lets a foreign id stand for a key or a survey. For: admin. */
  "POST /v1/foreign-ids": {
    id: "addForeignId";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      foreign_id: string;
      /** for an environment */
      key_id?: string | null;
      questions?: Record<string, string> | null;
      /** for a survey */
      survey_id?: string | null;
    };
    answer: ForeignId;
  };
  /** One of them. For: viewer. */
  "GET /v1/foreign-ids/{id}": {
    id: "showForeignId";
    path: { id: `fid_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: ForeignId;
  };
  /** Takes it away. For: admin. */
  "DELETE /v1/foreign-ids/{id}": {
    id: "dropForeignId";
    path: { id: `fid_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/foreign-ids/{id}/audit": {
    id: "auditForeignId";
    path: { id: `fid_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/foreign-ids/{id}/audit/verify": {
    id: "verifyForeignId";
    path: { id: `fid_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The goals of the company, and how far they are met. For: viewer. */
  "GET /v1/goals": {
    id: "goals";
    path: {};
    query: { compare?: "previous" | "year"; from?: string; to?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      compare: "previous" | "year";
      compared: Days;
      from: string;
      items: Array<Goal>;
      to: string;
      zone: string;
    };
  };
  /** A score by thing and time. For: viewer. */
  "GET /v1/heatmap": {
    id: "heatmap";
    path: {};
    query: { agent?: string; by?: "touchpoint" | "channel" | "group" | "agent"; channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store"; confidence?: number; from?: string; group?: "new" | "existing" | "core"; metric?: "nps" | "csat" | "ces"; step?: "day" | "week" | "month" | "quarter"; survey?: string; to?: string; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      by: "touchpoint" | "channel" | "group" | "agent";
      columns: Array<{
        from: string;
        key: string;
        to: string;
      }>;
      confidence: number;
      from: string;
      metric: "nps" | "csat" | "ces";
      rows: Array<{
        cells: Array<Figure | null>;
        key: string;
        name: string | null;
        target: number | null;
      }>;
      step: "day" | "week" | "month" | "quarter";
      to: string;
      zone: string;
    };
  };
  /** Another system tells what happened there. For: source. */
  "POST /v1/inbound/{source}": {
    id: "sendInbound";
    path: { source: `src_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: unknown;
    answer: InboundTaken;
  };
  /** How much waits for whoever asks. For: agent. */
  "GET /v1/inbox": {
    id: "inbox";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      alarms: number;
      low: number;
      /** up to how many are counted */
      most: number;
      notices: number;
      screened: number;
      texts: number;
    };
  };
  /** The weighted index of satisfaction. For: viewer. */
  "GET /v1/index": {
    id: "satisfactionIndex";
    path: {};
    query: { by?: "day" | "week" | "month" | "quarter" | "year"; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; from?: string; survey?: string; to?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: IndexRead;
  };
  /** The keys of the site. For: admin. */
  "GET /v1/keys": {
    id: "listKeys";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Key>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a key. For: admin. */
  "POST /v1/keys": {
    id: "createKey";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: KeyInput;
    answer: Key;
  };
  /** One key, without what it is if it is secret. For: admin. */
  "GET /v1/keys/{id}": {
    id: "showKey";
    path: { id: `key_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Key;
  };
  /** Revokes a key; it stays in the list. For: admin. */
  "DELETE /v1/keys/{id}": {
    id: "revokeKey";
    path: { id: `key_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** What happened to a key, oldest first. For: viewer. */
  "GET /v1/keys/{id}/audit": {
    id: "listKeyAudit";
    path: { id: `key_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a key is intact. For: viewer. */
  "GET /v1/keys/{id}/audit/verify": {
    id: "verifyKeyAudit";
    path: { id: `key_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Words that stand out in low comments, or of late. For: viewer. */
  "GET /v1/keywords": {
    id: "keywords";
    path: {};
    query: { side?: "low" | "high" | "period"; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string | null;
      comments: number;
      from: string | null;
      items: Array<{
        here: number;
        rest: number;
        term: string;
        z: number;
      }>;
      side: "low" | "high" | "period";
      to: string | null;
      touchpoint_id: `tch_${string}` | null;
    };
  };
  /** Comments that say much the same. For: agent. */
  "GET /v1/keywords/alike": {
    id: "alikeComments";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string | null;
      comments: number;
      from: string | null;
      items: Array<{
        comments: number;
        members: Array<Comment>;
      }>;
      to: string | null;
    };
  };
  /** What comments are about, and how that changes. For: viewer. */
  "GET /v1/keywords/topics": {
    id: "topics";
    path: {};
    query: { confidence?: number; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string | null;
      before: number;
      comments: number;
      confidence: number;
      from: string | null;
      high: Rate;
      items: Array<{
        before: number;
        comments: number;
        difference: Difference | null;
        high: Rate;
        low: Rate;
        share: Rate;
        share_before: Rate;
        topic: string | null;
      }>;
      low: Rate;
      to: string | null;
      touchpoint_id: `tch_${string}` | null;
    };
  };
  /** One measure over some days, cut as you ask. For: viewer. */
  "GET /v1/measurements": {
    id: "readMeasurement";
    path: {};
    query: { agent?: string; by?: "day" | "week" | "month" | "touchpoint" | "channel" | "agent"; channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store"; confidence?: number; from?: string; name: "bot_first_response" | "human_pick_up" | "complex_question_answered" | "after_sale_first_response" | "complex_case_escalated" | "ordinary_problem_solved" | "complex_problem_planned" | "feedback_recorded" | "customer_told" | "waiting" | "handling" | "fault_repair" | "orders" | "contacts" | "contacts_solved_first" | "customers" | "repurchases" | "departures" | "questions" | "questions_covered"; standard?: number; to?: string; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      confidence: number;
      connect?: string;
      from: string;
      is_lower_bound?: boolean;
      label: string;
      mean?: number | null;
      mean_met?: boolean | null;
      mean_target?: number;
      median?: number | null;
      met?: boolean | null;
      n: number;
      name: string;
      not_stated?: number;
      p90?: number | null;
      parts?: Array<MeasurePart>;
      small?: boolean;
      standard_seconds?: number;
      sum?: number | null;
      target?: number;
      to: string;
      unit: "seconds" | "count";
      within?: Estimate | null;
      zone: string;
    };
  };
  /** Takes up to a thousand, all or none, each key once. For: agent. */
  "POST /v1/measurements": {
    id: "bringMeasurements";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: {
      measurements: Array<Measurement>;
    };
    answer: {
      items: Array<{
        key: string;
        taken: boolean;
      }>;
      repeated: number;
      taken: number;
    };
  };
  /** Tickets and messages of other systems, the newest first. For: agent. */
  "GET /v1/messages": {
    id: "listMessages";
    path: {};
    query: { customer?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Message>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** One ticket or message. For: agent. */
  "GET /v1/messages/{id}": {
    id: "showMessage";
    path: { id: `msg_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Message;
  };
  /** What happened to a ticket or message, oldest first. For: viewer. */
  "GET /v1/messages/{id}/audit": {
    id: "listMessageAudit";
    path: { id: `msg_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a ticket or message is intact. For: viewer. */
  "GET /v1/messages/{id}/audit/verify": {
    id: "verifyMessageAudit";
    path: { id: `msg_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The models that read comments. For: viewer. */
  "GET /v1/models": {
    id: "listModels";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Model>;
    };
  };
  /** One of them. For: viewer. */
  "GET /v1/models/{kind}": {
    id: "showModel";
    path: { kind: "topic" | "sentiment"; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Model;
  };
  /** Replaces it by one of one's own. For: admin. */
  "PUT /v1/models/{kind}": {
    id: "uploadModel";
    path: { kind: "topic" | "sentiment"; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: string;
    answer: Model;
  };
  /** Goes back to the one that ships. For: admin. */
  "DELETE /v1/models/{kind}": {
    id: "dropModel";
    path: { kind: "topic" | "sentiment"; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** The labels of staff as a file. For: manager. */
  "GET /v1/models/{kind}/labels": {
    id: "modelLabels";
    path: { kind: "topic" | "sentiment"; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Has the tick fit one to the labels of staff. For: manager. */
  "POST /v1/models/{kind}/train": {
    id: "trainModel";
    path: { kind: "topic" | "sentiment"; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      examples: number;
      id: `job_${string}`;
      kind: "topic" | "sentiment";
      state: string;
    };
  };
  /** What people must know, the newest first. For: viewer. */
  "GET /v1/notices": {
    id: "listNotices";
    path: {};
    query: { to?: string; waiting?: "true"; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Notice>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Notes that several were seen. For: agent. */
  "POST /v1/notices/seen": {
    id: "seeNotices";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      ids: Array<`ntc_${string}`>;
    };
    answer: NoticesSeen;
  };
  /** Notes that one was seen. For: agent. */
  "POST /v1/notices/{id}/seen": {
    id: "seeNotice";
    path: { id: `ntc_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Notice;
  };
  /** The Net Promoter Score. For: viewer. */
  "GET /v1/nps": {
    id: "nps";
    path: {};
    query: { agent?: string; by?: string; channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store"; compare?: "previous" | "year" | "none"; compare_from?: string; compare_to?: string; confidence?: number; dimension?: string; from?: string; group?: "new" | "existing" | "core"; question?: string; stage?: "pre_sale" | "purchase" | "after_sale" | "retention"; survey?: string; to?: string; touchpoint?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: ScoreRead;
  };
  /** Orders, the newest first. For: agent. */
  "GET /v1/orders": {
    id: "listOrders";
    path: {};
    query: { customer?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: OrderPage;
  };
  /** One order. For: agent. */
  "GET /v1/orders/{id}": {
    id: "showOrder";
    path: { id: `ord_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Order;
  };
  /** What happened to an order, oldest first. For: viewer. */
  "GET /v1/orders/{id}/audit": {
    id: "listOrderAudit";
    path: { id: `ord_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of an order is intact. For: viewer. */
  "GET /v1/orders/{id}/audit/verify": {
    id: "verifyOrderAudit";
    path: { id: `ord_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** What the draft would make of past cases. For: manager. */
  "POST /v1/policies/grading/simulate": {
    id: "simulateGrading";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: {
      limit?: number | null;
      /** a date */
      since?: string | null;
      until?: string | null;
    };
    answer: {
      cases: number;
      changed: number;
      changes: Array<{
        from: "none" | "general" | "moderate" | "major";
        grade: "none" | "general" | "moderate" | "major";
        id: `cmp_${string}`;
        matched: Array<Matched>;
        matched_before: Array<Matched>;
        number: string;
        to: "none" | "general" | "moderate" | "major";
      }>;
      /** how many went from which grade to which */
      grades: Record<string, Record<string, number>>;
      is_all: boolean;
      policy_version: number;
    };
  };
  /** What holds now: promises, ladder, assignment, intake, grading, rules of work. For: viewer. */
  "GET /v1/policies/{kind}": {
    id: "showPolicy";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Policy;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/policies/{kind}/audit": {
    id: "auditPolicy";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/policies/{kind}/audit/verify": {
    id: "verifyPolicy";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** What is being written. For: viewer. */
  "GET /v1/policies/{kind}/draft": {
    id: "showPolicyDraft";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: PolicyDraft;
  };
  /** Writes the draft; docs/complaints.md tells what each kind has. For: manager. */
  "PUT /v1/policies/{kind}/draft": {
    id: "draftPolicy";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: Record<string, unknown>;
    answer: PolicyDraft;
  };
  /** Makes the draft hold from now on. For: manager. */
  "POST /v1/policies/{kind}/publish": {
    id: "publishPolicy";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Policy;
  };
  /** What was published, newest first. For: viewer. */
  "GET /v1/policies/{kind}/versions": {
    id: "policyVersions";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<PolicyVersion>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** One of them. For: viewer. */
  "GET /v1/policies/{kind}/versions/{number}": {
    id: "policyVersion";
    path: { kind: "promise" | "ladder" | "assignment" | "intake" | "grading" | "work"; number: string; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: PolicyPublished;
  };
  /** Surveys that are asked again and again of a sample of customers. For: viewer. */
  "GET /v1/programmes": {
    id: "listProgrammes";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Programme>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes one. For: manager. */
  "POST /v1/programmes": {
    id: "createProgramme";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: ProgrammeNew;
    answer: Programme;
  };
  /** One programme. For: viewer. */
  "GET /v1/programmes/{id}": {
    id: "showProgramme";
    path: { id: `prg_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Programme;
  };
  /** Changes one. For: manager. */
  "PATCH /v1/programmes/{id}": {
    id: "changeProgramme";
    path: { id: `prg_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: ProgrammeChange;
    answer: Programme;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/programmes/{id}/audit": {
    id: "auditProgramme";
    path: { id: `prg_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/programmes/{id}/audit/verify": {
    id: "verifyProgramme";
    path: { id: `prg_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Its waves, newest first. For: viewer. */
  "GET /v1/programmes/{id}/waves": {
    id: "listWaves";
    path: { id: `prg_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Wave>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Begins to count the rollups of the site again from its facts. For: admin. */
  "POST /v1/rebuild": {
    id: "startRebuild";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Rebuild;
  };
  /** How far a rebuild is. For: viewer. */
  "GET /v1/rebuild/{id}": {
    id: "showRebuild";
    path: { id: `job_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Rebuild;
  };
  /** Reports that were made, newest first. For: viewer. */
  "GET /v1/reports": {
    id: "listReports";
    path: {};
    query: { department_id?: string; kind?: "week" | "month" | "quarter" | "half_year" | "special"; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Report>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a report of any days. For: manager. */
  "POST /v1/reports": {
    id: "createReport";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      department_id?: string | null;
      /** a date */
      from: string;
      name: string;
      to: string;
    };
    answer: Report;
  };
  /** A report as it was made, with its figures. For: viewer. */
  "GET /v1/reports/{id}": {
    id: "showReport";
    path: { id: `rpt_${string}`; };
    query: { format?: "json" | "md"; lang?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      from: string;
      id: `rpt_${string}`;
      kind: string;
      made_at: string;
      to: string;
    } | string;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/reports/{id}/audit": {
    id: "auditReport";
    path: { id: `rpt_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/reports/{id}/audit/verify": {
    id: "verifyReport";
    path: { id: `rpt_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The low ones, or those that are screened out, at which nobody looked yet. For: agent. */
  "GET /v1/responses": {
    id: "responsesToLookAt";
    path: {};
    query: { kind: "low" | "screened"; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Look>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** One of them in words. For: agent. */
  "GET /v1/responses/{id}": {
    id: "showLook";
    path: { id: `rsp_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Look;
  };
  /** Puts it aside: somebody looked at it. For: agent. */
  "POST /v1/responses/{id}/looked-at": {
    id: "lookedAt";
    path: { id: `rsp_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      id: `rsp_${string}`;
      looked_at: string;
      looked_by: string;
      version: number;
    };
  };
  /** Quarterly reviews of causes. For: viewer. */
  "GET /v1/reviews": {
    id: "listReviews";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Review>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Notes what a review of a cause found. For: manager. */
  "POST /v1/reviews": {
    id: "createReview";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      cause_id: string;
      /** a date */
      due?: string | null;
      note: string;
      owner_id?: string | null;
      /** such as 2026-Q4 */
      quarter: string;
    };
    answer: Review;
  };
  /** Causes of a quarter by the harm that they did. For: viewer. */
  "GET /v1/reviews/ranking": {
    id: "rankReviews";
    path: {};
    query: { confidence?: string; harm?: string; quarter?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      as_of: string;
      compared: {
        from: string;
        to: string;
      };
      confidence: number;
      from: string;
      items: Array<CauseReviewed>;
      /** of which the cause is known */
      known: number;
      /** causes that are in no list, by kind */
      not_listed: Record<string, number>;
      quarter: string;
      received: number;
      to: string;
      unknown: number;
      weights: Record<string, number>;
      zone: string;
    };
  };
  /** One review. For: viewer. */
  "GET /v1/reviews/{id}": {
    id: "showReview";
    path: { id: `rvw_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Review;
  };
  /** Changes one. For: manager. */
  "PATCH /v1/reviews/{id}": {
    id: "changeReview";
    path: { id: `rvw_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      due?: string | null;
      note?: string | null;
      owner_id?: string | null;
    };
    answer: Review;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/reviews/{id}/audit": {
    id: "auditReview";
    path: { id: `rvw_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/reviews/{id}/audit/verify": {
    id: "verifyReview";
    path: { id: `rvw_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** What can be booked. For: viewer. */
  "GET /v1/services": {
    id: "listServices";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Service>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes one. For: manager. */
  "POST /v1/services": {
    id: "createService";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
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
      name: string;
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
    };
    answer: Service;
  };
  /** One service. For: viewer. */
  "GET /v1/services/{id}": {
    id: "showService";
    path: { id: `svc_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Service;
  };
  /** Changes one. For: manager. */
  "PATCH /v1/services/{id}": {
    id: "changeService";
    path: { id: `svc_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: ServiceInput;
    answer: Service;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/services/{id}/audit": {
    id: "auditService";
    path: { id: `svc_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/services/{id}/audit/verify": {
    id: "verifyService";
    path: { id: `svc_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Who asks: their role, their site and who they are. For: holder. */
  "GET /v1/session": {
    id: "showSession";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Whoami;
  };
  /** Signs a browser in: turns a key into a cookie. For: anybody. */
  "POST /v1/session": {
    id: "openSession";
    path: {};
    query: {};
    headers: { "accept-language"?: string; };
    body: {
      /** a secret key, or the admin key */
      key: string;
    };
    answer: SignedIn;
  };
  /** Signs this browser out. For: holder. */
  "DELETE /v1/session": {
    id: "closeSession";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** Where the key is signed in, the newest first. For: holder. */
  "GET /v1/sessions": {
    id: "listSessions";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Session>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Signs out everywhere. For: holder. */
  "DELETE /v1/sessions": {
    id: "closeSessions";
    path: {};
    query: { others?: boolean; site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** Signs out in one place. For: holder. */
  "DELETE /v1/sessions/{id}": {
    id: "closeOneSession";
    path: { id: `ses_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** Links that show one view to whoever has no key. For: manager. */
  "GET /v1/shares": {
    id: "listShares";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<ShareLink>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes one. For: manager. */
  "POST /v1/shares": {
    id: "createShare";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      expires_in_days: number;
      is_embeddable?: boolean | null;
      name: string;
      /** the dashboard's query, such as period=week */
      view: string;
    };
    answer: ShareLink;
  };
  /** One of them. For: manager. */
  "GET /v1/shares/{id}": {
    id: "showShare";
    path: { id: `shr_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: ShareLink;
  };
  /** Revokes it. For: manager. */
  "DELETE /v1/shares/{id}": {
    id: "revokeShare";
    path: { id: `shr_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/shares/{id}/audit": {
    id: "auditShare";
    path: { id: `shr_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/shares/{id}/audit/verify": {
    id: "verifyShare";
    path: { id: `shr_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The sites: all of them for the admin key, else the own one. For: holder. */
  "GET /v1/sites": {
    id: "listSites";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Site>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a site. For: owner. */
  "POST /v1/sites": {
    id: "createSite";
    path: {};
    query: {};
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      languages?: Array<LanguageTag> | null;
      minimum_n?: number | null;
      name: string;
      origins?: Array<Origin> | null;
      /** replaces all */
      retention?: Retention | null;
      /** of at most 50 dimensions; replaces all */
      weights?: Record<string, number> | null;
      /** IANA time zone; the installation has a usual one */
      zone?: string | null;
    };
    answer: Site;
  };
  /** One site. For: holder. */
  "GET /v1/sites/{id}": {
    id: "showSite";
    path: { id: `sit_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Site;
  };
  /** Changes a site. For: admin. */
  "PATCH /v1/sites/{id}": {
    id: "changeSite";
    path: { id: `sit_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: SiteInput;
    answer: Site;
  };
  /** What happened to a site, oldest first. For: viewer. */
  "GET /v1/sites/{id}/audit": {
    id: "listSiteAudit";
    path: { id: `sit_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a site is intact. For: viewer. */
  "GET /v1/sites/{id}/audit/verify": {
    id: "verifySiteAudit";
    path: { id: `sit_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** What a page needs to book calls. For: publishable. */
  "GET /v1/sites/{site}/callbacks": {
    id: "bookingNeeds";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      form_token?: string;
      services: Array<{
        id: `svc_${string}`;
        length_min: number;
        name: string;
      }>;
      site: string;
      spam?: {
        age: string;
        challenge: string;
        honeypot: string;
        proof: string;
      };
      tz: string;
    };
  };
  /** A customer books a call. For: publishable. */
  "POST /v1/sites/{site}/callbacks": {
    id: "bookCallback";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      email?: string | null;
      form_token?: string | null;
      /** only holds the time, to be confirmed */
      hold?: boolean | null;
      language?: string | null;
      mode?: "appointment" | "asap" | null;
      name?: string | null;
      phone: string | null;
      proof?: string | null;
      service_id: string;
      /** an RFC 3339 time of GET /v1/slots */
      start?: string | null;
      touchpoint_id?: string | null;
      tz?: string | null;
      visitor?: string | null;
      website?: string | null;
    };
    answer: {
      end: string | null;
      estimate?: string | null;
      hold_expires: string | null;
      id: `cbk_${string}`;
      language: string | null;
      /** the private link */
      link: string;
      mode: "appointment" | "asap" | "visit";
      position?: number;
      service_id: `svc_${string}`;
      start: string | null;
      state: "held" | "booked" | "waiting" | "calling" | "reached" | "failed" | "cancelled" | "expired";
      tz: string;
    };
  };
  /** A challenge, to prove some work. For: anybody. */
  "GET /v1/sites/{site}/callbacks/challenge": {
    id: "bookingChallenge";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Challenge;
  };
  /** What a page needs to take complaints. For: publishable. */
  "GET /v1/sites/{site}/complaints": {
    id: "complaintNeeds";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      form_token?: string;
      site: string;
      spam?: {
        age: string;
        challenge: string;
        honeypot: string;
        proof: string;
      };
      text_chars_max: number;
    };
  };
  /** Takes a customer's complaint. For: publishable. */
  "POST /v1/sites/{site}/complaints": {
    id: "sendComplaint";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      amount?: number | null;
      contact?: {
        email?: string | null;
        name?: string | null;
        phone?: string | null;
        wechat?: string | null;
      } | null;
      form_token?: string | null;
      language?: string | null;
      /** what a survey gave out after a low score */
      offer?: string | null;
      proof?: string | null;
      text: string;
      touchpoint_id?: string | null;
      visitor?: string | null;
      website?: string | null;
    };
    answer: {
      is_joined: boolean;
      number: string;
    } | {
      is_joined: boolean;
      number: string;
      promise: {
        answer_due: string | null;
      };
      /** the private link */
      url: string;
    };
  };
  /** A challenge, to prove some work. For: anybody. */
  "GET /v1/sites/{site}/complaints/challenge": {
    id: "complaintChallenge";
    path: { site: `sit_${string}`; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Challenge;
  };
  /** Times that can be booked. For: publishable. */
  "GET /v1/slots": {
    id: "freeSlots";
    path: {};
    query: { after?: string; agent?: string; from?: string; language?: string; limit?: number; service: string; to?: string; tz?: string; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<{
        agent_id?: `agt_${string}`;
        end: string;
        free?: number;
        start: string;
      }>;
      next: string | null;
      service_id: `svc_${string}`;
      tz: string;
    };
  };
  /** The systems that tell us something. For: manager. */
  "GET /v1/sources": {
    id: "listSources";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<InboundSource>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Adds a source. For: admin. */
  "POST /v1/sources": {
    id: "createSource";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      is_active?: boolean | null;
      name: string;
      once_by?: SourceOnce | null;
      /** replaces all */
      rules: Array<InboundRule>;
      /** of `standard` `whsec_` and 24 to 64 bytes in base64, of others 8 to 256 characters; a new scheme needs a new one. The one before is good for a day more */
      secret: string;
      verify: {
        /** not of `standard` */
        header?: string | null;
        scheme: "standard" | "stripe" | "github" | "token";
      };
    };
    answer: InboundSource;
  };
  /** One source. For: manager. */
  "GET /v1/sources/{id}": {
    id: "showSource";
    path: { id: `src_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: InboundSource;
  };
  /** Changes a source. For: admin. */
  "PATCH /v1/sources/{id}": {
    id: "changeSource";
    path: { id: `src_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: SourceInput;
    answer: InboundSource;
  };
  /** What happened to a source, oldest first. For: viewer. */
  "GET /v1/sources/{id}/audit": {
    id: "listSourceAudit";
    path: { id: `src_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a source is intact. For: viewer. */
  "GET /v1/sources/{id}/audit/verify": {
    id: "verifySourceAudit";
    path: { id: `src_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** What a source sent, the newest first. For: agent. */
  "GET /v1/sources/{id}/messages": {
    id: "listInbound";
    path: { id: `src_${string}`; };
    query: { state?: "new" | "mapped" | "ignored" | "failed"; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<InboundMessage>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** One message, as it came. For: agent. */
  "GET /v1/sources/{id}/messages/{message}": {
    id: "showInbound";
    path: { id: `src_${string}`; message: `inb_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: InboundMessage;
  };
  /** What happened to a message, oldest first. For: viewer. */
  "GET /v1/sources/{id}/messages/{message}/audit": {
    id: "listInboundAudit";
    path: { id: `src_${string}`; message: `inb_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a message is intact. For: viewer. */
  "GET /v1/sources/{id}/messages/{message}/audit/verify": {
    id: "verifyInboundAudit";
    path: { id: `src_${string}`; message: `inb_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Looks at a message again. For: manager. */
  "POST /v1/sources/{id}/messages/{message}/replay": {
    id: "replayInbound";
    path: { id: `src_${string}`; message: `inb_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: undefined;
    answer: InboundTaken;
  };
  /** Looks again at all that failed or was ignored. For: manager. */
  "POST /v1/sources/{id}/replay": {
    id: "replaySource";
    path: { id: `src_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      state?: "failed" | "ignored" | null;
    } | undefined;
    answer: SourceReplay;
  };
  /** What would become of a message; nothing is kept. For: manager. */
  "POST /v1/sources/{id}/try": {
    id: "trySource";
    path: { id: `src_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: unknown;
    answer: InboundAttempt;
  };
  /** The surveys of the site, newest first. For: viewer. */
  "GET /v1/studies": {
    id: "listStudies";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Study>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a survey, not yet published. For: manager. */
  "POST /v1/studies": {
    id: "createStudy";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      definition: Definition;
      name: string;
    };
    answer: Study;
  };
  /** Definitions to begin from. For: viewer. */
  "GET /v1/studies/templates": {
    id: "studyTemplates";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<{
        about: Texts;
        definition: Definition;
        id: "nps" | "csat" | "ces" | "after_sale" | "complaint" | "journey" | "mystery_shopper" | "blank";
        name: Texts;
      }>;
    };
  };
  /** Tells what is wrong with a definition, and stores nothing. For: viewer. */
  "POST /v1/studies/validate": {
    id: "validateStudy";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "accept-language"?: string; };
    body: {};
    answer: {
      errors: Array<Mistake>;
      valid: boolean;
      warnings: Array<{
        detail: string;
        pointer: string;
      }>;
    };
  };
  /** One survey with the definition being worked on. For: viewer. */
  "GET /v1/studies/{id}": {
    id: "showStudy";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Study;
  };
  /** Changes its name or its definition; what is published stays until the next publication. For: manager. */
  "PATCH /v1/studies/{id}": {
    id: "changeStudy";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      definition?: Definition | null;
      name?: string | null;
    };
    answer: Study;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/studies/{id}/audit": {
    id: "auditStudy";
    path: { id: `srv_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/studies/{id}/audit/verify": {
    id: "verifyStudy";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Takes no more responses. For: manager. */
  "POST /v1/studies/{id}/close": {
    id: "closeStudy";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Study;
  };
  /** How often it was shown, day by day. For: viewer. */
  "GET /v1/studies/{id}/displays": {
    id: "studyDisplays";
    path: { id: `srv_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<DisplayDay>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** At which question of the newest version visitors stop. For: viewer. */
  "GET /v1/studies/{id}/dropoff": {
    id: "studyDropOff";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      finished: number;
      questions: Array<{
        id: string;
        stopped: number;
      }>;
      survey_id: `srv_${string}`;
      version: number;
    };
  };
  /** Its responses as a file, which streams. For: agent. */
  "GET /v1/studies/{id}/export": {
    id: "exportResponses";
    path: { id: `srv_${string}`; };
    query: { format?: "csv" | "jsonl"; from?: string; raw?: "1" | "true" | "0" | "false"; to?: string; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Takes the rows of a CSV; those that were taken before are told and not taken again. For: manager. */
  "POST /v1/studies/{id}/import": {
    id: "importResponses";
    path: { id: `srv_${string}`; };
    query: { format?: "formbricks" | "delighted"; zone?: string; site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: string;
    answer: {
      /** columns that are no part of a response here */
      left_out?: Array<string>;
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
    };
  };
  /** Makes links to the survey: for anybody, or one for each customer. For: manager. */
  "POST /v1/studies/{id}/links": {
    id: "makeLinks";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      /** or customers */
      count?: number | null;
      /** ids or external_ids */
      customers?: Array<string> | null;
      /** an RFC 3339 time; 30 days if absent */
      expires_at?: string | null;
      language?: string | null;
      single_use?: boolean | null;
    };
    answer: {
      expires_at: string;
      links: Array<{
        customer_id: `cus_${string}` | null;
        url: string;
      }>;
    };
  };
  /** How the columns of a CSV become responses. For: manager. */
  "GET /v1/studies/{id}/mapping": {
    id: "showMapping";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Mapping;
  };
  /** Replaces it. For: manager. */
  "PUT /v1/studies/{id}/mapping": {
    id: "replaceMapping";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: Mapping;
    answer: Mapping;
  };
  /** Publishes the definition as the next version, and opens the survey. For: manager. */
  "POST /v1/studies/{id}/publish": {
    id: "publishStudy";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Study;
  };
  /** Its responses, newest first: the customers' own words. For: agent. */
  "GET /v1/studies/{id}/responses": {
    id: "listResponses";
    path: { id: `srv_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Response>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Takes a response that staff or a program brings. For: agent. */
  "POST /v1/studies/{id}/responses": {
    id: "enterResponse";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      /** who served them */
      agent_id?: string | null;
      /** an RFC 3339 time; now if absent */
      answered_at?: string | null;
      answers: Answers;
      channel?: "web" | "app" | "wechat" | "sms" | "email" | "phone" | "store" | null;
      /** the customer's external_id */
      customer?: string | null;
      group?: "new" | "existing" | "core" | null;
      hidden?: Record<string, unknown> | null;
      language?: string | null;
      source: "interview" | "mystery_shopper" | "paper" | "phone" | "api";
      version?: number | null;
    };
    answer: Response;
  };
  /** One response. For: agent. */
  "GET /v1/studies/{id}/responses/{response}": {
    id: "showResponse";
    path: { id: `srv_${string}`; response: `rsp_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Response;
  };
  /** Takes it out of the figures, or back into them. For: manager. */
  "PATCH /v1/studies/{id}/responses/{response}": {
    id: "overruleResponse";
    path: { id: `srv_${string}`; response: `rsp_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      is_counted?: boolean | null;
    };
    answer: Response;
  };
  /** What happened to it, oldest first. For: viewer. */
  "GET /v1/studies/{id}/responses/{response}/audit": {
    id: "auditResponse";
    path: { id: `srv_${string}`; response: `rsp_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/studies/{id}/responses/{response}/audit/verify": {
    id: "verifyResponse";
    path: { id: `srv_${string}`; response: `rsp_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Which pages asked for it, the latest first. For: viewer. */
  "GET /v1/studies/{id}/sightings": {
    id: "studySightings";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<{
        first_at: string;
        is_listed: boolean;
        origin: string;
        seen_at: string;
      }>;
    };
  };
  /** The widget's tag, ready to paste. For: viewer. */
  "GET /v1/studies/{id}/tag": {
    id: "studyTag";
    path: { id: `srv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      key: string | null;
      origins: Array<string>;
      page: string;
      script: string;
      survey_id: `srv_${string}`;
      /** null without a live publishable key */
      tag: string | null;
    };
  };
  /** What was published, newest first. For: viewer. */
  "GET /v1/studies/{id}/versions": {
    id: "studyVersions";
    path: { id: `srv_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<StudyVersion>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Who can call when, and how many calls they have; an agent sees themselves. For: agent. */
  "GET /v1/supply": {
    id: "callSupply";
    path: {};
    query: { from?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Supply>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** The published definition, for the widget. For: publishable. */
  "GET /v1/surveys/{id}": {
    id: "publicSurvey";
    path: { id: `srv_${string}`; };
    query: { version?: number; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: PublicSurvey;
  };
  /** A challenge, to prove some work (ALTCHA). For: anybody. */
  "GET /v1/surveys/{id}/challenge": {
    id: "surveyChallenge";
    path: { id: `srv_${string}`; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Challenge;
  };
  /** Notes that a page showed it: the clocks begin anew. For: publishable. */
  "POST /v1/surveys/{id}/displays": {
    id: "noteDisplay";
    path: { id: `srv_${string}`; };
    query: {};
    headers: { "accept-language"?: string; };
    body: {
      customer?: string | null;
      /** or customer */
      visitor?: string | null;
    };
    answer: undefined;
  };
  /** Whether to ask somebody, and with explain why. For: publishable. */
  "GET /v1/surveys/{id}/eligibility": {
    id: "eligibility";
    path: { id: `srv_${string}`; };
    query: { customer?: string; explain?: "1" | "true" | "0" | "false"; visitor?: string; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      eligible: boolean;
      gates?: Array<{
        detail: string;
        gate: "open" | "dates" | "limit" | "consent" | "sampling" | "rest_survey" | "rest_metric" | "rest_any";
        passes: boolean;
        passes_at: string | null;
      }>;
    };
  };
  /** What a visitor answered so far, to go on. For: publishable. */
  "GET /v1/surveys/{id}/partials/{key}": {
    id: "showPartial";
    path: { id: `srv_${string}`; key: string; };
    query: { link?: string; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      answers: Answers;
      /** the question to go on with */
      at: string;
      hidden: Record<string, unknown>;
      language: string;
      saved_at: string;
      version: number;
    };
  };
  /** Saves what was answered so far; the key is that of the whole response later. For: publishable. */
  "PUT /v1/surveys/{id}/partials/{key}": {
    id: "savePartial";
    path: { id: `srv_${string}`; key: string; };
    query: {};
    headers: { "accept-language"?: string; };
    body: Partial;
    answer: undefined;
  };
  /** Takes what a visitor answered, or up to 100 such at once. For: publishable. */
  "POST /v1/surveys/{id}/responses": {
    id: "submitResponse";
    path: { id: `srv_${string}`; };
    query: {};
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: Submission | SubmissionBatch;
    answer: {
      results: Array<{
        errors?: Array<MistakeOf>;
        id?: `rsp_${string}`;
        key: string;
        outcome: "taken" | "repeated" | "refused" | "delayed";
        /** seconds */
        retry_after?: number | null;
      }>;
      survey_id: `srv_${string}`;
    } | Taken;
  };
  /** The texts to begin from. For: agent. */
  "GET /v1/templates": {
    id: "listTemplates";
    path: {};
    query: { kind?: "answer" | "question" | "plan" | "solution" | "note"; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Template>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a template. For: manager. */
  "POST /v1/templates": {
    id: "createTemplate";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      is_active?: boolean | null;
      kind: "answer" | "question" | "plan" | "solution" | "note";
      name: string;
      /** replaces all */
      texts: TemplateTexts;
    };
    answer: Template;
  };
  /** One template. For: agent. */
  "GET /v1/templates/{id}": {
    id: "showTemplate";
    path: { id: `tpl_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Template;
  };
  /** Changes a template. For: manager. */
  "PATCH /v1/templates/{id}": {
    id: "changeTemplate";
    path: { id: `tpl_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: TemplateInput;
    answer: Template;
  };
  /** What happened to a template, oldest first. For: viewer. */
  "GET /v1/templates/{id}/audit": {
    id: "listTemplateAudit";
    path: { id: `tpl_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a template is intact. For: viewer. */
  "GET /v1/templates/{id}/audit/verify": {
    id: "verifyTemplateAudit";
    path: { id: `tpl_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The touchpoints of the site. For: viewer. */
  "GET /v1/touchpoints": {
    id: "listTouchpoints";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Touchpoint>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a touchpoint. For: manager. */
  "POST /v1/touchpoints": {
    id: "createTouchpoint";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: {
      /** all of them if a new one has none */
      channels?: Array<Channel> | null;
      is_key?: boolean | null;
      lifecycle?: "awareness" | "interest" | "consideration" | "purchase" | "use" | "advocacy" | null;
      name: string;
      stage: "pre_sale" | "purchase" | "after_sale" | "retention";
      /** those that are not named stay */
      standards?: Standards | null;
      /** for a new one 85, or 95 for a key one */
      target?: number | null;
    };
    answer: Touchpoint;
  };
  /** One touchpoint. For: viewer. */
  "GET /v1/touchpoints/{id}": {
    id: "showTouchpoint";
    path: { id: `tch_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Touchpoint;
  };
  /** Changes a touchpoint. For: manager. */
  "PATCH /v1/touchpoints/{id}": {
    id: "changeTouchpoint";
    path: { id: `tch_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: TouchpointInput;
    answer: Touchpoint;
  };
  /** What happened to a touchpoint, oldest first. For: viewer. */
  "GET /v1/touchpoints/{id}/audit": {
    id: "listTouchpointAudit";
    path: { id: `tch_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a touchpoint is intact. For: viewer. */
  "GET /v1/touchpoints/{id}/audit/verify": {
    id: "verifyTouchpointAudit";
    path: { id: `tch_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** A wave with its coverage, as it is now. For: viewer. */
  "GET /v1/waves/{id}": {
    id: "showWave";
    path: { id: `wav_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Wave;
  };
  /** What happened to a wave, oldest first. For: viewer. */
  "GET /v1/waves/{id}/audit": {
    id: "auditWave";
    path: { id: `wav_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/waves/{id}/audit/verify": {
    id: "verifyWave";
    path: { id: `wav_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** Those whom it invited, each with their own link. For: agent. */
  "GET /v1/waves/{id}/invitations": {
    id: "listInvitations";
    path: { id: `wav_${string}`; };
    query: { state?: "invited" | "reminded" | "answered"; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Invitation>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** One of them. For: agent. */
  "GET /v1/waves/{id}/invitations/{invitation}": {
    id: "showInvitation";
    path: { id: `wav_${string}`; invitation: `inv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Invitation;
  };
  /** What happened to an invitation, oldest first. For: viewer. */
  "GET /v1/waves/{id}/invitations/{invitation}/audit": {
    id: "auditInvitation";
    path: { id: `wav_${string}`; invitation: `inv_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether its audit trail is intact. For: viewer. */
  "GET /v1/waves/{id}/invitations/{invitation}/audit/verify": {
    id: "verifyInvitation";
    path: { id: `wav_${string}`; invitation: `inv_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** The webhooks of the site. For: manager. */
  "GET /v1/webhooks": {
    id: "listWebhooks";
    path: {};
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<Webhook>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Makes a webhook. For: admin. */
  "POST /v1/webhooks": {
    id: "createWebhook";
    path: {};
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "accept-language"?: string; };
    body: WebhookNew;
    answer: Webhook;
  };
  /** One webhook. For: manager. */
  "GET /v1/webhooks/{id}": {
    id: "showWebhook";
    path: { id: `whk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Webhook;
  };
  /** Changes, pauses or resumes a webhook. For: admin. */
  "PATCH /v1/webhooks/{id}": {
    id: "changeWebhook";
    path: { id: `whk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: WebhookChange;
    answer: Webhook;
  };
  /** Deletes a webhook and its log. For: admin. */
  "DELETE /v1/webhooks/{id}": {
    id: "deleteWebhook";
    path: { id: `whk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: undefined;
  };
  /** What happened to a webhook, oldest first. For: viewer. */
  "GET /v1/webhooks/{id}/audit": {
    id: "listWebhookAudit";
    path: { id: `whk_${string}`; };
    query: { after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      items: Array<AuditEntry>;
      /** the `after` of the next page; null on the last */
      next: string | null;
    };
  };
  /** Whether that trail of a webhook is intact. For: viewer. */
  "GET /v1/webhooks/{id}/audit/verify": {
    id: "verifyWebhookAudit";
    path: { id: `whk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Verdict;
  };
  /** What became of each event, the newest first. For: manager. */
  "GET /v1/webhooks/{id}/deliveries": {
    id: "listDeliveries";
    path: { id: `whk_${string}`; };
    query: { state?: "due" | "delivered" | "dead" | "dropped"; type?: string; after?: string; limit?: number; site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: DeliveryPage;
  };
  /** One delivery, with its event and its tries. For: manager. */
  "GET /v1/webhooks/{id}/deliveries/{sequence}": {
    id: "showDelivery";
    path: { id: `whk_${string}`; sequence: number; };
    query: { site?: `sit_${string}`; };
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Delivery;
  };
  /** Tries a delivery once more, at once. For: manager. */
  "POST /v1/webhooks/{id}/deliveries/{sequence}/retry": {
    id: "retryDelivery";
    path: { id: `whk_${string}`; sequence: number; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Delivery;
  };
  /** Sends once more what happened in some time. For: manager. */
  "POST /v1/webhooks/{id}/replay": {
    id: "replayWebhook";
    path: { id: `whk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: {
      dry_run?: boolean | null;
      only?: "all" | "failed" | null;
      since: string;
      types?: Array<EventFilter> | null;
      /** now if it is not there */
      until?: string | "" | null;
    };
    answer: WebhookReplay;
  };
  /** A new secret; the one before is good for a day more. For: admin. */
  "POST /v1/webhooks/{id}/rotate": {
    id: "rotateWebhook";
    path: { id: `whk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Webhook;
  };
  /** Sends a test event. For: admin. */
  "POST /v1/webhooks/{id}/test": {
    id: "testWebhook";
    path: { id: `whk_${string}`; };
    query: { site?: `sit_${string}`; };
    headers: { "idempotency-key"?: string; "if-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: WebhookTest;
  };
  /** The widget. For: anybody. */
  "GET /widget.js": {
    id: "widgetScript";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** Where the newest version is, for a tag with integrity. For: anybody. */
  "GET /widget.json": {
    id: "widgetNames";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: {
      integrity: string;
      more: {
        integrity: string;
        url: string;
      };
      url: string;
    };
  };
  /** What the widget loads when it needs it. For: anybody. */
  "GET /widget/more.js": {
    id: "widgetMore";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string;
  };
  /** The same under a name that holds its hash, and its map. For: anybody. */
  "GET /widget/{file}": {
    id: "widgetFile";
    path: { file: string; };
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: string | unknown;
  };
}

/** An operation by its route, such as "GET /v1/nps". */
export type Route = keyof Operations;
/** What a call of it answers. */
export type Answer<R extends Route> = Operations[R]["answer"];
/** What it takes as its body. */
export type Body<R extends Route> = Operations[R]["body"];
/** What it takes in its query. */
export type Query<R extends Route> = Operations[R]["query"];
/** The item of a list that comes page by page. */
export type Item<R extends Route> =
  Answer<R> extends { items: Array<infer T>; next: string | null } ? T : never;
