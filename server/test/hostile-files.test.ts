import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { User } from "../features/directory/directory.js";
import { sendMessage } from "../features/messages/message.actions.js";
import type { Message } from "../features/messages/message.js";
import type { Room } from "../features/rooms/room.js";
import { query, sql } from "../platform/sql.js";
import { hostileFiles, type HostileFile } from "./hostile-files.js";
import { bombs } from "./picture-bombs.js";
import { scriptedPictures } from "./scripted-pictures.js";
import { filesIn, incoming } from "./uploads.js";
import { createWorld, type World } from "./world.js";

let world: World;
let john: User;
let room: Room;
beforeAll(async () => {
  world = await createWorld();
  const project = await world.project("apollo");
  john = await world.person("john", project);
  room = await world.group(project, john);
});
afterAll(() => world.close());

const disguised = [...hostileFiles, ...scriptedPictures];
const ALLOWED = "jpg, jpeg, png, gif, webp, pdf, doc, docx, txt";

async function send([, name, make, contentType = ""]: HostileFile): Promise<Message> {
  const attachment = incoming({ name, bytes: await make(), contentType });
  return sendMessage(world.as(john), { roomId: room.id, content: "Look.", attachment });
}

/** What may be left of a file: messages, and files that are stored or coming in. */
async function left() {
  const rows = await query(world.database.fork(), sql`select id from chat_message`);
  return { messages: rows.length, files: await filesIn(world.dataDir) };
}

describe("what is not what it says is refused, with what is allowed, and nothing of it stays:", () => {
  test.each(disguised.map((file) => [file[0], file] as const))("%s", async (_what, file) => {
    const before = await left();
    await expect(send(file)).rejects.toMatchObject({
      code: "UNSUPPORTED_MEDIA_TYPE",
      details: { field: "attachment" },
      message: expect.stringContaining(ALLOWED),
    });
    expect(await left()).toEqual(before);
  });
});

describe("what is small and stands for gigabytes is refused before it is decoded, and nothing of it stays:", () => {
  test.each(bombs.map((file) => [file[0], file] as const))("%s", async (_what, file) => {
    const before = await left();
    expect((await file[2]()).length).toBeLessThan(1_000_000);
    await expect(send(file)).rejects.toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      message: expect.stringContaining("pixels"),
    });
    expect(await left()).toEqual(before);
  });
});

test("they are more than a hundred, and no two of them alike", async () => {
  const sums = [...disguised, ...bombs].map(async ([, name, make, contentType = ""]) =>
    createHash("sha256")
      .update(`${name}\n${contentType}\n`)
      .update(await make())
      .digest("hex"),
  );
  const distinct = new Set(await Promise.all(sums));
  expect(distinct.size).toBe(disguised.length + bombs.length);
  expect(distinct.size).toBeGreaterThan(100);
});
