// What the declaration is good for; a test checks the types of this file with `tsc --strict`.

import type { Answer, Body, Event, Events, Item, Operations, Problem, Route } from "./huiyin";
import type { WidgetAttributes } from "./widget";

/** Calls an operation by its route; `path` has its parameters filled in. */
export async function call<R extends Route>(
  route: R, path: string, key: string, query: Operations[R]["query"],
): Promise<Answer<R>> {
  const method = route.slice(0, route.indexOf(" "));
  const asked = new URLSearchParams(Object.entries(query).map(([name, it]) => [name, `${it}`]));
  const reply = await fetch(`${path}?${asked}`, {
    method, headers: { authorization: `Bearer ${key}` },
  });
  const body: unknown = await reply.json();
  if (!reply.ok) throw new Error((body as Problem).title);
  return body as Answer<R>;
}

/** The answer has the type that the contract tells of that route. */
export async function score(key: string): Promise<string> {
  const nps = await call("GET /v1/nps", "/v1/nps", key, { channel: "web", by: "touchpoint" });
  return `${nps.value} of ${nps.n}`;
}

/** The items of a list have theirs. */
export const numberOf = (it: Item<"GET /v1/complaints">): string => it.number;

/** What a body may hold. */
export const complaint: Body<"POST /v1/complaints"> = {
  text: "The parcel came two days late", channel: "phone",
};

/** Compares the type, and the compiler knows the data. */
export function told(event: Event): string {
  switch (event.type) {
    case "response.created":
      return `${event.subject} answered ${event.data.survey_id}`;
    case "complaint.opened":
      return `${event.data.number} is open`;
    default:
      return event.type;
  }
}

/** A problem is branched on by its type, also one that comes later. */
export function isTaken(problem: Problem): boolean {
  return problem.type === "/problems/slot-taken" || problem.status === 409;
}

export const document: Promise<Answer<"GET /openapi.json">> =
  call("GET /openapi.json", "/openapi.json", "", {});

export const tag: WidgetAttributes = {
  "data-key": "pk_1", "data-survey": "srv_1", "data-mode": "popover", "data-hidden-order": "A-17",
};

window.huiyin?.on("refused", ({ survey, problem }) => console.warn(survey, problem.title));
window.huiyin?.identify({ customer: "C-1", group: "core" });

// What must not compile.
// @ts-expect-error there is no such event
export type Wrong = Events["response.sent"];
// @ts-expect-error a key for pages begins with pk_
export const wrong: WidgetAttributes = { "data-key": "sk_1" };
// @ts-expect-error there is no such channel
export const pigeon: Body<"POST /v1/complaints"> = { text: "Late", channel: "pigeon" };
// @ts-expect-error there is no such route
export const nowhere = call("GET /nowhere", "/nowhere", "", {});
