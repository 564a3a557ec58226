import { describe, expect, test } from "@jest/globals";
import { keepRefusals } from "./audit.actions.js";
import type { AuditLine } from "./audit.js";
import { Refusals } from "../../platform/refusals.js";
import { query, sql } from "../../platform/sql.js";
import { auditedRooms, type AuditedRoom } from "../../test/audited-room.js";
import type { GraphqlWorld } from "../../test/graphql-world.js";
import { dial } from "../../test/raw-socket.js";
import { until } from "../../test/until.js";
import type { User } from "../directory/directory.js";
import { deleteMessage, sendMessage } from "../messages/message.actions.js";
import { addReaction } from "../reactions/reaction.actions.js";
import type { Room } from "../rooms/room.js";

const MINUTE_MS = 60_000;

let graph: GraphqlWorld;
let john: User;
let jane: User;
let bob: User;
let room: Room;
let trail: AuditedRoom["trail"];
let post: AuditedRoom["post"];
auditedRooms((made) => ({ graph, john, jane, bob, room, trail, post } = made));

/** What was refused is written once a minute: lets it pass until there is something. */
async function refusedUntil(
  found: (lines: readonly AuditLine[]) => boolean,
  query: object = { action: "access_refused", user: jane.username },
): Promise<readonly AuditLine[]> {
  let lines: readonly AuditLine[] = [];
  await until(async () => {
    graph.world.clock.advance(MINUTE_MS);
    lines = await trail(query);
    return found(lines);
  }, "what was refused to be written");
  return lines;
}

describe("what was refused is in it, counted:", () => {
  test("by a rule of the room", async () => {
    for (let times = 0; times < 3; times += 1)
      await graph.ask(jane, `mutation { deleteChatRoom(input: { roomId: "${room.id}" }) { roomId } }`);
    const lines = await refusedUntil((found) => found.length > 0);
    expect(lines).toMatchObject([
      { actor_id: jane.id, room_id: room.id, transport: "graphql", details: { code: "FORBIDDEN", count: 3 } },
    ]);
  });

  test.each([
    ["REST", async (id: number) => void (await post(bob, `/rooms/${id}/mark_read/`))],
    [
      "a query, which shows nothing",
      async (id: number) => void (await graph.ask(bob, `{ chatRoom(id: "${id}") { id } }`)),
    ],
    [
      "a federated reference",
      async (id: number) => {
        const document = `query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }`;
        await graph.ask(bob, document, { of: [{ __typename: "ChatRoom", id }] });
      },
    ],
    [
      "a mutation",
      async (id: number) =>
        void (await graph.ask(bob, `mutation { markChatRoomRead(input: { roomId: "${id}" }) { room { id } } }`)),
    ],
    [
      "a subscription",
      async (id: number) => {
        const document = `subscription { chatRoomEvents(roomId: "${id}") { __typename } }`;
        const heard = graph.listen(await graph.connect(bob), document);
        await until(() => heard.done || heard.errors.length > 0, "the refusal");
      },
    ],
    [
      "a raw socket",
      async (id: number) => {
        const line = dial(graph.server.url, id, { token: await graph.token(bob) });
        expect(await line.ended()).toBe(4404);
      },
    ],
  ])("over %s, a room that one is not in; and none that never was", async (_how, ask) => {
    await ask(999_999);
    await ask(room.id);
    const lines = await refusedUntil((found) => found.length > 0, { action: "access_refused", user: bob.username });
    expect(lines.map(({ room_id, details }) => [room_id, details])).toEqual([
      [room.id, { code: "NOT_FOUND", count: 1 }],
    ]);
  });

  test("a message of a room that one is not in; not one of one's own that is deleted", async () => {
    const scope = graph.world.as(john);
    const [hidden, own] = [
      await sendMessage(scope, { roomId: room.id, content: "x" }),
      await sendMessage(scope, { roomId: room.id, content: "y" }),
    ];
    await deleteMessage(scope, { messageId: own.id });
    for (const user of [bob, john])
      for (const { id } of [hidden, own])
        await graph.ask(
          user,
          `mutation { editChatMessage(input: { messageId: "${id}", content: "z" }) { message { id } } }`,
        );
    const lines = await refusedUntil((found) => found.length > 1, { action: "access_refused", user: bob.username });
    expect(lines.map(({ message_id }) => message_id)).toEqual([hidden.id, own.id]);
    expect(await trail({ action: "access_refused", user: john.username })).toEqual([]);
  });

  test("what is tried out by reference, with its room", async () => {
    const { id: messageId } = await sendMessage(graph.world.as(john), { roomId: room.id, content: "x" });
    const { reaction } = await addReaction(graph.world.as(jane), { messageId, emoji: "🎉" });
    const [participantId] = (
      await query<{ id: number }>(
        graph.world.database.fork(),
        sql`select id from chat_participant where room_id = ${room.id} and user_id = ${jane.id}`,
      )
    ).map(({ id }) => id);
    const ids = { ChatMessage: messageId, ChatParticipant: participantId, MessageReaction: reaction.id };
    const of = Object.entries(ids).flatMap(([__typename, id]) =>
      [id, 999_999].map((each) => ({ __typename, id: each })),
    );
    const document = `query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }`;
    for (const user of [john, bob])
      for (const representation of of) await graph.ask(user, document, { of: [representation] });
    const lines = await refusedUntil((found) => found.length > 0, { action: "access_refused", user: bob.username });
    expect(lines.flatMap((line) => (line.room_id === null ? [] : [[line.room_id, line.message_id]]))).toEqual([
      [room.id, messageId],
      [room.id, null],
      [room.id, messageId],
    ]);
    const ofJohn = await trail({ action: "access_refused", user: john.username });
    expect(ofJohn.filter(({ room_id }) => room_id !== null)).toEqual([]);
  });

  test("who tries many ids: five are looked at, and of the rest it is said that nobody knows", async () => {
    for (let id = 999_001; id <= 999_008; id += 1) await graph.ask(bob, `{ chatRoom(id: "${id}") { id } }`);
    await graph.ask(bob, `mutation { deleteChatMessage(input: { messageId: "999001" }) { messageId } }`);
    const lines = await refusedUntil((found) => found.length > 0, { action: "access_refused", user: bob.username });
    expect(lines.map(({ room_id, details }) => [room_id, details])).toEqual([
      [null, { code: "NOT_FOUND", count: 4, unverified: true }],
    ]);
  });

  test("also when it could not be written down at first", async () => {
    const { clock, database, services } = graph.world;
    const refusals = new Refusals(clock);
    const parts = { fork: () => database.fork(), services: { ...services, refusals }, hidden: async () => [] };
    const via = { transport: "rest", address: "192.0.2.77", requestId: "x" } as const;
    const written = async () =>
      (await trail({ action: "token_refused" })).filter(({ address }) => address === via.address);
    refusals.note({ actorId: null, isHost: false, via, code: "UNAUTHENTICATED", subject: {} });
    await query(database.fork(), sql`alter table chat_audit rename to chat_audit_away`);
    await keepRefusals(parts)();
    await query(database.fork(), sql`alter table chat_audit_away rename to chat_audit`);
    expect(await written()).toEqual([]);
    await keepRefusals(parts)();
    expect(await written()).toMatchObject([{ details: { code: "UNAUTHENTICATED", count: 1 } }]);
  });

  test("tokens, by where they come from", async () => {
    const before = (await trail({ action: "token_refused" })).length;
    for (let times = 0; times < 4; times += 1) await graph.server.graphql("no.token.at-all", "{ __typename }");
    const lines = await refusedUntil((found) => found.length > before, { action: "token_refused" });
    expect(lines.slice(before)).toMatchObject([
      { actor: "stranger", address: "127.0.0.1", details: { count: 4, reason: "The token is not valid." } },
    ]);
    expect(JSON.stringify(lines)).not.toContain("at-all");
  });
});
