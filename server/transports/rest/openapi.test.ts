import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { z } from "zod";
import { startTestServer, type TestServer } from "../../test/server.js";

let server: TestServer;
let text: string;
beforeAll(async () => {
  server = await startTestServer({ webRoot: import.meta.dirname });
  text = await (await fetch(`${server.url}/openapi.json`)).text();
});
afterAll(() => server.close());

describe("the OpenAPI document", () => {
  test("is JSON that anybody may read", async () => {
    const { status, headers } = await fetch(`${server.url}/openapi.json`);
    expect([status, headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  });

  test("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(text));
    expect({ valid, errors, version: validator.version }).toEqual({ valid: true, errors: undefined, version: "3.1" });
  });

  test("is found to be wrong by the validator when it is", async () => {
    const { valid } = await new Validator().validate({
      ...JSON.parse(text),
      paths: { "/x": { get: { responses: 3 } } },
    });
    expect(valid).toBe(false);
  });

  test("is as Redocly recommends, and it finds what is not", async () => {
    const config = await createConfig({
      extends: ["recommended"],
      // Django's paths end so, and clients are written for them.
      rules: { "no-path-trailing-slash": "off" },
    });
    const faultsOf = async (source: string): Promise<readonly string[]> => {
      const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
      return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ""}`);
    };
    expect(await faultsOf(text)).toEqual([]);
    const worse = text.replaceAll('"operationId":"getRooms"', '"operationId":"postRooms"');
    expect(await faultsOf(worse)).toEqual([expect.stringContaining("operation-operationId-unique")]);
  });

  test("has all the routes that the original system has, and the host product's", () => {
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(JSON.parse(text));
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.toSorted()).toEqual([
      "DELETE /api/chat/messages/{id}/",
      "DELETE /api/chat/rooms/{id}/",
      "GET /api/chat/messages/",
      "GET /api/chat/messages/{id}/",
      "GET /api/chat/rooms/",
      "GET /api/chat/rooms/{id}/",
      "PATCH /api/chat/messages/{id}/",
      "PATCH /api/chat/rooms/{id}/",
      "POST /api/chat/admin/revoke_tokens/",
      "POST /api/chat/messages/",
      "POST /api/chat/messages/{id}/add_reaction/",
      "POST /api/chat/messages/{id}/remove_reaction/",
      "POST /api/chat/rooms/",
      "POST /api/chat/rooms/{id}/add_participant/",
      "POST /api/chat/rooms/{id}/mark_read/",
      "POST /api/chat/rooms/{id}/remove_participant/",
      "PUT /api/chat/admin/projects/",
      "PUT /api/chat/admin/users/",
    ]);
  });

  test("names no schema that it has not, and has none that nothing names", () => {
    const named = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = ""]) => name));
    const { components } = z
      .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse(JSON.parse(text));
    expect([...named].toSorted()).toEqual(Object.keys(components.schemas).toSorted());
    expect(text).not.toContain("$defs");
  });
});
