import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { assume } from "./scale.figures.js";
import { needsOf, total } from "./scale.needs.js";
import { scaleTables } from "./scale.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/scale.md"), "utf8");

/** A line of a table, however it is padded. */
const plain = (cells: readonly string[]): string => `|${cells.map((cell) => cell.trim()).join("|")}|`;
const lines = new Set(page.split("\n").map((line) => plain(line.split("|").slice(1, -1))));

test.each(scaleTables().map((table) => [table.title, table] as const))(
  "the page on scale has the table of what is %s as it is calculated",
  (_title, { heads, rows }) => {
    for (const row of [heads, ...rows]) expect([...lines]).toContain(plain(row));
  },
);

test("a cell has as many nodes as keep each of them below what it may use", () => {
  const { nodes, nodeCores, isEnough } = needsOf(assume("users") / assume("cells"));
  expect(isEnough).toBe(true);
  expect(total(nodeCores) / nodes).toBeLessThanOrEqual(assume("busy"));
});
