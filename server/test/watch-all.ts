import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { basename } from "node:path";
import WebSocket from "ws";
import { keepRequestOutOfLogs, keepSentOutOfLogs, keepSettingsOutOfLogs } from "./sent-secrets.js";
import { noteUnseen, requireCleanLogs, watchOutput } from "./watched-log.js";

// Loaded before every test file of the server and of the browsers: whatever leaves it, by whichever client, is kept out
// of logs from then on, and all that programs of ours say is watched. `scripts/jest-environment.mjs` asks at the end.
// What is not learned: what goes through a bare `net` socket, and what a test gives to a verb without sending it. Whoever
// wants that kept out says so (`keepOutOfLogs`).

declare global {
  /** Throws when a log holds what none may. Called once all of a file is done. */
  var judgeLogs: (() => void) | undefined;
  /** Stops listening: the channels are the process's, and the next file's as well. Called whatever became of the file. */
  var endWatch: (() => void) | undefined;
}

interface Spawned {
  readonly process: ChildProcess;
  readonly options: {
    readonly file: string;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly stdio: readonly { readonly type: string }[];
  };
}

/** Programs whose output is what they are asked for: a token, others' messages. Only their faults are a log. */
const ANSWERING = /\/(server\/cli|docs\/examples|examples\/supergraph)\//;

const STDIO_NUMBER = { stdout: 1, stderr: 2 } as const;

function watchProcess({ process: child, options }: Spawned): void {
  const [, program] = options.args.filter((arg) => !arg.startsWith("-"));
  // Without a program, node says something of itself: `node --version`.
  if (basename(options.file) !== "node" || program === undefined) return;
  keepSettingsOutOfLogs(options.env ?? {});
  const logs = ANSWERING.test(program) ? (["stderr"] as const) : (["stdout", "stderr"] as const);
  for (const log of logs) if (options.stdio[STDIO_NUMBER[log]]?.type !== "pipe") noteUnseen(`the ${log} of ${program}`);
  child.once("spawn", () => {
    for (const log of logs) watchOutput(`The ${log} of ${program}`, child[log]);
  });
}

interface Fetched {
  readonly request: { readonly path: string; readonly headers: readonly string[] };
}

function* pairsOf(headers: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at < headers.length; at += 2) yield [headers[at] ?? "", headers[at + 1] ?? ""];
}

const channels: Readonly<Record<string, (message: unknown) => void>> = {
  "tracing:child_process.spawn:start": (message) => watchProcess(message as Spawned),
  "undici:request:create"(message) {
    const { path, headers } = (message as Fetched).request;
    keepRequestOutOfLogs(path, pairsOf(headers));
  },
  "undici:request:bodyChunkSent"(message) {
    const { chunk } = message as { readonly chunk: Uint8Array | string };
    keepSentOutOfLogs(Buffer.from(chunk).toString());
  },
  "http.client.request.start"(message) {
    const { request } = message as { readonly request: ClientRequest };
    const headers = Object.entries(request.getHeaders()).map(([name, value]) => [name, String(value)] as const);
    keepRequestOutOfLogs(request.path, headers);
  },
  "http.client.request.created"(message) {
    const { request } = message as { readonly request: ClientRequest };
    for (const name of ["write", "end"] as const) {
      const { [name]: own } = request;
      const value = (...args: readonly unknown[]): unknown => {
        const [chunk] = args;
        if (typeof chunk === "string" || chunk instanceof Uint8Array) keepSentOutOfLogs(Buffer.from(chunk).toString());
        return Reflect.apply(own, request, args);
      };
      Object.defineProperty(request, name, { value, writable: true, configurable: true });
    }
  },
};
for (const [name, hear] of Object.entries(channels)) subscribe(name, hear);
globalThis.judgeLogs = requireCleanLogs;
globalThis.endWatch = () => {
  for (const [name, hear] of Object.entries(channels)) unsubscribe(name, hear);
};

const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (this: WebSocket, ...args: unknown[]): void {
  // A server's end has no address; what it says is no secret of its client's.
  if (this.url) keepSentOutOfLogs(String(args[0]));
  Reflect.apply(send, this, args);
};

globalThis.WebSocket = class extends globalThis.WebSocket {
  override send(data: Parameters<typeof globalThis.WebSocket.prototype.send>[0]): void {
    // Its clients send text alone.
    if (typeof data === "string") keepSentOutOfLogs(data);
    super.send(data);
  }
};
