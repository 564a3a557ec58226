import { describe, expect, it } from "@jest/globals";
import { toPlainText } from "./plain-text.js";

describe("a message without its marks", () => {
  it.each([
    ["**Look**, _this_ `code` [here](https://a.example)", "Look, this code here"],
    ["> quoted\nanswer", "quoted\nanswer"],
    ["2. b\n3. c\n   - d", "2. b\n3. c\n• d"],
    ["```ts\nlet a\n```\nafter", "let a\nafter"],
    ["2 * 3 * 4, snake_case", "2 * 3 * 4, snake_case"],
  ])("%j is %j", (content, text) => {
    expect(toPlainText(content)).toBe(text);
  });
});
