import { buildOrExit } from "./build.mjs";

// `npm start`: builds what is missing or stale, then becomes the server.
await buildOrExit(["server", "web"]);
await import("../dist/server/main.js");
