// What the build puts in front of the widget, and the one name that it leaves in the page.

/** The style sheet. */
declare const STYLE: string;
/** The further module that was built together with this copy: its file and its hash. */
declare const MORE: { name: string; integrity: string };

interface Window {
  huiyin?: {
    /** Takes a further tag, for a second copy of the script. */
    add(script: HTMLScriptElement): void;
    open(survey?: string): void;
    close(): void;
    identify(told: object): void;
    hidden(values: Record<string, string>): void;
    on(event: string, listener: (detail: object) => void): () => void;
  };
}
