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
    const attachment = { name: "plan.pdf" };
    expect(messageLine({ content: "Look", type: "FILE", attachment })).toBe("Look");
    expect(messageLine({ content: "", type: "FILE", attachment })).toBe("plan.pdf");
    expect(messageLine({ content: "", type: "IMAGE", attachment })).toBe("(Image)");
    expect(messageLine({ content: "", type: "FILE", attachment: null })).toBe("(File)");
  });
});
