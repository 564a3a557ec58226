import { spawn } from "node:child_process";
import { buildOrExit, toolPath } from "./build.mjs";

// `npm run dev`: everything rebuilds or restarts as its sources change. The server listens on its own port, the web
// client on Vite's, which passes API requests on to the server. Ctrl-C, or the end of any part, ends all of them.

await buildOrExit(["server", "codegen"]);

const PARTS = [
  [toolPath("typescript", "tsc"), "-p", "tsconfig.json", "--watch", "--preserveWatchOutput"],
  ["--watch", "--watch-preserve-output", "dist/server/main.js"],
  [toolPath("@graphql-codegen/cli", "graphql-codegen"), "--config", "codegen.ts", "--watch"],
  [toolPath("vite", "vite"), "web"],
];

const children = PARTS.map((args) => spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] }));

function stop() {
  for (const child of children) child.kill("SIGTERM");
}

for (const child of children) child.on("exit", stop);
process.on("SIGINT", stop).on("SIGTERM", stop);
