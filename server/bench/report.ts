import { cpus, release, totalmem, type } from "node:os";

/** What comes out of a run: tables, remarks, and faults that make it worthless. */
export interface Report {
  table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): void;
  /** What is being done, for who waits: it goes beside the results. */
  progress(text: string): void;
  /** A remark that is printed once, below the tables. */
  note(text: string): void;
  /** A delivery that was lost or doubled, an answer that was wrong: the run fails. */
  fault(text: string): void;
  readonly faults: readonly string[];
  /** Prints the remarks and faults. */
  end(): void;
}

export function createReport(write: (line: string) => void, say: (line: string) => void = () => {}): Report {
  const startMs = performance.now();
  const notes = new Set<string>();
  const faults: string[] = [];
  return {
    faults,
    progress: (text) => say(`${((performance.now() - startMs) / 1_000).toFixed(0).padStart(5)} s  ${text}`),
    note: (text) => void notes.add(text),
    fault: (text) => void faults.push(text),
    table(title, heads, rows) {
      const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
      const line = (cells: readonly string[]): string => {
        const padded = cells.map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        );
        return `| ${padded.join(" | ")} |`;
      };
      const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
      write(`\n${title}\n\n${[heads, rule, ...rows].map(line).join("\n")}`);
    },
    end() {
      if (notes.size > 0) write("");
      for (const note of notes) write(`- ${note}`);
      for (const fault of faults) write(`FAULT: ${fault}`);
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** The value that this share of the sorted ones does not exceed; 0 when there are none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}

/** `12.3`, `123`, `1,234`: three digits that mean something. */
export function figure(value: number): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The median of the ratios, and the smallest and largest one. */
export function spread(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} x (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
}

/** What it ran on. */
export function describeMachine(): string {
  const [first] = cpus();
  const memoryGiB = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} x ${first?.model.trim() ?? "unknown processor"}, ${memoryGiB} GiB, ${type()} ${release()}, Node ${process.version}`;
}
