import { expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { z } from "zod";
import type { User } from "../features/directory/directory.js";
import type { Room } from "../features/rooms/room.js";
import { ALL_EVENTS } from "./event-documents.js";
import { startServerNode, type ServerNode } from "./node.js";
import { enter, hangUp, type RawLine } from "./raw-socket.js";
import { postGraphql, SERVICE_TOKEN } from "./server.js";
import { twoNodes } from "./two-nodes.js";
import { until } from "./until.js";
import type { World } from "./world.js";

// The nodes' clocks stand still unless a test moves them: what arrives on the other node by then came by Redis.

let world: World;
let john: User;
let jane: User;
let room: Room;
let a: ServerNode;
let b: ServerNode;
twoNodes((nodes) => {
  ({ world, john, jane, room, a, b } = nodes);
});

const REVOKED = { code: 4401, reason: "The token has been revoked: log in again." };
const WITHIN_MS = 5_000;

async function revoke(node: ServerNode, row: object): Promise<void> {
  const document = "mutation ($input: RevokeChatTokensInput!) { revokeChatTokens(input: $input) { revoked } }";
  const variables = { input: { revocations: [row] } };
  const { data } = await postGraphql(`${node.server.url}/graphql`, { token: SERVICE_TOKEN, document, variables });
  expect(data).toEqual({ revokeChatTokens: { revoked: 1 } });
}

const isLetIn = async (node: ServerNode, token: string): Promise<boolean> =>
  (await node.server.graphql(token, "{ chatViewer { id } }")).status === 200;

const idOf = (token: string): string => z.string().parse(decodeJwt(token).jti);
const closeOf = z.object({ code: z.int(), reason: z.string() });

/** A socket of each kind, with one token. */
interface Sockets {
  readonly token: string;
  readonly line: RawLine;
  readonly closed: readonly z.infer<typeof closeOf>[];
}

async function socketsOf(node: ServerNode, user: User): Promise<Sockets> {
  const token = await node.token(user);
  const closed: z.infer<typeof closeOf>[] = [];
  const client = node.server.socket(token);
  client.on("closed", (event) => closed.push(closeOf.parse(event)));
  await node.follow(client, ALL_EVENTS, { after: [] });
  return { token, line: await enter(node.server.url, room.id, { token }), closed };
}

const areClosed = ({ line, closed }: Sockets): boolean => closed.length > 0 && line.closed.code !== undefined;

function expectRevoked({ line, closed }: Sockets): void {
  expect([line.closed, closed]).toEqual([REVOKED, [REVOKED]]);
}

test("a token that is revoked on one node counts no more on the other, whose sockets are closed by Redis' word", async () => {
  const [ofJohn, ofJane] = [await socketsOf(b, john), await socketsOf(b, jane)];
  await revoke(a, { tokenId: idOf(ofJohn.token) });
  expect(await isLetIn(a, ofJohn.token)).toBe(false);
  await until(() => areClosed(ofJohn), "the close");
  expectRevoked(ofJohn);
  expect([await isLetIn(b, ofJohn.token), await isLetIn(b, ofJane.token)]).toEqual([false, true]);
  expect(areClosed(ofJane)).toBe(false);
  hangUp();
});

test("without Redis it does within five seconds, by the table", async () => {
  for (const node of [a, b]) await node.loseRedis();
  const ofJohn = await socketsOf(b, john);
  await revoke(a, { userId: john.hostId, issuedBefore: new Date(b.clock.now().getTime() + 1_000).toISOString() });
  expect([await isLetIn(a, ofJohn.token), await isLetIn(b, ofJohn.token)]).toEqual([false, true]);
  b.clock.advance(WITHIN_MS);
  await until(() => areClosed(ofJohn), "the close");
  expectRevoked(ofJohn);
  expect(await isLetIn(b, ofJohn.token)).toBe(false);
  hangUp();
});

test("a node that could not hear of it looks as soon as Redis is back", async () => {
  const ofJohn = await socketsOf(b, john);
  await b.loseRedis();
  await revoke(a, { tokenId: idOf(ofJohn.token) });
  expect(areClosed(ofJohn)).toBe(false);
  await b.findRedis();
  await until(() => areClosed(ofJohn), "the close");
  expectRevoked(ofJohn);
  hangUp();
});

test("a node that starts later knows it from the first request on", async () => {
  const token = await a.token(john);
  await revoke(a, { tokenId: idOf(token) });
  const late = await startServerNode(world);
  try {
    expect(await isLetIn(late, token)).toBe(false);
  } finally {
    await late.close();
  }
});
