// For the examples' test on a machine without curl: the few options that the examples use.
import { parseArgs } from "node:util";

const options = {
  silent: { type: "boolean", short: "s" },
  "show-error": { type: "boolean", short: "S" },
  "fail-with-body": { type: "boolean" },
  header: { type: "string", short: "H", multiple: true, default: [] },
  data: { type: "string", short: "d" },
  request: { type: "string", short: "X" },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const headers = values.header.map((line) => line.split(/: */, 2));
const method = values.request ?? (values.data === undefined ? "GET" : "POST");
const response = await fetch(positionals[0], { method, headers, body: values.data });
process.stdout.write(await response.text());
if (values["fail-with-body"] && !response.ok) process.exitCode = 22;
