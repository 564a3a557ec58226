import { createStore } from "../lib/store.js";

/** Something that the viewer is told in passing. */
export interface Notice {
  readonly kind: "success" | "info" | "warning" | "error";
  readonly words: string;
  /** How long it stays; the usual time when it is not said. */
  readonly seconds?: number | undefined;
}

/** Something that the viewer has to confirm, because it can't be taken back. */
export interface Question {
  readonly kind: "question";
  readonly title: string;
  readonly content: string;
  readonly okText: string;
  /** The dialog waits for it. */
  readonly onOk: () => Promise<unknown>;
}

/** What has been said and is not shown yet. */
export const said = createStore<readonly (Notice | Question)[]>([]);

/** What waits to be shown, which it does no longer afterwards. */
export function takeSaid(): readonly (Notice | Question)[] {
  const taken = said.get();
  if (taken.length > 0) said.set([]);
  return taken;
}

function say(kind: Notice["kind"], words: string, seconds?: number): void {
  said.set([...said.get(), { kind, words, seconds }]);
}

/** Says things over whatever is on the screen. The code that shows them need not be there yet. */
export const notices = {
  success: (words: string) => say("success", words),
  info: (words: string, seconds?: number) => say("info", words, seconds),
  warning: (words: string) => say("warning", words),
  error: (words: string) => say("error", words),
  ask: (question: Omit<Question, "kind">) => said.set([...said.get(), { kind: "question", ...question }]),
} as const;
