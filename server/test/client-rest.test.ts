import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { createChatService } from "../../client/chat-service.ts";
import { ChatError } from "../../client/errors.ts";
import type { Project, User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { clientPairs, failureOf } from "./client-pair.js";
import type { ClientPerson } from "./client-world.js";
import { picture } from "./files.js";
import type { GraphqlWorld } from "./graphql-world.js";

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

const contents = async (): Promise<readonly string[]> =>
  (await other.chat.getMessages(room.id)).map(({ content }) => content);

describe("rooms", () => {
  test("are made, listed, read and deleted", async () => {
    const group = await of.chat.createRoom({
      type: "group",
      name: "Design Team",
      project: project.id,
      participant_ids: [jane.id],
    });
    expect(group).toMatchObject({ name: "Design Team", type: "group", unread_count: 0, last_message: null });
    expect((await of.chat.getRooms()).map(({ id }) => id)).toEqual([group.id, room.id]);
    expect((await of.chat.getRooms(project.id)).map(({ id }) => id)).toEqual([group.id, room.id]);
    expect(await of.chat.getRooms(999_999)).toEqual([]);
    expect(await other.chat.getRoom(group.id)).toEqual({ ...group, unread_count: 0 });
    expect(await of.chat.deleteRoom(group.id)).toBeUndefined();
    expect((await of.chat.getRooms()).map(({ id }) => id)).toEqual([room.id]);
  });

  test("take people in and let them go", async () => {
    const bob = await graph.world.person("bob", project);
    const present = async () => (await of.chat.getRoom(room.id)).participants.map(({ user }) => user.id);
    expect(await of.chat.addParticipant(room.id, bob.id)).toBeUndefined();
    expect(await present()).toEqual([john.id, jane.id, bob.id]);
    expect(await of.chat.removeParticipant(room.id, bob.id)).toBeUndefined();
    expect(await present()).toEqual([john.id, jane.id]);
  });

  test("are marked as read", async () => {
    await of.chat.sendMessage({ room: room.id, content: "unread" });
    expect((await other.chat.getRoom(room.id)).unread_count).toBe(1);
    expect(await other.chat.markRoomAsRead(room.id)).toBeUndefined();
    expect((await other.chat.getRoom(room.id)).unread_count).toBe(0);
  });
});

describe("messages", () => {
  test("are sent, listed, edited and deleted", async () => {
    const sent = await of.chat.sendMessage({ room: room.id, content: "Hello!", type: "text" });
    expect(sent).toMatchObject({ room: room.id, content: "Hello!", type: "text", user: { id: john.id } });
    expect(await other.chat.getMessages(room.id)).toEqual([sent]);
    const edited = await of.chat.editMessage(sent.id, { content: "Updated!" });
    expect(edited).toMatchObject({ id: sent.id, content: "Updated!", is_edited: true });
    expect(await of.chat.deleteMessage(sent.id)).toBeUndefined();
    expect(await other.chat.getMessages(room.id)).toEqual([]);
  });

  test("are read in pages", async () => {
    const ids: number[] = [];
    for (const content of ["one", "two", "three"]) ids.push((await of.chat.sendMessage({ room: room.id, content })).id);
    const page = async (how: object) => (await of.chat.getMessages(room.id, how)).map(({ content }) => content);
    expect(await page({ limit: 1 })).toEqual(["three"]);
    expect(await page({ before: ids[2], limit: 1 })).toEqual(["two"]);
    expect(await page({ after: ids[0] })).toEqual(["two", "three"]);
  });

  test("bear reactions", async () => {
    const { id } = await of.chat.sendMessage({ room: room.id, content: "Hello!" });
    const emoji = async () => (await of.chat.getMessages(room.id))[0]?.reactions.map((reaction) => reaction.emoji);
    expect(await other.chat.addReaction(id, "👍")).toBeUndefined();
    expect(await emoji()).toEqual(["👍"]);
    expect(await other.chat.removeReaction(id, "👍")).toBeUndefined();
    expect(await emoji()).toEqual([]);
  });

  test("are found, in one room and in all of one's own", async () => {
    const elsewhere = await graph.world.group(project, john);
    await of.chat.sendMessage({ room: room.id, content: "a zeppelin & more" });
    await of.chat.sendMessage({ room: elsewhere.id, content: "another zeppelin" });
    const rooms = async (where?: number) =>
      (await of.chat.searchMessages("zeppelin", where)).map((message) => message.room).toSorted((a, b) => a - b);
    expect(await rooms()).toEqual([room.id, elsewhere.id]);
    expect(await rooms(room.id)).toEqual([room.id]);
    expect(await other.chat.searchMessages("& more")).toHaveLength(1);
  });

  test("that were sent under a key of the caller's are one", async () => {
    const data = { room: room.id, content: "once", idempotency_key: crypto.randomUUID() };
    const first = await of.chat.sendMessage(data);
    expect(await of.chat.sendMessage(data)).toEqual(first);
    expect(await failureOf(of.chat.sendMessage({ ...data, content: "twice" }))).toMatchObject({
      status: 422,
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });
});

describe("files", () => {
  const png = async () => new File([new Uint8Array(await picture("png"))], "größe.png", { type: "image/png" });
  const bytesOf = async (address: string | null): Promise<Buffer> => {
    const response = await fetch(address ?? "");
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };

  test("of an input are sent once under a key of the caller's, and another's is another message", async () => {
    const data = { room: room.id, attachment: await png(), idempotency_key: crypto.randomUUID() };
    const first = await of.chat.sendMessage(data);
    expect(first).toMatchObject({ content: "", type: "image", attachment_name: "größe.png" });
    expect((await of.chat.sendMessage(data)).id).toBe(first.id);
    expect((await other.chat.getMessages(room.id)).map(({ id }) => id)).toEqual([first.id]);
    const changed = { ...data, attachment: new File(["words"], "größe.txt", { type: "text/plain" }) };
    expect(await failureOf(of.chat.sendMessage(changed))).toMatchObject({
      status: 422,
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });

  test("are at the address that the message bears, for who reads it", async () => {
    const attachment = await png();
    const sent = await of.chat.sendMessage({ room: room.id, content: "look", attachment });
    const [read] = await other.chat.getMessages(room.id);
    const bytes = Buffer.from(await attachment.arrayBuffer());
    for (const message of [sent, read]) {
      expect(message?.attachment_size).toBe(bytes.length);
      expect((await bytesOf(message?.attachment_url ?? null)).equals(bytes)).toBe(true);
    }
  });

  test("are at the address that is heard, when they are sent and when their words change", async () => {
    await other.enter(room.id);
    const attachment = await png();
    const { id } = await of.chat.sendMessage({ room: room.id, content: "look", attachment });
    await of.chat.editMessage(id, { content: "look here" });
    for (const { message } of [await other.hears("message_new"), await other.hears("message_edited")]) {
      expect(message.attachment_url).toContain(new URL("/media/", other.network.url).href);
      expect((await bytesOf(message.attachment_url)).length).toBe(attachment.size);
    }
  });

  test("that have no name of their own get one", async () => {
    const attachment = new Blob(["words"], { type: "text/plain" });
    const sent = await of.chat.sendMessage({ room: room.id, attachment, attachment_name: "notes.txt" });
    expect(sent).toMatchObject({ type: "file", attachment_name: "notes.txt", attachment_size: 5 });
    expect((await bytesOf(sent.attachment_url)).toString()).toBe("words");
  });

  test("of another kind are refused with what is allowed, and nothing is sent", async () => {
    const attachment = new File(["MZ"], "setup.exe", { type: "application/octet-stream" });
    const error = await failureOf(of.chat.sendMessage({ room: room.id, content: "run this", attachment }));
    expect(error).toBeInstanceOf(ChatError);
    expect(error).toMatchObject({
      status: 415,
      code: "UNSUPPORTED_MEDIA_TYPE",
      message: expect.stringMatching(/can't be sent.*jpg.*pdf.*txt/),
    });
    expect(await contents()).toEqual([]);
  });
});

describe("what is refused", () => {
  test.each<[string, () => Promise<unknown>, object]>([
    [
      "an empty message",
      () => of.chat.sendMessage({ room: room.id, content: "" }),
      { status: 400, code: "BAD_USER_INPUT", fields: { content: [expect.any(String)] } },
    ],
    ["a room that is not there", () => of.chat.getRoom(999_999), { status: 404, code: "NOT_FOUND" }],
    ["another's deletion", () => other.chat.deleteRoom(room.id), { status: 403, code: "FORBIDDEN" }],
  ])("%s says why", async (_what, work, expected) => {
    const error = await failureOf(work());
    expect(error).toBeInstanceOf(ChatError);
    expect(error).toMatchObject({ ...expected, message: expect.stringMatching(/\w+ .+/) });
  });
});

describe("a token", () => {
  test("that was refused is renewed once, and the request made again", async () => {
    const asked: (string | undefined)[] = [];
    const chat = createChatService({
      baseUrl: graph.server.url,
      async token(refused) {
        asked.push(refused);
        return refused === undefined ? "old" : graph.token(john);
      },
    });
    const sent = await chat.sendMessage({ room: room.id, content: "once" });
    expect([asked, await contents()]).toEqual([[undefined, "old"], [sent.content]]);
  });

  test("that can't be renewed is told", async () => {
    const chat = createChatService({ baseUrl: graph.server.url, token: () => "old" });
    expect(await failureOf(chat.getRooms())).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  });
});

test("Node takes the sources as they are, set up in one line", async () => {
  const sources = join(import.meta.dirname, "../../client");
  const program = `
    import { chatService } from "${sources}/chat-service.ts";
    import { configureChat } from "${sources}/settings.ts";
    import { webSocketService } from "${sources}/web-socket-service.ts";
    const early = await chatService.getRooms().catch((error) => error.message);
    configureChat({ baseUrl: process.env.URL, token: () => process.env.TOKEN });
    const [room] = await chatService.getRooms();
    webSocketService.on("resync", async () => {
      const { content } = await webSocketService.sendMessage("from a program");
      webSocketService.disconnect();
      console.log(JSON.stringify([early, room.id, content]));
    });
    webSocketService.connect(room.id);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, URL: graph.server.url, TOKEN: await graph.token(john) },
  });
  expect(JSON.parse(stdout)).toEqual([expect.stringContaining("configureChat"), room.id, "from a program"]);
  expect(await contents()).toEqual(["from a program"]);
});
