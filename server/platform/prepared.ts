import { createHash } from "node:crypto";
import { Client, type ClientBase } from "pg";
import { errorCode } from "./system-error.js";

/** Statements that are sent again and again, with the names under which PostgreSQL keeps them for each connection. */
const names = new Map<string, string>();
/** More than the code has by far: a text that is made up anew each time would fill the memory here and there. */
const MAX_STATEMENTS = 500;

/** Says that a statement of this text is worth keeping: it is sent often, and one plan fits whatever its parameters are. */
export function keepPrepared(text: string): void {
  if (names.has(text) || names.size >= MAX_STATEMENTS) return;
  names.set(text, `parley_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`);
}

/**
 * What is answered to a statement that is not kept any more as it was: a migration has changed what it answers with, or
 * something between us and the database has forgotten or mixed up what was prepared.
 */
const UNUSABLE = new Set(["0A000", "26000", "42P05"]);

/** Whether a statement failed for nothing but how it was prepared: sent again, it is prepared anew. */
export function isUnusablePlan(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("code" in error) || !UNUSABLE.has(String(error.code)))
    return false;
  // That code is for everything that PostgreSQL does not support, and its words are in the server's language.
  return error.code !== "0A000" || ("routine" in error && error.routine === "RevalidateCachedQuery");
}

/** With these PostgreSQL ends the connection: it was told to, or it waited too long for us. */
const ENDING = new Set(["57P01", "57P02", "57P03", "57P05", "25P03", "25P04"]);

/** A connection of `pg`, as it is spoken to. */
type Send = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * Has a new connection parse and plan once what is worth keeping. One that PostgreSQL ends goes to nobody else: its pool
 * would hand it out until its end is seen, which is a little later.
 */
export function prepareOn(client: ClientBase): void {
  const send = parseSend(client.query.bind(client));
  /** Of the names: those from before something became unusable are not used again. */
  let generation = 0;
  const sendKept = async (name: string, text: string, values: readonly unknown[]): Promise<unknown> => {
    try {
      return await send({ name: `${name}_${generation}`, text, values });
    } catch (error) {
      if (!isUnusablePlan(error)) throw error;
      generation += 1;
      // A transaction is over with its first error: who began it does it again.
      if (client.getTransactionStatus() !== "I") throw error;
      return send(text, values);
    }
  };
  const query: Send = (...args) => {
    const [text, values] = args;
    if (typeof text !== "string" || !Array.isArray(values)) return send(...args);
    const name = names.get(text);
    const sent = name === undefined ? send(...args) : sendKept(name, text, values);
    return sent.catch((error: unknown) => {
      if (ENDING.has(errorCode(error) ?? "") && client instanceof Client) client.end().catch(() => {});
      throw error;
    });
  };
  Object.defineProperty(client, "query", { value: query });
}

/** One of its many forms is enough. */
function parseSend(query: unknown): Send {
  return query as Send;
}
