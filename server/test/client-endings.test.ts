import { afterEach, describe, expect, test } from "@jest/globals";
import type { ChatOptions } from "../../client/settings.ts";
import type { Project, User } from "../features/directory/directory.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import type { Room } from "../features/rooms/room.js";
import { query, sql } from "../platform/sql.js";
import { clientPairs, failureOf } from "./client-pair.js";
import { startClient, type ClientPerson } from "./client-world.js";
import type { GraphqlWorld } from "./graphql-world.js";
import { until } from "./until.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let of: ClientPerson;
let other: ClientPerson;
const more: ClientPerson[] = [];
afterEach(() => Promise.all(more.splice(0).map((client) => client.close())));
clientPairs((pair) => {
  ({ graph, project, john, jane, room, of, other } = pair);
});

async function clientWith(token: ChatOptions["token"]): Promise<ClientPerson> {
  const client = await startClient(graph, jane, token);
  more.push(client);
  return client;
}
const stateOf = ({ events }: ClientPerson) =>
  events.filter((event) => event.type === "state").map(({ state }) => state);
describe("an end for good", () => {
  test("is to be removed: nothing is heard after it, and what waits is refused", async () => {
    await other.enter(room.id);
    await removeParticipant(graph.world.as(john), { roomId: room.id, person: { id: jane.id } });
    expect(await other.hears("closed")).toMatchObject({ code: 4403, reason: expect.any(String) });
    expect(other.socket.state).toBe("closed");
    expect(other.heard("participant_removed")).toHaveLength(1);
    other.clock.advance(60_000);
    expect(stateOf(other)).toEqual(["connecting", "open", "closed"]);
  });

  test("is a room that is none of one's own: what was said to it is refused", async () => {
    const elsewhere = await graph.world.group(project, jane);
    of.socket.connect(elsewhere.id);
    const said = failureOf(of.socket.sendMessage("Hello?"));
    expect(await of.hears("closed")).toMatchObject({ code: 4404 });
    expect(await said).toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("a token", () => {
  test("that has run out is followed by a newer one, and nothing is missed", async () => {
    const asked: (string | undefined)[] = [];
    const client = await clientWith((refused) => {
      asked.push(refused);
      return graph.server.token(jane, 60_000);
    });
    await client.enter(room.id);
    graph.world.clock.advance(60_000);
    await client.hears("state", 4);
    await of.chat.sendMessage({ room: room.id, content: "meanwhile" });
    expect((await client.hears("message_new")).message.content).toBe("meanwhile");
    expect(stateOf(client)).toEqual(["connecting", "open", "connecting", "open"]);
    expect(asked).toEqual([undefined, expect.any(String)]);
    expect(client.heard("resync")).toHaveLength(1);
  });

  test("is renewed in time while the app has a newer one, and the connection lives on", async () => {
    let tokens = 0;
    const client = await clientWith(async () => {
      const token = await graph.server.token(jane, 60_000);
      tokens += 1;
      return token;
    });
    await client.enter(room.id);
    for (let round = 1; round <= 4; round += 1) {
      graph.world.clock.advance(25_000);
      client.clock.advance(25_000);
      await until(() => tokens === 1 + round, "the newer token");
      // What is said after it is carried out after it.
      await client.socket.sendMessage("still here");
    }
    expect(stateOf(client)).toEqual(["connecting", "open"]);
  });

  test("that is refused twice ends it, until somebody has logged in", async () => {
    let token = "nonsense";
    const client = await clientWith(() => token);
    client.socket.connect(room.id);
    const waiting = client.socket.sendMessage("patience");
    await client.hears("unauthenticated");
    expect(client.socket.state).toBe("closed");
    token = await graph.token(jane);
    await client.enter(room.id);
    expect(await waiting).toMatchObject({ content: "patience" });
    expect(client.heard("unauthenticated")).toHaveLength(1);
  });

  test("that can't be had just now is asked for again", async () => {
    let asked = 0;
    const client = await clientWith(async () => {
      asked += 1;
      if (asked < 3) throw new Error("The log-in is away.");
      return graph.token(jane);
    });
    client.socket.connect(room.id);
    expect(await client.hears("state", 2)).toMatchObject({ state: "waiting", reason: "The log-in is away." });
    await client.comeBack();
    expect(asked).toBe(3);
  });

  test("that could never be one is told like one that is refused", async () => {
    const client = await clientWith(() => "no token at all");
    client.socket.connect(room.id);
    const told = client.hears("unauthenticated");
    await until(() => {
      client.clock.advance(1);
      return client.socket.state === "closed";
    });
    await told;
  });
});

test("a point that can't be resumed any more is told, and what happens from then on is heard", async () => {
  await other.enter(room.id);
  await of.chat.sendMessage({ room: room.id, content: "before" });
  await other.hears("message_new");
  await query(graph.world.database.fork(), sql`update feed_stream set epoch = epoch + 1 where id = ${`r${room.id}`}`);
  await of.chat.sendMessage({ room: room.id, content: "lost from sight" });
  await until(() => other.socket.state === "waiting", "the end");
  await other.comeBack();
  await other.hears("resync", 2);
  expect((await other.chat.getMessages(room.id)).map(({ content }) => content)).toEqual(["before", "lost from sight"]);
  await of.chat.sendMessage({ room: room.id, content: "after" });
  await other.hears("message_new", 2);
  expect(other.heard("message_new").map(({ message }) => message.content)).toEqual(["before", "after"]);
});
