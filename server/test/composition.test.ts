import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { User } from "../features/directory/directory.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";
import { compose } from "./supergraph.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const schema = read("../../schema.graphql");

describe("schema.graphql composes", () => {
  test("with a host that has the plain names for its own, but for how the two describe what they share", async () => {
    const host = { name: "host", url: "http://host.invalid", sdl: read("./plain-host.graphql") };
    const hints = await compose([host, { name: "chat", url: "http://chat.invalid", sdl: schema }]);
    expect([...new Set(hints.map(({ definition }) => definition.code))]).toEqual(["INCONSISTENT_DESCRIPTION"]);
  });

  test("and what does not fit is told", async () => {
    const clash = { name: "clash", url: "http://clash.invalid", sdl: "type Query { chatRoom: Int }" };
    await expect(compose([clash, { name: "chat", url: "http://chat.invalid", sdl: schema }])).rejects.toThrow(
      /Query\.chatRoom/,
    );
  });
});

let graph: GraphqlWorld;
let dee: User;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  dee = await graph.world.person("dee");
});
afterAll(() => graph.close());

describe("who composes gets schema.graphql to the letter", () => {
  test("from its address, without a token", async () => {
    const response = await fetch(`${graph.server.url}/schema.graphql`);
    expect([response.status, await response.text()]).toEqual([200, schema]);
  });

  test("from `_service`, with anybody's token", async () => {
    expect((await graph.ask(dee, "{ _service { sdl } }")).data).toEqual({ _service: { sdl: schema } });
  });

  test("and from `_service` without a token nothing", async () => {
    const { status, errors } = await graph.ask(null, "{ _service { sdl } }");
    expect([status, errors.map(({ extensions }) => extensions.code)]).toEqual([401, ["UNAUTHENTICATED"]]);
  });
});
