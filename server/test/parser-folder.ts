import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ParserFolder {
  readonly path: string;
  close(): Promise<void>;
}

/** A folder for what the multipart parser puts into the system's temporary one, where others have theirs. */
export async function openParserFolder(): Promise<ParserFolder> {
  const before = process.env.TMPDIR;
  const path = await mkdtemp(join(tmpdir(), "parley-parser-"));
  process.env.TMPDIR = path;
  return {
    path,
    async close() {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      await rm(path, { recursive: true, force: true });
    },
  };
}
