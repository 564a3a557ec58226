import { describe, expect, test } from "@jest/globals";
import { decodeJwt, SignJWT } from "jose";
import { z } from "zod";
import { MAX_TOKEN_LIFE_MS } from "../../platform/tokens.js";
import { query, sql } from "../../platform/sql.js";
import { ALL_EVENTS } from "../../test/event-documents.js";
import { type GraphqlWorld } from "../../test/graphql-world.js";
import { enter } from "../../test/raw-socket.js";
import { SECRET, SERVICE_TOKEN } from "../../test/server.js";
import { until } from "../../test/until.js";
import type { User } from "../directory/directory.js";
import type { Room } from "../rooms/room.js";
import { revocationsSince } from "./revocation.queries.js";
import { pairRooms } from "../../test/pair-room.js";

const REVOKED = "The token has been revoked: log in again.";
const NOT_VALID = "The token is not valid.";
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let graph: GraphqlWorld;
let john: User;
let jane: User;
let room: Room;
pairRooms((pair) => {
  ({ graph, john, jane, room } = pair);
});

const idOf = (token: string): string => z.string().parse(decodeJwt(token).jti);

/** The host product says it, over GraphQL. */
async function revoke(...revocations: readonly object[]): Promise<unknown> {
  const document = "mutation ($input: RevokeChatTokensInput!) { revokeChatTokens(input: $input) { revoked } }";
  const { data } = await graph.server.graphql(SERVICE_TOKEN, document, { input: { revocations } });
  return data?.["revokeChatTokens"];
}

/** What somebody with this token is told, over both ways to ask. */
async function told(token: string): Promise<unknown> {
  const { status, errors } = await graph.server.graphql(token, "{ chatViewer { id } }");
  const rest = await fetch(`${graph.server.url}/api/chat/rooms/`, { headers: { authorization: `Bearer ${token}` } });
  const body = z
    .object({ detail: z.string().optional() })
    .or(z.array(z.unknown()))
    .parse(await rest.json());
  return [status, errors[0]?.message, rest.status, Array.isArray(body) ? undefined : body.detail];
}
const LET_IN = [200, undefined, 200, undefined];
const REFUSED = [401, REVOKED, 401, REVOKED];

const rows = async (): Promise<number> =>
  (await query(graph.world.database.fork(), sql`select 1 from chat_revocation`)).length;

describe("a token that was revoked", () => {
  test("by its id is refused from then on, and no other of that person's", async () => {
    const [lost, kept] = [await graph.token(john), await graph.token(john)];
    expect([await told(lost), await told(kept)]).toEqual([LET_IN, LET_IN]);
    expect(await revoke({ tokenId: idOf(lost) })).toEqual({ revoked: 1 });
    expect([await told(lost), await told(kept)]).toEqual([REFUSED, LET_IN]);
  });

  test("with all that were issued to somebody before is refused; nobody else's, and no newer one", async () => {
    const [old, ofJane] = [await graph.token(john), await graph.token(jane)];
    graph.world.clock.advance(SECOND_MS);
    expect(await revoke({ userId: john.hostId })).toEqual({ revoked: 1 });
    expect([await told(old), await told(ofJane)]).toEqual([REFUSED, LET_IN]);
    graph.world.clock.advance(SECOND_MS);
    expect(await told(await graph.token(john))).toEqual(LET_IN);
  });

  test("up to a moment that has passed leaves those that were issued since", async () => {
    const before = await graph.token(john);
    graph.world.clock.advance(2 * SECOND_MS);
    const moment = graph.world.clock.now();
    graph.world.clock.advance(2 * SECOND_MS);
    const since = await graph.token(john);
    await revoke({ userId: john.hostId, issuedBefore: moment.toISOString() });
    expect([await told(before), await told(since)]).toEqual([REFUSED, LET_IN]);
    // An earlier moment takes nothing back.
    await revoke({ userId: john.hostId, issuedBefore: new Date(moment.getTime() - HOUR_MS).toISOString() });
    expect([await told(before), await told(since)]).toEqual([REFUSED, LET_IN]);
  });

  test("opens no socket of either kind", async () => {
    const token = await graph.token(john);
    await revoke({ tokenId: idOf(token) });
    const closed: unknown[] = [];
    const client = graph.server.socket(token);
    client.on("closed", (event) => closed.push(event));
    graph.listen(client, ALL_EVENTS, { after: [] });
    const line = await enter(graph.server.url, room.id, { token });
    expect([await line.ended(), line.closed.reason]).toEqual([4401, REVOKED]);
    await until(() => closed.length > 0, "the close");
    expect(closed).toMatchObject([{ code: 4401, reason: REVOKED }]);
  });
});

describe("the open sockets of a revoked token", () => {
  test("are closed at once with 4401, of both kinds, and nobody else's", async () => {
    const [ofJohn, ofJane] = [await graph.token(john), await graph.token(jane)];
    const closed: unknown[] = [];
    const client = graph.server.socket(ofJohn);
    client.on("closed", (event) => closed.push(event));
    await graph.follow(client, ALL_EVENTS, { after: [] });
    const line = await enter(graph.server.url, room.id, { token: ofJohn });
    const other = await enter(graph.server.url, room.id, { token: ofJane });
    await revoke({ tokenId: idOf(ofJohn) });
    expect([await line.ended(), line.closed.reason]).toEqual([4401, REVOKED]);
    await until(() => closed.length > 0, "the close");
    expect(closed).toMatchObject([{ code: 4401, reason: REVOKED }]);
    expect(other.closed.code).toBeUndefined();
  });

  test("stay when they have been renewed with another one since, until that is revoked, too", async () => {
    const [first, second] = [await graph.token(john), await graph.token(john)];
    const line = await enter(graph.server.url, room.id, { token: first });
    line.send({ type: "authenticate", token: second });
    await line.hears("authenticated");
    await revoke({ tokenId: idOf(first) });
    expect(await told(first)).toEqual(REFUSED);
    expect(line.closed.code).toBeUndefined();
    await revoke({ tokenId: idOf(second) });
    expect(await line.ended()).toBe(4401);
  });
});

describe("a moment that is still to come", () => {
  test("is refused with the row that has it, and none of the others counts", async () => {
    const token = await graph.token(john);
    const document = "mutation ($input: RevokeChatTokensInput!) { revokeChatTokens(input: $input) { revoked } }";
    const late = new Date(graph.world.clock.now().getTime() + HOUR_MS).toISOString();
    const revocations = [{ tokenId: idOf(token) }, { userId: john.hostId, issuedBefore: late }];
    const { errors } = await graph.server.graphql(SERVICE_TOKEN, document, { input: { revocations } });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field: "revocations[1].issuedBefore" } }]);
    expect(await told(token)).toEqual(LET_IN);
  });
});

test("what is committed long after it was written is still found by who asks for news", async () => {
  const em = graph.world.database.fork();
  const { now } = await revocationsSince(em, undefined);
  await query(
    em,
    sql`insert into chat_revocation (token_id, until, changed_at)
        values ('slow', ${now}::timestamptz + interval '1 day', ${now}::timestamptz - interval '50 s')`,
  );
  const { revocations } = await revocationsSince(em, now);
  expect(revocations).toContainEqual({ tokenId: "slow", untilMs: expect.any(Number) });
});

describe("what is remembered", () => {
  const endingIn = (ms: number): object => ({
    tokenId: `ends after ${ms}`,
    expiresAt: new Date(graph.world.clock.now().getTime() + ms).toISOString(),
  });
  /** Lets time pass until somebody has looked. */
  const untilRows = (count: number, what: string) =>
    until(async () => {
      graph.world.clock.advance(MINUTE_MS);
      return (await rows()) === count;
    }, what);

  test("of a token goes when that has expired; of a person it stays", async () => {
    const { clock } = graph.world;
    await query(graph.world.database.fork(), sql`delete from chat_revocation`);
    const late = endingIn(MAX_TOKEN_LIFE_MS + DAY_MS);
    await revoke(endingIn(HOUR_MS), { tokenId: "without an end" }, late, { userId: john.hostId });
    expect(await rows()).toBe(4);
    await untilRows(3, "the first to go");
    clock.advance(MAX_TOKEN_LIFE_MS - DAY_MS);
    await revoke(endingIn(0));
    await untilRows(3, "another look, which has left the others");
    clock.advance(DAY_MS);
    await untilRows(2, "the one without an end to go");
    clock.advance(DAY_MS);
    await untilRows(1, "the last token to go");
  });

  test("refuses a token without iat for good, as if it were of the beginning of time", async () => {
    const { clock } = graph.world;
    /** Ends so long after now, and does not say when it was issued. */
    const undated = (hostId: string, ms: number): Promise<string> =>
      new SignJWT({})
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(hostId)
        .setExpirationTime(Math.floor((clock.now().getTime() + ms) / SECOND_MS))
        .sign(new TextEncoder().encode(SECRET));
    const [short, far] = [await undated(john.hostId, HOUR_MS), await undated(john.hostId, MAX_TOKEN_LIFE_MS + DAY_MS)];
    expect([await told(short), await told(far)]).toEqual([LET_IN, [401, NOT_VALID, 401, NOT_VALID]]);
    // However early the moment is.
    await revoke({ userId: john.hostId, issuedBefore: "1970-01-02T00:00:00Z" }, endingIn(HOUR_MS));
    const before = await rows();
    expect(await told(short)).toEqual(REFUSED);
    // When any other token from before would have expired, the end of that one has come near.
    clock.advance(MAX_TOKEN_LIFE_MS + HOUR_MS);
    await untilRows(before - 1, "a look");
    expect(await told(far)).toEqual(REFUSED);
    expect(await told(await undated(jane.hostId, HOUR_MS))).toEqual(LET_IN);
    expect(await told(await graph.token(john))).toEqual(LET_IN);
  });

  test.each(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])(
    "may end whenever it is said to: %s",
    async (expiresAt) => {
      expect(await revoke({ tokenId: "some", expiresAt })).toEqual({ revoked: 1 });
    },
  );
});
