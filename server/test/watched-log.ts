import { Writable, type Readable } from "node:stream";
import { createLogger, type Logger } from "../platform/logger.js";

/**
 * What no log of any test may hold: the secrets of servers, the tokens that people get, and what they write. It is
 * learned where it leaves a test (`watch-all.ts`); what leaves by no such way is said here by whoever hands it out.
 * By how they begin, so that a log is gone through once, however many there are.
 */
const secrets = new Map<string, Set<string>>();
/** A shorter one could stand in a log by chance. */
const MIN_LENGTH = 12;
/** Whosever it is. */
const ANY_TOKEN = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]+/;

/** Marks something as what no log may hold. */
export function keepOutOfLogs<Secret>(secret: Secret): Secret {
  if (typeof secret !== "string" || secret.trim().length < MIN_LENGTH) return secret;
  // Whoever has the signature of a token has most of it.
  const parts = ANY_TOKEN.test(secret) ? [secret.split(".")[2] ?? ""] : [];
  for (const text of [secret, escaped(secret), ...parts]) {
    const start = text.slice(0, MIN_LENGTH);
    secrets.set(start, (secrets.get(start) ?? new Set()).add(text));
  }
  return secret;
}

/** As a text stands in JSON. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** What a log holds that none may; undefined when there is nothing. */
export function leakIn(log: string): string | undefined {
  for (let at = 0; at + MIN_LENGTH <= log.length; at += 1) {
    for (const secret of secrets.get(log.slice(at, at + MIN_LENGTH)) ?? [])
      if (log.startsWith(secret, at)) return secret;
  }
  return ANY_TOKEN.exec(log)?.[0];
}

/** Throws when a log holds what none may. */
export function requireNoSecrets(log: string): void {
  const leaked = leakIn(log);
  if (leaked === undefined) return;
  const lines = log.split("\n").filter((line) => line.includes(leaked));
  throw new Error(`A log holds what none may: ${leaked}\n${lines.join("\n")}`);
}

/** What was written so far by each server that tests have started. */
const logs: Buffer[][] = [];
/** Programs whose log goes where it can't be seen. */
const unseen: string[] = [];

function openLog(): (chunk: Buffer | string) => void {
  const log: Buffer[] = [];
  logs.push(log);
  return (chunk) => void log.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
}

/** A log that has everything in it, for servers that run in a test's own process. */
export function watchLog(): Logger {
  const write = openLog();
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk);
      done();
    },
  });
  return createLogger("trace", destination);
}

/** What a process says; null is a stream that is not there. */
export function watchOutput(stream: Readable | null): void {
  stream?.on("data", openLog());
}

/** A process says what nobody here can see. */
export function noteUnseen(program: string): void {
  unseen.push(program);
}

/** Throws when something that was written since this was asked last holds what no log may, or could not be seen. */
export function requireCleanLogs(): void {
  for (const log of logs) requireNoSecrets(Buffer.concat(log.splice(0)).toString());
  const [program] = unseen.splice(0);
  if (program !== undefined) throw new Error(`Pipe the output of ${program}: nobody sees what its log holds.`);
}
