import { expect, test } from "@jest/globals";
import { check, type AnomalyKind } from "./check.js";
import type { Followed, Happened, History, Sent, Span } from "./history.js";

const sentEvent = (seq: number, key: string, atMs = seq * 10): Happened => ({
  seq,
  what: `message_sent ${100 + seq}`,
  key,
  atMs,
});
const event = (seq: number, what: string, atMs = seq * 10): Happened => ({ seq, what, atMs });
const acknowledged = (key: string, seq: number, more: Partial<Sent> = {}): Sent => ({
  key,
  user: 1,
  room: 7,
  transport: "rest",
  outcome: "ok",
  invokedMs: seq * 10 - 5,
  okMs: seq * 10 + 1,
  messageIds: [100 + seq],
  tries: 1,
  ...more,
});
const entries = [sentEvent(1, "a"), sentEvent(2, "b"), sentEvent(3, "c")];
const follower = (span: Partial<Span> = {}, more: Partial<Followed> = {}): Followed => ({
  name: "chatRoomEvents of 2",
  user: 2,
  spans: [{ stream: "r7", start: 0, events: entries, ended: "open", ...span }],
  faults: [],
  ...more,
});
const good: History = {
  faults: [],
  sent: [acknowledged("a", 1), acknowledged("b", 2), acknowledged("c", 3)],
  logs: [{ stream: "r7", entries }],
  followed: [follower(), follower({ start: 2, events: entries.slice(2) })],
};

const kinds = (history: Partial<History>): readonly AnomalyKind[] => [
  ...new Set(check({ ...good, ...history }).map(({ kind }) => kind)),
];
const withLog = (log: readonly Happened[], more: Partial<History> = {}): readonly AnomalyKind[] =>
  kinds({ logs: [{ stream: "r7", entries: log }], followed: [], sent: [], ...more });

test("a history in which every promise was kept has no anomaly", () => {
  expect(check(good)).toEqual([]);
});

test("a message without an answer may be there or not", () => {
  const unknown = { outcome: "unknown", messageIds: [] } as const;
  const [a, b, c] = good.sent;
  if (a === undefined || b === undefined || c === undefined) throw new Error("The good history is incomplete.");
  expect(kinds({ sent: [a, { ...b, ...unknown }, c, acknowledged("d", 4, unknown)] })).toEqual([]);
});

test("a log with a hole, a number twice or a time that goes back is refused", () => {
  expect(withLog([event(1, "room_changed"), event(3, "room_changed")])).toEqual(["hole in the log"]);
  expect(withLog([event(1, "room_changed"), event(1, "room_changed")])).toEqual(["hole in the log"]);
  expect(withLog([event(2, "room_changed")])).toEqual(["hole in the log"]);
  expect(withLog([event(1, "room_changed", 50), event(2, "room_changed", 49)])).toEqual(["time went back"]);
});

test("an acknowledged message that is not there, or in another room, is lost", () => {
  expect(kinds({ sent: [...good.sent, acknowledged("d", 4)] })).toEqual(["lost send"]);
  expect(kinds({ sent: [...good.sent.slice(1), acknowledged("a", 1, { room: 8 })] })).toEqual(["lost send"]);
});

test("a key that is there twice is refused, acknowledged or not", () => {
  const doubled = [...entries, sentEvent(4, "a")];
  expect(withLog(doubled, { sent: good.sent })).toContain("doubled send");
  const unknown = good.sent.map((send): Sent => ({ ...send, outcome: "unknown", messageIds: [] }));
  expect(withLog(doubled, { sent: unknown })).toContain("doubled send");
});

test("a retry that was answered with another message is refused", () => {
  expect(kinds({ sent: [acknowledged("a", 1, { messageIds: [101, 102] }), ...good.sent.slice(1)] })).toEqual([
    "another answer",
  ]);
  expect(kinds({ sent: [acknowledged("a", 1, { messageIds: [999] }), ...good.sent.slice(1)] })).toEqual([
    "another answer",
  ]);
});

test("a message that was refused, or that nobody sent, may not be there", () => {
  expect(
    kinds({ sent: [acknowledged("a", 1, { outcome: "refused", messageIds: [] }), ...good.sent.slice(1)] }),
  ).toEqual(["refused but stored"]);
  expect(kinds({ sent: good.sent.slice(1) })).toEqual(["nobody's message"]);
});

test("a message that began when another one was acknowledged may not come before it", () => {
  const late = acknowledged("a", 1, { invokedMs: 22, okMs: 23 });
  expect(kinds({ sent: [late, ...good.sent.slice(1)] })).toEqual(["sends out of order"]);
  const overlapping = acknowledged("a", 1, { invokedMs: 15, okMs: 50 });
  expect(kinds({ sent: [overlapping, ...good.sent.slice(1)] })).toEqual([]);
});

test("a delivery that is lost, at the end, in between or at the beginning, is found", () => {
  for (const missing of [0, 1, 2])
    expect(kinds({ followed: [follower({ events: entries.toSpliced(missing, 1) })] })).toEqual(["lost delivery"]);
});

test("a delivery that comes twice, in another order, or as another event is found", () => {
  const [a, b, c] = entries;
  if (a === undefined || b === undefined || c === undefined) throw new Error("The good history is incomplete.");
  const got = (...events: readonly Happened[]): readonly AnomalyKind[] => kinds({ followed: [follower({ events })] });
  expect(got(a, b, b, c)).toEqual(["doubled delivery"]);
  expect(got(a, b, c, a)).toEqual(["doubled delivery"]);
  expect(got(a, c, b)).toEqual(["delivery out of order"]);
  expect(got(a, b, { ...c, what: "message_sent 999" })).toEqual(["another event"]);
  expect(got(a, b, { ...c, key: "x" })).toEqual(["another event"]);
  expect(got(a, b, c, sentEvent(4, "d"))).toEqual(["another event"]);
});

test("a deleted message may come without its words", () => {
  const [a, b, c] = entries;
  if (a === undefined || b === undefined || c === undefined) throw new Error("The good history is incomplete.");
  expect(kinds({ followed: [follower({ events: [a, event(2, b.what), c] })] })).toEqual([]);
});

test("what comes before a follower's start is no business of theirs", () => {
  expect(kinds({ followed: [follower({ start: 1, events: entries })] })).toEqual(["delivery out of order"]);
});

test("a fault that a follower or a sender met is an anomaly", () => {
  expect(kinds({ faults: ["INTERNAL_SERVER_ERROR"] })).toEqual(["fault at a sender"]);
  expect(kinds({ followed: [follower({}, { faults: ["RESYNC_REQUIRED"] })] })).toEqual(["fault at a follower"]);
});

const removal = [...entries.slice(0, 1), event(2, "participant_removed 2"), sentEvent(3, "c")];
const afterRemoval = (span: Partial<Span>, log = removal): readonly AnomalyKind[] =>
  withLog(log, { sent: [acknowledged("a", 1), acknowledged("c", 3)], followed: [follower(span)] });

test("who was removed has what came before, or less of it, and nothing after", () => {
  expect(afterRemoval({ events: removal.slice(0, 2), ended: "removed" })).toEqual([]);
  expect(afterRemoval({ events: [], ended: "removed" })).toEqual([]);
  expect(afterRemoval({ events: removal, ended: "removed" })).toEqual(["after removal"]);
  expect(afterRemoval({ events: removal, ended: "open" })).toEqual(["after removal"]);
});

test("who comes back sees what happened in between, but not before they are back", () => {
  const back = [...removal, event(4, "participant_added 2", 40)];
  const got = (atMs: number): readonly AnomalyKind[] =>
    afterRemoval({ events: back.map((each) => (each.seq === 3 ? { ...each, atMs } : each)) }, back);
  expect(got(41)).toEqual([]);
  expect(got(39)).toEqual(["after removal"]);
});

test("who is told that they were removed was removed, or the room is deleted", () => {
  expect(kinds({ followed: [follower({ events: entries, ended: "removed" })] })).toEqual(["ended for nothing"]);
  const deleted = [...entries, event(4, "room_deleted 7")];
  expect(withLog(deleted, { sent: good.sent, followed: [follower({ events: deleted, ended: "removed" })] })).toEqual(
    [],
  );
});
