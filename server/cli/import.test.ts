import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { loadConfig, type DataPlaces } from "../config.js";
import { claimDataDir, type DataDirClaim } from "../platform/data-dir.js";
import type { Database } from "../platform/orm.js";
import { describeCounts } from "../import/import-report.js";
import { readPage } from "../test/examples.js";
import { picture } from "../test/files.js";
import { contentOf } from "../test/importing.js";
import { startTestServer, type TestServer } from "../test/server.js";
import { filesIn } from "../test/uploads.js";
import { createWorld, type World } from "../test/world.js";
import { CommandError } from "./command.js";
import { parseImportRequest, runImport } from "./import.js";
import { createProgressLine } from "./progress-line.js";

let dir = "";
let places: DataPlaces;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "import-"));
  const { storage, uploadMaxBytes } = loadConfig({});
  const none = { database: { url: undefined }, redis: { url: undefined } };
  places = { dataDir: join(dir, "data"), ...none, storage, uploadMaxBytes };
});
afterEach(() => rm(dir, { recursive: true }));

const max = { kind: "user", id: 70, username: "max", display_name: "Max Roe" };
const project = { kind: "project", id: 70, name: "Import", members: [70] };

async function write(...records: readonly object[]): Promise<string> {
  const file = join(dir, "file.jsonl");
  await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return file;
}
async function writeBeside(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), bytes);
}
const talk = { kind: "room", id: 70, type: "group", name: "Talk", project: 70, created_by: 70, participants: [70] };
const shown = { kind: "message", id: 70, room: 70, user: 70, content: "", created_at: "2025-11-06T15:30:00Z" };
const nothing = (): void => {};

describe("the arguments", () => {
  test("name one file", () => {
    expect(parseImportRequest(["team.jsonl"])).toEqual({ file: "team.jsonl" });
    expect(parseImportRequest(["--help"])).toBe("help");
  });

  test.each([
    [[], "Say which file"],
    [["a.jsonl", "b.jsonl"], "Give one file, and not 2"],
    [["a.jsonl", "--force"], "--force"],
  ])("%j are refused in one line", (args, says) => {
    expect(() => parseImportRequest(args)).toThrow(CommandError);
    expect(() => parseImportRequest(args)).toThrow(says);
    expect(() => parseImportRequest(args)).not.toThrow("\n");
  });

  test("that name no file are refused before anything else is done", async () => {
    await expect(runImport(places, join(dir, "none"), nothing)).rejects.toThrow("none can't be read (ENOENT)");
    await expect(runImport(places, dir, nothing)).rejects.toThrow("is not a file");
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("without a server", () => {
  test("a file goes into the embedded database, which is made if there is none", async () => {
    const file = await write(max, project);
    const counts = await runImport(places, file, nothing);
    expect([counts.user, counts.project]).toEqual([
      { new: 1, known: 0 },
      { new: 1, known: 0 },
    ]);
    expect(await readdir(places.dataDir)).toEqual(["database"]);
    expect((await runImport(places, file, nothing)).user).toEqual({ new: 0, known: 1 });
  });

  test("the page about it shows a file that can be imported, and what is said of it", async () => {
    const page = readPage("docs/import.md");
    const fences = (info: string) =>
      [...page.matchAll(new RegExp(`^\`\`\`${info}\\n(.*?)\\n\`\`\`$`, "gms"))].map(([, text = ""]) => text);
    const file = await write();
    await writeFile(file, fences("jsonl").join("\n"));
    await writeBeside("files/sketch.png", await picture("png"));
    const said = [await runImport(places, file, nothing), await runImport(places, file, nothing)];
    expect(said.map(describeCounts)).toEqual(fences("text"));
  });

  test("its files are taken along from beside it, and refused in the same words", async () => {
    await writeBeside("files/sketch.png", await picture("png"));
    const message = { ...shown, attachment: "files/sketch.png" };
    const counts = await runImport(places, await write(max, project, talk, message), nothing);
    expect(counts.message).toEqual({ new: 1, known: 0 });
    const media = await filesIn(join(places.dataDir, "media"));
    expect(media.map((path) => path.replace(/^.*\/\w+\./, ""))).toEqual(["png", "png.thumb.webp"]);
    const small = { ...places, uploadMaxBytes: 100 };
    const next = { ...message, id: 71, created_at: "2025-11-06T15:31:00Z" };
    await expect(runImport(small, await write(next), nothing)).rejects.toThrow("A file can have at most 100 bytes.");
    expect(await filesIn(join(places.dataDir, "media"))).toEqual(media);
  });

  test("a PostgreSQL that does not answer is said in one line", async () => {
    const away = { ...places, database: { url: "postgres://nobody@127.0.0.1:1/none" } };
    const file = await write(max);
    await expect(runImport(away, file, nothing)).rejects.toThrow("The database does not answer");
  });
});

describe("beside a running server that holds the database", () => {
  let world: World;
  let claim: DataDirClaim;
  let server: TestServer;
  let before: Awaited<ReturnType<typeof contentOf>>;
  beforeAll(async () => {
    world = await createWorld();
  });
  beforeEach(async () => {
    claim = await claimDataDir(places.dataDir, { address: "starting" });
    const database: Database = { ...world.database, close: async () => {} };
    server = await startTestServer({ database, controlKey: claim.key }, { DATA_DIR: places.dataDir });
    await claim.updateAddress(server.url);
    before = await contentOf(world.database);
  });
  afterEach(async () => {
    await server.close();
    await claim.release();
  });
  afterAll(() => world.close());

  test("a file goes through it, and what is refused is said as without it", async () => {
    const bad = await write(max, { ...project, members: [9] });
    await expect(runImport(places, bad, nothing)).rejects.toThrow("Line 2: There is no user 9.");
    expect(await contentOf(world.database)).toEqual(before);
    const told: object[] = [];
    const counts = await runImport(places, await write(max, project), (progress) => told.push(progress));
    expect(counts.user).toEqual({ new: 1, known: 0 });
    expect(told).toEqual([
      { event: "progress", lines: 2, messages: 0 },
      { event: "storing", lines: 2, messages: 0 },
    ]);
    expect(await readdir(places.dataDir)).toEqual(["server.lock"]);
  });

  test("the server takes the files from beside it, which it can read too", async () => {
    const records = [max, project, talk, { ...shown, attachment: "notes/größe.txt" }];
    await expect(runImport(places, await write(...records), nothing)).rejects.toThrow(
      'Line 4: The attachment "notes/größe.txt": There is no such file.',
    );
    await writeBeside("notes/größe.txt", Buffer.from("words"));
    expect((await runImport(places, await write(...records), nothing)).message).toEqual({ new: 1, known: 0 });
    const media = (await filesIn(places.dataDir)).filter((path) => path.startsWith("media"));
    expect(media).toEqual([expect.stringMatching(/^media\/chat_attachments\/.+\.txt$/)]);
    expect((await runImport(places, await write(...records), nothing)).message).toEqual({ new: 0, known: 1 });
    expect((await filesIn(places.dataDir)).filter((path) => path.startsWith("media"))).toEqual(media);
    before = await contentOf(world.database);
  });

  test("files of any size are taken: the limit of other requests is not theirs", async () => {
    const users = Array.from({ length: 6_000 }, (_, index) => ({ ...max, id: 1_000 + index, username: `u${index}` }));
    const counts = await runImport(places, await write(...users), nothing);
    expect(counts.user).toEqual({ new: 6_000, known: 0 });
  });

  test("nothing is read from a stranger, who does not know the key in the lock", async () => {
    const url = new URL("/control/import", server.url);
    const headers = { "content-type": "application/jsonl", authorization: "Bearer guessed" };
    const status = await new Promise<number | undefined>((resolve, reject) => {
      // Sends a beginning and never ends: who waited for the whole would wait for ever.
      const stranger = request(url, { method: "POST", headers }, (response) => {
        resolve(response.statusCode);
        stranger.destroy();
      });
      stranger.on("error", reject);
      stranger.write(`${JSON.stringify({ ...max, id: 71 })}\n`);
    });
    expect(status).toBe(401);
    expect(await contentOf(world.database)).toEqual(before);
  });

  test("a command that goes away in the middle of its file leaves nothing", async () => {
    const headers = { "content-type": "application/jsonl", authorization: `Bearer ${claim.key}` };
    const leaving = request(new URL("/control/import", server.url), { method: "POST", headers });
    leaving.on("error", () => {});
    leaving.write(`${JSON.stringify({ ...max, id: 72 })}\n`);
    const closed = new Promise((resolve) => leaving.once("close", resolve));
    leaving.destroy();
    await closed;
    // The next one is served after it.
    await expect(runImport(places, await write(), nothing)).resolves.toMatchObject({ user: { new: 0, known: 0 } });
    expect(await contentOf(world.database)).toEqual(before);
  });

  test("what holds the database without being a server is named", async () => {
    await claim.updateAddress("npm run import");
    await expect(runImport(places, await write(max), nothing)).rejects.toThrow("in use by npm run import");
  });
});

describe("progress", () => {
  const show = (isTTY: boolean): string => {
    let shown = "";
    const terminal = { isTTY, write: (text: string) => (shown += text) };
    let now = 0;
    const line = createProgressLine(terminal, () => now);
    now = 2_000;
    line.show({ event: "progress", lines: 12_345, messages: 10_000 });
    line.show({ event: "storing", lines: 12_345, messages: 10_000 });
    line.clear();
    return shown;
  };

  test("is a line on a terminal that goes away in the end, and nothing elsewhere", () => {
    const shown = [
      "",
      "12,345 lines, 10,000 messages, 5,000 a second",
      "12,345 lines, 10,000 messages, all of it read. Storing it...",
      "",
    ];
    expect(show(true)).toBe(shown.join("\r\u001b[K"));
    expect(show(false)).toBe("");
  });
});
