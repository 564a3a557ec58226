import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = join(import.meta.dirname, "../../dist/web");
const STATIC = /(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g;
const DYNAMIC = /\bimport\(\s*["'`]\.\/([^"'`]+\.js)["'`]\s*\)/g;

interface Chunk {
  readonly gzipBytes: number;
  readonly imports: readonly string[];
  readonly lazy: readonly string[];
}

async function readChunk(name: string): Promise<Chunk> {
  const code = await readFile(join(DIST, "assets", name), "utf8");
  const names = (pattern: RegExp): string[] => [...code.matchAll(pattern)].map((match) => match[1] ?? "");
  return { gzipBytes: gzipSync(code).length, imports: names(STATIC), lazy: names(DYNAMIC) };
}

/** Follows what `next` names from these chunks on; answers each chunk once. */
async function follow(
  names: readonly string[],
  next: (chunk: Chunk) => readonly string[],
): Promise<Map<string, Chunk>> {
  const found = new Map<string, Chunk>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const chunk = await readChunk(name);
    found.set(name, chunk);
    waiting.push(...next(chunk));
  }
  return found;
}

/** What the build makes a browser load, in bytes after gzip. */
export interface JavaScript {
  /** Before the client can be used: the page's script with all that it imports. */
  readonly initialBytes: number;
  /** The largest chunk that comes only when it is needed. */
  readonly largestLazy: { readonly name: string; readonly bytes: number };
}

/** Reads `dist/web` from the page on. */
export async function measureJavaScript(): Promise<JavaScript> {
  const page = await readFile(join(DIST, "index.html"), "utf8");
  const entry = /<script type="module"[^>]*src="\/assets\/([^"]+)"/.exec(page)?.[1];
  if (entry === undefined) throw new Error("dist/web/index.html has no script.");
  const initial = await follow([entry], (chunk) => chunk.imports);
  const all = await follow([entry], (chunk) => [...chunk.imports, ...chunk.lazy]);
  const lazy = [...all].filter(([name]) => !initial.has(name));
  const [largest] = lazy.toSorted(([, left], [, right]) => right.gzipBytes - left.gzipBytes);
  return {
    initialBytes: [...initial.values()].reduce((sum, chunk) => sum + chunk.gzipBytes, 0),
    largestLazy: { name: largest?.[0] ?? "none", bytes: largest?.[1].gzipBytes ?? 0 },
  };
}
