import { describe, expect, test } from "@jest/globals";
import type { User } from "../../features/directory/directory.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { type GraphqlWorld } from "../../test/graphql-world.js";
import { connectionLost } from "../../test/test-node.js";
import { NOWHERE } from "../../test/world.js";
import { until } from "../../test/until.js";
import { createConnections } from "../connections.js";
import type { Wire } from "../outbox.js";
import type { SharedFrame } from "../shared-frame.js";
import { createSocketServices } from "./admission.js";
import { Session } from "./session.js";
import { pairRooms } from "../../test/pair-room.js";

const DAY_MS = 86_400_000;

let graph: GraphqlWorld;
let john: User;
let room: Room;
pairRooms((pair) => {
  ({ graph, john, room } = pair);
});

const say = (content: string) => sendMessage(graph.world.as(john), { roomId: room.id, content });

describe("commands that come faster than they are carried out", () => {
  /** A socket that notes whether it is read. */
  class NotedWire implements Wire {
    readonly unsentBytes = 0;
    readonly goneBytes = 0;
    terminate(): void {}
    tell(): void {}
    sendShared({ rest }: SharedFrame): boolean {
      this.send(rest);
      return true;
    }
    readonly sent: string[] = [];
    readonly noted: string[] = [];
    send(frame: Buffer | string): void {
      this.sent.push(String(frame));
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

  function begin({ database } = graph.world): { readonly session: Session; readonly wire: NotedWire } {
    const { services, feed, clock } = graph.world;
    const connections = createConnections(
      async () => ({ actor: john, expiresAtMs: clock.now().getTime() + DAY_MS, token: john }),
      {
        database,
        services,
      },
    );
    const parts = createSocketServices({ database, services, feed, connections });
    const session = new Session(parts, { room: String(room.id), after: undefined }, { known: () => {}, via: NOWHERE });
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

  test("that are refused, a hundred in a row, end the socket with 4429; one that is carried out begins the row anew", async () => {
    const { session, wire } = begin();
    await session.logIn("Bearer token");
    session.open(wire);
    const refused = (): number => wire.sent.filter((frame) => frame.includes('"error"')).length;
    const send = async (frame: string, count: number): Promise<void> => {
      const before = wire.sent.length;
      for (let index = 0; index < count; index += 1) session.receive(frame);
      await until(() => wire.sent.length >= before + count, "the answers");
    };
    await send("nonsense", 99);
    await send(JSON.stringify({ type: "message_send", content: "Hello" }), 1);
    await send("nonsense", 99);
    graph.world.clock.advance(10_000);
    await send("nonsense", 99);
    expect([refused(), wire.noted.filter((noted) => noted.startsWith("close"))]).toEqual([297, []]);
    await send("nonsense", 1);
    expect([refused(), wire.noted.at(-1)]).toEqual([298, "close 4429"]);
    await session.end();
  });

  test("that can't be carried out while the database is away end no socket, however many they are", async () => {
    const { database } = graph.world;
    let isAway = false;
    const fork: typeof database.fork = () => {
      if (isAway) throw connectionLost();
      return database.fork();
    };
    const { session, wire } = begin({ ...graph.world, database: { ...database, fork } });
    await session.logIn("Bearer token");
    session.open(wire);
    isAway = true;
    for (let index = 0; index < 200; index += 1)
      session.receive(JSON.stringify({ type: "message_send", content: `${index}` }));
    await until(() => wire.sent.length === 200, "the answers");
    expect(wire.sent.filter((frame) => !frame.includes('"UNAVAILABLE"'))).toEqual([]);
    expect(wire.noted).toEqual(["pause", "resume"]);
    isAway = false;
    session.receive(JSON.stringify({ type: "message_send", content: "Hello" }));
    await until(() => wire.sent.at(-1)?.includes('"message_new"') === true, "the message");
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
