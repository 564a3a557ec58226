import { describe, expect, it } from "@jest/globals";
import { randomUuid } from "./uuid.js";

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;

describe("a random UUID", () => {
  it("is of version 4, and another each time", () => {
    const ids = Array.from({ length: 100 }, () => randomUuid());
    for (const id of ids) expect(id).toMatch(VERSION_4);
    expect(new Set(ids).size).toBe(100);
  });
});
