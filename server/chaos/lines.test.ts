import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { User } from "../features/directory/directory.js";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import type { Transport } from "./history.js";
import { openLine, type Line } from "./lines.js";

let chat: GraphqlWorld;
let john: User;
let stranger: User;
let room: number;
const lines: Line[] = [];

beforeAll(async () => {
  chat = await startGraphqlWorld();
  const project = await chat.world.project("apollo");
  john = await chat.world.person("john", project);
  stranger = await chat.world.person("stranger", project);
  room = (await chat.world.group(project, john)).id;
});

afterAll(async () => {
  for (const line of lines) line.close();
  await chat.close();
});

const TIMEOUT_MS = 60_000;

async function open(transport: Transport, user: User, url = chat.server.url): Promise<Line> {
  const line = openLine[transport]({ url, token: await chat.token(user), timeoutMs: TIMEOUT_MS }, room);
  lines.push(line);
  return line;
}

const transports: readonly Transport[] = ["graphql-http", "graphql-ws", "rest", "raw"];

describe.each(transports)("a send by %s", (transport) => {
  test("is acknowledged with its message, which is the same when it is sent again", async () => {
    const send = { room, key: randomUUID(), content: "hello" };
    const line = await open(transport, john);
    const first = await line.send(send);
    expect(first).toEqual({ kind: "ok", messageId: expect.any(Number) });
    expect(await line.send(send)).toEqual(first);
    expect(await (await open(transport, john)).send(send)).toEqual(first);
  });

  test("of somebody who is not in the room, or under a key that was used, is refused", async () => {
    const send = { room, key: randomUUID(), content: "hello" };
    expect(await (await open(transport, stranger)).send(send)).toMatchObject({ kind: "refused" });
    const line = await open(transport, john);
    await line.send(send);
    expect(await line.send({ ...send, content: "something else" })).toMatchObject({ kind: "refused" });
  });

  test("to a node that is not there has no answer", async () => {
    const line = await open(transport, john, "http://127.0.0.1:1");
    expect(await line.send({ room, key: randomUUID(), content: "hello" })).toMatchObject({ kind: "unknown" });
  });
});
