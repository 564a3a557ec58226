import { describe, expect, it } from "@jest/globals";
import type { OutboxFile } from "../../lib/outbox-entry.js";
import { estimateHeight } from "./row-height.js";
import type { PendingTimelineRow } from "./timeline.js";

function row(file: Pick<OutboxFile, "width" | "height"> | null): PendingTimelineRow {
  const sent = file && { name: "a", contentType: "", blob: new Blob(), ...file };
  const entry = {
    clientMutationId: "key",
    roomId: "1",
    content: "Look",
    file: sent,
    createdAt: "",
    reason: null,
  } as const;
  const base = { key: "key", dayStart: null, startsGroup: false, isFirstUnread: false, isAfterGap: false } as const;
  return { ...base, kind: "pending", entry: { ...entry, isKept: true, state: "sending" } };
}

describe("a row that has not been measured", () => {
  it("is taken to be as high as its picture and its words together", () => {
    expect(estimateHeight(row(null), 1_000)).toBe(25);
    expect(estimateHeight(row({ width: 720, height: 480 }), 1_000)).toBe(25 + 6 + 240);
  });

  it("is lower in a narrow window, where its picture is", () => {
    expect(estimateHeight(row({ width: 720, height: 480 }), 384)).toBe(25 + 6 + 200);
  });

  it("has room for a document’s card", () => {
    expect(estimateHeight(row({ width: null, height: null }), 1_000)).toBe(25 + 6 + 52);
  });
});
