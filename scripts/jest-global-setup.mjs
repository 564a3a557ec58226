import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "@swc/core";
import { swcOptions } from "./swc.mjs";

// Jest loads a global setup as CommonJS, which the server's modules are not. These hooks let this one process import
// the server's TypeScript as it is: `./x.js` finds `./x.ts`, and what Node's own type stripping lacks (decorators,
// parameter properties) works.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!specifier.endsWith(".js")) throw error;
      return next(specifier.replace(/\.js$/, ".ts"), context);
    }
  },
  load(url, context, next) {
    if (!url.endsWith(".ts") || url.includes("/node_modules/")) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, "utf8"), { ...swcOptions(), filename });
    return { format: "module", source: code, shortCircuit: true };
  },
});

/** Runs server/test/global-setup.ts, once before the server's tests. */
export default async function globalSetup(...args) {
  const { default: setup } = await import("../server/test/global-setup.ts");
  return setup(...args);
}
