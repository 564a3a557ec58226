/** Lengths of time and rates as people write them: `30s`, `6h`, `10/60s`. */
const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** What to tell somebody whose duration was not understood. */
export const DURATION_FORM = "a number and a unit (ms, s, m, h, d or w), like 30s, 6h or 30d";

/** `limit` calls at once, and `limit` in `windowMs` milliseconds from then on. */
export interface Rate {
  readonly limit: number;
  readonly windowMs: number;
}

/** The milliseconds of a duration such as `90s` or `1.5h`; undefined when it is not one. Zero is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d|w)$/i.exec(text.trim());
  const unitMs = MS_PER_UNIT[match?.[2]?.toLowerCase() ?? ""];
  if (unitMs === undefined) return undefined;
  const durationMs = Math.round(Number(match?.[1]) * unitMs);
  return durationMs > 0 ? durationMs : undefined;
}

/** A rate such as `30/10s` (thirty in ten seconds) or `100/m`; undefined when it is not one. */
export function parseRate(text: string): Rate | undefined {
  const match = /^(\d{1,9})\s*\/\s*(.+)$/.exec(text.trim());
  if (match === null) return undefined;
  const limit = Number(match[1]);
  const window = match[2] ?? "";
  const windowMs = parseDuration(/^\d/.test(window) ? window : `1${window}`);
  return limit > 0 && windowMs !== undefined ? { limit, windowMs } : undefined;
}

/** A duration in its largest whole unit: `5400000` is `90m`. */
export function formatDuration(durationMs: number): string {
  const units = Object.entries(MS_PER_UNIT).toReversed();
  const [unit, unitMs] = units.find(([, unitMs]) => durationMs % unitMs === 0) ?? ["ms", 1];
  return `${durationMs / unitMs}${unit}`;
}
