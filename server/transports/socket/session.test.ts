import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { Project, User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { enter, hangUp } from "../../test/raw-socket.js";
import { until } from "../../test/until.js";
import { createConnections } from "../connections.js";
import { createFrames } from "./frames.js";
import type { Wire } from "./outbox.js";
import { Session } from "./session.js";

const DAY_MS = 86_400_000;

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let people = 0;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
});
beforeEach(async () => {
  people += 1;
  john = await graph.world.person(`john${people}`, project);
  jane = await graph.world.person(`jane${people}`, project);
  room = await graph.world.group(project, john, jane);
});
afterEach(hangUp);
afterAll(() => graph.close());

const say = (content: string) => sendMessage(graph.world.as(john), { roomId: room.id, content });

describe("commands that come faster than they are carried out", () => {
  /** A socket that notes whether it is read. */
  class NotedWire implements Wire {
    readonly unsentBytes = 0;
    readonly sent: string[] = [];
    readonly noted: string[] = [];
    send(frame: Buffer | string, onGone: () => void): void {
      this.sent.push(String(frame));
      onGone();
    }
    close(code: number): void {
      this.noted.push(`close ${code}`);
    }
    pause(): void {
      this.noted.push("pause");
    }
    resume(): void {
      this.noted.push("resume");
    }
  }

  function begin(): { readonly session: Session; readonly wire: NotedWire } {
    const { database, services, feed, clock } = graph.world;
    const connections = createConnections(async () => ({ actor: john, expiresAtMs: clock.now().getTime() + DAY_MS }), {
      database,
      services,
    });
    const parts = { database, services, feed, connections, frames: createFrames(database) };
    const session = new Session(parts, { room: String(room.id), after: undefined });
    return { session, wire: new NotedWire() };
  }

  test("make their sender wait, and are all carried out", async () => {
    const { session, wire } = begin();
    await session.logIn("Bearer token");
    session.open(wire);
    for (let index = 0; index < 100; index += 1)
      session.receive(JSON.stringify({ type: "message_send", content: `${index}` }));
    expect(wire.noted).toEqual(["pause"]);
    await until(() => wire.sent.length === 100, "all to be carried out");
    expect(wire.noted).toEqual(["pause", "resume"]);
    await session.end();
  });

  test("are forgotten when the socket goes, but for the one that is under way", async () => {
    const { session, wire } = begin();
    await session.logIn("Bearer token");
    session.open(wire);
    for (let index = 0; index < 100; index += 1)
      session.receive(JSON.stringify({ type: "message_send", content: `gone ${index}` }));
    await session.end();
    const { data } = await graph.ask(john, `{ chatRoom(id: ${room.id}) { messages { nodes { content } } } }`);
    expect(data).toMatchObject({ chatRoom: { messages: { nodes: [{ content: "gone 0" }] } } });
  });

  test("a socket that goes while its person is looked up leaves nobody behind", async () => {
    const { session, wire } = begin();
    const loggingIn = session.logIn("Bearer token");
    session.open(wire);
    await session.end();
    await loggingIn;
    await say("nobody hears this");
    expect([wire.sent, session.isHeldUp]).toEqual([[], false]);
  });
});

test("who stops reading is closed with 4408 after 30 seconds, holds nobody up, and goes on where they stopped", async () => {
  // Some 14 MB: more than the system's own buffers hold.
  const COUNT = 360;
  const content = "\u{1f600}".repeat(10_000);
  const token = (user: User) => graph.server.token(user, 1_000 * DAY_MS);
  const dialAs = async (user: User, query: string) =>
    enter(graph.server.url, room.id, { token: await token(user), query });
  const slow = await dialAs(jane, "?after=");
  const { epoch } = await slow.hears("ready");
  const other = await dialAs(john, "");
  slow.socket.pause();
  for (let index = 0; index < COUNT; index += 1) {
    await say(`${index} ${content.slice(20)}`);
    await other.hears("message_new", index + 1);
  }
  // Who does not read does not see that they were closed; the others see that they are gone.
  await until(() => {
    graph.world.clock.advance(30_000);
    return other.ofType("user_left").length > 0;
  }, "the slow one to be closed");
  slow.socket.resume();
  expect(await slow.ended()).toBe(4408);
  const seen = slow.ofType("message_new").map(({ seq }) => z.int().parse(seq));
  expect(seen.length).toBeLessThan(COUNT);
  expect(seen).toEqual(seen.map((_seq, index) => index + 1));
  const again = await dialAs(jane, `?after=${seen.length}&epoch=${z.string().parse(epoch)}`);
  await again.hears("message_new", COUNT - seen.length);
  expect(again.ofType("message_new").map(({ seq }) => seq)).toEqual(
    Array.from({ length: COUNT - seen.length }, (_, index) => seen.length + index + 1),
  );
});
