import { describe, expect, test } from "@jest/globals";
import type { Project, User } from "../../features/directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../../features/messages/message.actions.js";
import { addReaction, removeReaction } from "../../features/reactions/reaction.actions.js";
import { addParticipant, removeParticipant } from "../../features/rooms/participant.actions.js";
import type { Room } from "../../features/rooms/room.js";
import { type GraphqlWorld } from "../../test/graphql-world.js";
import { carriedOut, enter, type Dial, type RawLine } from "../../test/raw-socket.js";
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
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const shapeOf = ({ id, username, displayName }: User) => ({ id, username, display_name: displayName });

describe("the frames of the original system", () => {
  test("message_send: everybody in the room gets message_new, the sender too, once", async () => {
    const [of, other] = [await lineOf(john), await lineOf(jane)];
    of.send({ type: "message_send", content: "Hello!", message_type: "text" });
    const [mine, theirs] = [await of.hears("message_new"), await other.hears("message_new")];
    expect(mine).toEqual({
      type: "message_new",
      message: {
        id: expect.any(Number),
        room: room.id,
        user: shapeOf(john),
        content: "Hello!",
        type: "text",
        attachment_url: null,
        attachment_name: "",
        attachment_size: null,
        reactions: [],
        is_edited: false,
        edited_at: null,
        created_at: time,
        updated_at: time,
      },
    });
    expect(theirs).toEqual(mine);
    await carriedOut(of);
    expect(of.ofType("message_new")).toHaveLength(1);
  });

  test("message_edit: message_edited has the whole message, with its reactions", async () => {
    const message = await say(john, "Hello!");
    await addReaction(as(jane), { messageId: message.id, emoji: "👍" });
    const [of, other] = [await lineOf(john), await lineOf(jane)];
    of.send({ type: "message_edit", message_id: message.id, content: "Updated content" });
    const frame = await other.hears("message_edited");
    expect(frame).toMatchObject({
      type: "message_edited",
      message: {
        id: message.id,
        room: room.id,
        user: shapeOf(john),
        content: "Updated content",
        is_edited: true,
        edited_at: time,
        reactions: [{ id: expect.any(Number), user: shapeOf(jane), emoji: "👍", created_at: time }],
      },
    });
    expect(await of.hears("message_edited")).toEqual(frame);
  });

  test("message_delete: message_deleted has the number", async () => {
    const message = await say(john, "Hello!");
    const [of, other] = [await lineOf(john), await lineOf(jane)];
    of.send({ type: "message_delete", message_id: message.id });
    expect(await other.hears("message_deleted")).toEqual({ type: "message_deleted", message_id: message.id });
    expect(await of.hears("message_deleted")).toEqual({ type: "message_deleted", message_id: message.id });
  });

  test("reaction_add and reaction_remove: both say on which message", async () => {
    const message = await say(john, "Hello!");
    const [of, other] = [await lineOf(jane), await lineOf(john)];
    of.send({ type: "reaction_add", message_id: message.id, emoji: "👍" });
    of.send({ type: "reaction_remove", message_id: message.id, emoji: "👍" });
    expect([await other.hears("reaction_added"), await other.hears("reaction_removed")]).toEqual([
      {
        type: "reaction_added",
        message_id: message.id,
        reaction: { id: expect.any(Number), user: shapeOf(jane), emoji: "👍", created_at: time },
      },
      { type: "reaction_removed", message_id: message.id, user_id: jane.id, emoji: "👍" },
    ]);
  });

  test("typing: the others hear it once, and that it has ended 3 seconds after it was last said; the typer never", async () => {
    const [of, other] = [await lineOf(jane), await lineOf(john)];
    of.send({ type: "typing", is_typing: true });
    await other.hears("user_typing");
    graph.world.clock.advance(2_000);
    of.send({ type: "typing", is_typing: true });
    await carriedOut(of);
    graph.world.clock.advance(2_999);
    await carriedOut(other);
    const started = { type: "user_typing", user_id: jane.id, username: jane.username, is_typing: true };
    expect(other.ofType("user_typing")).toEqual([started]);
    graph.world.clock.advance(1);
    expect(await other.hears("user_typing", 2)).toEqual({ ...started, is_typing: false });
    await carriedOut(of);
    expect(of.ofType("user_typing")).toEqual([]);
  });

  test("typing ends when it is said, and when the socket that said so closes", async () => {
    const [of, other] = [await lineOf(jane), await lineOf(john)];
    of.send({ type: "typing", is_typing: true });
    of.send({ type: "typing", is_typing: false });
    await other.hears("user_typing", 2);
    of.send({ type: "typing", is_typing: true });
    await other.hears("user_typing", 3);
    of.socket.close();
    await other.hears("user_typing", 4);
    expect(other.ofType("user_typing").map(({ is_typing }) => is_typing)).toEqual([true, false, true, false]);
  });

  test("user_joined with one's first connection that follows the room, user_left 5 seconds after the last has closed", async () => {
    const other = await lineOf(john);
    const first = await lineOf(jane);
    expect(await other.hears("user_joined")).toEqual({
      type: "user_joined",
      user_id: jane.id,
      username: jane.username,
    });
    // By GraphQL too, whether it follows the room or all rooms.
    const client = await graph.connect(jane);
    const all = await graph.follow(client, "subscription { chatEvents { __typename } }");
    const one = await graph.follow(client, "subscription ($id: ID!) { chatRoomEvents(roomId: $id) { __typename } }", {
      id: String(room.id),
    });
    first.socket.close();
    await first.ended();
    one.stop();
    const letTimePass = async () => {
      graph.world.clock.advance(5_000);
      await carriedOut(other);
    };
    for (let round = 0; round < 3; round += 1) await letTimePass();
    expect([other.ofType("user_joined").length, other.ofType("user_left").length]).toEqual([1, 0]);
    all.stop();
    await until(async () => {
      await letTimePass();
      return other.ofType("user_left").length === 1;
    }, "the departure");
    expect(other.ofType("user_left")).toEqual([{ type: "user_left", user_id: jane.id, username: jane.username }]);
    await graph.follow(client, "subscription { chatEvents { __typename } }");
    await other.hears("user_joined", 2);
  });

  test("of oneself one hears neither: a second connection and a reload are no news", async () => {
    const [other, of] = [await lineOf(john), await lineOf(jane)];
    await other.hears("user_joined");
    const second = await lineOf(jane);
    of.socket.close();
    second.socket.close();
    await Promise.all([of.ended(), second.ended()]);
    graph.world.clock.advance(4_000);
    const third = await lineOf(jane);
    graph.world.clock.advance(10_000);
    await say(john, "marker");
    await other.hears("message_new");
    await third.hears("message_new");
    expect([other.ofType("user_joined").length, other.ofType("user_left").length]).toEqual([1, 0]);
    expect([...third.ofType("user_joined"), ...third.ofType("user_left")]).toEqual([]);
  });

  test("who follows all rooms is told of when they are added, and 5 seconds after they were removed", async () => {
    const other = await lineOf(john);
    const bob = await graph.world.person(`bob${people}`, project);
    const clients = [await graph.connect(bob), await graph.connect(bob)];
    const all = await Promise.all(
      clients.map((client) => graph.follow(client, "subscription { chatEvents { __typename } }")),
    );
    await addParticipant(as(john), { roomId: room.id, person: { id: bob.id } });
    expect(await other.hears("user_joined")).toEqual({ type: "user_joined", user_id: bob.id, username: bob.username });
    await removeParticipant(as(john), { roomId: room.id, person: { id: bob.id } });
    await until(() => all.every(({ events }) => events.some(({ __typename }) => __typename === "ChatRoomLeft")));
    await until(async () => {
      graph.world.clock.advance(5_000);
      await carriedOut(other);
      return other.ofType("user_left").length > 0;
    }, "the departure");
    expect([other.ofType("user_joined").length, other.ofType("user_left").length]).toEqual([1, 1]);
  });

  test("come from whatever transport it was done by, and nothing else does", async () => {
    const line = await lineOf(jane);
    const message = await say(john, "one");
    await graph.mutate(john, "renameChatRoom", { roomId: String(room.id), name: "Renamed" }, "room { id }");
    await editMessage(as(john), { messageId: message.id, content: "two" });
    await addReaction(as(john), { messageId: message.id, emoji: "❤" });
    await removeReaction(as(john), { messageId: message.id, emoji: "❤" });
    await deleteMessage(as(john), { messageId: message.id });
    await line.hears("message_deleted");
    expect(line.frames.map(({ type }) => type)).toEqual([
      "message_new",
      "message_edited",
      "reaction_added",
      "reaction_removed",
      "message_deleted",
    ]);
    expect(line.frames.every((frame) => !("seq" in frame))).toBe(true);
  });
});
