import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../config.js";
import { claimDataDir, type DataDirClaim } from "../platform/data-dir.js";
import { startTestServer, type TestServer } from "../test/server.js";
import { createWorld, type World } from "../test/world.js";
import { parseAuditRequest, readAudit } from "./audit.js";
import { CommandError } from "./command.js";

const NOW = new Date("2026-11-26T12:00:00Z");

describe("the arguments", () => {
  test("say which entries, and everything may be left out", () => {
    expect(parseAuditRequest([], NOW)).toEqual({ limit: 1_000 });
    const args = ["--since", "24h", "--user", "john", "--action=room_deleted", "--room", "7", "--limit", "5"];
    expect(parseAuditRequest(args, NOW)).toEqual({
      since: "2026-11-25T12:00:00.000Z",
      user: "john",
      action: "room_deleted",
      room: 7,
      limit: 5,
    });
    expect(parseAuditRequest(["--since", "2025-11-06T15:30:00Z"], NOW)).toMatchObject({
      since: "2025-11-06T15:30:00Z",
    });
    expect(parseAuditRequest(["-h"], NOW)).toBe("help");
  });

  test.each([
    [["--since", "yesterday"], "--since is not understood: write a moment"],
    [["--action", "party"], "room_created, room_deleted"],
    [["--room", "here"], "--room is not understood"],
    [["--limit", "0"], "from 1 to 10000"],
    [["--limit", "10001"], "from 1 to 10000"],
    [["--sinze", "1h"], "--sinze"],
  ])("%j are refused in one line", (args, says) => {
    expect(() => parseAuditRequest(args, NOW)).toThrow(CommandError);
    expect(() => parseAuditRequest(args, NOW)).toThrow(says);
    expect(() => parseAuditRequest(args, NOW)).not.toThrow("\n");
  });
});

describe("beside a running server that holds the database", () => {
  let dir: string;
  let world: World;
  let claim: DataDirClaim;
  let server: TestServer;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "audit-"));
    world = await createWorld();
    const project = await world.project("apollo");
    const [john, jane] = [await world.person("john", project), await world.person("jane", project)];
    await world.group(project, john, jane);
    await world.group(project, jane);
    claim = await claimDataDir(dir, { address: "starting" });
    server = await startTestServer({ database: { ...world.database, close: async () => {} }, controlKey: claim.key });
    await claim.updateAddress(server.url);
  });
  afterAll(async () => {
    await server.close();
    await claim.release();
    await world.close();
    await rm(dir, { recursive: true });
  });

  const read = (...args: readonly string[]) => {
    const query = parseAuditRequest(args, NOW);
    if (query === "help") throw new Error("This asks for help.");
    return readAudit(loadConfig({ DATA_DIR: dir }), query);
  };
  const actions = async (...args: readonly string[]) => (await read(...args)).map(({ action }) => action);

  test("the entries come through it, the newest last", async () => {
    expect(await actions()).toEqual(["room_created", "participant_added", "room_created"]);
    expect(await actions("--limit", "1")).toEqual(["room_created"]);
    expect(await actions("--user", "john")).toEqual(["room_created", "participant_added"]);
    expect(await actions("--user", "nobody")).toEqual([]);
  });

  test("who does not know the key in the lock is told nothing", async () => {
    const response = await fetch(`${server.url}/control/audit`, { headers: { authorization: "Bearer wrong" } });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain("room_created");
  });
});
