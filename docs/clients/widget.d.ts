// What the two scripts for pages take and offer. The one global of a page is `huiyin`.

/** The attributes of `<script src="…/widget.js">`; docs/surveys.md explains each. */
export interface WidgetAttributes {
  /** A publishable key. */
  "data-key": `pk_${string}`;
  /** The survey; without it nothing is drawn until the page calls `huiyin.open`. */
  "data-survey"?: `srv_${string}`;
  "data-mode"?: "popover" | "tab" | "modal" | "inline" | "page";
  /** Where `inline` and `page` stand, if not where the tag does. */
  "data-target"?: string;
  "data-language"?: string;
  "data-launcher"?: "on" | "off";
  "data-label"?: string;
  "data-channel"?: string;
  "data-group"?: "new" | "existing" | "core";
  /** Another origin for the API. */
  "data-api"?: string;
  /** Keeps nothing on the visitor's device. */
  "data-storage"?: "off";
  /** The token of a personal link. */
  "data-link"?: string;
  /** A score that was given before. */
  "data-score"?: `${number}`;
  /** Opens by itself after so many seconds. */
  "data-after"?: `${number}`;
  /** Opens by itself when so many per cent of the page were read. */
  "data-scroll"?: `${number}`;
  /** Opens by itself where the address fits one of these patterns. */
  "data-url"?: string;
  /** Opens by itself when the pointer leaves the page at its upper edge. */
  "data-exit"?: "";
  /** Opens by a click on what this selector fits. */
  "data-click"?: string;
  /** Opens by an event of the document or the window. */
  "data-event"?: string;
  /** A hidden field: `data-hidden-order-number` is `order_number`. */
  [hidden: `data-hidden-${string}`]: string;
}

/** The attributes of `<script src="…/complaint.js">`. */
export interface ComplaintAttributes {
  "data-key": `pk_${string}`;
  "data-site": `sit_${string}`;
  "data-language"?: string;
  /** Where it happened; of the tag, or of an element that opens the dialog. */
  "data-touchpoint"?: `tch_${string}`;
  "data-api"?: string;
}

/** An element with this attribute opens the dialog of `complaint.js`. */
export interface ComplaintOpener {
  "data-huiyin-complaint": "";
  "data-touchpoint"?: `tch_${string}`;
}

/** What listeners are told. */
export interface WidgetEvents {
  open: { survey: string };
  close: { survey: string };
  /** The visitor is through; the answer may still be on its way. */
  answered: { survey: string };
  /** The server has it. */
  sent: { survey: string };
  /** The server refused it, and says why. */
  refused: { survey: string; problem: Partial<import("./huiyin").Problem> };
  /** It would have opened by itself, and the server held it back. */
  held: { survey: string };
}

/** Who answers. */
export interface Visitor {
  /** An id of yours in place of a random one. */
  visitor?: string;
  /** Your own id of a customer. */
  customer?: string;
  group?: "new" | "existing" | "core";
  language?: string;
}

/** `window.huiyin`, once the script has run. */
export interface Huiyin {
  /** Takes a further tag, for a second copy of the script. */
  add(script: HTMLScriptElement): void;
  /** Opens a survey: the one named, else the first of the page. */
  open(survey?: string): void;
  close(): void;
  identify(told: Visitor): void;
  /** Gives hidden fields. */
  hidden(values: Record<string, string>): void;
  /** Yields a function that stops listening. */
  on<E extends keyof WidgetEvents>(
    event: E, listener: (detail: WidgetEvents[E]) => void): () => void;
}

declare global {
  interface Window {
    huiyin?: Huiyin;
  }
}
