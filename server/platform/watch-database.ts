import type { Database } from "./orm.js";
import { databaseCode } from "./errors.js";
import type { Logger } from "./logger.js";
import { Outage } from "./outage.js";
import { query, sql } from "./sql.js";
import type { Clock } from "./time.js";
import { TimedOut, within } from "./within.js";

export interface DatabaseWatch {
  readonly database: Pick<Database, "fork" | "kind" | "reach">;
  readonly clock: Clock;
  readonly logger: Logger;
}

const ASK_EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 3_000;

const WORDS = {
  away: { away: "the database is away; sends are refused, and events wait", back: "the database is back" },
  slow: {
    away: "the database is slow; sends take as long as it does, or are refused",
    back: "the database answers in time again",
  },
} as const;

/**
 * Asks the database every second whether it is there, and tells of its outages, whether anybody meets them or not. One that
 * answers late, or that has no connection free, is slow: away is one that can't be reached by a new connection either. The
 * embedded one is in this process. The answer ends it.
 */
export function watchDatabase({ database, clock, logger }: DatabaseWatch): () => void {
  if (database.kind === "embedded") return () => {};
  const away = new Outage({ clock, logger, ...WORDS.away });
  const slow = new Outage({ clock, logger, ...WORDS.slow });
  let isEnded = false;
  let cancel = (): void => {};
  const tell = (found: Finding): void => {
    if ("away" in found) {
      slow.forget();
      away.begin(found.away);
    } else {
      away.end();
      if (found.isLate) slow.begin(`no answer within ${ANSWER_WITHIN_MS / 1_000} s`);
      else slow.end();
    }
  };
  const look = async (): Promise<void> => {
    const answer = query(database.fork(), sql`select 1`);
    const found = await findOut(answer, { database, clock });
    if (!isEnded) tell(found);
    // One that is late is not asked again meanwhile.
    await answer.catch(() => {});
    if (!isEnded) arm();
  };
  const arm = (): void => {
    cancel = clock.after(ASK_EVERY_MS, () => void look());
  };
  arm();
  return () => {
    isEnded = true;
    cancel();
    away.forget();
    slow.forget();
  };
}

/** Why it can't be reached; or it can, and how long it took. */
type Finding = { readonly away: string } | { readonly isLate: boolean };

async function findOut(
  answer: Promise<unknown>,
  { database, clock }: Pick<DatabaseWatch, "database" | "clock">,
): Promise<Finding> {
  try {
    await within(clock, ANSWER_WITHIN_MS, answer);
    return { isLate: false };
  } catch (error) {
    // Its connections may all be busy, or this one was cut.
    return Promise.any([answer, database.reach()]).then(
      () => ({ isLate: error instanceof TimedOut }),
      ({ errors }: AggregateError) => ({
        away: errors.map(databaseCode).find((code) => code !== undefined) ?? "no answer",
      }),
    );
  }
}
