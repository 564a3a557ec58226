import { describe, expect, it } from "@jest/globals";
import { formatDay, formatShortDay } from "./dates.js";

const NOW = new Date(2026, 10, 26, 12);
const day = (year: number, month: number, date: number): string => new Date(year, month - 1, date, 9).toISOString();

describe("a day", () => {
  it("is today or yesterday, else has its name", () => {
    const days = [day(2026, 11, 26), day(2026, 11, 25), day(2026, 11, 23), day(2025, 12, 31)];
    expect(days.map((each) => formatDay(each, NOW))).toEqual([
      "Today",
      "Yesterday",
      "Monday, November 23",
      "Wednesday, December 31, 2025",
    ]);
    expect(days.map((each) => formatShortDay(each, NOW))).toEqual([
      "Today",
      "Yesterday",
      "Mon, Nov 23",
      "Wed, Dec 31, 2025",
    ]);
  });
});
