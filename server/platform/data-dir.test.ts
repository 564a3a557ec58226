import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { claimDataDir, DataDirInUse, DataDirUnusable, demoSecret, readLock } from "./data-dir.js";
import { processStart } from "./process-identity.js";

const ADDRESS = "http://127.0.0.1:4000";
let dir = "";

beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), "data-dir-")), "data");
});
afterEach(() => rm(join(dir, ".."), { recursive: true }));

const lockPath = (): string => join(dir, "server.lock");

/** A process that has ended, so that its pid is nobody's. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await new Promise((ended) => child.once("exit", ended));
  return child.pid ?? 0;
}

/** Leaves a lock behind as another process would. */
async function leaveLock(lock: { pid: number; processStart?: string }): Promise<void> {
  await (await claimDataDir(dir, { address: "" })).release();
  const content = { id: "left", address: "http://127.0.0.1:4567", startedAt: "2020-01-01T00:00:00.000Z", ...lock };
  await writeFile(lockPath(), JSON.stringify(content));
}

/** Takes the folder for a moment, and answers the address that the lock then named. */
async function claimAndRelease(): Promise<string | undefined> {
  const claim = await claimDataDir(dir, { address: ADDRESS });
  const lock = await readLock(dir);
  await claim.release();
  return lock?.address;
}

describe("the data folder", () => {
  test("is created for its owner alone, and names who holds it", async () => {
    const claim = await claimDataDir(dir, { address: "starting" });
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(await readLock(dir)).toMatchObject({ pid: process.pid, address: "starting" });
    await claim.updateAddress(ADDRESS);
    expect(JSON.parse(await readFile(lockPath(), "utf8"))).toMatchObject({ pid: process.pid, address: ADDRESS });
    await claim.release();
  });

  test("is left clean, and can be taken again", async () => {
    const claim = await claimDataDir(dir, { address: ADDRESS });
    await claim.release();
    await claim.release();
    expect(await readdir(dir)).toEqual([]);
    expect(await readLock(dir)).toBeUndefined();
    await (await claimDataDir(dir, { address: ADDRESS })).release();
  });

  test("is not given up by one who has lost it", async () => {
    const first = await claimDataDir(dir, { address: "first" });
    await first.release();
    const second = await claimDataDir(dir, { address: "second" });
    await first.release();
    await first.updateAddress("first again");
    expect(await readLock(dir)).toMatchObject({ address: "second" });
    await second.release();
  });

  test("is refused while somebody alive holds it, in one line that says what to do", async () => {
    const parent = await processStart(process.ppid);
    await leaveLock({ pid: process.ppid, ...(parent === undefined ? {} : { processStart: parent }) });
    const refusal = await claimDataDir(dir, { address: ADDRESS }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataDirInUse);
    expect(refusal).toMatchObject({ pid: process.ppid, address: "http://127.0.0.1:4567" });
    expect(String(refusal)).toMatch(/in use by process \d+ at http:\/\/127.0.0.1:4567\. Stop that one .*DATA_DIR/);
    expect(String(refusal)).not.toContain("\n");
  });

  test("is refused to a second server in the same process", async () => {
    const claim = await claimDataDir(dir, { address: ADDRESS });
    await expect(claimDataDir(dir, { address: "again" })).rejects.toBeInstanceOf(DataDirInUse);
    await claim.release();
  });

  test("is taken over from a process that is dead", async () => {
    await leaveLock({ pid: await deadPid() });
    expect(await readLock(dir)).toBeUndefined();
    const claim = await claimDataDir(dir, { address: ADDRESS });
    expect(await readdir(dir)).toEqual(["server.lock"]);
    expect(await readLock(dir)).toMatchObject({ pid: process.pid });
    await claim.release();
  });

  test("is taken over when another process has the pid now, even this one", async () => {
    for (const pid of [process.ppid, process.pid]) {
      await leaveLock({ pid, processStart: "1" });
      await expect(claimAndRelease()).resolves.toBe(ADDRESS);
    }
    await leaveLock({ pid: process.pid });
    await expect(claimAndRelease()).resolves.toBe(ADDRESS);
  });

  test.each(["", "{", '{"pid":"x"}'])("is taken over from a lock file that was cut short: %j", async (content) => {
    await leaveLock({ pid: 1 });
    await writeFile(lockPath(), content);
    await expect(claimAndRelease()).resolves.toBe(ADDRESS);
  });

  test("is taken over although somebody died while taking it over", async () => {
    const pid = await deadPid();
    await leaveLock({ pid });
    await writeFile(`${lockPath()}.takeover`, await readFile(lockPath()));
    const claim = await claimDataDir(dir, { address: ADDRESS });
    expect(await readdir(dir)).toEqual(["server.lock"]);
    await claim.release();
  });

  test("goes to exactly one of many that want to take it over at once", async () => {
    const pid = await deadPid();
    for (let round = 0; round < 20; round += 1) {
      await leaveLock({ pid });
      const attempts = Array.from({ length: 8 }, (_, index) => claimDataDir(dir, { address: `server ${index}` }));
      const results = await Promise.allSettled(attempts);
      const winners = results.filter((result) => result.status === "fulfilled");
      expect(winners).toHaveLength(1);
      expect(await readdir(dir)).toEqual(["server.lock"]);
      for (const { value } of winners) await value.release();
    }
  });

  test("that can't be made is reported in one line", async () => {
    await (await claimDataDir(dir, { address: ADDRESS })).release();
    await writeFile(join(dir, "file"), "");
    const refusal = await claimDataDir(join(dir, "file"), { address: ADDRESS }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataDirUnusable);
    expect(String(refusal)).toMatch(/can't be used \(EEXIST\)\. .*DATA_DIR/);
  });
});

describe("the demo secret", () => {
  test("is made once, for its owner alone", async () => {
    const secret = await demoSecret(dir);
    expect(secret).toMatch(/^[\w-]{64}$/);
    expect(await demoSecret(dir)).toBe(secret);
    expect((await stat(join(dir, "jwt-secret"))).mode & 0o777).toBe(0o600);
  });

  test("is the same for all that ask at once", async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => demoSecret(dir)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(dir)).toEqual(["jwt-secret"]);
  });

  test("is made anew when it was cut short", async () => {
    const secret = await demoSecret(dir);
    for (const rest of ["", secret.slice(0, 10)]) {
      await writeFile(join(dir, "jwt-secret"), rest);
      expect(await demoSecret(dir)).toMatch(/^[\w-]{64}$/);
    }
  });
});
