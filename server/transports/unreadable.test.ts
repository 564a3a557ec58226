import { connect } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestServer, type TestServer } from "../test/server.js";
import { silent } from "../test/world.js";
import { createHttpServer } from "./http.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Sends these lines as they are, and returns what comes until the server hangs up. */
async function answerTo(...lines: readonly string[]): Promise<{ readonly head: string; readonly body: unknown }> {
  const { hostname, port, host } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write([lines[0], `Host: ${host}`, ...lines.slice(1), "", ""].join("\r\n"));
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  return { head, body: JSON.parse(body) };
}

const UPGRADE = ["Connection: Upgrade", "Upgrade: websocket"];
const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

test.each([
  ["no HTTP", ["GARBAGE"], 400, "This request can't be read as HTTP."],
  ["an unknown method", ["FOO /api/chat/rooms/ HTTP/1.1"], 400, "This request can't be read as HTTP."],
  [
    "headers without end",
    ["GET /api/chat/rooms/ HTTP/1.1", `X: ${"a".repeat(20_000)}`],
    431,
    "The headers of this request are too long.",
  ],
  [
    "an upgrade of a raw socket without a key",
    ["GET /ws/chat/1/ HTTP/1.1", ...UPGRADE, "Sec-WebSocket-Version: 13"],
    400,
    "Missing or invalid Sec-WebSocket-Key header",
  ],
  [
    "an upgrade for GraphQL of another version",
    ["GET /graphql HTTP/1.1", ...UPGRADE, KEY, "Sec-WebSocket-Version: 7"],
    400,
    "Missing or invalid Sec-WebSocket-Version header",
  ],
  [
    "an upgrade where there is none",
    ["GET /ws/chat/ HTTP/1.1", ...UPGRADE, KEY, "Sec-WebSocket-Version: 13"],
    404,
    "There is no WebSocket at this address.",
  ],
  [
    "an upgrade by a page of another site",
    ["GET /ws/chat/1/ HTTP/1.1", ...UPGRADE, KEY, "Sec-WebSocket-Version: 13", "Origin: http://evil.example"],
    403,
    "This host or origin is not served here.",
  ],
])("%s is answered in JSON, with what is wrong", async (_what, lines, status, detail) => {
  const { head, body } = await answerTo(...lines);
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toMatch(/content-type: application\/json/i);
  expect(body).toEqual({ detail });
});

test("a request has five minutes to arrive, and its headers one; who is slower is told so", async () => {
  const http = await createHttpServer({
    logger: silent,
    allowedHosts: [],
    corsOrigins: [],
    frameAncestors: [],
    trustProxy: false,
  });
  expect([http.server.requestTimeout, http.server.headersTimeout]).toEqual([300_000, 60_000]);
  const line = new PassThrough();
  // As Node does when that time is over.
  http.server.emit("clientError", Object.assign(new Error("too slow"), { code: "ERR_HTTP_REQUEST_TIMEOUT" }), line);
  expect(await text(line)).toMatch(/^HTTP\/1.1 408 [^]*\{"detail":"The request did not arrive in time."\}$/);
  await http.close();
});
