import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Client } from "graphql-ws";
import { picture } from "../../test/files.js";
import { startGraphqlWorld, type GraphqlWorld, type Heard } from "../../test/graphql-world.js";
import { incoming } from "../../test/uploads.js";
import { until } from "../../test/until.js";
import type { Project, User } from "../directory/directory.js";
import { editMessage, sendMessage } from "../messages/message.actions.js";
import { removeParticipant } from "../rooms/participant.actions.js";
import type { Room } from "../rooms/room.js";

// Whoever is still in a room never gets an address that a removal has ended, wherever the event comes from.

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let socket: Client;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  jane = await graph.world.person("jane", project);
  socket = await graph.connect(jane);
});
afterAll(() => graph.close());

let bob: User;
beforeEach(async () => {
  bob = await graph.world.person(`bob${Math.random()}`, project);
  room = await graph.world.group(project, john, jane, bob);
});

const MESSAGE = "message { id attachment { url thumbnailUrl } }";
const EVENTS = `subscription ($roomId: ID!, $after: String) { chatRoomEvents(roomId: $roomId, after: $after) { __typename cursor
  ... on ChatMessageSent { ${MESSAGE} } ... on ChatMessageEdited { ${MESSAGE} }
  ... on ChatMessageDeleted { lastMessage { id attachment { url thumbnailUrl } } } } }`;

const as = (user: User) => graph.world.as(user);
const removeBob = () => removeParticipant(as(john), { roomId: room.id, person: { id: bob.id } });
async function show(content: string) {
  const attachment = incoming({ name: "one.png", bytes: await picture("png") });
  return sendMessage(as(john), { roomId: room.id, content, attachment });
}
/** Every address that was heard, and how the server answers it now. */
async function answersTo({ events }: Heard): Promise<readonly number[]> {
  const urls = [...JSON.stringify(events).matchAll(/"(?:url|thumbnailUrl)":"([^"]+)"/g)].map(([, url]) => url ?? "");
  return Promise.all(urls.map(async (url) => (await fetch(`${graph.server.url}${url}`)).status));
}
const hear = async (heard: Heard, kind: string) =>
  until(() => heard.events.some(({ __typename }) => __typename === kind), kind);

describe("an address in an event works", () => {
  test("as it happens, before and after somebody is removed", async () => {
    const heard = await graph.follow(socket, EVENTS, { roomId: room.id });
    await show("one");
    await hear(heard, "ChatMessageSent");
    expect(await answersTo(heard)).toEqual([200, 200]);
    await removeBob();
    await hear(heard, "ChatParticipantRemoved");
    expect(await answersTo(heard)).toEqual([404, 404]);
    await show("two");
    await until(() => heard.events.length === 4, "the second picture");
    expect(await answersTo(heard)).toEqual([404, 404, 200, 200]);
    heard.stop();
  });

  test.each(["while somebody follows, whose node has the events in memory", "from the log alone"])(
    "when it is resumed from before a removal: %s",
    async (where) => {
      const start = await graph.follow(socket, EVENTS, { roomId: room.id });
      const after = start.events[0]?.cursor;
      const { id } = await show("one");
      await editMessage(as(john), { messageId: id, content: "edited" });
      await hear(start, "ChatMessageEdited");
      await removeBob();
      await hear(start, "ChatParticipantRemoved");
      if (where.startsWith("from")) start.stop();
      const resumed = graph.listen(socket, EVENTS, { roomId: room.id, after });
      await hear(resumed, "ChatParticipantRemoved");
      expect(await answersTo(resumed)).toEqual([200, 200, 200, 200]);
      resumed.stop();
      start.stop();
    },
  );
});
