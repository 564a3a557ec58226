import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Project, User } from "../features/directory/directory.js";
import { topicOf } from "../features/feed/feed.actions.js";
import { roomStream } from "../features/feed/stream.js";
import type { Room } from "../features/rooms/room.js";
import { jsonb, query, sql } from "../platform/sql.js";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import { openReader, ways, type Reader, type Way } from "../chaos/reader.js";
import { watchServerSide, type ServerSide } from "../test/server-side.js";
import { until } from "../test/until.js";

const DAY_MS = 86_400_000;
/** Some 14 MB of them: more than the system's own buffers hold. */
const COUNT = 360;
const BATCH = 40;
const MESSAGE_BYTES = 40_000;
const MAX_UNSENT_BYTES = 1024 * 1024;

let graph: GraphqlWorld;
let project: Project;
let quick: User;
let slow: User;
let room: Room;
let side: ServerSide;
let people = 0;
const open: Reader[] = [];
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
});
beforeEach(async () => {
  people += 1;
  quick = await graph.world.person(`quick${people}`, project);
  slow = await graph.world.person(`slow${people}`, project);
  room = await graph.world.group(project, quick, slow);
  side = watchServerSide();
});
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.terminate();
  jest.restoreAllMocks();
});
afterAll(() => graph.close());

async function follow(user: User, way: Way, after?: Reader): Promise<Reader> {
  const token = await graph.server.token(user, 1_000 * DAY_MS);
  const asked = { url: graph.server.url, token, roomId: room.id, way };
  const reader = await openReader(after === undefined ? asked : { ...asked, after });
  open.push(reader);
  return reader;
}

/** Large messages, straight into the log: what they cost to write is not what is looked at. */
async function shout(count: number, epoch: string): Promise<void> {
  const content = "\u{1f600}".repeat(MESSAGE_BYTES / 4);
  const payload = { content, type: "text", mentionIds: [], clientKey: null };
  const stream = roomStream(room.id);
  const [head] = await query<{ seq: number }>(
    graph.world.database.fork(),
    sql`select max(e.seq) as seq from generate_series(1, ${count}) n,
        lateral feed_append_v1(${stream}, case when n > 0 then 'message_sent' end, ${quick.id}, ${jsonb(payload)},
          null, null, null, true) e`,
  );
  await graph.world.services.pubsub.publish(topicOf(stream), JSON.stringify({ hint: { epoch, seq: head?.seq } }));
}

/** All of it, while somebody reads as it comes. */
async function shoutTo(reader: Reader): Promise<void> {
  for (let heard = BATCH; heard <= COUNT; heard += BATCH) {
    await shout(BATCH, reader.epoch);
    await until(() => reader.seqs.length >= heard, `${heard} messages`);
  }
}

/** A message, and what came along with it: whoever is let read until somebody looks has read everything by then. */
function readOne({ socket }: Reader): void {
  socket.once("message", () => socket.pause());
  socket.resume();
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.each(ways)("over %s, who", (way) => {
  test("stops reading is closed with 4408 after 30 seconds, is noticed by nobody, and goes on where they stopped", async () => {
    const [other, stopped] = [await follow(quick, "raw"), await follow(slow, way)];
    stopped.socket.pause();
    await shoutTo(other);
    expect(other.seqs).toEqual(upTo(COUNT));
    await until(() => side.unsent > 0, "the system's buffers to be full");
    expect(side.mostUnsent).toBeLessThan(MAX_UNSENT_BYTES + 2 * MESSAGE_BYTES);
    graph.world.clock.advance(29_999);
    expect(side.unsent).toBeGreaterThan(0);
    graph.world.clock.advance(1);
    stopped.socket.resume();
    await until(() => stopped.end, "the close");
    expect(stopped.end?.by).toBe(4408);
    const seen = stopped.seqs.length;
    expect(seen).toBeLessThan(COUNT);
    const again = await follow(slow, way, stopped);
    await until(() => again.seqs.length >= COUNT - seen, "the rest");
    expect([...stopped.seqs, ...again.seqs]).toEqual(upTo(COUNT));
  });

  test("reads slowly is not closed, and gets everything once and in order when they recover", async () => {
    const [other, lagging] = [await follow(quick, "raw"), await follow(slow, way)];
    lagging.socket.pause();
    await shoutTo(other);
    for (let round = 0; round < 3; round += 1) {
      await until(() => side.unsent > 0, "the system's buffers to be full");
      graph.world.clock.advance(20_000);
      const before = side.gone;
      await until(() => {
        readOne(lagging);
        return side.gone > before;
      }, "some of it to be on its way");
    }
    await until(() => lagging.socket.isPaused, "the last message that is read slowly");
    lagging.socket.resume();
    await until(() => lagging.seqs.length >= COUNT, "everything");
    expect([lagging.seqs, lagging.end]).toEqual([upTo(COUNT), undefined]);
    expect(side.mostUnsent).toBeLessThan(MAX_UNSENT_BYTES + 2 * MESSAGE_BYTES);
  });
});

test("who asks and asks without reading the answers waits for themselves, and gets them all", async () => {
  const questions = 20_000;
  const greedy = await follow(slow, "chatEvents");
  const before = greedy.frames;
  greedy.socket.pause();
  const question = JSON.stringify({ type: "ping", payload: { padding: "x".repeat(500) } });
  for (let asked = 0; asked < questions; asked += 1) greedy.socket.send(question);
  await until(() => side.unsent > MAX_UNSENT_BYTES, "the answers to be too many");
  greedy.socket.resume();
  await until(() => greedy.frames - before >= questions, "the answers");
  expect(greedy.end).toBeUndefined();
  expect(side.mostUnsent).toBeLessThan(MAX_UNSENT_BYTES + 2 * MESSAGE_BYTES);
});
