import { z } from "zod";
import { readDataPlaces, type DataPlaces } from "../config.js";
import {
  AUDIT_DEFAULT_LIMIT,
  AUDIT_MAX_LIMIT,
  auditActions,
  auditLine,
  auditQuery,
  type AuditLine,
  type AuditQuery,
} from "../features/audit/audit.js";
import { DURATION_FORM, parseDuration } from "../platform/duration.js";
import { CommandError, readArguments, runCommand } from "./command.js";
import { ask, runningServer } from "./running-server.js";
import { withDatabase } from "./with-database.js";

/** `npm run -s audit`: the audit trail as JSON lines on standard output, newest last, and nothing else. */
const HELP = `Prints the audit trail: one JSON object a line, the newest last.

  npm run -s audit -- [--since 24h] [--user john] [--action room_deleted] [--room 1] [--limit 1000]

  --since   from a moment (2025-11-06T15:30:00Z) or a time ago: ${DURATION_FORM}
  --user    done by or to this user: username, or the user's id in the host product
  --action  one of ${auditActions.join(", ")}
  --room    in this room, by its number
  --limit   so many at most, the newest of them: 1 to ${AUDIT_MAX_LIMIT}; default ${AUDIT_DEFAULT_LIMIT}
  --help    shows this

It reads the database of DATABASE_URL, or else the embedded one in DATA_DIR; a server may be running.
`;
const EXAMPLE = "npm run -s audit -- --since 24h --user john";

/**
 * Which entries the arguments ask for.
 * @param now from when times ago are counted
 * @throws CommandError for anything but the documented ones
 */
export function parseAuditRequest(args: readonly string[], now: Date): AuditQuery | "help" {
  const text = { type: "string" } as const;
  const help = { type: "boolean", short: "h", default: false } as const;
  const options = { since: text, user: text, action: text, room: text, limit: text, help };
  const { help: isHelp, since, ...others } = readArguments({ args: [...args], options }, EXAMPLE).values;
  if (isHelp) return "help";
  const agoMs = since === undefined ? undefined : parseDuration(since);
  const from = agoMs === undefined ? since : new Date(now.getTime() - agoMs).toISOString();
  const parsed = auditQuery.safeParse({ ...others, since: from });
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0]);
  throw new CommandError(`--${name} is not understood: ${EXPECTED[name] ?? "see --help"}. Try: ${EXAMPLE}`);
}

const EXPECTED: Readonly<Record<string, string>> = {
  since: `write a moment such as 2025-11-06T15:30:00Z, or ${DURATION_FORM}`,
  user: "write a username or an id",
  action: `write one of ${auditActions.join(", ")}`,
  room: "write the room's number",
  limit: `write a number from 1 to ${AUDIT_MAX_LIMIT}`,
};

/** The entries, from where they are: through the server that holds the database, or out of it. @throws CommandError */
export async function readAudit(places: DataPlaces, query: AuditQuery): Promise<readonly AuditLine[]> {
  const server = await runningServer(places);
  if (server !== undefined) return (await ask(server, `/control/audit?${addressed(query)}`, z.array(auditLine))) ?? [];
  return withDatabase(places, "npm run audit", async (database) => {
    const { auditTrail } = await import("../features/audit/audit.queries.js");
    return auditTrail(database.fork(), query);
  });
}

function addressed(query: AuditQuery): string {
  const address = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) address.set(name, String(value));
  return address.toString();
}

async function main(args: readonly string[]): Promise<void> {
  const request = parseAuditRequest(args, new Date());
  if (request === "help") {
    process.stdout.write(HELP);
    return;
  }
  for (const line of await readAudit(readDataPlaces(), request)) process.stdout.write(`${JSON.stringify(line)}\n`);
}

if (process.argv[1] === import.meta.filename) await runCommand(() => main(process.argv.slice(2)));
