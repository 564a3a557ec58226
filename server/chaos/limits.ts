import { figure } from "../bench/report.js";
import type { ChaosReport, Result } from "./results.js";

/** What a scenario has measured, each figure beside what it may be at most. */
export class Limits {
  private readonly results: Result[] = [];

  constructor(private readonly report: ChaosReport) {}

  /** `value` undefined: it never came to that, which is over any limit. */
  atMost(what: string, value: number | undefined, most: number): void {
    this.add({ what, measured: value === undefined ? "never" : figure(value), limit: figure(most) });
    if (value === undefined || !(value <= most))
      this.report.fault(`${what}: ${value === undefined ? "never" : figure(value)}, and ${figure(most)} is the limit.`);
  }

  exactly(what: string, value: number, expected: number): void {
    this.add({ what, measured: value.toLocaleString("en"), limit: `exactly ${expected.toLocaleString("en")}` });
    if (value !== expected) this.report.fault(`${what}: ${value}, and should be ${expected}.`);
  }

  /** Prints them. */
  print(title: string): void {
    const rows = this.results.map(({ what, measured, limit = "" }) => [what, measured, limit]);
    this.report.table(title, [title, "measured", "limit"], rows);
  }

  private add(result: Result): void {
    this.results.push(result);
    this.report.result(result);
  }
}
