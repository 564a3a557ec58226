import { expect, test } from "@jest/globals";
import { z } from "zod";
import type { User } from "../features/directory/directory.js";
import { upsertUsers } from "../features/rooms/host.actions.js";
import type { Room } from "../features/rooms/room.js";
import { DEPARTURE_GRACE_MS } from "../features/presence/presence.js";
import { type GraphqlWorld, type Heard } from "../test/graphql-world.js";
import { enter, type RawLine } from "../test/raw-socket.js";
import { until } from "../test/until.js";
import { NOWHERE } from "../test/world.js";
import { createConnections } from "./connections.js";
import { pairRooms } from "../test/pair-room.js";

let graph: GraphqlWorld;
let john: User;
let jane: User;
let room: Room;
let people: number;
pairRooms((pair) => {
  ({ graph, john, jane, room, people } = pair);
});

const PEOPLE = `subscription { chatEvents { __typename
  ... on ChatMessageSent { message { user { chatDisplayName } } }
  ... on ChatUserChanged { user { chatDisplayName } }
  ... on ChatPresenceChanged { user { chatDisplayName chatPresence } } } }`;
const hostSays = (user: User, change: object) =>
  upsertUsers(graph.world.host(), {
    users: [{ id: user.hostId, username: user.username, displayName: user.displayName, ...change }],
  });
const closeOf = z.object({ code: z.int(), reason: z.string() });
const lineOf = async (user: User): Promise<RawLine> =>
  enter(graph.server.url, room.id, { token: await graph.token(user) });
const of = ({ events }: Heard, typename: string) => events.filter((event) => event.__typename === typename);
const rename = async (ears: Heard): Promise<void> => {
  await hostSays(jane, { username: `janet${people}`, displayName: "Janet" });
  await until(() => of(ears, "ChatUserChanged").length > 0, "the news");
};

test("who is renamed goes by the new name in all that their open sockets say from then on", async () => {
  const [client, line] = [await graph.connect(jane), await lineOf(jane)];
  const ofJohn = await lineOf(john);
  await graph.follow(client, PEOPLE);
  const ears = await graph.follow(await graph.connect(john), PEOPLE);
  await rename(ears);
  const send = graph.listen(
    client,
    `mutation { sendChatMessage(input: { roomId: "${room.id}", content: "by GraphQL" }) { message { user { chatDisplayName } } } }`,
  );
  await until(() => of(ears, "ChatMessageSent").length === 1, "the first message");
  line.send({ type: "message_send", content: "by the raw WebSocket" });
  await until(() => of(ears, "ChatMessageSent").length === 2, "the second message");
  expect(of(ears, "ChatMessageSent")).toMatchObject([
    { message: { user: { chatDisplayName: "Janet" } } },
    { message: { user: { chatDisplayName: "Janet" } } },
  ]);
  expect(send.events).toMatchObject([{ message: { user: { chatDisplayName: "Janet" } } }]);
  line.send({ type: "typing", is_typing: true });
  expect(await ofJohn.hears("user_typing")).toMatchObject({ username: `janet${people}` });
});

test("who is renamed leaves by the new name, too", async () => {
  const [client, ofJohn] = [await graph.connect(jane), await lineOf(john)];
  await graph.follow(client, PEOPLE);
  await ofJohn.hears("user_joined");
  const ears = await graph.follow(await graph.connect(john), PEOPLE);
  await rename(ears);
  await client.dispose();
  await until(() => {
    graph.world.clock.advance(DEPARTURE_GRACE_MS);
    return of(ears, "ChatPresenceChanged").length > 0 && ofJohn.ofType("user_left").length > 0;
  }, "the departure");
  expect(of(ears, "ChatPresenceChanged")).toMatchObject([
    { user: { chatDisplayName: "Janet", chatPresence: "OFFLINE" } },
  ]);
  expect(ofJohn.ofType("user_left")).toMatchObject([{ username: `janet${people}` }]);
});

test("who is deleted has no connection any more: all are closed with 4401, and nobody else's", async () => {
  const [client, line, ofJohn] = [await graph.connect(jane), await lineOf(jane), await lineOf(john)];
  const closed: unknown[] = [];
  client.on("closed", (event) => closed.push(closeOf.parse(event)));
  await graph.follow(client, PEOPLE);
  await hostSays(jane, { isDeleted: true });
  await line.ended();
  await until(() => closed.length > 0, "the close");
  const expected = { code: 4401, reason: "This account has been deleted." };
  expect(closed).toEqual([expected]);
  // That they are out of the room may come first; whichever does, it is the end.
  expect([expected, { code: 4403, reason: "You are no longer in this room." }]).toContainEqual(line.closed);
  expect(ofJohn.closed.code).toBeUndefined();
});

test("what is said of somebody while they are let in counts", async () => {
  const { database, services } = graph.world;
  const ended: string[] = [];
  const connections = createConnections(
    async () => {
      await hostSays(jane, { isDeleted: true });
      await until(() => heard, "the news");
      return { actor: jane, expiresAtMs: Number.MAX_SAFE_INTEGER, token: jane };
    },
    { database, services },
  );
  let heard = false;
  const stop = await connections.listen();
  const stopHearing = await services.pubsub.subscribe("people", () => (heard = true));
  const seat = await connections.enter({ authorization: "Bearer token", via: NOWHERE }, (reason) => ended.push(reason));
  expect([ended, seat]).toMatchObject([["This account has been deleted."], { actor: { displayName: "Deleted user" } }]);
  if ("leave" in seat) seat.leave();
  await stopHearing();
  await stop();
});

test("a token that is revoked while it is let in, or while another is renewed with it, ends the connection", async () => {
  const { database, services } = graph.world;
  const untilMs = Number.MAX_SAFE_INTEGER;
  /** Whoever revokes the token does so after it was looked at. */
  const authenticate = async (authorization: unknown) => {
    const tokenId = String(authorization);
    if (tokenId !== "kept") services.revokedTokens.add([{ tokenId, untilMs }]);
    return { actor: jane, expiresAtMs: untilMs, token: { tokenId, hostId: jane.hostId } };
  };
  const connections = createConnections(authenticate, { database, services });
  const enterWith = async (authorization: string) => {
    const ended: string[] = [];
    const seat = await connections.enter({ authorization, via: NOWHERE }, (reason) => ended.push(reason));
    if ("refused" in seat) throw new Error(seat.message);
    return { seat, ended };
  };
  const revoked = ["The token has been revoked: log in again."];
  const [first, second] = [await enterWith("lost"), await enterWith("kept")];
  expect([first.ended, second.ended]).toEqual([revoked, []]);
  await second.seat.renew("lost, too");
  expect(second.ended).toEqual(revoked);
  for (const { seat } of [first, second]) seat.leave();
});
