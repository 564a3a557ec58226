import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { dial, hangUp } from "../../server/test/raw-socket.js";
import { until } from "../../server/test/until.js";
import { HIGH, launchBrowser, visit, type Visitor } from "./browser.js";
import {
  asCode,
  batches,
  IN_A_ROOM,
  JOHN,
  makeKnown,
  NAMES,
  nameAt,
  people,
  personAt,
  SECRETS,
  speakWith,
  TEXTS,
  type Speaker,
} from "./naughty-world.js";
import { startServer, type ServerProcess } from "./server.js";

// What people write, and what they, their rooms and their files are called, comes in by every way there is, and is shown
// as it is stored, to the letter.

jest.setTimeout(240_000);

/** What nothing of it may ever become. */
const FORBIDDEN = "script, iframe, object, embed, form, style, link, meta, base, video, audio, math, h2";
const ROOM = nameAt(0);

let server: ServerProcess;
let browser: Browser;
let speaker: Speaker;
let john: Visitor;
let roomId: string;
const dialogs: string[] = [];

beforeAll(async () => {
  server = await startServer({ DEMO: "on", ...SECRETS });
  speaker = speakWith(server.url);
  await makeKnown(speaker, server.dataDir);
  const memberIds = [JOHN, ...people].map(({ hostId }) => hostId);
  const project = { id: "naughty", name: nameAt(2), memberIds };
  await speaker.mutate("host", "upsertChatProjects", { projects: [project] }, "created");
  roomId = await createRoom(ROOM);
  browser = await launchBrowser();
  john = await visit(browser, server.url, "John Doe", HIGH);
  john.page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
}, 240_000);

afterAll(async () => {
  hangUp();
  await browser.close();
  await server.stop();
});

/** A room of John's and everybody's. */
async function createRoom(name: string): Promise<string> {
  const participantIds = people.map(({ hostId }) => hostId);
  const input = { type: "GROUP", name, projectId: "naughty", participantIds };
  const { room } = await speaker.mutate(JOHN, "createChatRoom", input, "room { id name }");
  expect(Object(room).name).toBe(name);
  return String(Object(room).id);
}

async function openRoom(id: string, name: string): Promise<void> {
  await john.page.goto(`${server.url}/rooms/${id}`);
  await john.inRoom(name);
}

/** Opens everybody's room at its end: once the server has heard that all of it was read. */
async function openAtEnd(): Promise<void> {
  const document = "query ($id: ID!) { chatRoom(id: $id) { unreadCount } }";
  const unread = async () => Object((await speaker.ask(JOHN, document, { id: roomId }))["chatRoom"]).unreadCount;
  await until(async () => (await unread()) === 0, "all to be read");
  await openRoom(roomId, ROOM);
}

/** The texts of all that match, in their order, as they are. */
const textsOf = (selector: string) => john.page.locator(selector).allTextContents();

/** Waits until the last of these are shown so, and fails with what is shown instead. */
async function shows(selector: string, expected: readonly string[]): Promise<void> {
  const last = async () => (await textsOf(selector)).slice(-expected.length);
  await until(async () => JSON.stringify(await last()) === JSON.stringify(expected), selector).catch(() => {});
  expect(await last()).toEqual(expected);
}

const post = async (place: number, body: object): Promise<void> =>
  expect(await speaker.rest(personAt(place), "POST messages", body)).toBe(201);

/** The ways by which a person sends a text. */
const ways: Readonly<Record<string, (place: number, content: string) => Promise<unknown>>> = {
  GraphQL: (place, content) =>
    speaker.mutate(personAt(place), "sendChatMessage", { roomId, content }, "message { id }"),
  REST: (place, content) => post(place, { room: Number(roomId), content }),
  "the raw WebSocket": async (place, content) => {
    const line = dial(server.url, roomId, { token: await speaker.token(personAt(place)) });
    await line.opened();
    line.send({ type: "message_send", content });
    await line.hears("message_new");
    line.socket.close();
  },
};

test("the names of everybody in a room, in the panel of its members", async () => {
  await openRoom(roomId, ROOM);
  const panel = john.page.getByRole("region", { name: "Members" });
  if (!(await panel.isVisible())) await john.page.getByRole("button", { name: /^Members/ }).click();
  await panel.getByRole("listitem").nth(people.length).waitFor();
  const shown = await textsOf(".member-text > :first-child");
  expect(shown.toSorted()).toEqual([...NAMES, "John Doe (you)"].toSorted());
  const usernames = await textsOf(".member-text > .meta");
  expect(usernames.toSorted()).toEqual([...NAMES.map((name) => `@${name}`), "@john"].toSorted());
});

test("what was imported, in rooms that are called something", async () => {
  const document = '{ chatRooms(first: 100, projectId: "imported") { nodes { id name } } }';
  const { nodes } = Object((await speaker.ask(JOHN, document))["chatRooms"]);
  const rooms = new Map<string, string>(nodes.map(({ id, name }: Named) => [name, id]));
  for (const [place, texts] of batches(TEXTS).entries()) {
    await openRoom(rooms.get(nameAt(place)) ?? "", nameAt(place));
    await shows("article .code-block pre", texts);
  }
});
interface Named {
  readonly id: string;
  readonly name: string;
}

test.each(Object.keys(ways))("what is sent by %s, with who sent it", async (way) => {
  await openAtEnd();
  for (const [batch, texts] of batches(TEXTS).entries()) {
    const first = batch * IN_A_ROOM;
    for (const [place, words] of texts.entries()) await ways[way]?.(first + place, asCode(words));
    await shows("article .code-block pre", texts);
    const authors = texts.map((_, place) => nameAt(first + place));
    await shows("article .row-author", authors);
  }
  expect(await john.page.locator("article, nav, .member-list").locator(FORBIDDEN).count()).toBe(0);
});

test("the names of rooms in the list, the newest first", async () => {
  for (const names of batches(NAMES)) {
    for (const name of names) await createRoom(name);
    const newest = async () => (await textsOf(".room-item-name")).slice(0, names.length).toReversed();
    await until(async () => JSON.stringify(await newest()) === JSON.stringify(names), "the rooms").catch(() => {});
    expect(await newest()).toEqual(names);
  }
  expect(await john.page.getByRole("navigation", { name: "Rooms" }).locator(FORBIDDEN).count()).toBe(0);
});

test("the names of files, as they are stored", async () => {
  await openAtEnd();
  const document = `query ($id: ID!, $last: Int) {
    chatRoom(id: $id) { messages(last: $last) { nodes { attachment { name } } } } }`;
  for (const [batch, names] of batches(NAMES).entries()) {
    for (const [place, name] of names.entries()) {
      const form = new FormData();
      form.append("room", roomId);
      form.append("attachment", new Blob(["x"]), `${name}.txt`);
      await post(batch * IN_A_ROOM + place, form);
    }
    const { chatRoom } = await speaker.ask(JOHN, document, { id: roomId, last: names.length });
    const { nodes } = Object(chatRoom).messages;
    await shows(
      "article .file-name",
      nodes.map(({ attachment }: { readonly attachment: Pick<Named, "name"> }) => attachment.name),
    );
  }
});

test("the names of who reacted, on the reaction", async () => {
  const { message } = await speaker.mutate(JOHN, "sendChatMessage", { roomId, content: "React!" }, "message { id }");
  const messageId = String(Object(message).id);
  const emoji = "🚒";
  const chip = john.page.locator("article", { hasText: "React!" }).locator(".chip", { hasText: emoji });
  for (const [place, person] of people.entries()) {
    await speaker.mutate(person, "addMessageReaction", { messageId, emoji }, "reaction { id }");
    await chip.waitFor();
    expect(await chip.getAttribute("title")).toBe(nameAt(place));
    await speaker.mutate(person, "removeMessageReaction", { messageId, emoji }, "messageId");
    await chip.waitFor({ state: "detached" });
  }
});

test("in what is found: who it is from, and where it is", async () => {
  const { page } = john;
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("textbox", { name: "Search messages and files" }).fill("alert");
  const results = page.getByRole("list", { name: "Results" });
  await results.getByRole("link").nth(19).waitFor();
  const authors = await textsOf(".result .row-author");
  expect(authors.filter((name) => !NAMES.includes(name))).toEqual([]);
  const places = await textsOf(".result .result-head .meta.ellipsis");
  expect(places.filter((words) => !NAMES.some((name) => words === `in ${name}`))).toEqual([]);
  expect(await results.locator(FORBIDDEN).count()).toBe(0);
});

test("on the desktop, who mentions somebody, and where", async () => {
  const { page } = john;
  // A headless browser has no desktop: this stands for it.
  await page.evaluate(() => {
    const titles: string[] = [];
    class Desktop {
      static permission = "default";
      static requestPermission = async (): Promise<string> => (Desktop.permission = "granted");
      constructor(title: string) {
        titles.push(title);
      }
      close(): void {}
    }
    document.hasFocus = () => false;
    Object.assign(window, { Notification: Desktop, titles });
    window.dispatchEvent(new Event("blur"));
  });
  await page.getByRole("button", { name: "Settings and log out" }).click();
  await page.getByRole("button", { name: "Notify me of mentions and direct messages" }).click();
  const titles = () => page.evaluate((): readonly string[] => Reflect.get(window, "titles"));
  for (const [place, person] of people.entries()) {
    await speaker.mutate(person, "sendChatMessage", { roomId, content: "@john look" }, "message { id }");
    await until(async () => (await titles()).length === place + 1, "a notice");
  }
  expect(await titles()).toEqual(NAMES.map((name) => `${name} in ${ROOM}`));
});

test("nothing of it was run, and no other host was asked for anything", () => {
  expect(dialogs).toEqual([]);
  expect(john.faults).toEqual([]);
});
