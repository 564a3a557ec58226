import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import WebSocket from "ws";
import type { User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { createInProcessPubSub } from "../platform/pubsub/in-process.js";
import { TestClock } from "../test/clock.js";
import { hangUp } from "../test/raw-socket.js";
import { startTestServer, type TestServer } from "../test/server.js";
import { until } from "../test/until.js";
import { createWorld, openTestDatabase, silent, type World } from "../test/world.js";
import { Strangers } from "./strangers.js";

const LIMITS = { perNetwork: 4, inAll: 6 };

describe("strangers", () => {
  test("are counted for each network and in all, and who has left makes room, once", () => {
    const strangers = new Strangers({ perNetwork: 2, inAll: 3 });
    const [first, second] = [strangers.enter("a"), strangers.enter("a")];
    expect([first, second, strangers.enter("a")].map((leave) => leave !== undefined)).toEqual([true, true, false]);
    const third = strangers.enter("b");
    expect([third !== undefined, strangers.enter("c")]).toEqual([true, undefined]);
    first?.();
    first?.();
    const again = strangers.enter("a");
    expect([again !== undefined, strangers.enter("a"), strangers.enter("c")]).toEqual([true, undefined, undefined]);
    for (const leave of [second, third, again]) leave?.();
    expect(strangers.enter("c")).toBeDefined();
  });
});

describe("whoever opens a WebSocket and does not say who they are", () => {
  let server: TestServer;
  let world: World;
  let john: User;
  let room: Room;
  const open: Socket[] = [];
  beforeAll(async () => {
    const parts = { database: await openTestDatabase(), pubsub: createInProcessPubSub(silent), clock: new TestClock() };
    world = await createWorld(parts);
    const limited = { ...parts, strangers: LIMITS, webRoot: import.meta.dirname };
    server = await startTestServer(limited, { TRUST_PROXY: "1" });
    const project = await world.project("apollo");
    john = await world.person("john", project);
    room = await world.group(project, john);
  });
  const paths = { raw: () => `/ws/chat/${room.id}/`, GraphQL: () => "/graphql" };
  afterEach(async () => {
    hangUp();
    for (const socket of open.splice(0)) socket.destroy();
    // The server has heard of it when there is room for as many again.
    await until(async () => {
      const heads = await Promise.all(Array.from({ length: LIMITS.perNetwork }, () => upgrade("/graphql", "9.9.9.9")));
      for (const socket of open.splice(0)) socket.destroy();
      return heads.every((head) => head.startsWith("HTTP/1.1 101"));
    }, "the strangers to be gone");
  });
  afterAll(async () => {
    await world.feed.close();
    await server.close();
  });

  /** Asks for an upgrade by hand, as a program does that keeps quiet from then on; the head of the answer. */
  async function upgrade(path: string, from: string): Promise<string> {
    const { hostname, port, host } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on("error", () => {});
    open.push(socket);
    const protocol = path === "/graphql" ? "Sec-WebSocket-Protocol: graphql-transport-ws\r\n" : "";
    const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const upgrading = `Connection: Upgrade\r\nUpgrade: websocket\r\nX-Forwarded-For: ${from}\r\n`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${upgrading}${key}${protocol}\r\n`);
    const [head] = await once(socket, "data");
    return String(head);
  }
  const isLetIn = async (path: string, from: string) => (await upgrade(path, from)).startsWith("HTTP/1.1 101");

  /** A socket of John's by the library, logged in. */
  async function enter(kind: keyof typeof paths, from: string): Promise<WebSocket> {
    const protocols = kind === "GraphQL" ? ["graphql-transport-ws"] : [];
    const address = `${server.url.replace("http", "ws")}${paths[kind]()}`;
    const socket = new WebSocket(address, protocols, { headers: { "x-forwarded-for": from } });
    open.push(socketOf(socket));
    await once(socket, "open");
    const token = await server.token(john);
    const payload = { authorization: `Bearer ${token}` };
    socket.send(
      JSON.stringify(kind === "GraphQL" ? { type: "connection_init", payload } : { type: "authenticate", token }),
    );
    await once(socket, "message");
    return socket;
  }
  const socketOf = (socket: WebSocket): Socket => ({ destroy: () => socket.terminate() }) as unknown as Socket;

  test.each(["raw", "GraphQL"] as const)("has one of a few places for all from one address: %s", async (kind) => {
    const path = paths[kind]();
    for (let count = 0; count < LIMITS.perNetwork; count += 1) expect(await isLetIn(path, "1.2.3.4")).toBe(true);
    const head = await upgrade(path, "1.2.3.4");
    expect(head).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n/);
    // Not by saying something else that a proxy of theirs might have said, nor by the other kind of socket.
    expect(await isLetIn(path, "5.6.7.8, 1.2.3.4")).toBe(false);
    expect(await isLetIn(paths[kind === "raw" ? "GraphQL" : "raw"](), "1.2.3.4")).toBe(false);
    expect([await isLetIn(path, "5.6.7.8"), await isLetIn(path, "5.6.7.9")]).toEqual([true, true]);
    expect(await isLetIn(path, "5.6.7.10")).toBe(false);
  });

  test.each(["raw", "GraphQL"] as const)("is one until it is known who they are, and no longer: %s", async (kind) => {
    for (let count = 0; count < LIMITS.perNetwork; count += 1) await enter(kind, "1.2.3.4");
    for (let count = 0; count < LIMITS.perNetwork; count += 1)
      expect(await isLetIn(paths[kind](), "1.2.3.4")).toBe(true);
    expect(await isLetIn(paths[kind](), "1.2.3.4")).toBe(false);
  });

  test("is sent away by GraphQL, too, when they have said nothing for 5 seconds", async () => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/graphql`, ["graphql-transport-ws"]);
    open.push(socketOf(socket));
    const [code] = await once(socket, "close");
    expect(code).toBe(4408);
  });

  test("makes room when they go", async () => {
    for (let count = 0; count < LIMITS.perNetwork; count += 1) await upgrade(paths.raw(), "1.2.3.4");
    open[0]?.destroy();
    await until(() => isLetIn(paths.raw(), "1.2.3.4"), "a place");
  });
});
