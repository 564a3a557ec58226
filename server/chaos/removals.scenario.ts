import { setTimeout as pause } from "node:timers/promises";
import { Limits } from "./limits.js";
import { readLogs } from "./log.js";
import { openReaders, type Asked, type Reader } from "./reader.js";
import { judge, onCluster, type Played, type Stage } from "./scenario.js";
import { eventually } from "./until.js";
import { populate, tokenOf, type World } from "./world.js";

/** So many are removed, and so many have tokens that expire. */
const FOLLOWERS = 200;
const WITNESSES = 6;
const WRITERS = 10;
/** 100 messages a second, all in one room. */
const EVERY_MS = 100;
const TALK_MS = 60_000;
const BETWEEN_MS = 100;
const CLOSED_WITHIN_MS = 1_000;
const ENDS_WITHIN_MS = 10_000;
const TOKEN_MS = 60_000;

const REMOVE = `mutation ($input: RemoveChatParticipantInput!) { removeChatParticipant(input: $input) { __typename } }`;

/** P6: two hundred are removed from a busy room one after the other, and two hundred tokens expire, on every node. */
export async function removals(stage: Stage): Promise<void> {
  const { random, say, report } = stage;
  await onCluster(stage, { processes: 1 }, async (played) => {
    const { cluster, crowd } = played;
    const count = stage.options.followers ?? FOLLOWERS;
    const people = Array.from({ length: WRITERS + 2 * count + WITNESSES }, (_, index) => index + 1);
    const world = await populate(cluster, { people: people.length, rooms: [people] });
    const [room = 0] = world.rooms;
    const asked = async (user: number, ttlMs?: number): Promise<Asked> => {
      const way = user % 2 === 0 ? "raw" : "chatRoomEvents";
      const token = await tokenOf(cluster, user, ttlMs);
      return { url: random.pick(cluster.nodes).url, token, roomId: room, way };
    };
    const leaving = people.slice(WRITERS, WRITERS + count);
    const followed = await openReaders(await Promise.all(leaving.map((user) => asked(user))));
    const readers = followed.map((reader, index) => ({ user: leaving[index] ?? 0, reader }));
    const witnesses = people.slice(-WITNESSES).map((user) => ({ user, by: "chatRoomEvents", room }) as const);
    await crowd.follow(witnesses);
    // All of them at the same moment; a token's times are whole seconds.
    const expiresMs = Math.floor(Date.now() / 1_000) * 1_000 + TOKEN_MS;
    const strangers = people.slice(WRITERS + count, -WITNESSES);
    const expiring = await openReaders(await Promise.all(strangers.map((user) => asked(user, TOKEN_MS))));
    say(`${readers.length} follow, and ${expiring.length} with tokens that expire`);
    const common = {
      room,
      transport: "rest",
      sends: TALK_MS / EVERY_MS,
      everyMs: EVERY_MS,
    } as const;
    const sending = crowd.send(people.slice(0, WRITERS).map((user) => ({ user, ...common })));
    for (const { user } of readers) {
      await remove(world, room, user);
      await pause(BETWEEN_MS);
    }
    say("all are removed");
    await sending;
    const ends = [...followed, ...expiring];
    const leftMs = Math.max(expiresMs - Date.now(), 0) + ENDS_WITHIN_MS;
    await eventually(() => ends.every(({ end }) => end !== undefined), "the ends", leftMs).catch(() => {});
    const limits = new Limits(report);
    await judgeRemovals(limits, played, { room, readers });
    const late = expiring.map(({ end }) => (end?.by === 4401 ? end.atMs - expiresMs : Infinity));
    limits.atMost("closed after a token has expired, ms", Math.max(...late), CLOSED_WITHIN_MS);
    limits.atMost("closed before it had, ms", -Math.min(...late), 0);
    limits.print("removals");
    await judge(stage, played);
  });
}

async function remove({ ask }: World, room: number, user: number): Promise<void> {
  await ask(1, REMOVE, { input: { roomId: String(room), userId: String(user) } });
}

interface Removed {
  readonly room: number;
  readonly readers: readonly { readonly user: number; readonly reader: Reader }[];
}

async function judgeRemovals(limits: Limits, { cluster }: Played, { room, readers }: Removed): Promise<void> {
  const entries = (await readLogs(cluster.postgres)).find(({ stream }) => stream === `r${room}`)?.entries ?? [];
  const removalOf = new Map(
    entries.filter(({ what }) => what.startsWith("participant_removed")).map((entry) => [entry.what, entry]),
  );
  const ids = await cluster.postgres.query<{ id: number; host_id: string }>("select id, host_id from chat_user");
  const idOf = new Map(ids.map(({ id, host_id }) => [host_id, id]));
  const found = readers.map(({ user, reader }) => {
    const removal = removalOf.get(`participant_removed ${idOf.get(String(user))}`);
    const { end, seqs } = reader;
    const hasEnded = end !== undefined && (end.by === "complete" || end.by === 4403);
    const last = seqs.at(-1) ?? 0;
    const [first = 1] = seqs;
    return {
      beyond: seqs.filter((seq) => seq > (removal?.seq ?? 0)).length,
      isWhole: last === removal?.seq && seqs.every((seq, index) => seq === first + index),
      tookMs: hasEnded && removal !== undefined ? end.atMs - removal.atMs : Infinity,
    };
  });
  limits.exactly("removed", removalOf.size, readers.length);
  limits.exactly(
    "events beyond a removal",
    found.reduce((sum, { beyond }) => sum + beyond, 0),
    0,
  );
  limits.exactly("who did not get everything up to it", found.filter(({ isWhole }) => !isWhole).length, 0);
  limits.atMost("closed after the removal, ms", Math.max(...found.map(({ tookMs }) => tookMs)), CLOSED_WITHIN_MS);
}
