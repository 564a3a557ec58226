import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

// What the server sends as it is, compressed once by the build instead of at each request: `x.js.br` and `x.js.gz`
// beside `x.js`. Browsers take gzip from everyone, Brotli from secure origins only.

const WORTHWHILE_BYTES = 1_024;
/** Higher ones take many times as long for a few hundredths of the size. */
const BROTLI_QUALITY = 9;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < WORTHWHILE_BYTES) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  await Promise.all([
    writeFile(`${path}.br`, await brotli(content, { params })),
    writeFile(`${path}.gz`, await zip(content, { level: 9 })),
  ]);
}

/** Compresses the texts below the built `folders`. */
export function compressed(folders: readonly string[]): Plugin {
  return {
    name: "parley-compressed",
    apply: "build",
    enforce: "post",
    async writeBundle({ dir = "" }) {
      for (const folder of folders.map((name) => join(dir, name))) {
        const names = await readdir(folder, { recursive: true });
        // One after the other: Node's few threads are busy with the two of one file.
        for (const name of names) if (/\.(js|css|json|svg)$/u.test(name)) await compress(join(folder, name));
      }
    },
  };
}
