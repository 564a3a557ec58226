import { expect, test } from "@jest/globals";
import type { Project, User } from "../features/directory/directory.js";
import { addParticipant, removeParticipant } from "../features/rooms/participant.actions.js";
import { deleteRoom, renameRoom } from "../features/rooms/room.actions.js";
import { sendMessage } from "../features/messages/message.actions.js";
import type { Room } from "../features/rooms/room.js";
import { differenceInShape, readPage } from "./examples.js";
import { type GraphqlWorld } from "./graphql-world.js";
import { enter, type RawFrame, type RawLine } from "./raw-socket.js";
import { pairRooms } from "./pair-room.js";

// docs/websocket.md shows every frame. What it says one may say is said here, word for word but for the numbers, and what
// comes of it has to have the shape that the page shows.

const MESSAGE_ON_PAGE = 42;

/** The frames in the page's blocks of this name, one a line. */
function shown(name: string): readonly RawFrame[] {
  const blocks = [...readPage("docs/websocket.md").matchAll(/^```jsonl ([^\n]*)\n(.*?)^```$/gms)];
  const lines = blocks.flatMap(([, info, source = ""]) => (info === name ? source.trim().split("\n") : []));
  if (lines.length === 0) throw new Error(`The page shows nothing as ${name}.`);
  return lines.map((line) => JSON.parse(line) as RawFrame);
}

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let people: number;
pairRooms((pair) => {
  ({ graph, project, john, jane, room, people } = pair);
});

const lineOf = async (user: User, query = ""): Promise<RawLine> =>
  enter(graph.server.url, room.id, { token: await graph.server.token(user), query });

/** What comes of each frame that one may say. */
const follows: Readonly<Record<string, string>> = {
  message_send: "message_new",
  message_edit: "message_edited",
  message_delete: "message_deleted",
  reaction_add: "reaction_added",
  reaction_remove: "reaction_removed",
  typing: "user_typing",
};

test("what one may say brings the frames that the page shows", async () => {
  const message = await sendMessage(graph.world.as(john), { roomId: room.id, content: "Hello!" });
  const other = await lineOf(jane);
  const of = await lineOf(john);
  const said = shown("say");
  expect(said.map(({ type }) => type).toSorted()).toEqual(Object.keys(follows).toSorted());
  // A message that is deleted bears no reaction afterwards: that comes last.
  for (const frame of said.toSorted(
    (a, b) => Number(a.type === "message_delete") - Number(b.type === "message_delete"),
  )) {
    of.send("message_id" in frame ? { ...frame, message_id: message.id } : frame);
    await other.hears(follows[frame.type] ?? "");
  }
  of.socket.close();
  await of.ended();
  graph.world.clock.advance(5_000);
  await other.hears("user_left");
  for (const frame of shown("hear")) {
    expect(differenceInShape(await other.hears(frame.type), frame, frame.type)).toBeUndefined();
  }
  const types = new Set(shown("hear").map(({ type }) => type));
  expect(other.frames.filter(({ type }) => !types.has(type))).toEqual([]);
  expect(said.filter((frame) => "message_id" in frame).every((frame) => frame.message_id === MESSAGE_ON_PAGE)).toBe(
    true,
  );
});

test("who resumes hears what the page shows beside that", async () => {
  const alice = await graph.world.person(`alice${people}`, project);
  const line = await lineOf(john, "?after=");
  const as = graph.world.as(john);
  await addParticipant(as, { roomId: room.id, person: { id: alice.id } });
  await removeParticipant(as, { roomId: room.id, person: { id: alice.id } });
  await renameRoom(as, { roomId: room.id, name: "Renamed" });
  await deleteRoom(as, { roomId: room.id });
  expect(await line.ended()).toBe(4404);
  const frames = shown("hear resuming");
  expect(line.frames.slice(1).map(({ type }) => type)).toEqual(frames.map(({ type }) => type));
  for (const frame of frames) {
    expect(differenceInShape(line.ofType(frame.type)[0], frame, frame.type)).toBeUndefined();
  }
});
