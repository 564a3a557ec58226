import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { demoUsers } from "../demo/demo-people.js";
import { demoSecret } from "../platform/data-dir.js";
import { signToken } from "../platform/tokens.js";
import { readPage } from "./examples.js";
import { pdf } from "./files.js";
import { startTestServer, type TestServer } from "./server.js";

// The original system's own examples for the shell: they run as they stand there, but for the host and the token.

let app: TestServer;
let dataDir: string;
let token: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "parley-curl-"));
  app = await startTestServer({}, { DATA_DIR: dataDir, JWT_SECRET: "" });
  const [john] = demoUsers;
  if (john === undefined) throw new Error("The demo has no people.");
  const person = { hostId: String(john.id), username: john.username, displayName: john.display_name };
  token = await signToken({ ...person, secret: await demoSecret(dataDir), ttlMs: 3_600_000 });
});
afterAll(async () => {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
});

const [, block = ""] = /^```sh\n(# Create a room\n.*?)^```$/ms.exec(readPage("docs/rest-api.md")) ?? [];
const commands = new Map(
  block
    .split(/^# /m)
    .filter((part) => part !== "")
    .map((part) => [part.split("\n")[0] ?? "", part.slice(part.indexOf("\n") + 1).trim()]),
);

/** What the command prints, as a person sees it. */
async function run(title: string): Promise<unknown> {
  const source = (commands.get(title) ?? "exit 1")
    .replaceAll("http://localhost:8000", app.url)
    .replaceAll("YOUR_JWT_TOKEN", token)
    .replaceAll("/path/to/file.pdf", join(dataDir, "file.pdf"));
  const env = { ...process.env, CURL_HOME: dataDir };
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", `${curl}\n${source}`], { env });
  return JSON.parse(stdout) as unknown;
}

/** On a machine without curl, our own few lines in its place. */
const curl = `command -v curl > /dev/null || curl() { "${process.execPath}" "${join(import.meta.dirname, "curl.mjs")}" "$@"; }`;

describe("the original system's examples do what they did there:", () => {
  test("create a room", async () => {
    expect(await run("Create a room")).toMatchObject({
      id: expect.any(Number),
      name: "Test Room",
      type: "group",
      project: 1,
      participants: [{ user: { username: "john" } }, { user: { username: "jane" } }],
      display_name: "Test Room",
    });
  });

  test("send a message", async () => {
    expect(await run("Send a message")).toMatchObject({
      room: 1,
      user: { id: 1, username: "john", display_name: "John Doe" },
      content: "Test message",
      type: "text",
      reactions: [],
    });
  });

  test("upload a file, which is there to be downloaded", async () => {
    await writeFile(join(dataDir, "file.pdf"), pdf());
    const answer = await run("Upload a file");
    expect(answer).toMatchObject({
      room: 1,
      content: "File attachment",
      type: "file",
      attachment_url: expect.stringContaining(`${app.url}/media/chat_attachments/`),
      attachment_name: "file.pdf",
      attachment_size: pdf().length,
    });
    const { attachment_url: url } = z.object({ attachment_url: z.url() }).parse(answer);
    const withToken = { headers: { authorization: `Bearer ${token}` } };
    for (const response of [await fetch(url), await fetch(url.split("?")[0] ?? "", withToken)]) {
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/pdf"]);
      expect(Buffer.from(await response.arrayBuffer()).equals(pdf())).toBe(true);
    }
    expect((await fetch(url.split("?")[0] ?? "")).status).toBe(401);
  });
});
