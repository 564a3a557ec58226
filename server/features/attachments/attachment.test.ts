import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { picture, type TestFile } from "../../test/files.js";
import { until } from "../../test/until.js";
import { filesIn, incoming, type UploadInput } from "../../test/uploads.js";
import { createWorld, type World } from "../../test/world.js";
import { query, queryOne, sql } from "../../platform/sql.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, editMessage, sendMessage } from "../messages/message.actions.js";
import type { Message } from "../messages/message.js";
import { removeParticipant } from "../rooms/participant.actions.js";
import { deleteRoom } from "../rooms/room.actions.js";
import type { Room } from "../rooms/room.js";
import { roomStream } from "../feed/stream.js";
import { claimSweep } from "./attachment.queries.js";
import { startSweep, sweepObjects } from "./attachment.sweep.js";

const HOUR_MS = 3_600_000;

let world: World;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let png: TestFile;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  john = await world.person("john", project);
  jane = await world.person("jane", project);
  png = { name: "größe 1.png", bytes: await picture("png"), contentType: "image/png" };
});
afterAll(() => world.close());
beforeEach(async () => {
  room = await world.group(project, john, jane);
});

const stored = () => filesIn(world.dataDir);
const as = (user: User) => world.as(user);
const send = (file: TestFile = png, more: Partial<UploadInput> = {}, user = john): Promise<Message> =>
  sendMessage(as(user), { roomId: room.id, content: "", ...more, attachment: incoming(file) });
const notes = (content = "words"): TestFile => ({ name: "notes.txt", bytes: Buffer.from(content) });

describe("a message with a file", () => {
  test("needs no words, and is an image when it carries a picture, a file otherwise", async () => {
    const shown = await send();
    expect([shown.type, shown.content, shown.attachment]).toMatchObject([
      "image",
      "",
      { name: "größe 1.png", width: 64, height: 48, contentType: "image/png", size: png.bytes.length },
    ]);
    expect((await send(notes(), { content: "look" })).type).toBe("file");
    expect((await send(png, { type: "file" })).type).toBe("file");
    expect((await send(png, { type: "image", content: " \n " })).content).toBe("");
  });

  test.each([
    ["text", () => png, "text"],
    ["an image that is none", () => notes(), "image"],
  ])("can't be sent as %s", async (_what, file, type) => {
    const before = await stored();
    await expect(send(file(), { type })).rejects.toMatchObject({ code: "BAD_USER_INPUT", details: { field: "type" } });
    expect(await stored()).toEqual(before);
  });

  test("is read only once its sender was seen to be in the room", async () => {
    const dee = await world.person(`dee${room.id}`, project);
    let read = false;
    const attachment = {
      name: "a.txt",
      async *read() {
        read = true;
        yield Buffer.from("words");
      },
    };
    const sent = sendMessage(as(dee), { roomId: room.id, content: "", attachment });
    await expect(sent).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(read).toBe(false);
  });

  test("under a key is sent once, whatever its bytes' second journey leaves; another file is another message", async () => {
    const clientMutationId = randomUUID();
    const first = await send(png, { clientMutationId });
    const before = await stored();
    expect(await send(png, { clientMutationId })).toEqual(first);
    const reused = { code: "IDEMPOTENCY_KEY_REUSED" };
    await expect(
      send({ ...png, bytes: await picture("png", { width: 65 }) }, { clientMutationId }),
    ).rejects.toMatchObject(reused);
    await expect(send({ ...png, name: "another.png" }, { clientMutationId })).rejects.toMatchObject(reused);
    await expect(sendMessage(as(john), { roomId: room.id, content: "words", clientMutationId })).rejects.toMatchObject(
      reused,
    );
    expect(await stored()).toEqual(before);
  });

  test("keeps it when its words are edited, even to none", async () => {
    const { id, attachment } = await send(png, { content: "look" });
    const edited = await editMessage(as(john), { messageId: id, content: "" });
    expect([edited.content, edited.attachment, edited.type]).toEqual(["", attachment, "image"]);
    const { id: words } = await sendMessage(as(john), { roomId: room.id, content: "words" });
    await expect(editMessage(as(john), { messageId: words, content: "" })).rejects.toMatchObject({
      details: { field: "content" },
    });
  });

  test("takes it along when it is deleted: the row, the log and the storage forget it", async () => {
    const before = await stored();
    const { id, attachment } = await send(png, { content: "look" });
    await editMessage(as(john), { messageId: id, content: "look here" });
    expect((await stored()).length).toBe(before.length + 2);
    await deleteMessage(as(john), { messageId: id });
    expect(await stored()).toEqual(before);
    const left = await query(
      world.database.fork(),
      sql`select payload::text as text from feed_entry where stream = ${roomStream(room.id)}
          union all select row_to_json(a)::text from chat_attachment a where a.room_id = ${room.id}
          union all select row_to_json(m)::text from chat_message m where m.id = ${id}`,
    );
    expect(left.length).toBeGreaterThan(3);
    expect(JSON.stringify(left)).not.toMatch(/chat_attachments|größe|look/);
    expect(attachment?.key).toMatch(/^chat_attachments/);
  });

  test("whose sending fails in the database leaves nothing", async () => {
    const before = await stored();
    const scope = as(john);
    const bob = await world.person(`bob${room.id}`, project);
    const other = await world.group(project, bob, john);
    const attachment = {
      name: "a.txt",
      async *read() {
        yield Buffer.from("words");
        // Between being let in and the last byte.
        await removeParticipant(as(bob), { roomId: other.id, person: { id: john.id } });
      },
    };
    const sent = sendMessage(scope, { roomId: other.id, content: "", attachment });
    await expect(sent).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await stored()).toEqual(before);
  });
});

test("a file that can't be stored is said to be nobody's fault, and nothing of it stays", async () => {
  const before = await stored();
  const put = () => Promise.reject(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
  const { services } = world;
  const broken = { ...services.files, storage: { ...services.files.storage, put } };
  const scope = { ...as(john), services: { ...services, files: broken } };
  const sending = sendMessage(scope, { roomId: room.id, content: "look", attachment: incoming(png) });
  await expect(sending).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(/^Files can't be/),
  });
  expect(await stored()).toEqual(before);
});

describe("a file whose message may or may not have been written", () => {
  test.each([
    ["stays when the connection broke: the sweep will know", "ECONNRESET", 2],
    ["goes when the database has said that it did nothing", "55P03", 0],
  ])("%s", async (_what, code, more) => {
    const before = await stored();
    const scope = as(john);
    const em = world.database.fork().fork();
    const kysely = em.getKysely.bind(em);
    const failing = () => {
      const connected = kysely().withoutPlugins();
      const execute = connected.executeQuery.bind(connected);
      const value: typeof execute = async (asked) => {
        if ("sql" in asked && asked.sql.includes("insert into chat_message"))
          throw Object.assign(new Error("it failed"), { code });
        return execute(asked);
      };
      return Object.defineProperty(connected, "executeQuery", { value });
    };
    Object.defineProperty(em, "getKysely", { value: failing });
    const sent = sendMessage({ ...scope, em }, { roomId: room.id, content: "", attachment: incoming(png) });
    await expect(sent).rejects.toThrow("it failed");
    expect((await stored()).length).toBe(before.length + more);
  });
});

describe("the sweep", () => {
  const fork = () => world.database.fork();
  const sweep = (before: Date) => sweepObjects(fork, world.services.files.storage, { before });

  test("takes what a deleted room has left once it is old enough, and nothing that a message names", async () => {
    const kept = await send();
    const gone = await world.group(project, jane);
    const { attachment } = await sendMessage(as(jane), { roomId: gone.id, content: "", attachment: incoming(png) });
    await deleteRoom(as(jane), { roomId: gone.id });
    await sweep(new Date(Date.now() - HOUR_MS));
    expect((await stored()).join(" ")).toContain(attachment?.key);
    await sweep(new Date(Date.now() + HOUR_MS));
    const left = (await stored()).join(" ");
    expect(left).not.toContain(attachment?.key);
    expect(left).toContain(`${kept.attachment?.key} `);
    expect(left).toContain(`${kept.attachment?.key}.thumb.webp`);
  });

  test("runs by itself every hour, and takes what a killed process has left of uploads", async () => {
    await query(fork(), sql`update chat_media set swept_at = null`);
    const { files, clock, logger } = world.services;
    const half = await files.incoming.path();
    await writeFile(half, "half a file");
    const { attachment } = await send();
    await query(fork(), sql`delete from chat_room where id = ${room.id}`);
    // What was written just now has become old.
    world.clock.advance(3 * HOUR_MS);
    const end = startSweep({ fork, files, clock, logger });
    await until(async () => !(await stored()).some((path) => path.startsWith("incoming")), "the sweep of uploads");
    expect((await stored()).join(" ")).toContain(attachment?.key);
    world.clock.advance(HOUR_MS);
    await until(async () => !(await stored()).join(" ").includes(attachment?.key ?? ""), "the sweep of objects");
    await end();
  });

  test("is taken on by one node once in an hour", async () => {
    await query(fork(), sql`update chat_media set swept_at = null`);
    const now = world.clock.now();
    const claims = await Promise.all([1, 2, 3].map(() => claimSweep(fork(), now, HOUR_MS)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await claimSweep(fork(), new Date(now.getTime() + HOUR_MS - 1), HOUR_MS)).toBe(false);
    expect(await claimSweep(fork(), new Date(now.getTime() + HOUR_MS), HOUR_MS)).toBe(true);
  });
});

test("a removal ends the addresses from before, and nothing else does", async () => {
  const generation = async () =>
    (
      await queryOne<{ g: number }>(
        world.database.fork(),
        sql`select media_generation as g from chat_room where id = ${room.id}`,
      )
    )?.g;
  const before = await generation();
  const { attachment } = await send();
  expect(attachment?.mediaGeneration).toBe(before);
  await removeParticipant(as(john), { roomId: room.id, person: { id: jane.id } });
  expect(await generation()).toBe((before ?? 0) + 1);
  expect((await send()).attachment?.mediaGeneration).toBe((before ?? 0) + 1);
});
