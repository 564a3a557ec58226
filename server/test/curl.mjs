// For the examples' test on a machine without curl: the few options that the examples use.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";

const options = {
  silent: { type: "boolean", short: "s" },
  "show-error": { type: "boolean", short: "S" },
  "fail-with-body": { type: "boolean" },
  header: { type: "string", short: "H", multiple: true, default: [] },
  data: { type: "string", short: "d" },
  request: { type: "string", short: "X" },
  form: { type: "string", short: "F", multiple: true, default: [] },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const headers = values.header.map((line) => line.split(/: */, 2));
const form = values.form.length === 0 ? undefined : new FormData();
for (const field of values.form) {
  const [, name, file, text] = /^([^=]+)=(?:@(.*)|(.*))$/s.exec(field);
  if (file === undefined) form.append(name, text);
  else form.append(name, new Blob([readFileSync(file)]), basename(file));
}
const body = form ?? values.data;
const method = values.request ?? (body === undefined ? "GET" : "POST");
const response = await fetch(positionals[0], { method, headers, body });
process.stdout.write(await response.text());
if (values["fail-with-body"] && !response.ok) process.exitCode = 22;
