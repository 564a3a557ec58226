import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { buildOrExit } from "./build.mjs";

// `npm run bench:web`: builds what is missing or stale, then runs web/bench/main.ts as it stands. Node takes the types out
// by itself; a source imports `./x.js`, as it is called after a build, and gets `./x.ts`.
registerHooks({
  resolve(specifier, context, next) {
    if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith(".ts")) {
      const source = new URL(specifier.replace(/\.js$/, ".ts"), context.parentURL);
      if (existsSync(fileURLToPath(source))) return next(source.href, context);
    }
    return next(specifier, context);
  },
});

await buildOrExit(["server", "web"]);
const { main } = await import("../web/bench/main.ts");
process.exitCode = await main(process.argv.slice(2));
