import { createReport, type Report } from "../bench/report.js";

/** One thing that a run has come to, beside what it may be. */
export interface Result {
  readonly what: string;
  readonly measured: string;
  /** Absent where nothing is too much. */
  readonly limit?: string;
}

/** A report that also keeps what a table of several runs shows of this one. */
export interface ChaosReport extends Report {
  result(result: Result): void;
  readonly results: readonly Result[];
}

export function createChaosReport(write: (line: string) => void): ChaosReport {
  const results: Result[] = [];
  return { ...createReport(write), results, result: (result) => void results.push(result) };
}

/** What each scenario has come to, in their order, as one table in Markdown. */
export function printResults(
  runs: readonly { readonly scenario: string; readonly report: ChaosReport }[],
  write: (line: string) => void,
): void {
  const rows = runs.flatMap(({ scenario, report: { results, faults } }) => [
    ...results.map(({ what, measured, limit = "" }) => [scenario, what, measured, limit]),
    [scenario, "promises broken and limits passed", faults.length.toLocaleString("en"), "exactly 0"],
  ]);
  createReport(write).table("All of it", ["scenario", "", "measured", "limit"], rows);
}
