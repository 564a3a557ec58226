import { Writable } from "node:stream";
import { createLogger, type Logger } from "../platform/logger.js";

/**
 * What no log of any test may hold: the secrets of servers, the tokens that people get, and what they write. Whoever
 * hands one out says so here; every server that a test starts is held to it when it ends.
 */
const secrets = new Set<string>();
/** A shorter one could stand in a log by chance. */
const MIN_LENGTH = 12;
/** Whosever it is. */
const ANY_TOKEN = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]+/;

/** Marks something as what no log may hold. */
export function keepOutOfLogs<Secret>(secret: Secret): Secret {
  if (typeof secret === "string" && secret.trim().length >= MIN_LENGTH) secrets.add(secret);
  return secret;
}

/** Throws when a log holds what none may. */
export function requireNoSecrets(log: string): void {
  const found = [...secrets].find((secret) => log.includes(secret) || log.includes(escaped(secret)));
  const leaked = found ?? ANY_TOKEN.exec(log)?.[0];
  if (leaked !== undefined) throw new Error(`A log holds what none may: ${leaked}\n${linesWith(log, leaked)}`);
}

/** As a text stands in JSON. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const linesWith = (log: string, text: string): string =>
  log
    .split("\n")
    .filter((line) => line.includes(text) || line.includes(escaped(text)))
    .join("\n");

/** A log that has everything in it, for servers that tests start; `check` throws when that is more than it may have. */
export interface WatchedLog {
  readonly logger: Logger;
  check(): void;
}

export function watchLog(): WatchedLog {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { logger: createLogger("trace", destination), check: () => requireNoSecrets(lines.join("")) };
}
