import type { SqlEntityManager } from "@mikro-orm/sql";
import { z } from "zod";
import { queryOne, sql } from "../../platform/sql.js";
import { inText, type Needle } from "./search-match.queries.js";
import type { Closeness } from "./search.js";

const explained = z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: z.object({ "Plan Rows": z.number() }) })]) });

/**
 * How many messages of all rooms the planner thinks match this closely in their text, out of what it knows of the words in
 * the table. Reads no message.
 */
export async function estimatedMatches(
  em: SqlEntityManager,
  all: readonly Needle[],
  closeness: Closeness,
): Promise<number> {
  const plan = await queryOne(
    em,
    sql`explain (format json) select from chat_message m where ${inText(all, closeness)}`,
  );
  return explained.parse(plan)["QUERY PLAN"][0].Plan["Plan Rows"];
}
