import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, BuildFailed, toolPath } from "./build.mjs";

// `node scripts/test.mjs [unit|web|services|e2e ...] [jest arguments]`: runs the tiers, which are the projects of
// jest.config.mjs, each with what it needs built, and prints `N passed, N failed` as its very last line. Without a tier
// it runs all; without PostgreSQL or Redis it leaves out what needs them (`services`, and `*.services.e2e.ts` of `e2e`)
// and says so, which with CI=true is a failure.

/** `needsServices`: whether all, some or none of its tests need PostgreSQL and Redis. */
const TIERS = {
  unit: { builds: [], jestArgs: [], needsServices: "none" },
  web: { builds: ["codegen"], jestArgs: [], needsServices: "none" },
  services: { builds: ["server"], jestArgs: [], needsServices: "all" },
  e2e: { builds: ["server", "web"], jestArgs: ["--runInBand"], needsServices: "some" },
};
const WITHOUT_SERVICES = String.raw`--testPathIgnorePatterns=\.services\.`;

const SERVICES = [
  { name: "PostgreSQL", variable: "TEST_DATABASE_URL", url: "postgres://postgres@127.0.0.1:5432/postgres", port: 5432 },
  { name: "Redis", variable: "TEST_REDIS_URL", url: "redis://127.0.0.1:6379", port: 6379 },
];
const CONNECT_TIMEOUT_MS = 3_000;
/** How long Jest is given to end once its verdict is written. */
const END_TIMEOUT_MS = 60_000;

const CI = process.env.CI === "true";

function parseArguments(args) {
  const split = args.findIndex((arg) => !(arg in TIERS));
  const tiers = split === -1 ? args : args.slice(0, split);
  return { tiers: tiers.length > 0 ? tiers : Object.keys(TIERS), jestArgs: split === -1 ? [] : args.slice(split) };
}

/** The services that do not answer, as `PostgreSQL (TEST_DATABASE_URL, 127.0.0.1:5432)`. */
async function missingServices() {
  const found = await Promise.all(
    SERVICES.map(async ({ name, variable, url, port }) => {
      const target = new URL(process.env[variable] ?? url);
      const address = { host: target.hostname, port: Number(target.port) || port };
      return (await answers(address)) ? [] : [`${name} (${variable}, ${address.host}:${address.port})`];
    }),
  );
  return found.flat();
}

function answers(address) {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: CONNECT_TIMEOUT_MS });
    const done = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
    socket.once("timeout", () => done(false));
  });
}

/** Runs one tier; resolves with its counts. */
async function runTier(tier, jestArgs, hasServices) {
  const { builds, jestArgs: ownArgs } = TIERS[tier];
  console.log(`\n== ${tier}`);
  await build(builds);
  const folder = mkdtempSync(join(tmpdir(), "parley-test-"));
  try {
    const outputFile = join(folder, "result.json");
    const filterArgs = jestArgs.length > 0 ? ["--passWithNoTests", ...jestArgs] : [];
    const ownTierArgs = [`--selectProjects=${tier}`, ...ownArgs, ...(hasServices ? [] : [WITHOUT_SERVICES])];
    const exitCode = await runJest([...ownTierArgs, ...filterArgs], outputFile);
    return countOf(outputFile, exitCode, jestArgs.length > 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves with Jest's exit status; 0 where it had to be ended after it had written its verdict to `outputFile`. */
function runJest(args, outputFile) {
  // --liftoff-only: see scripts/start.mjs; each test file opens an embedded database of its own.
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", "--liftoff-only"];
  // Workers are started with the same.
  const nodeArgs = [...flags, `--import=${new URL("./end-at-once.mjs", import.meta.url).href}`];
  const jestArgs = [...args, "--json", `--outputFile=${outputFile}`];
  const child = spawn(process.execPath, [...nodeArgs, toolPath("jest", "jest"), ...jestArgs], {
    // With --json, Jest writes its readable report to stderr and the JSON, besides the file, to stdout.
    stdio: ["ignore", "ignore", "inherit"],
  });
  const forward = (signal) => child.kill(signal);
  process.on("SIGINT", forward).on("SIGTERM", forward);
  const ending = endWhenStuck(child, outputFile);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve(ending.stop() ? 0 : (code ?? 1));
    });
  });
}

/**
 * Node can stop for good while it ends (https://github.com/nodejs/node/issues/54918), after all that Jest has to say is
 * said. `stop()` tells whether the child had to be ended.
 */
function endWhenStuck(child, outputFile) {
  let writtenAt = null;
  let ended = false;
  const watch = setInterval(() => {
    if (!existsSync(outputFile)) return;
    writtenAt ??= performance.now();
    if (ended || performance.now() - writtenAt < END_TIMEOUT_MS) return;
    console.error(`Jest had not ended ${END_TIMEOUT_MS / 1_000} s after its last test; it was ended.`);
    ended = child.kill("SIGKILL");
  }, 1_000);
  return {
    stop() {
      clearInterval(watch);
      return ended;
    },
  };
}

/** A tier that could not run, left tests out or, unless `filtered`, found none must not look green. */
function countOf(outputFile, exitCode, filtered) {
  let result;
  try {
    result = JSON.parse(readFileSync(outputFile, "utf8"));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const passed = result.numPassedTests;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const suspicious = exitCode !== 0 || !result.success || (!filtered && (result.numPendingTests > 0 || passed === 0));
  return { passed, failed: failed === 0 && suspicious ? 1 : failed };
}

async function main() {
  const { tiers, jestArgs } = parseArguments(process.argv.slice(2));
  const total = { passed: 0, failed: 0 };
  const notes = [];
  const missing = tiers.some((tier) => TIERS[tier].needsServices !== "none") ? await missingServices() : [];
  const hasServices = missing.length === 0;
  const runnable = tiers.filter((tier) => hasServices || TIERS[tier].needsServices !== "all");
  if (!hasServices) {
    notes.push(`Left out: the tests that need ${missing.join(" and ")}, which did not answer.`);
    if (CI || runnable.length === 0) total.failed += 1;
  }
  for (const tier of runnable) {
    const count = await runTier(tier, jestArgs, hasServices).catch((error) => {
      if (!(error instanceof BuildFailed)) throw error;
      console.error(`${error.output.trimEnd()}\n${error.message}`);
      return { passed: 0, failed: 1 };
    });
    notes.push(`${tier}: ${count.passed} passed, ${count.failed} failed`);
    total.passed += count.passed;
    total.failed += count.failed;
  }
  console.log(`\n${notes.join("\n")}\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

await main();
