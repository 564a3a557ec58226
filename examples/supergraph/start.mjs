// A supergraph beside a Parley in demo mode: npx node examples/supergraph/start.mjs
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startSupergraph } from "./supergraph.mjs";

const { PARLEY_URL = "http://localhost:4000", PORT = "4001", JWT_SECRET, DATA_DIR = ".data" } = process.env;

try {
  // A Parley in demo mode made its secret itself.
  const secret = JWT_SECRET ?? (await readSecret(join(DATA_DIR, "jwt-secret")));
  const supergraph = await startSupergraph({ parleyUrl: PARLEY_URL, secret, port: Number(PORT) });
  for (const hint of supergraph.hints) process.stdout.write(`Hint: ${hint.message}\n`);
  process.stdout.write(`The supergraph is ready at ${supergraph.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      void supergraph.close();
    });
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function readSecret(file) {
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`There is no ${file}: start Parley here in demo mode (npm start), or set JWT_SECRET to its own.`);
  });
  return text.trim();
}
