import { Writable } from "node:stream";
import { expect, test } from "@jest/globals";
import { createLogger } from "./logger.js";

const SECRET = "planted-secret";
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.plantedsignature";

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  write(createLogger("info", destination));
  for (const line of lines) JSON.parse(line);
  return lines.join("");
}

test.each([
  ["a token", { token: SECRET }],
  ["a password", { user: { password: SECRET } }],
  ["what somebody wrote", { input: { message: { content: SECRET } } }],
  ["the variables of an operation", { operation: { variables: { anything: SECRET } } }],
  ["a header", { req: { headers: { authorization: SECRET, cookie: SECRET, "sec-websocket-protocol": SECRET } } }],
  ["a list of tokens", { list: [{ token: [SECRET] }] }],
  [
    "the field of an object of a class",
    {
      thing: new (class {
        content = `a "${SECRET}" b`;
      })(),
    },
  ],
  ["a bearer header in a text", { note: `Authorization: Bearer ${SECRET}` }],
  ["a JWT anywhere", { list: ["x", { deep: { deeper: { deepest: `"${JWT}"` } } }] }],
  ["the password in a URL", { url: `postgres://parley:${SECRET}@db.example/parley` }],
  ["the signature of an attachment's address", { path: `/media/a.png?expires=1&signature=${SECRET}` }],
])("%s is not logged", (_, fields) => {
  const text = logged((log) => log.info(fields, "did it"));
  expect(text).toContain("did it");
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain("plantedsignature");
});

test("an error is logged with its kind, message and causes, and not with the values of its statement", () => {
  const cause = Object.assign(new Error("duplicate key"), { code: "23505", detail: SECRET, parameters: [SECRET] });
  const text = logged((log) => log.error({ err: new TypeError("insert failed", { cause }) }, "refused"));
  expect(JSON.parse(text)).toMatchObject({
    msg: "refused",
    err: { type: "TypeError", message: "insert failed", cause: { message: "duplicate key", code: "23505" } },
  });
  expect(text).not.toContain(SECRET);
});

test("what is below the level is not logged, and silent logs nothing", () => {
  expect(logged((log) => log.debug("quiet"))).toBe("");
  expect(createLogger("silent").isLevelEnabled("fatal")).toBe(false);
});
