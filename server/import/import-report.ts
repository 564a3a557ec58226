import { z } from "zod";
import { toDomainError } from "../platform/errors.js";
import type { Database } from "../platform/orm.js";
import type { Services } from "../platform/scope.js";
import { BadLine } from "./bad-line.js";
import { importFile, type Import, type ImportCounts } from "./import.js";
import type { RecordKind } from "./records.js";

const count = z.object({ new: z.int(), known: z.int() });

/** How an import goes and how it ended, as it travels from a server to the command that asked for it. */
export const importEvent = z.discriminatedUnion("event", [
  z.object({ event: z.enum(["progress", "storing"]), lines: z.int(), messages: z.int() }),
  z.object({
    event: z.literal("done"),
    counts: z.object({ user: count, project: count, room: count, message: count }),
  }),
  z.object({ event: z.literal("refused"), reason: z.string() }),
]);
export type ImportEvent = z.infer<typeof importEvent>;

/** Imports a file, and tells instead of returning and throwing. What nobody expected is logged here. */
export async function reportImport(
  parts: { readonly database: Database; readonly services: Services },
  { source, findFile, signal }: Pick<Import, "source" | "findFile"> & { readonly signal: AbortSignal },
  tell: (event: ImportEvent) => void,
): Promise<void> {
  try {
    const counts = await importFile(parts, {
      source: whileWanted(source, signal),
      findFile: async (path) => {
        signal.throwIfAborted();
        return findFile(path);
      },
      onProgress: tell,
    });
    tell({ event: "done", counts });
  } catch (error) {
    if (signal.aborted) return;
    tell({ event: "refused", reason: reasonOf(error, parts.services) });
  }
}

async function* whileWanted(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of source) {
    signal.throwIfAborted();
    yield chunk;
  }
}

function reasonOf(error: unknown, { logger }: Services): string {
  if (error instanceof BadLine) return error.message;
  const refusal = toDomainError(error);
  if (refusal.code === "INTERNAL_SERVER_ERROR") logger.error({ err: error }, "an import failed");
  return refusal.message;
}

/** `5 users and 2 projects are new, ...`: what an import has done, in a line. */
export function describeCounts(counts: ImportCounts): string {
  const fresh = listOf(counts, "new");
  const known = listOf(counts, "known");
  const there = known === undefined ? "" : ` There already: ${known}.`;
  return fresh === undefined ? `Nothing is new.${there}` : `Imported ${fresh}.${there}`;
}

function listOf(counts: ImportCounts, which: "new" | "known"): string | undefined {
  const parts = kinds.flatMap((kind) => {
    const number = counts[kind][which];
    return number === 0 ? [] : [`${number.toLocaleString("en")} ${kind}${number === 1 ? "" : "s"}`];
  });
  return parts.length === 0 ? undefined : parts.join(", ");
}

const kinds: readonly RecordKind[] = ["user", "project", "room", "message"];
