import { describe, expect, it } from "@jest/globals";
import { formatSize, messageLine } from "./attachment-words.js";

describe("a file’s size", () => {
  it("is said in the unit that people would use", () => {
    expect([1, 950, 12_288, 1_048_575, 3_565_158].map(formatSize)).toEqual([
      "1 byte",
      "950 bytes",
      "12 kB",
      "1.0 MB",
      "3.4 MB",
    ]);
  });
});

describe("a message in one line", () => {
  it("is its words, else what it carries", () => {
    const file = { content: "", type: "FILE", attachment: { name: "plan.pdf" }, mentions: [] } as const;
    expect(messageLine({ ...file, content: "Look" })).toBe("Look");
    expect(messageLine(file)).toBe("plan.pdf");
    expect(messageLine({ ...file, type: "IMAGE" })).toBe("(Image)");
    expect(messageLine({ ...file, attachment: null })).toBe("(File)");
  });

  it("has people's names instead of those that were typed", () => {
    const bob = { id: "3", chatUsername: "bob", chatDisplayName: "Bob Stone" };
    expect(messageLine({ content: "*Thanks*, @bob", type: "TEXT", attachment: null, mentions: [bob] })).toBe(
      "Thanks, @Bob Stone",
    );
  });
});
