import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { UNLIMITED } from "./unlimited.js";

const MAIN = join(import.meta.dirname, "../../dist/server/main.js");

/** The built server as a process of its own, from its first word to its end. */
export interface MainProcess {
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Its exit status, once it has ended by itself; a signal's name when that ended it. */
  readonly ended: { readonly status?: number | NodeJS.Signals | null };
  /** Resolves when this has been said. */
  says(stream: "stdout" | "stderr", words: RegExp): Promise<RegExpExecArray>;
  /** Resolves to where it listens, when it does. */
  ready(): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Waits until it ends by itself; what `ended` has then. */
  exit(): Promise<number | NodeJS.Signals | null>;
  /** As `exit`, with a signal first, if it still runs. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** @param settings its whole environment, besides a free port */
export function startMain(settings: Readonly<Record<string, string>>): MainProcess {
  const env = { PATH: process.env.PATH, PORT: "0", LOG_LEVEL: "warn", ...UNLIMITED, ...settings };
  const child = spawn(process.execPath, ["--liftoff-only", MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  const ended: { status?: number | NodeJS.Signals | null } = {};
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  // Not before everything that it has said is here.
  const closed = once(child, "close").then(() => (ended.status = child.exitCode ?? child.signalCode));
  const says: MainProcess["says"] = async (stream, words) => {
    for (;;) {
      const found = words.exec(output[stream]);
      if (found !== null) return found;
      await Promise.race([once(child[stream], "data"), closed.then(() => fail(output))]);
    }
  };
  return {
    output,
    ended,
    says,
    ready: async () => (await says("stdout", /Parley is ready: (\S+)/))[1] ?? "",
    signal: (signal) => void child.kill(signal),
    exit: () => closed,
    end(signal) {
      child.kill(signal);
      return closed;
    },
  };
}

function fail({ stdout, stderr }: MainProcess["output"]): never {
  throw new Error(`The server ended without a further word:\n${stdout}${stderr}`);
}
