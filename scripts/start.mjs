import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { buildOrExit } from "./build.mjs";

// `npm start`: builds what is missing or stale, then becomes the server. Compiled code is kept for the next start.
await buildOrExit(["server", "web"]);
enableCompileCache(join(import.meta.dirname, "../dist/.compile-cache"));
await import("../dist/server/main.js");
