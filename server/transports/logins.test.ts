import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { FastifyInstance } from "fastify";
import type { User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { createInProcessRates } from "../platform/rates/in-process.js";
import { createRateLimiter } from "../platform/rates/rate-limiter.js";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import { dial, hangUp } from "../test/raw-socket.js";
import { createWorld, silent, type World } from "../test/world.js";
import { mountDemo } from "./demo.js";
import { createHttpServer } from "./http.js";

const WRONG = "a.wrong.token";
const HOUR_MS = 3_600_000;

describe("tokens that were made up", () => {
  let graph: GraphqlWorld;
  let john: User;
  let room: Room;
  let addresses = 0;
  beforeAll(async () => {
    graph = await startGraphqlWorld({ RATE_LIMIT_LOGINS: "2/1h", TRUST_PROXY: "on" });
    const project = await graph.world.project("apollo");
    john = await graph.world.person("john", project);
    room = await graph.world.group(project, john);
  });
  afterEach(hangUp);
  afterAll(() => graph.close());

  const newAddress = (): string => `192.0.2.${(addresses += 1)}`;
  const get = (path: string, from: string, token: string) =>
    fetch(`${graph.server.url}${path}`, { headers: { authorization: `Bearer ${token}`, "x-forwarded-for": from } });
  const statuses = async (from: string, ...paths: readonly string[]): Promise<readonly number[]> => {
    const all: number[] = [];
    for (const path of paths) all.push((await get(path, from, WRONG)).status);
    return all;
  };
  const ROOMS = "/api/chat/rooms/";
  const closeOf = async (from: string, token: string): Promise<readonly [number, string | undefined]> => {
    const line = dial(graph.server.url, room.id, { token, headers: { "x-forwarded-for": from } });
    return [await line.ended(), line.closed.reason];
  };

  test("are refused as such, however many came from their address before, wherever they are shown", async () => {
    const from = newAddress();
    expect(await statuses(from, ROOMS, "/media/nothing", ROOMS, ROOMS)).toEqual([401, 401, 401, 401]);
    const asked = await fetch(`${graph.server.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${WRONG}`, "x-forwarded-for": from, "content-type": "application/json" },
      body: JSON.stringify({ query: "{ chatViewer { id } }" }),
    });
    expect([asked.status, await asked.json()]).toMatchObject([
      401,
      { errors: [{ extensions: { code: "UNAUTHENTICATED" } }] },
    ]);
    expect(await closeOf(from, WRONG)).toEqual([4401, "The token is not valid."]);
  });

  test("of one address keep nobody out who comes from it with a good one", async () => {
    const from = newAddress();
    await statuses(from, ROOMS, ROOMS, ROOMS);
    expect((await get(ROOMS, from, await graph.token(john))).status).toBe(200);
  });
});

describe("the demo's log-in", () => {
  let world: World;
  let app: FastifyInstance;
  let john: User;
  beforeAll(async () => {
    world = await createWorld();
    john = await world.person("john");
    const off = { sends: "off", writes: "off", uploads: "off", searches: "off" } as const;
    const limits = { ...off, logins: { limit: 3, windowMs: HOUR_MS } };
    const limiter = createRateLimiter(limits, createInProcessRates(world.clock));
    app = await createHttpServer({
      logger: silent,
      allowedHosts: ["*"],
      corsOrigins: [],
      trustProxy: false,
      frameAncestors: ["'none'"],
    });
    const services = { ...world.services, limiter };
    mountDemo(app, { database: world.database, services, issueToken: async ({ username }) => `token of ${username}` });
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });
  const logIn = (remoteAddress: string, userId: unknown = john.id, forwarded = "203.0.113.9") =>
    app.inject({
      method: "POST",
      url: "/demo/login",
      remoteAddress,
      headers: { "x-forwarded-for": forwarded },
      payload: { user_id: userId },
    });

  test("is limited by address, whoever logs in, and whatever a proxy says that is not trusted", async () => {
    expect((await logIn("192.0.2.1", 888_888)).statusCode).toBe(404);
    expect((await logIn("192.0.2.1")).json()).toEqual({ token: "token of john" });
    expect((await logIn("192.0.2.1", john.id, "203.0.113.10")).statusCode).toBe(200);
    const refused = await logIn("192.0.2.1", john.id, "203.0.113.11");
    expect([refused.statusCode, refused.headers["retry-after"], refused.json()]).toEqual([
      429,
      "1200",
      { detail: "Request was throttled. Expected available in 1200 seconds." },
    ]);
    expect((await logIn("192.0.2.2")).statusCode).toBe(200);
    // What is no log-in is not counted.
    expect((await logIn("192.0.2.1", "john")).statusCode).toBe(400);
    world.clock.advance(HOUR_MS / 3);
    expect((await logIn("192.0.2.1")).statusCode).toBe(200);
  });
});
