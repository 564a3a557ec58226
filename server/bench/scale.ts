import { figure, type Report } from "./report.js";
import { assume, assumed, measured } from "./scale.figures.js";
import { needsOf, total, type Line, type Needs } from "./scale.needs.js";

interface Table {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Prints the tables of `docs/scale.md`. */
export function scale(report: Report): void {
  for (const { title, heads, rows } of scaleTables()) report.table(title, heads, rows);
}

/** The tables of the page, in its order. */
export function scaleTables(): readonly Table[] {
  const one = needsOf(assume("users"));
  const cell = needsOf(assume("users") / assume("cells"));
  const lines = (title: string, of: (needs: Needs) => readonly Line[]): Table => ({
    title,
    heads: [title, "how", "all in one", "a cell"],
    rows: of(one).map(({ what, how, value }, index) => [what, how, figure(value), figure(of(cell)[index]?.value ?? 0)]),
  });
  const sums = (title: string, of: (needs: Needs) => readonly Line[]): Table => {
    const table = lines(title, of);
    return { ...table, rows: [...table.rows, ["together", "", figure(total(of(one))), figure(total(of(cell)))]] };
  };
  return [
    answer(one, cell),
    {
      title: "Assumed",
      heads: ["assumed", ""],
      rows: Object.values(assumed).map(({ what, value }) => [what, value.toLocaleString("en")]),
    },
    {
      title: "Measured",
      heads: ["measured", "", "where"],
      rows: Object.values(measured).map(({ what, value, unit, by }) => [what, `${figure(value)} ${unit}`, by]),
    },
    lines("at the peak", ({ rates }) => rates),
    sums("cores of nodes", ({ nodeCores }) => nodeCores),
    sums("cores of PostgreSQL", ({ databaseCores }) => databaseCores),
    sums("cores of Redis", ({ redisCores }) => redisCores),
    lines("room", ({ room }) => room),
  ];
}

function answer(one: Needs, cell: Needs): Table {
  const cells = assume("cells");
  const cores = (what: string, of: (needs: Needs) => readonly Line[]): readonly string[] => [
    what,
    figure(total(of(one))),
    figure(total(of(cell)) * cells),
    figure(total(of(cell))),
  ];
  const [people, each] = [assume("users"), assume("users") / cells].map((count) => count.toLocaleString("en"));
  const nodes = one.isEnough ? String(one.nodes) : `${one.nodes} for memory; for work no number is enough`;
  return {
    title: "Needed",
    heads: ["needed", "all in one", `${cells} cells`, "a cell"],
    rows: [
      ["people connected", people ?? "", people ?? "", each ?? ""],
      ["nodes", nodes, String(cell.nodes * cells), String(cell.nodes)],
      cores("cores busy in nodes", ({ nodeCores }) => nodeCores),
      cores("cores busy in PostgreSQL", ({ databaseCores }) => databaseCores),
      cores("cores busy in Redis", ({ redisCores }) => redisCores),
    ],
  };
}
