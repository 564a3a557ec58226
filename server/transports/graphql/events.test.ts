import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestServer, type TestServer } from "../../test/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ webRoot: import.meta.dirname });
});
afterAll(() => server.close());

test("a stranger is refused before the document is looked at", async () => {
  const answer = await server.graphql(undefined, "{ nonsense }");
  expect(answer.status).toBe(401);
  expect(answer.errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
});
