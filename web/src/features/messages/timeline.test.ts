import { describe, expect, it } from "@jest/globals";
import type { OutboxEntry } from "../../lib/outbox-entry.js";
import { buildTimeline, findFirstUnread, type TimelineMessage } from "./timeline.js";

const DAY_MINUTES = 24 * 60;

/** A message some minutes after a local noon: days are the reader's days. */
function message(id: string, userId: string, minutes: number, clientMutationId: string | null = null): TimelineMessage {
  const createdAt = new Date(2026, 10, 23, 12, minutes).toISOString();
  return { id, createdAt, clientMutationId, user: { id: userId } };
}

function entry(clientMutationId: string, minutes: number): OutboxEntry {
  const createdAt = new Date(2026, 10, 23, 12, minutes).toISOString();
  return {
    clientMutationId,
    roomId: "1",
    content: "x",
    file: null,
    createdAt,
    state: "sending",
    reason: null,
    isKept: true,
  };
}

const input = { pending: [], viewerId: "1", hasOlder: false, hasNewer: false, firstUnreadId: null };

describe("the timeline", () => {
  it("groups one author’s messages within five minutes", () => {
    const messages = [message("1", "a", 0), message("2", "a", 5), message("3", "a", 11), message("4", "b", 11)];
    const rows = buildTimeline({ ...input, messages });
    expect(rows.map((row) => row.startsGroup)).toEqual([true, false, true, true]);
  });

  it("begins a day with its first message, and a group with it", () => {
    const messages = [message("1", "a", 0), message("2", "a", 1), message("3", "a", DAY_MINUTES)];
    const rows = buildTimeline({ ...input, messages });
    expect(rows.map((row) => row.dayStart !== null)).toEqual([true, false, true]);
    expect(rows[2]?.startsGroup).toBe(true);
  });

  it("says nothing about the day above the first loaded message while there are older ones", () => {
    const [row] = buildTimeline({ ...input, messages: [message("1", "a", 0)], hasOlder: true });
    expect(row?.dayStart).toBeNull();
  });

  it("shows no row whose head would change with older messages", () => {
    const messages = [message("1", "a", 0), message("2", "a", 1), message("3", "a", 2)];
    const cut = buildTimeline({ ...input, messages: messages.slice(1), hasOlder: true });
    const whole = buildTimeline({ ...input, messages });
    expect(cut).toEqual(whole.slice(2));
  });

  it("breaks a group at the unread divider", () => {
    const messages = [message("1", "a", 0), message("2", "a", 1)];
    const rows = buildTimeline({ ...input, messages, firstUnreadId: "2" });
    expect(rows.map((row) => [row.isFirstUnread, row.startsGroup])).toEqual([
      [false, true],
      [true, true],
    ]);
  });

  it("shows a sent message once, and under the same key before and after it is stored", () => {
    const before = buildTimeline({ ...input, messages: [], pending: [entry("key", 0)] });
    const after = buildTimeline({ ...input, messages: [message("9", "1", 0, "key")], pending: [entry("key", 0)] });
    expect(before.map(({ kind, key }) => [kind, key])).toEqual([["pending", "key"]]);
    expect(after.map(({ kind, key }) => [kind, key])).toEqual([["message", "key"]]);
  });
});

describe("what is on its way while the past is shown", () => {
  it("stands below, with a word that messages in between are missing", () => {
    const messages = [message("1", "1", 0)];
    const rows = buildTimeline({ ...input, messages, pending: [entry("a", 1), entry("b", 2)], hasNewer: true });
    expect(rows.map(({ key, isAfterGap, startsGroup }) => [key, isAfterGap, startsGroup])).toEqual([
      ["1", false, true],
      ["a", true, true],
      ["b", false, false],
    ]);
  });
});

describe("the first unread message", () => {
  const messages = [message("1", "a", 0), message("2", "1", 1), message("3", "a", 2)];

  it("is the first by someone else beyond the read position", () => {
    expect(findFirstUnread(messages, messages[0]?.createdAt ?? null, "1")?.id).toBe("3");
    expect(findFirstUnread(messages, null, "1")?.id).toBe("1");
    expect(findFirstUnread(messages, messages[2]?.createdAt ?? null, "1")).toBeNull();
  });
});
