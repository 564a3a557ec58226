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
const ANY_TOKEN = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]+/g;

/** Marks something as what no log may hold. */
export function keepOutOfLogs<Secret>(secret: Secret): Secret {
  if (typeof secret !== "string" || secret.trim().length < MIN_LENGTH) return secret;
  // Whoever has the signature of a token has most of it.
  const parts = secret.search(ANY_TOKEN) >= 0 ? [secret.split(".")[2] ?? ""] : [];
  for (const text of [secret, escaped(secret), ...parts]) {
    const start = text.slice(0, MIN_LENGTH);
    secrets.set(start, (secrets.get(start) ?? new Set()).add(text));
  }
  return secret;
}

/** As a text stands in JSON. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** All that a log holds that none may, once each. */
export function leaksIn(log: string): readonly string[] {
  const leaks = new Set<string>();
  for (let at = 0; at + MIN_LENGTH <= log.length; at += 1) {
    for (const secret of secrets.get(log.slice(at, at + MIN_LENGTH)) ?? [])
      if (log.startsWith(secret, at)) leaks.add(secret);
  }
  for (const [token] of log.matchAll(ANY_TOKEN)) leaks.add(token);
  return [...leaks];
}

/** What was written so far by each server that tests have started. */
const logs: { readonly name: string; readonly written: Buffer[] }[] = [];
/** What goes where it can't be seen. */
const unseen: string[] = [];

function openLog(name: string): (chunk: Buffer | string) => void {
  const written: Buffer[] = [];
  logs.push({ name, written });
  return (chunk) => void written.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
}

/** A log that has everything in it, for servers that run in a test's own process. */
export function watchLog(): Logger {
  const write = openLog("The log of a server in the test's own process");
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk);
      done();
    },
  });
  return createLogger("trace", destination);
}

/** What a process says; null is a stream that is not there. */
export function watchOutput(name: string, stream: Readable | null): void {
  stream?.on("data", openLog(name));
}

/** A process says what nobody here can see. */
export function noteUnseen(output: string): void {
  unseen.push(output);
}

function faultOf(name: string, log: string): readonly string[] {
  const leaks = leaksIn(log);
  if (leaks.length === 0) return [];
  const lines = log.split("\n").filter((line) => leaks.some((leak) => line.includes(leak)));
  return [`${name} holds what none may: ${leaks.join(", ")}\n${lines.join("\n")}`];
}

/** Throws when something that was written since this was asked last holds what no log may, or could not be seen. */
export function requireCleanLogs(): void {
  const faults = [
    ...logs.flatMap(({ name, written }) => faultOf(name, Buffer.concat(written.splice(0)).toString())),
    ...unseen.splice(0).map((output) => `Pipe ${output}: nobody sees what it holds.`),
  ];
  if (faults.length > 0) throw new Error(faults.join("\n\n"));
}
