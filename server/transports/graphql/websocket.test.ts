import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import WebSocket from "ws";
import { z } from "zod";
import type { GraphqlWorld } from "../../test/graphql-world.js";
import { pairRooms } from "../../test/pair-room.js";
import { until } from "../../test/until.js";
import type { Project, User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let people: number;
pairRooms((pair) => {
  ({ graph, project, john, jane, room, people } = pair);
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate();
});

const open: WebSocket[] = [];
const frame = z.looseObject({ type: z.string() });

/** A socket that speaks the protocol by hand. */
function dial(headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${graph.server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    headers,
  });
  open.push(socket);
  const frames: z.infer<typeof frame>[] = [];
  const closed: { code?: number; reason?: string } = {};
  socket.on("message", (data: Buffer) => frames.push(frame.parse(JSON.parse(data.toString()))));
  socket.on("close", (code, reason) => Object.assign(closed, { code, reason: String(reason) }));
  const send = (frame: unknown) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  return {
    socket,
    frames,
    closed,
    send,
    opened: until(() => socket.readyState === WebSocket.OPEN, "the socket to open"),
  };
}

async function dialAs(user: User, ttlMs?: number) {
  const line = dial();
  await line.opened;
  line.send({ type: "connection_init", payload: { authorization: `Bearer ${await graph.server.token(user, ttlMs)}` } });
  await until(() => line.frames.length > 0 || line.closed.code !== undefined, "the acknowledgement");
  return line;
}

const subscribe = (id: string, query: string, variables = {}) => ({
  id,
  type: "subscribe",
  payload: { query, variables },
});
const FOLLOW =
  "subscription ($roomId: ID!, $after: String) { chatRoomEvents(roomId: $roomId, after: $after) { __typename cursor seq } }";

describe("a connection", () => {
  test("without a token, or with a wrong one, is closed with 4401", async () => {
    for (const payload of [
      undefined,
      {},
      { authorization: "nonsense" },
      { authorization: "Bearer nonsense" },
      { authorization: 7 },
    ]) {
      const line = dial();
      await line.opened;
      line.send({ type: "connection_init", payload });
      await until(() => line.closed.code !== undefined, "the close");
      expect(line.closed.code).toBe(4401);
    }
  });

  test("runs queries and mutations too", async () => {
    const line = await dialAs(john);
    line.send(
      subscribe(
        "1",
        "mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { content user { id } } } }",
        { input: { roomId: String(room.id), content: "over the wire" } },
      ),
    );
    await until(() => line.frames.length >= 3);
    expect(line.frames.slice(1)).toEqual([
      {
        id: "1",
        type: "next",
        payload: { data: { sendChatMessage: { message: { content: "over the wire", user: { id: john.hostId } } } } },
      },
      { id: "1", type: "complete" },
    ]);
  });

  test("is closed with 4401 the moment its token expires, and not before", async () => {
    const line = await dialAs(john, 60_000);
    graph.world.clock.advance(58_000);
    line.send({ type: "ping" });
    await until(() => line.frames.some(({ type }) => type === "pong"));
    expect(line.closed.code).toBeUndefined();
    graph.world.clock.advance(2_000);
    await until(() => line.closed.code !== undefined);
    expect(line.closed).toEqual({ code: 4401, reason: "The token has expired." });
  });

  test("takes frames of 128 KiB, and is closed with 1009 by a longer one", async () => {
    const line = await dialAs(john);
    const ping = (length: number): string => {
      const empty = JSON.stringify({ type: "ping", payload: { padding: "" } });
      return empty.replace('""', `"${"x".repeat(length - empty.length)}"`);
    };
    line.send(ping(128 * 1024));
    await until(() => line.frames.some(({ type }) => type === "pong"), "the answer to a ping");
    line.send(ping(128 * 1024 + 1));
    await until(() => line.closed.code !== undefined, "the close");
    expect(line.closed.code).toBe(1009);
  });

  test("that is one too many for its user, the 21st, is closed with 4429; another user's is not, and a closed one makes room", async () => {
    const lines = await Promise.all(Array.from({ length: 20 }, () => dialAs(john)));
    expect(lines.map(({ closed }) => closed.code)).toEqual(lines.map(() => undefined));
    const late = await dialAs(john);
    await until(() => late.closed.code !== undefined);
    expect(late.closed.code).toBe(4429);
    expect((await dialAs(jane)).frames).toEqual([{ type: "connection_ack" }]);
    lines[0]?.socket.close();
    await until(async () => (await dialAs(john)).frames.length > 0, "a place");
  });

  test("tells the others when its user comes and, 5 seconds after the last one, goes", async () => {
    const client = await graph.connect(jane);
    const heard = await graph.follow(
      client,
      "subscription { chatEvents { __typename ... on ChatPresenceChanged { user { id chatPresence } } } }",
    );
    const about = () =>
      heard.events.filter(
        (event) => event.__typename === "ChatPresenceChanged" && JSON.stringify(event).includes(john.hostId),
      );
    const line = await dialAs(john);
    await until(() => about().length === 1, "the arrival");
    line.socket.close();
    await until(() => line.closed.code !== undefined);
    await until(() => {
      graph.world.clock.advance(5_000);
      return about().length === 2;
    }, "the departure");
    expect(about().map((event) => event.user)).toEqual([
      { id: john.hostId, chatPresence: "ONLINE" },
      { id: john.hostId, chatPresence: "OFFLINE" },
    ]);
  });

  test("to another address is refused with 404", async () => {
    expect(await upgradeStatus({}, "/elsewhere")).toBe(404);
  });
});

function upgradeStatus(headers: Record<string, string>, path = "/graphql"): Promise<number | undefined> {
  const asked = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const call = request(`${graph.server.url}${path}`, { headers: asked }, (answer) =>
      resolve(answer.resume().statusCode),
    );
    call.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode);
    });
    call.on("error", reject).end();
  });
}

test.each([
  { type: "connection_ack" },
  { type: "next", id: "1", payload: { data: null } },
  { type: "error", id: "1", payload: [{ message: "x" }] },
])("who says what only servers say is closed with 4400: $type", async (message) => {
  const line = await dialAs(john);
  line.send(message);
  await until(() => line.closed.code !== undefined, "the close");
  expect(line.closed).toEqual({ code: 4400, reason: "Only a server says that." });
});

describe("a document that can't be run", () => {
  test.each([
    ["a syntax error", "subscription {", {}],
    ["an unknown field", "subscription { chatEvents { password } }", {}],
    ["no operation", "fragment f on User { id }", {}],
    ["a variable of the wrong type", FOLLOW, { roomId: {} }],
    ["more tokens than anybody needs", `{ ${"chatViewer { id } ".repeat(400)} }`, {}],
  ])("(%s) is answered, and the socket stays open", async (_what, query, variables) => {
    const line = await dialAs(john);
    line.send(subscribe("1", query, variables));
    await until(() => line.frames.length > 1, "an answer");
    expect(JSON.stringify(line.frames[1])).toContain('"code":"BAD_USER_INPUT"');
    expect(JSON.stringify(line.frames)).not.toContain("stack");
    line.send(subscribe("2", "{ chatViewer { id } }"));
    await until(() => line.frames.some(({ id, type }) => id === "2" && type === "next"), "the next answer");
    expect(line.closed.code).toBeUndefined();
  });
});

describe("subscriptions", () => {
  let client: Client;
  beforeEach(async () => {
    client = await graph.connect(john);
  });

  test("of a room that is not one's own, or never was, or has no number, are refused alike", async () => {
    const stranger = await graph.connect(await graph.world.person(`stranger${people}`, project));
    const answers: unknown[] = [];
    for (const roomId of [String(room.id), "999999", "abc", "0"]) {
      const heard = graph.listen(stranger, FOLLOW, { roomId });
      await until(() => heard.done);
      answers.push({
        events: heard.events,
        errors: heard.errors.map(({ message, extensions }) => ({ message, extensions })),
      });
    }
    expect(answers[0]).toEqual({
      events: [],
      errors: [{ message: expect.any(String), extensions: { code: "NOT_FOUND" } }],
    });
    expect(answers).toEqual(answers.map(() => answers[0]));
  });

  const cursor = (seq: string, epoch = "abcd.1") => Buffer.from(`r${room.id}:${epoch}:${seq}`).toString("base64url");
  test.each([
    ["nothing", () => ""],
    ["garbage", () => "garbage"],
    ["another epoch", () => cursor("0")],
    ["a number that no log reaches", () => cursor("9999999999")],
    ["a number that is none", () => cursor("-1")],
    ["an SQL injection", () => cursor("0", "'; drop table chat_room; --")],
  ])("can't be resumed from %s: fetch afresh", async (_what, after) => {
    const one = graph.listen(client, FOLLOW, { roomId: String(room.id), after: after() });
    const all = graph.listen(client, "subscription ($after: [String!]) { chatEvents(after: $after) { cursor } }", {
      after: [after()],
    });
    await until(() => one.done && all.done, "both refusals");
    expect([one.errors[0]?.extensions.code, all.errors[0]?.extensions.code]).toEqual([
      "RESYNC_REQUIRED",
      "RESYNC_REQUIRED",
    ]);
  });

  test("are at most 50 on a connection: the 51st is refused, the others go on", async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, () => graph.follow(client, FOLLOW, { roomId: String(room.id) })),
    );
    const late = graph.listen(client, FOLLOW, { roomId: String(room.id) });
    await until(() => late.done);
    expect(late.errors[0]?.extensions.code).toBe("CONFLICT");
    all[0]?.stop();
    await until(
      async () => (await graph.follow(client, FOLLOW, { roomId: String(room.id) })).errors.length === 0,
      "a place",
    );
    expect(all.slice(1).map(({ done }) => done)).toEqual(all.slice(1).map(() => false));
  });
});
