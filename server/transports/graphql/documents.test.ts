import { expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { buildSchema, parse } from "graphql";
import { createDocuments } from "./documents.js";

const schema = buildSchema("type Query { hello: String }");
const keyOf = (source: string): string => `schema:${createHash("sha256").update(source).digest("hex")}`;

test("a document is parsed once, whichever way it comes first", async () => {
  const { check, store } = createDocuments(schema);
  const first = check("{ hello }");
  expect(check("{ hello }")).toEqual(first);
  expect("document" in first && (await store.get(keyOf("{ hello }"))) === first.document).toBe(true);
  const other = parse("{ a: hello }");
  await store.set(keyOf("{ a: hello }"), other);
  const known = check("{ a: hello }");
  expect("document" in known && known.document === other).toBe(true);
});

test("what is wrong, or longer than any client's own, is not remembered; and of the others the newest 500 are", async () => {
  const { check, store } = createDocuments(schema);
  const long = `{ hello }${" ".repeat(17_000)}`;
  expect("errors" in check("{ nothing }")).toBe(true);
  expect("document" in check(long)).toBe(true);
  for (let n = 0; n < 501; n += 1) {
    check(`{ a${n}: hello }`);
    check("{ hello }");
  }
  const known = await Promise.all(
    ["{ nothing }", long, "{ a0: hello }", "{ a1: hello }", "{ a2: hello }", "{ hello }"].map(async (source) =>
      Boolean(await store.get(keyOf(source))),
    ),
  );
  expect(known).toEqual([false, false, false, false, true, true]);
});
