import { buildOrExit } from "./build.mjs";
import "./typescript.mjs";

// `npm run screenshots`: makes the pictures of docs/screenshots again, out of the demo. `npm run screenshots -- FOLDER`
// puts every screen there, in light and dark, on a desktop and a phone.
await buildOrExit(["server", "web"]);
const { makeScreenshots } = await import("../web/e2e/screenshots.ts");
await makeScreenshots(process.argv[2]);
