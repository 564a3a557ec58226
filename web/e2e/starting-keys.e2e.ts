import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { makeKey, startKeyHost, type KeyHost, type SigningKey } from "../../server/test/key-host.js";
import { startMain, type MainProcess } from "../../server/test/main-process.js";

jest.setTimeout(120_000);

let folder: string;
let key: SigningKey;
let keyHost: KeyHost;
const running: MainProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-keys-"));
  key = await makeKey("RS256", "first");
  keyHost = await startKeyHost();
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.end("SIGKILL");
});
afterAll(async () => {
  await keyHost.close();
  await rm(folder, { recursive: true, force: true });
});

/** The built server, told where the keys are. */
function start(jwksUrl: string, dataDir = join(folder, "data")): MainProcess {
  const server = startMain({ DATA_DIR: dataDir, JWT_JWKS_URL: jwksUrl });
  running.push(server);
  return server;
}

test("a start without keys waits, says so in one line, and goes on as soon as there are keys", async () => {
  const port = new URL(keyHost.url).port;
  await keyHost.close();
  const server = start(keyHost.url);
  await server.says("stderr", /\n/);
  expect(server.output.stderr).toBe(
    `Waiting for the keys of JWT_JWKS_URL. http://127.0.0.1:${port}/jwks.json: no connection (ECONNREFUSED). ` +
      "Start what serves them, or correct the address; Parley goes on as soon as it has keys.\n",
  );
  keyHost = await startKeyHost(Number(port));
  keyHost.publish(key);
  const [, url] = await server.says("stdout", /Parley is ready: (\S+)/);
  const token = await key.sign({ sub: "auth0|mara", username: "mara", exp: Math.floor(Date.now() / 1_000) + 600 });
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query: "{ chatViewer { id chatUsername } }" }),
  });
  expect(await response.json()).toEqual({ data: { chatViewer: { id: "auth0|mara", chatUsername: "mara" } } });
  expect(await server.end("SIGINT")).toBe(0);
  expect(server.output.stderr.split("\n").length).toBe(2);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the waiting at once, and leaves nothing behind", async (signal) => {
  const dataDir = join(folder, signal);
  keyHost.answer({ status: 404 });
  const server = start(keyHost.url, dataDir);
  await server.says("stderr", /\n/);
  expect(server.output.stderr).toContain(": it answers 404.");
  expect(await server.end(signal)).toBe(0);
  expect(server.output.stdout).toBe("");
  expect(await readdir(dataDir)).toEqual([]);
});
