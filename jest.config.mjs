import { existsSync } from "node:fs";
import { swcOptions } from "./scripts/swc.mjs";

const shared = {
  transform: {
    "\\.ts$": ["@swc/jest", swcOptions()],
    "\\.tsx$": ["@swc/jest", swcOptions({ jsx: true })],
  },
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  // Sources import `./x.js`, as Node will see it after the build; here it is still `./x.ts`.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
};

/** A hook that is there in a whole tree; a project starts without it while it is being built. */
const ifExists = (path, settings) => (existsSync(new URL(path, import.meta.url)) ? settings : {});

/** What leaves a test is kept out of the logs of what it starts. */
const watched = ifExists("server/test/watch-all.ts", {
  testEnvironment: "<rootDir>/scripts/jest-environment.mjs",
  setupFilesAfterEnv: ["<rootDir>/server/test/watch-all.ts"],
});

const server = {
  ...shared,
  ...watched,
  ...ifExists("server/test/global-setup.ts", { globalSetup: "<rootDir>/scripts/jest-global-setup.mjs" }),
};

export default {
  // What a small CI machine has. Each server test opens an embedded database, so more would only cost memory.
  maxWorkers: 2,
  // Only how long a test that hangs is waited for: no test depends on a time.
  testTimeout: 120_000,
  projects: [
    {
      ...server,
      displayName: "unit",
      roots: ["<rootDir>/server", "<rootDir>/lint"],
      testMatch: ["**/*.test.ts", "**/*.test.mjs"],
      testPathIgnorePatterns: ["\\.services\\.test\\.ts$"],
    },
    {
      ...shared,
      displayName: "web",
      roots: ["<rootDir>/web/src"],
      testMatch: ["**/*.test.{ts,tsx}"],
      testEnvironment: "jsdom",
      ...ifExists("web/src/test/setup.ts", { setupFilesAfterEnv: ["<rootDir>/web/src/test/setup.ts"] }),
    },
    // Needs a real PostgreSQL and a real Redis.
    { ...server, displayName: "services", roots: ["<rootDir>/server"], testMatch: ["**/*.services.test.ts"] },
    // Needs the built server and web client, and mostly a real browser; `*.services.e2e.ts` PostgreSQL and Redis besides.
    {
      ...shared,
      ...watched,
      displayName: "e2e",
      roots: ["<rootDir>/web/e2e", "<rootDir>/server/test"],
      testMatch: ["**/*.e2e.ts"],
    },
  ],
};
