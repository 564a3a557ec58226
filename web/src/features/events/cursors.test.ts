import { describe, expect, it } from "@jest/globals";
import { acceptHeads, acceptSnapshot, advance, judge, resumePoints, VIEWER_STREAM, type Positions } from "./cursors.js";

const positions: Positions = new Map([
  ["1", { cursor: "room1:10", seq: 10 }],
  [VIEWER_STREAM, { cursor: "viewer:5", seq: null }],
]);

describe("cursors", () => {
  it("applies the next event, drops what was handled, and finds a gap", () => {
    expect(judge(positions, "1", 11)).toBe("apply");
    expect(judge(positions, "1", 10)).toBe("drop");
    expect(judge(positions, "1", 12)).toBe("gap");
  });

  it("takes any event of a stream whose position is not known yet", () => {
    expect(judge(positions, VIEWER_STREAM, 9)).toBe("apply");
    expect(judge(positions, "2", 4)).toBe("apply");
  });

  it("resumes each stream from what was handled last", () => {
    const later = advance(positions, "1", { cursor: "room1:11", seq: 11 });
    expect(resumePoints(later)).toEqual(["room1:11", "viewer:5"]);
  });

  it("learns from Ready where each stream continues, and never goes back by it", () => {
    const heads = [
      { roomId: null, cursor: "viewer:5", seq: 5 },
      { roomId: "1", cursor: "room1:9", seq: 9 },
      { roomId: "2", cursor: "room2:3", seq: 3 },
    ];
    const next = acceptHeads(positions, heads);
    expect(next.get(VIEWER_STREAM)?.seq).toBe(5);
    expect(next.get("1")?.seq).toBe(10);
    expect(next.get("2")?.seq).toBe(3);
  });

  it("starts from the oldest snapshot, and is not moved by one while it runs", () => {
    const older = [{ roomId: "1", cursor: "room1:8", seq: 8 }];
    const newer = [{ roomId: "1", cursor: "room1:12", seq: 12 }];
    expect(acceptSnapshot(positions, older, false).get("1")?.seq).toBe(8);
    expect(acceptSnapshot(positions, older, true).get("1")?.seq).toBe(10);
    expect(acceptSnapshot(positions, newer, true).get("1")?.seq).toBe(10);
  });
});
