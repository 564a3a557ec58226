import { beforeEach, describe, expect, test } from "@jest/globals";
import { Typing } from "../../client/typing.ts";
import type { Project, User } from "../features/directory/directory.js";
import { addParticipant, removeParticipant } from "../features/rooms/participant.actions.js";
import { deleteRoom, renameRoom } from "../features/rooms/room.actions.js";
import type { Room } from "../features/rooms/room.js";
import { clientPairs, failureOf } from "./client-pair.js";
import type { ClientPerson } from "./client-world.js";
import type { GraphqlWorld } from "./graphql-world.js";
import { until } from "./until.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let of: ClientPerson;
let other: ClientPerson;
clientPairs((pair) => {
  ({ graph, project, john, jane, room, of, other } = pair);
});

const stateOf = ({ events }: ClientPerson) =>
  events.filter((event) => event.type === "state").map(({ state }) => state);
const happened = ({ events }: ClientPerson) => events.filter(({ type }) => type !== "state" && type !== "user_joined");
describe("what is said", () => {
  test("comes to everybody as frames, and to its speaker as the answer as well", async () => {
    await other.enter(room.id);
    await of.enter(room.id);
    const message = await of.socket.sendMessage("Hello!");
    const edited = await of.socket.editMessage(message.id, "Updated!");
    await other.hears("message_edited");
    await other.socket.addReaction(message.id, "👍");
    await other.socket.removeReaction(message.id, "👍");
    await of.hears("reaction_removed");
    await of.socket.deleteMessage(message.id);
    await other.hears("message_deleted");
    expect(message).toMatchObject({ content: "Hello!", user: { id: john.id } });
    expect(edited).toMatchObject({ id: message.id, content: "Updated!", is_edited: true });
    for (const client of [of, other]) {
      expect(happened(client)).toMatchObject([
        { type: "resync" },
        { type: "message_new", seq: 1, message },
        { type: "message_edited", seq: 2, message: edited },
        { type: "reaction_added", seq: 3, message_id: message.id, reaction: { emoji: "👍", user: { id: jane.id } } },
        { type: "reaction_removed", seq: 4, message_id: message.id, user_id: jane.id, emoji: "👍" },
        { type: "message_deleted", seq: 5, message_id: message.id },
      ]);
    }
  });

  test("keeps its order, however fast it is said", async () => {
    await of.enter(room.id);
    const words = Array.from({ length: 20 }, (_, index) => `${index}`);
    await Promise.all(words.map((word) => of.socket.sendMessage(word)));
    expect(of.heard("message_new").map(({ message }) => message.content)).toEqual(words);
  });

  test("and refused, is told to who waits for it and to who listens for errors; the next one goes on", async () => {
    await of.enter(room.id);
    const refused = failureOf(of.socket.sendMessage(""));
    void of.socket.editMessage(999_999, "nothing");
    const sent = of.socket.sendMessage("Hello!");
    expect(await refused).toMatchObject({ name: "ChatError", code: "BAD_USER_INPUT", message: expect.any(String) });
    expect(await sent).toMatchObject({ content: "Hello!" });
    expect(of.heard("error").map(({ code }) => code)).toEqual(["BAD_USER_INPUT", "NOT_FOUND"]);
  });

  test("without a room is told", async () => {
    expect(await failureOf(of.socket.sendMessage("Hello?"))).toMatchObject({ code: "DISCONNECTED" });
  });

  test("and longer than any frame may be, is told, and does not end the connection", async () => {
    await of.enter(room.id);
    expect(await failureOf(of.socket.sendMessage("x".repeat(200_000)))).toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    await of.socket.sendMessage("Hello!");
    expect(stateOf(of)).toEqual(["connecting", "open"]);
  });
});

test("what happens to the room and its people is heard", async () => {
  const bob = await graph.world.person("bob", project);
  await other.enter(room.id);
  await of.enter(room.id);
  await other.hears("user_joined");
  const as = graph.world.as(john);
  await addParticipant(as, { roomId: room.id, person: { id: bob.id } });
  await removeParticipant(as, { roomId: room.id, person: { id: bob.id } });
  await renameRoom(as, { roomId: room.id, name: "Renamed" });
  await other.hears("room_changed");
  of.socket.disconnect();
  await until(() => {
    graph.world.clock.advance(5_000);
    return other.heard("user_left").length > 0;
  }, "john to be gone");
  await deleteRoom(as, { roomId: room.id });
  await other.hears("closed");
  expect(other.events.filter(({ type }) => type !== "state")).toMatchObject([
    { type: "resync" },
    { type: "user_joined", user_id: john.id, username: john.username },
    { type: "participant_added", seq: 1, participant: { user: { id: bob.id } }, owner_id: john.id },
    { type: "participant_removed", seq: 2, participant: { user: { id: bob.id } }, owner_id: john.id },
    { type: "room_changed", seq: 3, room: { id: room.id, name: "Renamed" } },
    { type: "user_left", user_id: john.id, username: john.username },
    { type: "room_deleted", seq: 4, room_id: room.id },
    { type: "closed", code: 4404, reason: expect.any(String) },
  ]);
});

describe("typing", () => {
  beforeEach(async () => {
    await other.enter(room.id);
    await of.enter(room.id);
  });
  /** What was said before has been carried out, and all that follows from it is heard. */
  const typed = async () => {
    await of.socket.sendMessage("now");
    await other.hears("message_new", of.heard("message_new").length);
    return other.heard("user_typing").map(({ is_typing }) => is_typing);
  };

  test("is told once for many keys, again after 2 s, and taken back 3 s after the last", async () => {
    of.socket.setTyping(true);
    of.socket.setTyping(true);
    expect(await other.hears("user_typing")).toMatchObject({ user_id: john.id, username: john.username });
    of.clock.advance(2_000);
    of.socket.setTyping(true);
    of.clock.advance(2_999);
    expect(other.heard("user_typing").map(({ is_typing }) => is_typing)).toEqual([true]);
    of.clock.advance(1);
    await other.hears("user_typing", 2);
    expect(await typed()).toEqual([true, false]);
  });

  test("is said again every 2 s, so that the server does not take it for over", () => {
    const said: boolean[] = [];
    const typing = new Typing(
      (delayMs, callback) => of.clock.after(delayMs, callback),
      (isTyping) => said.push(isTyping),
    );
    for (let key = 0; key < 10; key += 1) {
      typing.set(true);
      of.clock.advance(500);
    }
    expect(said).toEqual([true, true, true]);
    of.clock.advance(3_000);
    expect(said).toEqual([true, true, true, false]);
  });

  test("ends with the message, and when it is said to", async () => {
    of.socket.setTyping(true);
    await other.hears("user_typing");
    await of.socket.sendMessage("Hello!");
    await other.hears("user_typing", 2);
    of.socket.setTyping(true);
    await other.hears("user_typing", 3);
    of.socket.setTyping(false);
    await other.hears("user_typing", 4);
    of.clock.advance(10_000);
    expect(await typed()).toEqual([true, false, true, false]);
  });
});

describe("handlers", () => {
  test("are told the room, and not called any more once that is ended", async () => {
    const heard: number[] = [];
    const stop = of.socket.on("message_new", (_frame, roomId) => heard.push(roomId));
    await of.enter(room.id);
    await of.socket.sendMessage("one");
    stop();
    await of.socket.sendMessage("two");
    expect(heard).toEqual([room.id]);
  });
});

describe("another room", () => {
  test("is heard instead of the one before, and what was said there while offline is still sent", async () => {
    const elsewhere = await graph.world.group(project, john, jane);
    await of.enter(room.id);
    await of.goOffline();
    const waiting = of.socket.sendMessage("in the first");
    of.socket.connect(elsewhere.id);
    of.network.mend();
    await until(() => {
      of.clock.advance(100);
      return of.socket.state === "open";
    }, "the other room");
    expect(await of.patiently(waiting)).toMatchObject({ room: room.id, content: "in the first" });
    await of.socket.sendMessage("in the second");
    expect(of.heard("message_new").map(({ message }) => message.room)).toEqual([elsewhere.id]);
  });

  test("and back again: fetch it afresh, and go on", async () => {
    const elsewhere = await graph.world.group(project, john, jane);
    await of.enter(room.id);
    await of.enter(elsewhere.id);
    await other.chat.sendMessage({ room: room.id, content: "missed" });
    await of.enter(room.id);
    await of.socket.sendMessage("back");
    expect(of.heard("resync")).toHaveLength(3);
    expect(of.heard("message_new").map(({ message }) => message.content)).toEqual(["back"]);
  });
});
