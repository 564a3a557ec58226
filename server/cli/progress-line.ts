import type { Progress } from "../import/import.js";

/** A line that shows how far it is; only on a terminal. */
export interface ProgressLine {
  show(progress: Progress): void;
  clear(): void;
}

/** Standard error: a terminal or not. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const CLEAR = "\r\u001b[K";

export function createProgressLine(terminal: Output, now: () => number = () => performance.now()): ProgressLine {
  const startedAt = now();
  const write = (text: string): void => {
    if (terminal.isTTY === true) terminal.write(`${CLEAR}${text}`);
  };
  return {
    show({ event, lines, messages }) {
      const read = `${number(lines)} lines, ${number(messages)} messages`;
      if (event === "storing") {
        write(`${read}, all of it read. Storing it...`);
        return;
      }
      const perSecond = Math.round((messages * 1_000) / Math.max(now() - startedAt, 1));
      write(`${read}, ${number(perSecond)} a second`);
    },
    clear: () => write(""),
  };
}

const number = (value: number): string => value.toLocaleString("en");
