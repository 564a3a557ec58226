import { subscribe } from "node:diagnostics_channel";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { FastifyInstance } from "fastify";
import { startTestServer, type TestServer } from "./server.js";

let server: TestServer;
let secure: TestServer;
let webRoot: string;
/** Every route that a server has, as `GET /healthz`. */
const routes = new Set<string>();
beforeAll(async () => {
  subscribe("fastify.initialization", noteRoutes);
  webRoot = await mkdtemp(join(tmpdir(), "parley-pages-"));
  for (const folder of ["assets", "emojibase"]) {
    await mkdir(join(webRoot, folder));
    await writeFile(join(webRoot, folder, "a.js"), "0");
  }
  for (const page of ["index.html", "graphiql.html", "docs.html"])
    await writeFile(join(webRoot, page), "<!doctype html><head></head>");
  await writeFile(join(webRoot, "favicon.svg"), "<svg/>");
  server = await startTestServer({ webRoot, controlKey: "the key of the data folder" }, { DEMO: "on" });
  secure = await startTestServer({ webRoot }, { PUBLIC_URL: "https://chat.example.com" });
});
afterAll(async () => {
  await Promise.all([server.close(), secure.close()]);
  await rm(webRoot, { recursive: true, force: true });
});

const POLICY =
  "default-src 'self';script-src 'self';worker-src 'self' blob:;style-src 'self' 'unsafe-inline';" +
  "img-src 'self' data: blob:;font-src 'self' data:;connect-src 'self' ws: wss:;object-src 'none';base-uri 'none';" +
  "form-action 'self';frame-ancestors 'none'";

/** What every answer has, whatever it answers; null is what none may have. */
const ALWAYS = {
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "strict-transport-security": null,
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": null,
  "x-permitted-cross-domain-policies": "none",
  "x-powered-by": null,
  server: null,
  "set-cookie": null,
} as const;

const shown = (headers: Headers): Record<string, string | null> =>
  Object.fromEntries(Object.keys(ALWAYS).map((name) => [name, headers.get(name)]));

type Call = readonly [method: string, path: string, status: number, headers?: Readonly<Record<string, string>>];

const hasBody = (method: string): boolean => !["GET", "HEAD", "OPTIONS"].includes(method);
const NO_JSON = { headers: { "content-type": "application/json" }, body: "{" };
const JSON_BODY = { "content-type": "application/json" };

/** Fastify says of each server that it makes one, before anything is mounted on it. */
function noteRoutes(message: unknown): void {
  const { fastify } = message as { readonly fastify: FastifyInstance };
  fastify.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) if (one !== "HEAD") routes.add(`${one} ${url}`);
  });
}

describe("every answer has the headers that keep a browser from doing more with it than was meant:", () => {
  test.each<Call>([
    ["GET", "/", 200],
    ["GET", "/login", 200],
    ["GET", "/rooms/1", 200],
    ["GET", "/search", 200],
    ["GET", "/nowhere", 404, { accept: "text/html" }],
    ["GET", "/nowhere", 404],
    ["GET", "/favicon.svg", 200],
    ["GET", "/assets/a.js", 200],
    ["GET", "/assets/none.js", 404],
    ["GET", "/emojibase/a.js", 200],
    ["GET", "/graphiql", 200],
    ["GET", "/docs", 200],
    ["GET", "/openapi.json", 200],
    ["GET", "/schema.graphql", 200],
    ["GET", "/healthz", 200],
    ["GET", "/readyz", 200],
    ["GET", "/metrics", 200],
    ["GET", "/demo/users", 200],
    ["POST", "/demo/login", 400, JSON_BODY],
    ["GET", "/graphql", 401, { "apollo-require-preflight": "1" }],
    ["POST", "/graphql", 400, JSON_BODY],
    ["POST", "/graphql", 415, { "content-type": "application/xml" }],
    ["POST", "/graphql", 401, { "content-type": "multipart/form-data; boundary=x" }],
    ["PUT", "/graphql", 404],
    ["OPTIONS", "/graphql", 204, { origin: "https://a.example", "access-control-request-method": "POST" }],
    ["GET", "/api/chat/rooms/", 401],
    ["POST", "/api/chat/messages/", 401, JSON_BODY],
    ["DELETE", "/api/chat/rooms/", 401],
    ["PUT", "/api/chat/admin/users/", 401, JSON_BODY],
    ["GET", "/api/chat/nowhere/", 401],
    ["GET", "/media/chat_attachments/2026/01/01/a.png", 401],
    ["GET", "/media/a?expires=1&signature=x", 404],
    ["GET", "/ws/chat/1/", 404],
  ])("%s %s: %i", async (method, path, status, headers = {}) => {
    const body = "content-type" in headers ? { body: "{" } : {};
    const answer = await fetch(`${server.url}${path}`, { method, headers, ...body });
    expect([answer.status, shown(answer.headers)]).toEqual([status, ALWAYS]);
  });

  test("every route that there is, to who shows no token and sends no sense", async () => {
    expect(routes.size).toBeGreaterThan(100);
    for (const route of routes) {
      const [method = "", url = ""] = route.split(" ");
      const path = url.replaceAll(/:\w+|\*/g, "1");
      const answer = await fetch(new URL(path, server.url), { method, ...(hasBody(method) ? NO_JSON : {}) });
      await answer.arrayBuffer();
      expect([route, shown(answer.headers)]).toEqual([route, ALWAYS]);
    }
  });

  test("a host name that is not served: 403", async () => {
    const head = await headTo(server.url, "GET / HTTP/1.1", "Host: evil.example");
    expect([head.status, shown(head.headers)]).toEqual([403, ALWAYS]);
  });
});

test("what is no HTTP, an address that can't be decoded and an upgrade that is refused are answered with what a browser may not take for anything else", async () => {
  const { host } = new URL(server.url);
  for (const lines of [
    ["GARBAGE"],
    ["GET /% HTTP/1.1"],
    ["GET /ws/chat/ HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket"],
  ]) {
    const { headers } = await headTo(server.url, lines[0] ?? "", `Host: ${host}`, ...lines.slice(1));
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("where browsers reach the server by TLS, they are told to come by nothing else", async () => {
  for (const path of ["/", "/api/chat/rooms/", "/nowhere"]) {
    const { headers } = await fetch(`${secure.url}${path}`);
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  }
});

/** Sends these lines as they are, and reads the head of what comes. */
async function headTo(url: string, ...lines: readonly string[]) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write([...lines, "Connection: close", "", ""].join("\r\n"));
  const [first = "", ...rest] = (await text(socket)).split("\r\n\r\n")[0]?.split("\r\n") ?? [];
  const headers = new Headers(
    rest.map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status: Number(first.split(" ")[1]), headers };
}
