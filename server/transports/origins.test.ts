import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import { headOf } from "../test/heads.js";

/** A server that browsers reach under one origin, and that pages of another one may call. */
const ENV = {
  PUBLIC_URL: "https://chat.example",
  CORS_ORIGINS: "https://host.example",
  ALLOWED_HOSTS: "chat.example,.host.example",
};

let graph: GraphqlWorld;
let token: string;
beforeAll(async () => {
  graph = await startGraphqlWorld(ENV);
  token = await graph.token(await graph.world.person("john"));
});
afterAll(() => graph.close());

const own = (): string => graph.server.url;
const ownPort = (): string => new URL(graph.server.url).port;
const ownHost = (): string => new URL(graph.server.url).host;

const UPGRADE = [
  ...["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const SOCKETS = ["/graphql", "/ws/chat/1/"];
const CALLS = ["/graphql?query={__typename}", "/api/chat/rooms/"];

/** The status that each kind of socket answers an upgrade with. */
async function upgrades(lines: readonly string[], host = `Host: ${ownHost()}`): Promise<readonly number[]> {
  const heads = SOCKETS.map((path) => headOf(own(), [`GET ${path} HTTP/1.1`, host, ...UPGRADE, ...lines]));
  return (await Promise.all(heads)).map(({ status }) => status);
}
const OPEN = SOCKETS.map(() => 101);
const CLOSED = SOCKETS.map(() => 403);

/** Which origin's pages may ask further, and read what they are answered; undefined: none. */
async function allowed(lines: readonly string[]): Promise<readonly unknown[]> {
  const asked = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization"];
  const heads = CALLS.flatMap((path) => [
    headOf(own(), [`OPTIONS ${path} HTTP/1.1`, `Host: ${ownHost()}`, ...asked, ...lines]),
    headOf(own(), [`GET ${path} HTTP/1.1`, `Host: ${ownHost()}`, `Authorization: Bearer ${token}`, ...lines]),
  ]);
  return (await Promise.all(heads)).map((head) => head.header("access-control-allow-origin"));
}

interface OriginCase {
  readonly what: string;
  /** The lines of the request that say it. */
  readonly origin: () => readonly string[];
  /** Whether its pages may open a socket of either kind. */
  readonly opens: boolean;
  /** Whether its pages may call over HTTP: those of our own ask nobody. */
  readonly calls?: boolean;
}

const is = (origin: string) => () => [`Origin: ${origin}`];

const origins: readonly OriginCase[] = [
  { what: "none: no browser", origin: () => [], opens: true },
  { what: "none, with a bearer token", origin: () => [`Authorization: Bearer ${token}`], opens: true },
  { what: "our own", origin: () => [`Origin: ${own()}`], opens: true },
  { what: "our own behind a proxy with TLS", origin: () => [`Origin: https://${ownHost()}`], opens: true },
  { what: "PUBLIC_URL", origin: is("https://chat.example"), opens: true },
  { what: "one that was configured", origin: is("https://host.example"), opens: true, calls: true },
  { what: "null", origin: is("null"), opens: false },
  { what: "empty", origin: is(""), opens: false },
  { what: "*", origin: is("*"), opens: false },
  { what: "any other", origin: is("https://evil.example"), opens: false },
  { what: "with ours in front", origin: is("https://host.example.evil.example"), opens: false },
  { what: "with our own address in front", origin: () => [`Origin: http://127.0.0.1.evil.example`], opens: false },
  { what: "with ours behind", origin: is("https://evilhost.example"), opens: false },
  { what: "below ours", origin: is("https://evil.host.example"), opens: false },
  { what: "ours as a user's name", origin: is("https://host.example@evil.example"), opens: false },
  { what: "a user's name in front of our own", origin: () => [`Origin: http://evil@${ownHost()}`], opens: false },
  { what: "another port", origin: is("https://host.example:8443"), opens: false },
  { what: "another port of our own", origin: is("http://127.0.0.1:1"), opens: false },
  { what: "the usual port, written out", origin: is("https://host.example:443"), opens: false },
  { what: "in capitals", origin: is("HTTPS://HOST.EXAMPLE"), opens: false },
  { what: "with a dot behind", origin: is("https://host.example."), opens: false },
  { what: "without TLS", origin: is("http://host.example"), opens: false },
  { what: "PUBLIC_URL without TLS", origin: is("http://chat.example"), opens: false },
  { what: "of another scheme", origin: () => [`Origin: ftp://${ownHost()}`], opens: false },
  { what: "our own by another name", origin: () => [`Origin: http://localhost:${ownPort()}`], opens: false },
  { what: "our own as a number", origin: () => [`Origin: http://2130706433:${ownPort()}`], opens: false },
  { what: "our own as IPv6", origin: () => [`Origin: http://[::1]:${ownPort()}`], opens: false },
  { what: "our own, mapped into IPv6", origin: () => [`Origin: http://[::ffff:127.0.0.1]:${ownPort()}`], opens: false },
  { what: "that looks like ours", origin: is("https://hоst.example"), opens: false },
  { what: "that looks like ours, in Punycode", origin: is("https://xn--hst-kbd.example"), opens: false },
  { what: "with a path", origin: is("https://host.example/"), opens: false },
  { what: "our own with a path", origin: () => [`Origin: ${own()}/x`], opens: false },
  { what: "two in one", origin: is("https://host.example https://evil.example"), opens: false },
  {
    what: "two headers",
    origin: () => ["https://host.example", "https://evil.example"].flatMap((o) => is(o)()),
    opens: false,
  },
  {
    what: "two headers that say the same",
    origin: () => [...is("https://host.example")(), ...is("https://host.example")()],
    opens: false,
  },
];

describe("a page of an origin that is", () => {
  test.each(origins)("$what", async ({ origin, opens, calls = false }) => {
    const lines = origin();
    expect(await upgrades(lines)).toEqual(opens ? OPEN : CLOSED);
    const answer = calls ? "https://host.example" : undefined;
    expect(await allowed(lines)).toEqual([answer, answer, answer, answer]);
  });
});

describe("a page without TLS that a host served which is public over TLS", () => {
  test.each([
    ["http://chat.example", CLOSED],
    ["https://chat.example", OPEN],
  ])("%s", async (origin, statuses) => {
    expect(await upgrades([`Origin: ${origin}`], "Host: chat.example")).toEqual(statuses);
  });
});

describe("a host name", () => {
  test.each<readonly [string, () => string, boolean]>([
    ["of our own", () => ownHost(), true],
    ["of this machine", () => "localhost", true],
    ["of this machine, as IPv6", () => `[::1]:${ownPort()}`, true],
    ["in capitals", () => "LOCALHOST", true],
    ["of PUBLIC_URL", () => "chat.example", true],
    ["below one that was configured", () => "a.host.example", true],
    ["of somebody else", () => "evil.example", false],
    ["with ours in front", () => "chat.example.evil.example", false],
    ["with ours behind", () => "evilhost.example", false],
    ["with our own address in front", () => `127.0.0.1.evil.example`, false],
    ["of this machine as a user's name", () => "localhost@evil.example", false],
    ["behind a user's name", () => "evil.example@localhost", false],
    ["with a dot behind", () => "localhost.", false],
    ["with a port that there can't be", () => "localhost:99999", false],
    ["with two ports", () => "localhost:80:80", false],
    ["as a number", () => "2130706433", false],
    ["mapped into IPv6", () => "[::ffff:127.0.0.1]", false],
    ["that looks like ours", () => "lоcalhost", false],
    ["with a path", () => "localhost/x", false],
    ["*", () => "*", false],
    ["that is empty", () => "", false],
  ])("%s", async (_what, host, isOurs) => {
    const line = `Host: ${host()}`;
    expect(await upgrades([], line)).toEqual(isOurs ? OPEN : CLOSED);
    const calls = ["/healthz", ...CALLS].map((path) =>
      headOf(own(), [`GET ${path} HTTP/1.1`, line, `Authorization: Bearer ${token}`, "apollo-require-preflight: true"]),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => (isOurs ? 200 : 403)));
  });

  test("counts once: of several the first, for everything", async () => {
    const [ours, evil] = ["Host: localhost", "Host: evil.example"];
    expect([await upgrades([evil], ours), await upgrades([ours], evil)]).toEqual([OPEN, CLOSED]);
  });

  test("is needed", async () => {
    const heads = await Promise.all([
      ...CALLS.map((path) => headOf(own(), [`GET ${path} HTTP/1.1`])),
      ...SOCKETS.map((path) => headOf(own(), [`GET ${path} HTTP/1.1`, ...UPGRADE])),
    ]);
    expect(heads.map(({ status }) => status)).toEqual([400, 400, 403, 403]);
  });
});
