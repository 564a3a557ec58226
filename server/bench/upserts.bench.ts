import { spend, type Bench } from "./bench.js";
import { figure } from "./report.js";

const USERS = 10_000;
const QUICK_USERS = 1_000;
const PROJECTS = 100;
const MEMBERS = 1_000;
const QUICK_MEMBERS = 100;

/** What the host product puts: all people, and projects with their members; in one call, and the same again, which writes no row. */
export async function upserts(bench: Bench): Promise<void> {
  const count = bench.isQuick ? QUICK_USERS : USERS;
  const members = bench.isQuick ? QUICK_MEMBERS : MEMBERS;
  const users = upTo(count).map((n) => ({ id: `put-${n}`, username: `put${n}`, display_name: `Put Number ${n}` }));
  const projects = upTo(PROJECTS).map((n) => ({
    id: `put-${n}`,
    name: `Project ${n}`,
    member_ids: upTo(members).map((member) => `put-${(n * 97 + member) % count}`),
  }));
  const rows = [
    await measure(bench, "users", users),
    await measure(bench, `projects x ${members.toLocaleString("en")} members`, projects),
  ];
  const heads = ["in one call", "s", "CPU s", "statements", "again, s", "CPU s", "rows written"];
  bench.report.table("What the host product says of its people and projects, by REST", heads, rows);
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

async function measure(bench: Bench, what: string, rows: readonly object[]): Promise<readonly string[]> {
  const path = what.split(" ")[0] ?? "";
  const title = `${rows.length.toLocaleString("en")} ${what}`;
  const first = await put(bench, path, rows);
  if (first.created !== rows.length) bench.report.fault(`Of ${title} ${first.created} were new.`);
  const before = await bench.server.call("rowVersions");
  const again = await put(bench, path, rows);
  const after = await bench.server.call("rowVersions");
  const written = after.filter((version) => !before.includes(version)).length;
  if (again.unchanged !== rows.length || written > 0)
    bench.report.fault(`Of ${title} put again ${again.unchanged} were the same, and ${written} tables changed.`);
  return [
    title,
    figure(first.tookMs / 1_000),
    figure(first.cpuMicros / 1e6),
    String(first.statements),
    figure(again.tookMs / 1_000),
    figure(again.cpuMicros / 1e6),
    written === 0 ? "0" : "some",
  ];
}

interface Put {
  readonly created: number;
  readonly unchanged: number;
  readonly tookMs: number;
  readonly cpuMicros: number;
  readonly statements: number;
}

async function put(bench: Bench, path: string, rows: readonly object[]): Promise<Put> {
  const { result, cpuMicros, statements } = await spend(bench, bench.server, path, async () => {
    const startMs = performance.now();
    const response = await fetch(`${bench.urls.parley}/api/chat/admin/${path}/`, {
      method: "PUT",
      headers: { authorization: `Bearer ${bench.serviceToken}`, "content-type": "application/json" },
      body: JSON.stringify(rows),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} were answered with ${response.status}: ${text.slice(0, 500)}`);
    return { ...parseCounts(JSON.parse(text)), tookMs: performance.now() - startMs };
  });
  return { ...result, cpuMicros, statements };
}

function parseCounts(answer: unknown): Pick<Put, "created" | "unchanged"> {
  return answer as Pick<Put, "created" | "unchanged">;
}
