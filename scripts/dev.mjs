import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { build, BuildFailed, toolPath } from "./build.mjs";

// `npm run dev`: rebuilds what a change concerns and restarts the server. The server listens on its own port, the web
// client on Vite's, which passes API requests on to the server. Ctrl-C, or the end of Vite, ends everything.
// (The compiler's own watch mode is not used: that of TypeScript 7.0 misses changes and outlives its parent.)

const SETTLE_MS = 100;

let server;
let stopping = false;
let queue = Promise.resolve();
let timer;

async function startServer() {
  await stopServer();
  if (!stopping) server = spawnNode(["--liftoff-only", "dist/server/main.js"]);
}

async function stopServer() {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  server.kill("SIGTERM");
  await once(server, "exit");
}

/** Builds what is stale; what is fresh costs milliseconds. A failed build is shown, and the old server goes on. */
async function rebuild() {
  const built = [];
  try {
    await build(["server", "codegen"], (line) => built.push(line));
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    console.error(`${error.output.trimEnd()}\n${error.message}`);
  }
  if (built.length > 0) console.log(built.join("\n"));
  if (!server || built.some((line) => line.includes("server"))) await startServer();
}

function spawnNode(args) {
  return spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
}

function changed() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    queue = queue.then(rebuild);
  }, SETTLE_MS);
}

await rebuild();
const vite = spawnNode([toolPath("vite", "vite"), "web"]);
const watchers = ["server", "web/src", "schema.graphql"].map((path) => watch(path, { recursive: true }, changed));

async function stop() {
  stopping = true;
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  vite.kill("SIGTERM");
  await queue;
  await stopServer();
}

const end = () => void stop();
vite.once("exit", end);
process.on("SIGINT", end).on("SIGTERM", end);
