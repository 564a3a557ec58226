import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { attachmentUrls } from "../../features/attachments/attachment.actions.js";
import type { User } from "../../features/directory/directory.js";
import type { ChatEvent, Delivery } from "../../features/feed/room-event.js";
import { roomStream } from "../../features/feed/stream.js";
import { editMessage, sendMessage } from "../../features/messages/message.actions.js";
import type { Message } from "../../features/messages/message.js";
import type { Room } from "../../features/rooms/room.js";
import { picture } from "../../test/files.js";
import { sendPicture } from "../../test/uploads.js";
import { createWorld, type World } from "../../test/world.js";
import { createFrames, type Frames } from "./frames.js";

const HOUR_MS = 3_600_000;

let world: World;
let john: User;
let jane: User;
let room: Room;
let message: Message;
let asked = 0;
let frames: Frames;
beforeAll(async () => {
  world = await createWorld();
  const project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  room = await world.group(project, john, jane);
  const { id: messageId } = await sendMessage(world.as(john), { roomId: room.id, content: "one" });
  message = await editMessage(world.as(john), { messageId, content: "two" });
  frames = createFrames(
    {
      fork() {
        asked += 1;
        return world.database.fork();
      },
    },
    world.services.files,
  );
});
afterAll(() => world.close());

/** As each follower is handed it: the event is shared, what it comes in need not be. */
const deliveryOf = (event: ChatEvent, seq: number | null = 7): Delivery => ({
  stream: roomStream(room.id),
  epoch: "a.1",
  seq,
  event,
  snapshots: { users: [john], messages: [] },
});

describe("an event that goes to many sockets", () => {
  test("is read for once and written once, for all who get the same", async () => {
    const clientKey = "3f0e8b6a-6d3c-4d0e-9d51-0b8e5a1f2c77";
    const event = { kind: "message_edited", message, cause: { userId: john.id, clientKey } } as const;
    asked = 0;
    const made = await Promise.all(Array.from({ length: 50 }, () => frames(deliveryOf(event))));
    const variants = [
      { userId: jane.id, resumes: false },
      { userId: jane.id, resumes: true },
      { userId: john.id, resumes: false },
      { userId: john.id, resumes: true },
    ].map((reader) => new Set(made.map((frame) => frame(reader))));
    expect(variants.map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    const texts = variants.map(([bytes]) => JSON.parse(String(bytes)) as Record<string, unknown>);
    expect(texts.map(({ seq, client_mutation_id: key }) => [seq, key])).toEqual([
      [undefined, undefined],
      [7, undefined],
      [undefined, clientKey],
      [7, clientKey],
    ]);
    expect(asked).toBe(1);
  });

  test("with a file is written once while its address works, and anew with the next one", async () => {
    const event = { kind: "message_sent", message: await sendPicture(world.as(john), room.id, "look") } as const;
    const bytes = async () => (await frames(deliveryOf(event)))({ userId: jane.id, resumes: false });
    const first = await bytes();
    expect(await bytes()).toBe(first);
    world.clock.advance(4 * HOUR_MS);
    const later = await bytes();
    expect(await bytes()).toBe(later);
    const [before, after] = [first, later].map((frame) => JSON.parse(String(frame)) as object);
    const url = event.message.attachment && attachmentUrls(world.services.files, event.message.attachment).url;
    const { length } = await picture("png");
    const shape = { attachment_url: url, attachment_name: "one.png", attachment_size: length, type: "image" };
    expect(after).toMatchObject({ type: "message_new", message: shape });
    expect(before).not.toEqual(after);
  });

  test("keeps no more memory for as long as it is remembered than it is long", async () => {
    const frame = await frames(deliveryOf({ kind: "message_sent", message }));
    const bytes = frame({ userId: jane.id, resumes: true });
    expect(bytes?.length).toBeGreaterThan(100);
    expect(bytes?.buffer.byteLength).toBe(bytes?.length);
  });

  test("of a room that is not shown to those who don't resume is no frame for them", async () => {
    const frame = await frames(deliveryOf({ kind: "room_changed", room }));
    expect(frame({ userId: jane.id, resumes: false })).toBeUndefined();
    expect(JSON.parse(String(frame({ userId: jane.id, resumes: true })))).toMatchObject({
      type: "room_changed",
      seq: 7,
    });
  });

  test("is asked for again when the database was away", async () => {
    let isAway = true;
    const fork = () => {
      if (isAway) throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });
      return world.database.fork();
    };
    const flaky = createFrames({ fork }, world.services.files);
    const delivery = deliveryOf({ kind: "message_edited", message });
    await expect(flaky(delivery)).rejects.toThrow("Connection terminated");
    isAway = false;
    expect((await flaky(delivery))({ userId: jane.id, resumes: false })).toBeDefined();
  });
});
