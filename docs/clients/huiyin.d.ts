// Made of the contract: `GOLDEN=1 cargo test -p contract` writes it anew.

import type { Event } from "./events";
export type * from "./events";

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
  /** the request-id */
  instance: string;
  status: number;
  title: string;
  /** a path that names the kind of problem; branch on it */
  type: ProblemType | (string & {});
  [name: string]: unknown;
}

/** Every operation by its route. */
export interface Operations {
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
  /** All of this, as an OpenAPI 3.1 document. For: anybody. */
  "GET /openapi.json": {
    id: "readContract";
    path: {};
    query: {};
    headers: { "if-none-match"?: string; "accept-language"?: string; };
    body: undefined;
    answer: Record<string, unknown>;
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
