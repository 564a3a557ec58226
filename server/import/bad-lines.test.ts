import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { contentOf, fileOf, importLines, noFiles, type FileLine } from "../test/importing.js";
import { createWorld, type World } from "../test/world.js";
import { importFile } from "./import.js";
import { MAX_LINE_BYTES } from "./lines.js";

// What is in the database before each of these files, none of which changes it.
const before: readonly FileLine[] = [
  { kind: "user", id: 1, username: "john", display_name: "John Doe" },
  { kind: "user", id: 2, host_id: "usr_2", username: "jane", display_name: "Jane Smith" },
  { kind: "user", id: 3, username: "bob", display_name: "Bob Stone" },
  { kind: "project", id: 1, name: "Apollo", members: [1, 2] },
  { kind: "project", id: 2, name: "Beta", members: [1, 2, 3] },
  { kind: "room", id: 1, type: "group", name: "Talk", project: 1, created_by: 1, participants: [1, 2] },
  { kind: "room", id: 2, type: "direct", project: 1, created_by: 1, participants: [1, 2] },
];
const message = { kind: "message", id: 1, room: 1, user: 1, content: "Hello", created_at: "2025-11-06T15:30:00Z" };
const user = { kind: "user", id: 10, username: "new", display_name: "New" };
const project = { kind: "project", id: 10, name: "New", members: [1] };
const room = { kind: "room", id: 10, type: "group", name: "New", project: 1, created_by: 1, participants: [1] };
const next = { ...message, id: 10, created_at: "2025-11-06T15:31:00Z" };

let world: World;
let content: Awaited<ReturnType<typeof contentOf>>;
beforeAll(async () => {
  world = await createWorld();
  await importLines(world, ...before, message);
  content = await contentOf(world.database);
});
afterAll(() => world.close());

const refused = async (...lines: readonly FileLine[]): Promise<string> => {
  const refusal: unknown = await importLines(world, ...lines).catch((error: unknown) => error);
  expect(await contentOf(world.database)).toEqual(content);
  return refusal instanceof Error ? `${refusal.name}: ${refusal.message}` : "imported";
};
/** The bad line is the third of a file that is good otherwise. */
const expectThirdRefused = async (line: FileLine, reason: string): Promise<void> => {
  const said = await refused({ ...user, id: 20, username: "first" }, "", line, { ...user, id: 21 });
  expect(said).toContain("BadLine: Line 3: ");
  expect(said).toContain(reason);
};

describe("a line is refused with its number and reason, and the whole file with it:", () => {
  test.each<readonly [FileLine, string]>([
    ["{", "This is not JSON."],
    ["[1]", "This is no JSON object."],
    ["12", "This is no JSON object."],
    [{ id: 1 }, "There is no kind. A record is one of user, project, room, message."],
    [{ kind: "rooms" }, 'There is no kind "rooms".'],
    [{ kind: "toString" }, 'There is no kind "toString".'],
  ])("%j", async (line, reason) => {
    await expectThirdRefused(line, reason);
  });

  test.each<readonly [object, string]>([
    [{ id: "10" }, "user: id is not a whole number"],
    [{ id: 1.5 }, "user: id is not a whole number"],
    [{ id: 0 }, "user: id is not above 0"],
    [{ id: 2_147_483_647 }, "user: id is above 2,000,000,000"],
    [{ username: undefined }, "user: username is missing"],
    [{ username: 7 }, "user: username is not text"],
    [{ username: " \u0000 " }, "user: username is empty"],
    [{ display_name: "x".repeat(256) }, "user: display_name At most 255 characters."],
    ...["", "a\u0000b", "a\tb", "a\nb", "\ud800", "x".repeat(256), null].map(
      (host_id) => [{ host_id }, "user: host_id An id is text of 1 to 255 characters without"] as const,
    ),
    [{ host_id: "usr_2" }, 'The host_id "usr_2" is that of user 2 already.'],
    [{ user_name: "x" }, "user: There is no user_name."],
    [{ id: 1, username: "johnny", host_id: "1", display_name: "John Doe" }, 'its username is "john" there'],
    [{ id: 2, username: "jane", display_name: "Jane Smith" }, 'its host_id is "usr_2" there, and "2" here'],
  ])("a user with %j", async (change, reason) => {
    await expectThirdRefused({ ...user, ...change }, reason);
  });

  test.each<readonly [object, string]>([
    [{ members: [1, 9] }, "There is no user 9."],
    [{ members: undefined }, "members is missing"],
    [{ members: ["1"] }, "members.0 is not a whole number"],
    [{ name: "" }, "name is empty"],
    [{ host_id: "1" }, 'The host_id "1" is that of project 1 already.'],
    [{ id: 1, host_id: "apollo" }, 'Project 1 exists and is another: its host_id is "1" there, and "apollo" here.'],
  ])("a project with %j", async (change, reason) => {
    await expectThirdRefused({ ...project, ...change }, reason);
  });

  test.each<readonly [object, string]>([
    [{ type: "channel" }, "type is not one of direct, group"],
    [{ name: " " }, "name A group needs a name."],
    [{ name: "x".repeat(256) }, "name At most 255 characters."],
    [{ project: 9 }, "There is no project 9."],
    [{ created_by: 9 }, "There is no user 9."],
    [{ created_by: undefined }, "created_by is missing"],
    [{ participants: [] }, "participants is empty"],
    [{ participants: [1, { user: 1 }] }, "participants names somebody twice"],
    [{ participants: ["1"] }, "participants.0 is neither the number of a user nor an object"],
    [{ participants: [{ user: 1, joined_at: "yesterday" }] }, "participants.0.joined_at is not a time"],
    [{ participants: [{ user: 1, read: true }] }, "There is no read in participants.0."],
    [{ participants: [1, 9] }, "There is no user 9."],
    [{ participants: [1, 3] }, "User 3 is not a member of project 1, whose room this is."],
    [{ type: "direct", participants: [1, 2] }, "name must be empty"],
    [{ type: "direct", name: "", participants: [1] }, "participants must be the two people of a direct room"],
    [
      { type: "direct", name: "", participants: [2, 1] },
      "Users 1 and 2 have a direct room in project 1 already: room 2.",
    ],
    [{ created_at: "2999-01-01T00:00:00Z" }, "room: created_at 2999-01-01T00:00:00.000000Z is still to come."],
    [{ participants: [1, { user: 2, joined_at: "2999-01-01T00:00:00Z" }] }, "room: participants.1.joined_at 2999-"],
    [{ participants: [{ user: 1, last_read_at: "2999-01-01T00:00:00Z" }] }, "room: participants.0.last_read_at 2999-"],
    [{ id: 1, created_by: 2 }, "Room 1 exists and is another: its created_by_id is 1 there, and 2 here."],
    [{ id: 1, type: "direct", name: "", participants: [1, 2] }, 'its type is "group" there, and "direct" here'],
    [{ id: 2, project: 2, type: "direct", name: "", participants: [1, 2] }, "its project_id is 1 there, and 2 here"],
  ])("a room with %j", async (change, reason) => {
    await expectThirdRefused({ ...room, ...change }, reason);
  });

  test.each<readonly [object, string]>([
    [{ room: 9 }, "There is no room 9."],
    [{ user: 9 }, "There is no user 9."],
    [{ content: "" }, "content Write something first: a message can't be empty."],
    [{ content: "😀".repeat(10_001) }, "content A message can have at most 10,000 characters."],
    [{ type: "file" }, "type needs an attachment"],
    [{ type: "text", attachment: "sketch.png" }, "type is image or file beside an attachment"],
    [{ attachment: "" }, "attachment is empty"],
    [{ attachment: 7 }, "attachment is not text"],
    [{ attachment: "/etc/hostname" }, "attachment is not a path that stays in the folder of the imported file"],
    [{ attachment: "files/../../notes.txt" }, "attachment is not a path that stays in the folder"],
    [{ attachment: "a\u0000.txt" }, "attachment is not a path that stays in the folder"],
    [{ attachment: "sketch.png" }, 'The attachment "sketch.png": There is no such file.'],
    [{ created_at: "2025-11-06" }, "created_at is not a time"],
    [{ created_at: "2025-11-06T15:30:00" }, "created_at is not a time"],
    [{ created_at: "2025-02-30T15:30:00Z" }, "created_at is not a time"],
    [{ created_at: "1969-12-31T23:59:59Z" }, "created_at is before 1970"],
    [{ created_at: "2999-01-01T00:00:00Z" }, "created_at 2999-01-01T00:00:00.000000Z is still to come"],
    [{ edited_at: "2999-01-01T00:00:00Z" }, "message: edited_at 2999-01-01T00:00:00.000000Z is still to come"],
    [
      { reactions: [{ user: 1, emoji: "👍", created_at: "2999-01-01T00:00:00Z" }] },
      "message: reactions.0.created_at 2999-",
    ],
    [{ edited_at: "2025-11-06T15:30:59Z" }, "edited_at is before created_at"],
    [{ reactions: [{ user: 9, emoji: "👍" }] }, "There is no user 9."],
    [{ reactions: [{ user: 1, emoji: "👍👍" }] }, "reactions.0.emoji Use exactly one emoji."],
    [{ reactions: [{ user: 1, emoji: "a" }] }, "reactions.0.emoji Use exactly one emoji."],
    [{ created_at: "2025-11-06T15:29:59Z" }, "Message 10 would stand before the newest of room 1, message 1 of"],
    [{ id: 1 }, "Message 1 exists and is another: its created_at is"],
    [{ id: 1, created_at: message.created_at, content: "Bye" }, 'its content is "Hello" there, and "Bye" here'],
  ])("a message with %j", async (change, reason) => {
    await expectThirdRefused({ ...next, ...change }, reason);
  });

  test("more different emoji than a message can have, also when they come by and by", async () => {
    const emoji = [
      ..."😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗😙😚🙂🤗🤩🤔🤨😐😑😶🙄😏😣😥😮🤐😯😪😫🥱😴😌😛😜😝🤤😒😓😔😕🙃🤑😲🙁😖",
    ];
    const reactions = emoji.map((each) => ({ user: 1, emoji: each }));
    expect(emoji.length).toBe(51);
    const refusal = "Line 2: Message 10 would have more than 50 different reactions.";
    expect(await refused(user, { ...next, reactions })).toContain(refusal);
    const [first, rest] = [reactions.slice(0, 30), reactions.slice(30)];
    expect(await refused({ ...next, reactions: first }, { ...next, reactions: rest })).toContain(refusal);
  });

  test("a thing that is used before its line", async () => {
    expect(await refused({ ...project, members: [10] }, user)).toContain("Line 1: There is no user 10.");
    expect(await refused({ ...next, room: 10 }, room)).toContain("Line 1: There is no room 10.");
    expect(await refused({ ...next, user: 10 }, user)).toContain("Line 1: There is no user 10.");
    expect(await refused({ ...room, created_by: 10 }, user)).toContain("Line 1: There is no user 10.");
    expect(await refused({ ...room, project: 10 }, project)).toContain("Line 1: There is no project 10.");
    const widened = { ...project, id: 1, name: "Apollo", members: [3] };
    expect(await refused({ ...room, participants: [3] }, widened)).toContain(
      "Line 1: User 3 is not a member of project 1",
    );
    expect(await refused(widened, { ...room, participants: [3, 10] }, user)).toContain("Line 2: There is no user 10.");
  });

  test("the same id twice in a file, with different content", async () => {
    expect(await refused(user, { ...user, username: "newer" })).toContain("Line 2: User 10 exists and is another");
    expect(await refused(project, { ...project, name: "Newer" })).toContain(
      'its name is "New" there, and "Newer" here',
    );
    expect(await refused(room, { ...room, name: "Newer" })).toContain('its name is "New" there, and "Newer" here');
    expect(await refused(next, { ...next, content: "Other" })).toContain("Line 2: Message 10 exists and is another");
    const directs = [room, { ...room, id: 11 }].map((each) => ({ ...each, type: "direct", name: "" }));
    const pair = directs.map((each) => ({ ...each, project: 2, participants: [1, 3] }));
    expect(await refused(...pair)).toContain("Line 2: Users 1 and 3 have a direct room in project 2 already: room 10.");
  });

  test("the first of several bad lines, whatever is wrong with which", async () => {
    expect(await refused(user, { ...next, user: 9 }, "{")).toContain("Line 2: There is no user 9.");
    expect(await refused(user, { ...next, room: 9 }, { ...next, user: 9 })).toContain("Line 2: There is no room 9.");
    expect(await refused({ ...user, id: 1 }, { ...next, content: "" })).toContain("Line 1: User 1 exists");
    const [badUser, badProject, badRoom] = [
      { ...user, id: 1 },
      { ...project, members: [9] },
      { ...room, project: 9 },
    ];
    const badMessage = { ...next, room: 9 };
    expect(await refused(badMessage, badRoom, badProject, badUser)).toContain("Line 1: There is no room 9.");
    expect(await refused(user, badRoom, badMessage, badProject, badUser)).toContain("Line 2: There is no project 9.");
    expect(await refused(user, next, badProject, badMessage, badUser)).toContain("Line 3: There is no user 9.");
  });

  test("what is not UTF-8, and what never ends", async () => {
    const latin = async function* (): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from(`${JSON.stringify(user)}\n{"kind":"user","username":"Ren\u00e9"}`, "latin1");
    };
    await expect(importFile(world, { source: latin(), findFile: noFiles })).rejects.toThrow(
      "Line 2: This is not UTF-8.",
    );
    const endless = async function* (): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from("\n\n");
      for (let sent = 0; sent <= 2 * MAX_LINE_BYTES; sent += 65_536) yield Buffer.alloc(65_536, "x");
    };
    await expect(importFile(world, { source: endless(), findFile: noFiles })).rejects.toThrow(
      "Line 3: This line has more than 4 MiB.",
    );
    expect(await contentOf(world.database)).toEqual(content);
  });

  test("a file that breaks off in between is not imported by half", async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array, void> {
      yield* fileOf([user, next, ""]);
      throw new Error("The disk is gone.");
    };
    await expect(importFile(world, { source: broken(), findFile: noFiles })).rejects.toThrow("The disk is gone.");
    expect(await contentOf(world.database)).toEqual(content);
  });
});
