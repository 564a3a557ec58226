import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(import.meta.dirname, "..");

/** The JavaScript file behind a tool's command, so that it runs on this very Node and on every platform. */
export function toolPath(packageName, command) {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

/**
 * What is built, from what, and how. A step is stale when the content of an input differs from that of its last
 * success (written to `dist/.stamp-<name>`), or when its output is gone.
 */
const STEPS = {
  server: {
    label: "server",
    inputs: [
      "server/**/!(*.test).ts",
      "server/tsconfig.build.json",
      "mikro-orm.config.ts",
      "tsconfig.json",
      "package-lock.json",
    ],
    output: "dist/server/main.js",
    command: () => [toolPath("typescript", "tsc"), "-p", "server/tsconfig.build.json"],
    finish: removeOrphans,
  },
  // Apart: what it stands on is there for developers only.
  fuzz: {
    label: "fuzzer",
    inputs: ["server/**/!(*.test).ts", "server/tsconfig.*.json", "tsconfig.json", "package-lock.json"],
    output: "dist/server/fuzz/main.js",
    command: () => [toolPath("typescript", "tsc"), "-p", "server/tsconfig.fuzz.json"],
  },
  codegen: {
    label: "typed documents",
    inputs: ["schema.graphql", "codegen.ts", "web/src/**/*.{ts,tsx,graphql}", "package-lock.json"],
    output: "web/src/gql/graphql.ts",
    command: () => [toolPath("@graphql-codegen/cli", "graphql-codegen"), "--config", "codegen.ts"],
  },
  words: {
    label: "words",
    inputs: ["lingui.config.mjs", "web/src/words/*.po", "package-lock.json"],
    output: "web/src/words/en.json",
    command: () => [toolPath("@lingui/cli", "lingui"), "compile", "--workers", "1"],
  },
  web: {
    label: "web client",
    inputs: ["schema.graphql", "web/**/*", "package-lock.json"],
    output: "dist/web/index.html",
    command: () => [toolPath("vite", "vite"), "build", "web", "--outDir", "../dist/web", "--emptyOutDir"],
  },
};

/** The parts one can ask for, as chains of steps; chains run side by side. */
const PARTS = {
  server: ["server"],
  fuzz: ["server", "fuzz"],
  codegen: ["codegen", "words"],
  web: ["codegen", "words", "web"],
};

/** A tool failed; what it printed is in `output`. */
export class BuildFailed extends Error {
  constructor(label, output) {
    super(`Building the ${label} failed.`);
    this.output = output;
  }
}

/**
 * Builds the parts (`server`, `web`, `codegen`) of which something is missing or stale, and reports each step that ran
 * through `say`. Throws `BuildFailed`.
 */
export async function build(parts, say = console.log) {
  const results = await Promise.allSettled(parts.map((part) => runChain(PARTS[part], say)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** `build`, for a script: prints why it failed and ends the process with status 1. */
export async function buildOrExit(parts, say) {
  try {
    await build(parts, say);
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    console.error(`${error.output.trimEnd()}\n${error.message}`);
    process.exit(1);
  }
}

async function runChain(names, say) {
  for (const name of names) {
    const step = STEPS[name];
    const stamp = join(root, `dist/.stamp-${name}`);
    const digest = digestOf(step.inputs);
    if (isFresh(step, stamp, digest)) continue;
    rmSync(stamp, { force: true });
    const startedAt = performance.now();
    await runTool(step.label, step.command());
    step.finish?.();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, digest);
    say(`Built the ${step.label} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}

function isFresh(step, stamp, digest) {
  return existsSync(join(root, step.output)) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
}

/** Some hundred small files: reading them costs a few milliseconds, and unlike a time stamp survives a checkout. */
function digestOf(patterns) {
  const hash = createHash("sha256");
  const entries = globSync(patterns, { cwd: root, withFileTypes: true, exclude: isIgnored });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of paths.sort()) hash.update(`${relative(root, path)}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

const IGNORED = ["web/src/gql", "web/src/test", "web/e2e", "web/bench"].map((folder) => join(root, folder));

/** What is generated, and what only tests use. */
function isIgnored({ parentPath, name }) {
  return (
    IGNORED.includes(join(parentPath, name)) || (/\.test\.tsx?$/.test(name) && parentPath.startsWith(join(root, "web")))
  );
}

function runTool(label, [script, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new BuildFailed(label, output))));
  });
}

/** The compiler leaves the output of deleted sources behind, where it would still be imported, or run as a command. */
function removeOrphans() {
  for (const output of globSync("dist/server/**/*.{js,js.map}", { cwd: root })) {
    const source = output.slice("dist/".length).replace(/\.js(\.map)?$/, ".ts");
    if (!existsSync(join(root, source))) rmSync(join(root, output));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const parts = process.argv.slice(2);
  await buildOrExit(parts.length > 0 ? parts : ["server", "web"]);
}
