import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";

const running = new Set<ChildProcess>();
const folders = new Set<string>();

// Whatever ends this process, nothing that it started stays behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Starts a program that ends with this process at the latest, and hears nothing of a Ctrl-C before. */
export function launch(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(program, args, { ...options, detached: true });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/** Whether it has not ended yet. */
export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

/** Sends a signal, and waits for the end; its status, or the signal that ended it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  if (isRunning(child)) {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
  return child.exitCode ?? child.signalCode;
}

/** Runs a program to its end. Throws what it said on stderr. */
export async function run(program: string, args: readonly string[], options: SpawnOptions): Promise<string> {
  const child = launch(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let [out, errors] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${errors || out}`);
  return out;
}

/** This folder is removed at the end, unless it is kept. */
export function removeAtEnd(folder: string): { keep(): void } {
  folders.add(folder);
  return { keep: () => void folders.delete(folder) };
}
