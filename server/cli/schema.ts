import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSchema } from "../transports/graphql/schema.js";

// `npm run schema` writes schema.graphql from the code; `npm run schema:check` fails when the file is stale.
const file = join(import.meta.dirname, "../../../schema.graphql");
const { sdl } = createSchema();
if (process.argv.includes("--write")) {
  await writeFile(file, sdl);
} else if ((await readFile(file, "utf8").catch(() => "")) !== sdl) {
  process.stderr.write("schema.graphql is not what the code says. Run: npm run schema\n");
  process.exitCode = 1;
}
