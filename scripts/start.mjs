import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { buildOrExit } from "./build.mjs";

// `npm start`: builds what is missing or stale, then becomes the server. It runs with --liftoff-only: V8's optimising
// compiler takes 600 MB and five seconds of a core for a single WebAssembly function of the embedded database, at every
// start. The baseline compiler alone is about a quarter slower in the long run, and faster for the first
// minutes. Compiled JavaScript is kept for the next start.
await buildOrExit(["server", "web"]);
enableCompileCache(join(import.meta.dirname, "../dist/.compile-cache"));
await import("../dist/server/main.js");
