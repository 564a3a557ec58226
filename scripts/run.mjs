import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildOrExit } from "./build.mjs";

// `node scripts/run.mjs cli/token --user john` runs server/cli/token.ts with these arguments, building the server first
// if it is stale. Says nothing itself on stdout, which belongs to the command.
const [command, ...args] = process.argv.slice(2);
await buildOrExit([command.startsWith("fuzz/") ? "fuzz" : "server"], () => {});
const file = join(import.meta.dirname, "../dist/server", `${command}.js`);
process.argv = [process.argv[0], file, ...args];
await import(pathToFileURL(file).href);
