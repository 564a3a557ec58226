import fc from "fast-check";
import type { Entry } from "./entry.js";
import type { Target } from "./target.js";

export interface Attack {
  readonly inputs: number;
  readonly seed: number;
  /** Called after each input. */
  readonly progress?: (sent: number) => void;
}

/** How often what inputs have deleted is made again. */
const RENEW_EVERY = 100;
/** A counterexample is made smaller in so many steps at most. */
const MAX_SHRINKS = 300;

/**
 * Sends an entry its inputs, one after another.
 * @returns what was wrong, with the input made as small as could be; undefined when all was as it should be
 */
export async function attack(
  entry: Entry,
  target: Target,
  { inputs: numRuns, seed, progress }: Attack,
): Promise<string | undefined> {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  try {
    await target.renew();
    const { inputs, send, end } = await entry.prepare(target);
    let sent = 0;
    let shrinks = 0;
    const property = fc.asyncProperty(inputs, async (input) => {
      if (sent % RENEW_EVERY === 0 && sent > 0 && end === undefined) await target.renew();
      sent += 1;
      if (sent > numRuns && (shrinks += 1) > MAX_SHRINKS) return;
      await send(input);
      requireNone(target.takeFaults(), "the server logged a fault of its own");
      requireNone(rejections.splice(0), "a rejection was not handled");
      progress?.(sent);
    });
    const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns, seed });
    if (!failed && sent < numRuns) throw new Error(`only ${sent} inputs were sent`);
    if (failed) return `${entry.name}: ${wordsOf(errorInstance)}\n  by ${shortened(counterexample?.[0])}`;
    await end?.();
    requireNone(target.takeFaults(), "the server logged a fault of its own");
    requireNone(rejections, "a rejection was not handled");
    const health = await fetch(`${target.url}/readyz`);
    return health.ok ? undefined : `${entry.name}: afterwards the server is ${await health.text()}`;
  } catch (error) {
    return `${entry.name}: ${wordsOf(error)}`;
  } finally {
    process.off("unhandledRejection", onRejection);
  }
}

function requireNone(found: readonly unknown[], what: string): void {
  if (found.length > 0) throw new Error(`${what}: ${found.map(wordsOf).join("\n")}`);
}

/** With what it was caused by: that a fetch has failed says nothing. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `, by ${wordsOf(error.cause)}`;
  return `${error.name}: ${error.message}${cause}`;
}

const MAX_SHOWN = 4_000;
const shortened = (input: unknown): string => fc.stringify(input).slice(0, MAX_SHOWN);
