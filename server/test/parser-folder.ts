import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";

export interface ParserFolder {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * The environment that the parser's `os.tmpdir()` asks. What Jest calls `process` is a copy for the test alone, and who
 * changes that one's moves nothing.
 */
const env: NodeJS.ProcessEnv = runInThisContext("process.env");

/** A folder for what the multipart parser puts into the system's temporary one, where others have theirs. */
export async function openParserFolder(): Promise<ParserFolder> {
  const { TMPDIR: before } = env;
  const path = await mkdtemp(join(tmpdir(), "parley-parser-"));
  env.TMPDIR = path;
  return {
    path,
    async close() {
      if (before === undefined) delete env.TMPDIR;
      else env.TMPDIR = before;
      await rm(path, { recursive: true, force: true });
    },
  };
}
