import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { User } from "../../features/directory/directory.js";
import { removeParticipant } from "../../features/rooms/participant.actions.js";
import { blobOf, picture, type TestFile } from "../files.js";
import { startGraphqlWorld, type GraphqlWorld } from "../graphql-world.js";
import { enter, hangUp, type RawLine } from "../raw-socket.js";
import { until } from "../until.js";
import { connectAndSend, filesIn, requestBytes, uploadForm } from "../uploads.js";
import { parseFields, parseList, type Answer, type Fields } from "./client.js";
import { expectRefused } from "./contract.js";
import { clientsOf, setStage, type Clients, type Stage } from "./stage.js";

// A file that was sent by one transport is at the addresses that all of them show.

const senders = ["graphql", "rest"] as const;
type Sender = (typeof senders)[number];

let graph: GraphqlWorld;
let stage: Stage;
let john: Clients;
let line: RawLine;
let photo: TestFile;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  photo = { name: "größe.png", bytes: await picture("png"), contentType: "image/png" };
});
beforeEach(async () => {
  stage = await setStage(graph.world);
  john = await clientsOf(graph.server, stage, "john");
  line = await enter(graph.server.url, stage.room.id, { token: await graph.token(stage.people.jane) });
});
afterEach(hangUp);
afterAll(() => graph.close());

const send = (sender: Sender, attachment: TestFile | undefined, more: Fields = {}): Promise<Answer> =>
  john[sender].send({ roomId: stage.room.id, content: "Look.", ...more, ...(attachment && { attachment }) });
const numberOf = (answer: Answer): number => ("result" in answer ? Number(String(answer.result["id"]).slice(8)) : 0);
const credentials = async (user: User) => ({ authorization: `Bearer ${await graph.token(user)}` });

/** The newest message's file, as somebody reads its address by each transport. */
async function addressesOf(user: User): Promise<Readonly<Record<Sender, string>>> {
  const { room } = stage;
  const document = "query ($id: ID!) { chatRoom(id: $id) { messages(last: 1) { nodes { attachment { url } } } } }";
  const { data } = await graph.ask(user, document, { id: room.id });
  const [node] = parseList(parseFields(parseFields(data?.["chatRoom"])["messages"])["nodes"]);
  const listed = await fetch(`${graph.server.url}/api/chat/messages/?room=${room.id}&limit=1`, {
    headers: await credentials(user),
  });
  const [row] = parseList(await listed.json());
  return { graphql: String(parseFields(node?.["attachment"])["url"]), rest: String(row?.["attachment_url"]) };
}

const place = (address: string): URL => new URL(address, graph.server.url);

async function get(address: string | URL, headers: Record<string, string> = {}, method = "GET") {
  const response = await fetch(new URL(address, graph.server.url), { method, headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes };
}

describe.each(senders)("a file that was sent by %s", (sender) => {
  test("is at the address that GraphQL, REST and the raw WebSocket show", async () => {
    await send(sender, photo);
    const { message } = await line.hears("message_new");
    const shown = { ...(await addressesOf(stage.people.jane)), socket: String(parseFields(message)["attachment_url"]) };
    for (const [transport, address] of Object.entries(shown)) {
      const { status, bytes } = await get(address);
      expect([transport, status, bytes.equals(photo.bytes)]).toEqual([transport, 200, true]);
    }
    expect(new Set(Object.values(shown).map((address) => place(address).pathname)).size).toBe(1);
  });

  test("is there for a participant's token, whole, in part and by its head alone", async () => {
    await send(sender, photo);
    const { pathname } = place((await addressesOf(stage.people.jane))[sender]);
    const jane = await credentials(stage.people.jane);
    expect((await get(pathname, jane)).bytes.equals(photo.bytes)).toBe(true);
    const part = await get(pathname, { ...jane, range: "bytes=2-5" });
    expect([part.status, part.bytes]).toEqual([206, photo.bytes.subarray(2, 6)]);
    expect(part.headers.get("content-range")).toBe(`bytes 2-5/${photo.bytes.length}`);
    const head = await get(pathname, jane, "HEAD");
    expect([head.status, head.bytes.length, head.headers.get("content-length")]).toEqual([
      200,
      0,
      String(photo.bytes.length),
    ]);
    const outside = await get(pathname, await credentials(stage.people.alice));
    expect([outside.status, (await get(pathname)).status]).toEqual([404, 401]);
  });

  test("is gone for who was removed, at once and by every address of theirs; who stays has new ones", async () => {
    const { people, room } = stage;
    await send(sender, photo);
    const { message } = await line.hears("message_new");
    const hers = [...Object.values(await addressesOf(people.jane)), String(parseFields(message)["attachment_url"])];
    await removeParticipant(graph.world.as(people.john), { roomId: room.id, person: { id: people.jane.id } });
    for (const address of hers) {
      const signed = await get(address);
      const byToken = await get(place(address).pathname, await credentials(people.jane));
      expect([address, signed.status, byToken.status]).toEqual([address, 404, 404]);
    }
    for (const address of Object.values(await addressesOf(people.bob))) expect((await get(address)).status).toBe(200);
  });

  test("and was refused takes nothing along: the same words under the same key are a message without it", async () => {
    const before = await filesIn(graph.world.dataDir);
    const clientMutationId = randomUUID();
    const program = { name: "setup.exe", bytes: Buffer.from("MZ") };
    const refused = await send(sender, program, { clientMutationId });
    expectRefused(refused, sender, "UNSUPPORTED_MEDIA_TYPE");
    expect("refusal" in refused && refused.refusal.words).toMatch(/jpg, jpeg, png, gif, webp, pdf, doc, docx, txt/);
    expect(await filesIn(graph.world.dataDir)).toEqual(before);
    const sent = await send(sender, undefined, { clientMutationId });
    expect(sent).toMatchObject({ result: { content: "Look.", type: "text", attachment: null } });
    expect((await line.hears("message_new")).message).toMatchObject({ id: numberOf(sent), attachment_url: null });
  });
});

test("under one key a file sent by GraphQL and again by REST is one message, with one file", async () => {
  const clientMutationId = randomUUID();
  const first = await send("graphql", photo, { clientMutationId });
  const before = await filesIn(graph.world.dataDir);
  const again = await send("rest", photo, { clientMutationId });
  expect([numberOf(again), "result" in again && again.result]).toEqual([
    numberOf(first),
    "result" in first && first.result,
  ]);
  expect(await filesIn(graph.world.dataDir)).toEqual(before);
  const other = { ...photo, name: "another.png" };
  for (const sender of senders)
    expectRefused(await send(sender, other, { clientMutationId }), sender, "IDEMPOTENCY_KEY_REUSED");
});

describe("of one person's files four are on their way at once, by whatever they come", () => {
  const large: TestFile = { name: "large.txt", bytes: Buffer.alloc(4 * 1024 * 1024, "a") };
  const isLimited = (answer: Answer): boolean => "refusal" in answer && answer.refusal.code === "RATE_LIMITED";
  const incomingFolder = () => filesIn(join(graph.world.dataDir, "incoming"));

  /** Half of a request with a file, which goes no further. */
  async function beginSending(sender: Sender): Promise<Socket> {
    const { url } = graph.server;
    const headers = {
      Authorization: `Bearer ${await graph.token(stage.people.john)}`,
      "apollo-require-preflight": "1",
    };
    const rest = new FormData();
    // The room comes after the file: nobody knows yet whether they may send it.
    rest.append("attachment", blobOf(large), large.name);
    rest.append("room", String(stage.room.id));
    const whole =
      sender === "rest"
        ? await requestBytes(`${url}/api/chat/messages/`, rest, headers)
        : await requestBytes(`${url}/graphql`, uploadForm({ roomId: stage.room.id }, large), headers);
    return connectAndSend(url, whole.subarray(0, whole.length / 2));
  }

  test("the next one is told to wait, others are not; what breaks off leaves its place and nothing else", async () => {
    const before = await filesIn(graph.world.dataDir);
    const sockets = await Promise.all((["rest", "graphql", "rest", "graphql"] as const).map(beginSending));
    await until(async () => (await incomingFolder()).length === sockets.length, "four files to come in");
    for (const sender of senders) {
      const answer = await send(sender, photo);
      expectRefused(answer, sender, "RATE_LIMITED");
      expect("refusal" in answer && [answer.refusal.retryAfterMs, answer.refusal.words]).toEqual([
        2_000,
        "At most 4 files of yours can be on their way at once. Wait until one has arrived.",
      ]);
      expect(await send(sender, undefined)).toMatchObject({ result: { content: "Look." } });
    }
    const jane = await clientsOf(graph.server, stage, "jane");
    const hers = await jane.rest.send({ roomId: stage.room.id, content: "Mine.", attachment: photo });
    expect(hers).toMatchObject({ result: { content: "Mine." } });
    await jane.rest.delete({ messageId: numberOf(hers) });
    for (const socket of sockets) socket.destroy();
    await until(
      async () => JSON.stringify(await filesIn(graph.world.dataDir)) === JSON.stringify(before),
      "the rest to go",
    );
    await until(async () => !isLimited(await send("rest", photo)), "a place");
  });

  test("one after another there is no end to them", async () => {
    for (const sender of [...senders, ...senders, ...senders])
      expect(await send(sender, photo)).toMatchObject({ result: { type: "image" } });
  });
});
