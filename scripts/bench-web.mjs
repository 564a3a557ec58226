import { buildOrExit } from "./build.mjs";
import "./typescript.mjs";

// `npm run bench:web`: builds what is missing or stale, then runs web/bench/main.ts as it stands.
await buildOrExit(["server", "web"]);
const { main } = await import("../web/bench/main.ts");
process.exitCode = await main(process.argv.slice(2));
