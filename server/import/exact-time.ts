import { z } from "zod";
import { sql, type RawBuilder } from "../platform/sql.js";

/**
 * A moment as precise as the database keeps it, `2025-11-06T15:30:00.000000Z`: always of this one form, so that
 * comparing two as text compares the moments.
 */
export type ExactTime = string;

const EARLIEST: ExactTime = "1970-01-01T00:00:00.000000Z";
const FORM = "is not a time like 2025-11-06T15:30:00Z";

/** A time of ISO 8601 with its zone, to the microsecond. */
export const exactTime = z.iso
  .datetime({ offset: true, error: FORM })
  .transform(toExactTime)
  .refine((time) => time >= EARLIEST && /^\d{4}-/.test(time), "is before 1970");

/** Whole seconds go through a `Date`, which knows zones; the fraction keeps its digits, of which a `Date` has only three. */
function toExactTime(text: string): ExactTime {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  const seconds = new Date(text).toISOString().slice(0, -".000Z".length);
  return `${seconds}.${fraction.slice(0, 6).padEnd(6, "0")}Z`;
}

/** A `timestamptz` of the database in the same form. */
export function exactly(column: RawBuilder<unknown>): RawBuilder<ExactTime> {
  return sql<ExactTime>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
