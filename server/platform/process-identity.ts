import { readFile } from "node:fs/promises";
import { errorCode } from "./system-error.js";

/** Which process a pid stands for. Pids are used again; a pid with the moment its process began is not. */

/** When a process began, in the system's own count; undefined where the system does not tell (no `/proc`, no such process). */
export async function processStart(pid: number): Promise<string | undefined> {
  return (await processFields(pid))?.[START_TIME_FIELD];
}

/** Whether a process runs. One that has ended and waits for its parent to notice does not. */
export async function isProcessAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not allowed to signal it: it is somebody else's, and alive.
    if (errorCode(error) !== "EPERM") return false;
  }
  const state = (await processFields(pid))?.[STATE_FIELD];
  return state !== "Z" && state !== "X";
}

/** Positions in `/proc/<pid>/stat` behind the command, which is in parentheses and may hold anything: proc_pid_stat(5). */
const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

async function processFields(pid: number): Promise<string[] | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
