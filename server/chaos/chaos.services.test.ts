import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { run } from "../bench/processes.js";
import { until } from "../test/until.js";

// The command itself, on a PostgreSQL and a Redis of its own. Nothing in it is timed: it may take long on a busy machine.
const MAIN = join(import.meta.dirname, "../../dist/server/chaos/main.js");
jest.setTimeout(600_000);

let attacks: ChildProcess[] = [];
// Whatever a test has found, nothing of it goes on.
afterEach(() => {
  for (const attack of attacks) attack.kill("SIGTERM");
  attacks = [];
});

function start(args: string): { readonly attack: ChildProcess; readonly said: () => string } {
  const attack = spawn(process.execPath, [MAIN, ...args.split(" ")], { stdio: ["ignore", "pipe", "pipe"] });
  attacks.push(attack);
  let said = "";
  for (const stream of [attack.stdout, attack.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return { attack, said: () => said };
}

test("while nodes, Redis and PostgreSQL are killed, nothing is lost, doubled or out of order", async () => {
  const size = "--seed 1 --nodes 2 --rooms 2 --followers 6 --sends 100 --minutes 0.05";
  const faults = "--faults kill,redis,postgres,cut --kills 1 --redis-kills 1 --postgres-restarts 1 --cuts 1";
  const { attack, said } = start(`${size} ${faults}`);
  const [status] = await once(attack, "close");
  expect(said()).toContain("Every promise was kept.");
  expect(status).toBe(0);
});

test("several scenarios are played one after the other, and end with one table of what they came to", async () => {
  const { attack, said } = start(
    "keys everything --seed 1 --nodes 2 --rooms 2 --followers 3 --sends 40 --minutes 0.02",
  );
  const [status] = await once(attack, "close");
  expect(said()).toContain("chaos keys (1 of 2): seed 1");
  expect(said()).toContain("chaos everything (2 of 2): seed 1");
  const [, table = ""] = said().split("All of it\n\n");
  const rows = table.split("\n").map((line) =>
    line
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
  expect(rows).toContainEqual(["scenario", "", "measured", "limit"]);
  expect(rows).toContainEqual(["keys", "messages", "40", "exactly 40"]);
  for (const scenario of ["keys", "everything"])
    expect(rows).toContainEqual([scenario, "promises broken and limits passed", "0", "exactly 0"]);
  expect(said()).toContain("Every promise was kept.");
  expect(status).toBe(0);
});

/** All that a process has started, and what those have, as they were called. */
async function descendantsOf(pid: number): Promise<readonly { readonly pid: number; readonly call: string }[]> {
  const listed = await run("ps", ["-e", "-o", "pid=,ppid=,args="], {});
  const all = listed.split("\n").map((line) => /(\d+)\s+(\d+)\s+(.+)/.exec(line) ?? []);
  const childrenOf = (parent: number): { pid: number; call: string }[] =>
    all
      .filter(([, , ppid]) => Number(ppid) === parent)
      .map(([, child, , call = ""]) => ({ pid: Number(child), call }))
      .flatMap((child) => [child, ...childrenOf(child.pid)]);
  return childrenOf(pid);
}

const foldersOfChaos = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("parley-chaos-"));

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s, however often it comes, leaves no process and no folder behind",
  async (signal) => {
    const before = await foldersOfChaos();
    // It would go on for an hour.
    const { attack, said } = start("stalled --seed 1 --nodes 2 --followers 3 --sends 180000");
    const closed = once(attack, "close");
    await until(() => said().includes("have stopped reading"), "the attack");
    const started = await descendantsOf(attack.pid ?? 0);
    for (const part of ["bin/postgres", "redis-server", "server/main.js", "clients.process.js"])
      expect(started.map(({ call }) => call)).toContainEqual(expect.stringContaining(part));
    const folders = (await foldersOfChaos()).filter((name) => !before.includes(name));
    attack.kill(signal);
    attack.kill(signal);
    const [status] = await closed;
    expect([status, said()]).toEqual([130, expect.stringContaining("Interrupted: nothing is known.")]);
    const pids = new Set(started.map(({ pid }) => pid));
    const left = async () => {
      const running = await run("ps", ["-e", "-o", "pid=,stat="], {});
      return running.split("\n").filter((line) => pids.has(Number.parseInt(line, 10)) && !line.includes("Z"));
    };
    await until(async () => (await left()).length === 0, "all of them to be gone");
    expect((await foldersOfChaos()).filter((name) => folders.includes(name))).toEqual([]);
  },
);
