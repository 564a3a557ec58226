import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { serverAudits } from "graphql-http";
import { startTestServer, type TestServer } from "./server.js";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer({ webRoot: import.meta.dirname });
  token = await server.token({ hostId: "john" });
});
afterAll(() => server.close());

/** As any client would ask that the specification has; who asks is ours alone. */
const fetchFn = (url: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${token}`);
  headers.set("apollo-require-preflight", "true");
  return fetch(url, { ...init, headers });
};

const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn });

test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
  "GraphQL over HTTP, %s: %s",
  async (_id, name, audit) => {
    const result = await audit.fn();
    const reason = "reason" in result ? result.reason : undefined;
    // What the specification lets a server do otherwise is a notice or a warning; what it demands is an error.
    expect([name, result.status === "error" ? reason : "kept"]).toEqual([name, "kept"]);
  },
);

test("all of the specification's demands are asked", () => {
  expect(audits.filter(({ name }) => name.startsWith("MUST")).length).toBeGreaterThan(10);
});
