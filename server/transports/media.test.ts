import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { attachmentUrls } from "../features/attachments/attachment.actions.js";
import type { Project, User } from "../features/directory/directory.js";
import { deleteMessage, sendMessage } from "../features/messages/message.actions.js";
import type { Message } from "../features/messages/message.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import type { Room } from "../features/rooms/room.js";
import { picture, type TestFile } from "../test/files.js";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import { startTestS3, type TestS3 } from "../test/s3.js";
import { filesIn, incoming, uploadForm } from "../test/uploads.js";

const HOUR_MS = 3_600_000;

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let room: Room;
let png: TestFile;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  jane = await graph.world.person("jane", project);
  png = { name: 'a "größe".png', bytes: await picture("png") };
});
afterAll(() => graph.close());
beforeEach(async () => {
  room = await graph.world.group(project, john, jane);
});

const send = (file: TestFile = png): Promise<Message> =>
  sendMessage(graph.world.as(john), { roomId: room.id, content: "", attachment: incoming(file) });
const DIGITS: TestFile = { name: "digits.txt", bytes: Buffer.from("0123456789") };

/** The addresses of a message's file, as the graph has them now. */
async function addresses({ id }: Message, user = jane): Promise<{ url: string; thumbnailUrl: string | null }> {
  const document = "query ($id: ID!) { chatMessage(id: $id) { attachment { url thumbnailUrl } } }";
  const { data } = await graph.ask(user, document, { id });
  return parseAddresses(data);
}

function parseAddresses(data: unknown): { url: string; thumbnailUrl: string | null } {
  return (data as { chatMessage: { attachment: { url: string; thumbnailUrl: string | null } } }).chatMessage.attachment;
}

/** One request, read to its end: a connection in the middle of an answer would keep the server from closing. */
async function request(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}
const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  request(`${graph.server.url}${path}`, { method, headers });
const withToken = async (user: User) => ({ authorization: `Bearer ${await graph.token(user)}` });
const pathOf = (address: string): string => address.split("?")[0] ?? "";

describe("a signed address", () => {
  test("brings the file to whoever has it, in a box that nothing gets out of", async () => {
    const { url, thumbnailUrl } = await addresses(await send());
    expect(url).toMatch(
      /^\/media\/chat_attachments\/\d{4}\/\d\d\/\d\d\/[0-9a-f]{36}\.png\?expires=\d+&signature=[\w-]+$/,
    );
    const response = await get(url);
    expect(response.status).toBe(200);
    expect(response.bytes.equals(png.bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(png.bytes.length),
      "content-disposition": `inline; filename="a _gr__e_.png"; filename*=UTF-8''a%20%22gr%C3%B6%C3%9Fe%22.png`,
      "content-security-policy": expect.stringMatching(/^sandbox; default-src 'none'/),
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": expect.stringMatching(/^private, max-age=\d+, immutable$/),
      "accept-ranges": "bytes",
    });
    const small = await get(thumbnailUrl ?? "");
    expect([small.status, small.headers.get("content-type")]).toEqual([200, "image/webp"]);
  });

  test("of what is no picture says to save it, and has no thumbnail", async () => {
    const { url, thumbnailUrl } = await addresses(await send(DIGITS));
    const response = await get(url);
    expect([thumbnailUrl, response.headers.get("content-type")]).toEqual([null, "text/plain; charset=utf-8"]);
    expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="digits.txt"/);
  });

  test("ends, and its copy in the browser with it", async () => {
    const { url } = await addresses(await send());
    const maxAge = Number(/max-age=(\d+)/.exec((await get(url)).headers.get("cache-control") ?? "")?.[1]);
    expect(maxAge).toBeGreaterThanOrEqual(3 * 3_600 - 1);
    graph.world.clock.advance((maxAge - 1) * 1_000);
    expect((await get(url)).status).toBe(200);
    graph.world.clock.advance(2_000);
    expect((await get(url)).status).toBe(404);
  });

  test("is dead at once when somebody is removed; who is still there gets a new one", async () => {
    const message = await send();
    const { url, thumbnailUrl } = await addresses(message);
    await removeParticipant(graph.world.as(john), { roomId: room.id, person: { id: jane.id } });
    expect([(await get(url)).status, (await get(thumbnailUrl ?? "")).status]).toEqual([404, 404]);
    const fresh = await addresses(message, john);
    expect((await get(fresh.url)).status).toBe(200);
  });

  test("is dead when the message is deleted", async () => {
    const message = await send();
    const { url } = await addresses(message);
    await deleteMessage(graph.world.as(john), { messageId: message.id });
    expect((await get(url)).status).toBe(404);
  });

  test.each<[string, (url: string, other: string) => string]>([
    ["another file's path", (url, other) => `${pathOf(other)}?${url.split("?")[1]}`],
    ["a later end", (url) => url.replace(/expires=(\d+)/, (_all, end: string) => `expires=${Number(end) + 1}`)],
    [
      "another signature",
      (url) => url.replace(/signature=./, (start) => (start.endsWith("A") ? "signature=B" : "signature=A")),
    ],
    ["two signatures", (url) => `${url}&signature=x`],
    ["the thumbnail's path", (url) => url.replace(".png?", ".png.thumb.webp?")],
    ["a key that never was", (url) => url.replace(/[0-9a-f]{36}/, "0".repeat(36))],
    ["a key with a NUL in it", (url) => url.replace(/chat_attachments.*\?/, "%00?")],
    ["a key that can be none", (url) => url.replace(/chat_attachments.*\?/, "%2e%2e%2fserver.lock?")],
  ])("with %s opens nothing", async (_what, change) => {
    const [{ url }, { url: other }] = [await addresses(await send()), await addresses(await send())];
    const { status } = await get(change(url, other));
    expect([401, 404]).toContain(status);
  });
});

describe("a bearer token instead of a signature", () => {
  test("opens what its person may see; to others it is as if it had never been, and nobody is asked who they are", async () => {
    const { url } = await addresses(await send());
    const path = pathOf(url);
    const bob = await graph.world.person(`bob${room.id}`, project);
    const mine = await get(path, await withToken(jane));
    expect([mine.status, mine.headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
    expect(mine.headers.get("vary")).toMatch(/\bAuthorization\b/);
    const [hidden, absent] = [
      await get(path, await withToken(bob)),
      await get(path.replace(/[0-9a-f]{36}/, "0".repeat(36)), await withToken(bob)),
    ];
    expect([hidden.status, hidden.text]).toEqual([absent.status, absent.text]);
    expect(hidden.status).toBe(404);
    expect((await get(path)).status).toBe(401);
    expect((await get(path, { authorization: "Bearer x.y.z" })).status).toBe(401);
  });

  test("opens what an address that has ended does not", async () => {
    const { url } = await addresses(await send());
    graph.world.clock.advance(7 * HOUR_MS);
    expect((await get(url)).status).toBe(404);
    expect((await get(url, await withToken(jane))).status).toBe(200);
  });
});

describe("parts of a file", () => {
  test.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=5-99", 206, "56789", "bytes 5-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    ["bytes=5-2", 200, "0123456789", null],
    ["bytes=0-1,3-4", 200, "0123456789", null],
    ["lines=1-2", 200, "0123456789", null],
    ["bytes=-", 200, "0123456789", null],
  ])("%s", async (range, status, body, contentRange) => {
    const { url } = await addresses(await send(DIGITS));
    const response = await get(url, { range });
    expect([response.status, response.text, response.headers.get("content-range")]).toEqual([
      status,
      body,
      contentRange,
    ]);
    expect(response.headers.get("content-length")).toBe(String(body.length));
  });

  test("are of the file that the client has the rest of, or it is the whole file", async () => {
    const { url } = await addresses(await send(DIGITS));
    const etag = (await get(url)).headers.get("etag") ?? "";
    expect((await get(url, { range: "bytes=1-2", "if-range": etag })).status).toBe(206);
    expect((await get(url, { range: "bytes=1-2", "if-range": '"another"' })).status).toBe(200);
  });
});

test("what a client has already is not sent again", async () => {
  const { url } = await addresses(await send(DIGITS));
  const { headers } = await get(url);
  const [etag, modified] = [headers.get("etag") ?? "", headers.get("last-modified") ?? ""];
  expect((await get(url, { "if-none-match": `"x", W/${etag}` })).status).toBe(304);
  expect((await get(url, { "if-none-match": '"x"' })).status).toBe(200);
  expect((await get(url, { "if-modified-since": modified })).status).toBe(304);
  expect((await get(url, { "if-modified-since": new Date(0).toUTCString() })).status).toBe(200);
});

test("HEAD says of a file what GET would, and brings nothing", async () => {
  const { url } = await addresses(await send(DIGITS));
  const [head, whole] = [await get(url, {}, "HEAD"), await get(url)];
  expect(head.status).toBe(200);
  for (const name of [
    "content-type",
    "content-length",
    "content-disposition",
    "etag",
    "last-modified",
    "cache-control",
  ])
    expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
  expect(head.text).toBe("");
  expect((await get(url, { range: "bytes=2-3" }, "HEAD")).headers.get("content-length")).toBe("2");
  expect((await get(url, {}, "POST")).status).toBe(404);
});

test("where the public origin is known, addresses are whole; and sites that may call the server may show the files", async () => {
  const public_ = await startGraphqlWorld({
    PUBLIC_URL: "https://chat.example.com",
    CORS_ORIGINS: "https://app.example.com",
  });
  const { world } = public_;
  const apollo = await world.project("apollo");
  const ada = await world.person("ada", apollo);
  const { id } = await world.group(apollo, ada);
  const response = await request(`${public_.server.url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${await public_.token(ada)}`, "apollo-require-preflight": "true" },
    body: uploadForm({ roomId: id }, DIGITS),
  });
  const address = /"url":"([^"]+)"/.exec(response.text)?.[1] ?? "";
  expect(address).toMatch(/^https:\/\/chat\.example\.com\/media\//);
  const found = await request(address.replace("https://chat.example.com", public_.server.url));
  expect([found.status, found.headers.get("cross-origin-resource-policy")]).toEqual([200, "cross-origin"]);
  await public_.close();
});

describe("with the files in a bucket", () => {
  let s3: TestS3;
  let bucketed: GraphqlWorld;
  beforeAll(async () => {
    s3 = await startTestS3();
    const { bucket, endpoint, accessKeyId, secretAccessKey } = s3.settings;
    bucketed = await startGraphqlWorld({
      STORAGE: "s3",
      S3_BUCKET: bucket,
      S3_ENDPOINT: endpoint,
      S3_FORCE_PATH_STYLE: "on",
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    });
  });
  afterAll(async () => {
    await bucketed.close();
    await s3.close();
  });

  test("they come and go the same way, and nothing of them is on this machine", async () => {
    const { world, server } = bucketed;
    const apollo = await world.project("apollo");
    const ada = await world.person("ada", apollo);
    const { id } = await world.group(apollo, ada);
    const response = await request(`${server.url}/graphql`, {
      method: "POST",
      headers: { authorization: `Bearer ${await bucketed.token(ada)}`, "apollo-require-preflight": "true" },
      body: uploadForm({ roomId: id }, png),
    });
    const sent = response.text;
    const [url, small] = [/"url":"([^"]+)"/.exec(sent)?.[1], /"thumbnailUrl":"([^"]+)"/.exec(sent)?.[1]];
    expect(await filesIn(world.dataDir)).toEqual([]);
    const whole = await request(`${server.url}${url}`);
    expect(whole.bytes.equals(png.bytes)).toBe(true);
    expect((await request(`${server.url}${small}`)).status).toBe(200);
    const part = await request(`${server.url}${url}`, { headers: { range: "bytes=1-3" } });
    expect([part.status, part.text]).toEqual([206, "PNG"]);
    const messageId = /"id":"(\d+)"/.exec(sent)?.[1] ?? "";
    await bucketed.mutate(ada, "deleteChatMessage", { messageId }, "messageId");
    expect((await request(`${server.url}${url}`)).status).toBe(404);
  });
});

test("the addresses that a verb's caller mints are those that the graph shows", async () => {
  const message = await send();
  if (message.attachment === null) throw new Error("There is no attachment.");
  const files = { ...graph.world.services.files };
  expect(attachmentUrls(files, message.attachment)).toEqual(await addresses(message));
});
