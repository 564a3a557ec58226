import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { deleteMessage, editMessage, sendMessage } from "../features/messages/message.actions.js";
import type { Message } from "../features/messages/message.js";
import { historiesOf } from "../features/messages/message.queries.js";
import type { Project, User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { viewedRoom } from "../features/rooms/room.queries.js";
import { query, sql } from "../platform/sql.js";
import { bomb, pdf, picture } from "../test/files.js";
import { contentOf, fileOf, importBeside, type FileLine } from "../test/importing.js";
import { filesIn, incoming } from "../test/uploads.js";
import { createWorld, type World } from "../test/world.js";
import { filesBeside } from "./files.js";
import { importFile } from "./import.js";

const DAY_MS = 24 * 3_600_000;

let world: World;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
  project = await world.project("apollo");
  [john, jane] = [await world.person("john", project), await world.person("jane", project)];
});
afterAll(() => world.close());
beforeEach(async () => {
  room = await world.group(project, john, jane);
  folder = await mkdtemp(join(tmpdir(), "parley-beside-"));
  await write("files/sketch.png", await picture("png"));
  await write("offer.pdf", pdf());
  await write("notes.txt", "words");
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

// One a second, long ago.
let ids = 1_000;
const line = (attachment: string | null, more: object = {}) => {
  ids += 1;
  const created_at = new Date(Date.UTC(2025, 10, 6) + ids * 1_000).toISOString();
  return { kind: "message", id: ids, room: room.id, user: john.id, content: "", attachment, created_at, ...more };
};
const load = (...lines: readonly FileLine[]) => importBeside(world, folder, ...lines);
const stored = () => filesIn(world.dataDir);
const history = async (): Promise<readonly Message[]> => {
  const wanted = { viewerId: john.id, roomIds: [room.id] };
  return (await historiesOf(world.database.fork(), wanted, { limit: 100, from: "newest" })).histories[0] ?? [];
};

describe("a message of the file", () => {
  test("brings its picture, document or text along, with words or without", async () => {
    await load(line("files/sketch.png"), line("offer.pdf", { content: "look, @jane" }), line("notes.txt"));
    const messages = await history();
    expect(messages.map(({ type, content, attachment }) => [type, content, attachment])).toMatchObject([
      ["image", "", { name: "sketch.png", width: 64, height: 48, contentType: "image/png" }],
      ["file", "look, @jane", { name: "offer.pdf", width: null, contentType: "application/pdf" }],
      ["file", "", { name: "notes.txt", size: 5, contentType: "text/plain" }],
    ]);
    const [sketch, offer, notes] = messages.map(({ attachment }) => `media/${attachment?.key}`);
    const paths = await stored();
    for (const path of [sketch, `${sketch}.thumb.webp`, offer, notes]) expect(paths).toContain(path);
    expect(await readFile(join(world.dataDir, notes ?? ""), "utf8")).toBe("words");
    expect(await readFile(join(folder, "notes.txt"), "utf8")).toBe("words");
    const viewed = await viewedRoom(world.database.fork(), jane.id, String(room.id));
    expect([viewed?.state.unreadCount, viewed?.state.unreadMentionCount]).toEqual([3, 1]);
  });

  test("may show a picture as a file, and names it as the last part of its path, cleaned", async () => {
    await write("a\u202e b.txt", "words");
    await load(line("./files/sketch.png", { type: "file" }), line("a\u202e b.txt"));
    expect((await history()).map(({ type, attachment }) => [type, attachment?.name])).toEqual([
      ["file", "sketch.png"],
      ["file", "a b.txt"],
    ]);
  });

  test("may name a file by a link that stays inside", async () => {
    await symlink("files/sketch.png", join(folder, "newest.png"));
    await load(line("newest.png"));
    expect((await history())[0]?.attachment?.name).toBe("newest.png");
  });
});

describe("a file is refused with the number of its line, and nothing of the others stays:", () => {
  const expectRefused = async (reason: string, bad: object): Promise<void> => {
    const [content, before] = [await contentOf(world.database), await stored()];
    await expect(load(line("files/sketch.png"), "", bad, line("notes.txt"))).rejects.toThrow(
      expect.objectContaining({ name: "BadLine", message: expect.stringContaining(reason) }),
    );
    expect([await contentOf(world.database), await stored()]).toEqual([content, before]);
  };
  const outsideName = `parley-outside-${process.pid}.txt`;
  const outside = join(tmpdir(), outsideName);

  test.each<readonly [string, () => Promise<unknown>, string, string]>([
    ["none", async () => {}, "none.png", "There is no such file."],
    ["a file below a file", async () => {}, "notes.txt/none.png", "There is no such file."],
    ["a folder", async () => {}, "files", "This is not a file."],
    ["an empty one", () => write("empty.txt", ""), "empty.txt", "The file is empty."],
    ["another kind", () => write("a.exe", "MZ"), "a.exe", "Files of this kind can't be sent. Allowed are jpg, "],
    ["another content", () => write("a.png", "words"), "a.png", "its content is something else or broken."],
    ["a broken picture", async () => write("b.png", (await picture("png")).subarray(0, 300)), "b.png", "or broken."],
    ["too many pixels", async () => write("c.png", bomb()), "c.png", "at most 50 million pixels."],
    ["too many bytes", () => write("d.txt", Buffer.alloc(10_485_761, "x")), "d.txt", "A file can have at most 10 MB."],
    ["a link out of the folder", () => symlink("/etc/hostname", join(folder, "e.txt")), "e.txt", "leads out of the"],
    ["a folder that leads out", () => symlink(tmpdir(), join(folder, "f")), `f/${outsideName}`, "leads out of the"],
    ["a link in a circle", () => symlink("g.txt", join(folder, "g.txt")), "g.txt", "can't be read (ELOOP)."],
  ])("%s", async (_what, make, path, reason) => {
    await writeFile(outside, "words");
    await make();
    await expectRefused(`Line 3: The attachment "${path}": `, line(path));
    await expectRefused(reason, line(path));
    await rm(outside);
  });

  test("what is no picture can't be an image", async () => {
    await expectRefused("Only a picture can be sent as an image.", line("notes.txt", { type: "image" }));
  });

  test("a storage that fails is said, too", async () => {
    const services = { ...world.services, files: { ...world.services.files, storage: failing() } };
    const lines = fileOf([line("notes.txt")]);
    await expect(
      importFile({ database: world.database, services }, { source: lines, findFile: filesBeside(folder) }),
    ).rejects.toThrow(/^Line 1: The attachment "notes.txt" could not be read or stored \(The disk is full\)/);
  });
  const failing = () => ({
    ...world.services.files.storage,
    put: async (): Promise<void> => {
      throw new Error("The disk is full");
    },
  });

  test("nothing stays of files either when a later line is bad, however far behind", async () => {
    const many = Array.from({ length: 130 }, () => line("notes.txt"));
    const [content, before] = [await contentOf(world.database), await stored()];
    await expect(load(...many, line(null))).rejects.toThrow("Line 131: message: content Write something first");
    expect([await contentOf(world.database), await stored()]).toEqual([content, before]);
  });

  test("nor when the source breaks off behind them", async () => {
    const before = await stored();
    const breaking = async function* (): AsyncGenerator<Uint8Array, void> {
      yield* fileOf([...Array.from({ length: 70 }, () => line("notes.txt")), ""]);
      // Files are not kept back until all lines are there.
      expect((await stored()).length).toBeGreaterThan(before.length);
      throw new Error("It breaks off.");
    };
    const imported = importFile(world, { source: breaking(), findFile: filesBeside(folder) });
    await expect(imported).rejects.toThrow("It breaks off.");
    expect(await stored()).toEqual(before);
  });
});

describe("importing files twice", () => {
  const everything = async () => [await contentOf(world.database), await stored()];

  test("stores nothing anew, also when a line stands in the file twice", async () => {
    const lines = [line("files/sketch.png"), line("offer.pdf"), line("notes.txt", { type: "file" })];
    expect((await load(...lines, ...lines)).message).toEqual({ new: 3, known: 3 });
    const before = await everything();
    expect((await load(...lines)).message).toEqual({ new: 0, known: 3 });
    expect(await everything()).toEqual(before);
  });

  test("refuses another file under the same message, and says what differs", async () => {
    const [first, bare] = [line("notes.txt"), line(null, { content: "words" })];
    await load(first, bare);
    const before = await everything();
    await write("notes.txt", "sword");
    await expect(load(first)).rejects.toThrow(/^Line 1: Message \d+ exists and is another: its attachment_sha256 is "/);
    await write("notes.txt", "more words");
    await expect(load(first)).rejects.toThrow("its attachment_size is 5 there, and 10 here.");
    await expect(load({ ...first, attachment: "offer.pdf" })).rejects.toThrow(
      'its attachment is "notes.txt" there, and "offer.pdf" here.',
    );
    await expect(load({ ...first, attachment: null, content: "words" })).rejects.toThrow("exists and is another");
    await expect(load({ ...bare, attachment: "offer.pdf" })).rejects.toThrow(
      'its attachment is null there, and "offer.pdf" here.',
    );
    await expect(load({ ...first, attachment: "gone.txt" })).rejects.toThrow("There is no such file.");
    expect(await everything()).toEqual(before);
  });

  test("knows a file that was sent here by its bytes, and one from before they were noted by name and size", async () => {
    const attachment = incoming({ name: "notes.txt", bytes: Buffer.from("words") });
    const { id } = await sendMessage(world.as(john), { roomId: room.id, content: "", attachment });
    const [row] = await query<{ at: string }>(
      world.database.fork(),
      sql`select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from chat_message where id = ${id}`,
    );
    // The world's clock stands still, the database's does not.
    world.clock.advance(DAY_MS);
    const told = { ...line("notes.txt"), id, created_at: row?.at };
    expect((await load(told)).message).toEqual({ new: 0, known: 1 });
    await expect(load({ ...told, type: "image" })).rejects.toThrow('its type is "file" there, and "image" here.');
    await write("notes.txt", "sword");
    await expect(load(told)).rejects.toThrow("its attachment_sha256");
    await query(world.database.fork(), sql`update chat_attachment set sha256 = null`);
    expect((await load(told)).message).toEqual({ new: 0, known: 1 });
  });

  test("leaves alone a message that was edited or deleted here since, whose file may be gone by now", async () => {
    const [edited, deleted] = [line("notes.txt"), line("files/sketch.png")];
    await load(edited, deleted);
    await editMessage(world.as(john), { messageId: edited.id, content: "new words" });
    await deleteMessage(world.as(john), { messageId: deleted.id });
    await rm(join(folder, "files"), { recursive: true });
    const before = await everything();
    expect((await load(edited, deleted)).message).toEqual({ new: 0, known: 2 });
    expect(await everything()).toEqual(before);
  });
});
