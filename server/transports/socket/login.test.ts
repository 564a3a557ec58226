import { describe, expect, test } from "@jest/globals";
import type { Project, User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import { removeParticipant } from "../../features/rooms/participant.actions.js";
import { deleteRoom } from "../../features/rooms/room.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { type GraphqlWorld } from "../../test/graphql-world.js";
import { carriedOut, dial, enter, type Dial, type RawLine } from "../../test/raw-socket.js";
import { until } from "../../test/until.js";
import { pairRooms } from "../../test/pair-room.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let people: number;
pairRooms((pair) => {
  ({ graph, project, john, jane, room, people } = pair);
});

const as = (user: User) => graph.world.as(user);
const lineOf = async (user: User, how: Dial = {}, where: Room = room): Promise<RawLine> =>
  enter(graph.server.url, where.id, { token: await graph.server.token(user), ...how });
const say = (user: User, content: string, where: Room = room) => sendMessage(as(user), { roomId: where.id, content });
const KEY = "3f0e8b6a-6d3c-4d0e-9d51-0b8e5a1f2c77";

describe("logging in", () => {
  test.each([
    ["the Authorization header", (token: string) => ({ token })],
    ["the subprotocol", (token: string) => ({ protocols: ["bearer", token] })],
  ])("by %s: who is let in is in the room when the socket opens", async (_way, how) => {
    const line = await enter(graph.server.url, room.id, how(await graph.server.token(jane)));
    await say(john, "right after");
    expect(await line.hears("message_new")).toMatchObject({ message: { content: "right after" } });
    expect(line.frames).toHaveLength(1);
  });

  test("the subprotocol is answered with its name, and never with the token", async () => {
    const line = await enter(graph.server.url, room.id, { protocols: ["bearer", await graph.server.token(jane)] });
    expect(line.socket.protocol).toBe("bearer");
  });

  test("by a first frame: its answer says that the room is followed", async () => {
    const line = await enter(graph.server.url, room.id, {});
    line.send({ type: "authenticate", token: await graph.server.token(jane) });
    expect(await line.hears("authenticated")).toEqual({ type: "authenticated" });
    await say(john, "right after");
    await line.hears("message_new");
    expect(line.frames.map(({ type }) => type)).toEqual(["authenticated", "message_new"]);
  });

  test("what follows the first frame at once waits for it", async () => {
    const line = await enter(graph.server.url, room.id, {});
    line.send({ type: "authenticate", token: await graph.server.token(jane) });
    line.send({ type: "message_send", content: "early" });
    expect(await line.hears("message_new")).toMatchObject({ message: { content: "early", user: { id: jane.id } } });
  });

  test("a token in the address is not read", async () => {
    const line = dial(graph.server.url, room.id, { query: `?token=${await graph.server.token(jane)}` });
    await line.opened();
    line.send({ type: "typing", is_typing: true });
    expect(await line.ended()).toBe(4401);
  });

  test("the address may do without its last slash", async () => {
    const line = dial(`${graph.server.url}`, `${room.id}?`, { token: await graph.server.token(jane) });
    await line.opened();
    await say(john, "heard");
    await line.hears("message_new");
  });

  test("who does not say who they are within 5 seconds is sent away with 4401", async () => {
    const line = await enter(graph.server.url, room.id, {});
    graph.world.clock.advance(4_999);
    line.socket.ping();
    await new Promise((resolve) => line.socket.once("pong", resolve));
    expect(line.closed.code).toBeUndefined();
    graph.world.clock.advance(1);
    expect(await line.ended()).toBe(4401);
  });

  test.each<[string, string | object]>([
    ["a command", { type: "message_send", content: "Hello!" }],
    ["something that is not JSON", "hello"],
    ["a wrong token", { type: "authenticate", token: "nonsense" }],
    ["no token", { type: "authenticate" }],
  ])("a first frame that is %s ends it with 4401", async (_what, frame) => {
    const line = await enter(graph.server.url, room.id, {});
    line.send(frame);
    expect(await line.ended()).toBe(4401);
    expect(line.frames).toEqual([]);
  });

  test.each<[string, Dial]>([
    ["a wrong token in the header", { token: "nonsense" }],
    ["another scheme", { headers: { authorization: "Basic am9objpqb2hu" } }],
    ["a wrong token beside the subprotocol", { protocols: ["bearer", "nonsense"] }],
  ])("with %s the socket opens and is closed with 4401", async (_what, how) => {
    const line = dial(graph.server.url, room.id, how);
    await line.opened();
    expect(await line.ended()).toBe(4401);
  });

  test("to a room that is another's, that never was, or that has no number, ends with the same 4404", async () => {
    const stranger = await graph.world.person(`stranger${people}`, project);
    const token = await graph.server.token(stranger);
    const ends: unknown[] = [];
    for (const id of [room.id, 999_999, "abc", "0", "%00"]) {
      const line = dial(graph.server.url, id, { token });
      await line.ended();
      ends.push(line.closed);
    }
    expect(ends[0]).toEqual({ code: 4404, reason: expect.any(String) });
    expect(ends).toEqual(ends.map(() => ends[0]));
  });

  test("a person has 20 connections over both kinds of socket; the 21st is closed with 4429", async () => {
    const client = await graph.connect(jane);
    await graph.follow(client, "subscription { chatEvents { __typename } }");
    const lines = await Promise.all(Array.from({ length: 19 }, () => lineOf(jane)));
    expect(await (await lineOf(jane)).ended()).toBe(4429);
    expect(lines.map(({ closed }) => closed.code)).toEqual(lines.map(() => undefined));
    await (await lineOf(john)).opened();
    lines[0]?.socket.close();
    await until(async () => {
      const line = await lineOf(jane);
      await carriedOut(line).catch(() => {});
      return line.closed.code === undefined;
    }, "a place");
  });
});

describe("a token", () => {
  const lineFor = async (ttlMs: number) =>
    enter(graph.server.url, room.id, { token: await graph.server.token(jane, ttlMs) });

  test("that expires ends its socket with 4401 then, without a word from the client", async () => {
    const line = await lineFor(60_000);
    graph.world.clock.advance(58_000);
    await carriedOut(line);
    graph.world.clock.advance(2_000);
    await line.ended();
    expect(line.closed).toEqual({ code: 4401, reason: "The token has expired." });
  });

  test("can be renewed by another one of the same person", async () => {
    const line = await lineFor(60_000);
    graph.world.clock.advance(30_000);
    line.send({ type: "authenticate", token: await graph.server.token(jane, 60_000), client_mutation_id: KEY });
    expect(await line.hears("authenticated")).toEqual({ type: "authenticated", client_mutation_id: KEY });
    graph.world.clock.advance(58_000);
    await carriedOut(line);
    graph.world.clock.advance(2_000);
    expect(await line.ended()).toBe(4401);
  });

  test.each([
    ["another person's", () => graph.server.token(john)],
    ["none at all", async () => "nonsense"],
  ])("that is %s does not renew: 4401", async (_what, token) => {
    const line = await lineFor(60_000);
    line.send({ type: "authenticate", token: await token() });
    expect(await line.ended()).toBe(4401);
  });
});

describe("the end of one's access", () => {
  test("a removal closes 4403 after everything up to it, and nothing after", async () => {
    const [line, resuming] = [await lineOf(jane), await lineOf(jane, { query: "?after=" })];
    await say(john, "before");
    await removeParticipant(as(john), { roomId: room.id, person: { id: jane.id } });
    await say(john, "after");
    expect([await line.ended(), await resuming.ended()]).toEqual([4403, 4403]);
    expect(line.frames.map(({ type }) => type)).toEqual(["message_new"]);
    expect(resuming.frames.map(({ type }) => type)).toEqual(["ready", "message_new", "participant_removed"]);
  });

  test("a room that is deleted closes 4404", async () => {
    const [line, resuming] = [await lineOf(jane), await lineOf(jane, { query: "?after=" })];
    await deleteRoom(as(john), { roomId: room.id });
    expect([await line.ended(), await resuming.ended()]).toEqual([4404, 4404]);
    expect(line.frames).toEqual([]);
    expect(resuming.frames.at(-1)).toEqual({ type: "room_deleted", room_id: room.id, seq: 1 });
  });
});
