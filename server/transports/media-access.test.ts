import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { User } from "../features/directory/directory.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import { revokeTokens } from "../features/sessions/revocation.actions.js";
import { startGraphqlWorld, type GraphqlWorld } from "../test/graphql-world.js";
import { SERVICE_TOKEN } from "../test/server.js";
import { sendPicture } from "../test/uploads.js";

/** Whom a file is open to by a bearer token of theirs, without a signature: the status of the answer. */
const PEOPLE = [
  ["somebody without a token", 401],
  ["a participant whose token has expired", 401],
  ["a participant whose token was revoked", 401],
  ["the host product", 401],
  ["a member of another project", 404],
  ["a member of the project who is not in the room", 404],
  ["somebody who was removed from the room", 404],
  ["a participant", 200],
  ["its author", 200],
] as const;
type Who = (typeof PEOPLE)[number][0];

let graph: GraphqlWorld;
/** What each shows; undefined for nothing. */
let tokens: Readonly<Record<Who, string | undefined>>;
/** Where the picture and its thumbnail are now, and where they were before somebody was removed. */
let now: readonly string[];
let before: readonly string[];

beforeAll(async () => {
  graph = await startGraphqlWorld();
  const { world, server } = graph;
  const [apollo, beta] = [await world.project("apollo"), await world.project("beta")];
  const person = (name: string, project = apollo): Promise<User> => world.person(name, project);
  const [john, jane, removed] = [await person("john"), await person("jane"), await person("removed")];
  const room = await world.group(apollo, john, jane, removed);
  const message = await sendPicture(world.as(john), room.id, "");
  before = await addressesOf(john, message.id);
  await removeParticipant(world.as(john), { roomId: room.id, person: { id: removed.id } });
  now = await addressesOf(john, message.id);
  const revoked = await server.token(jane);
  await revokeTokens(world.host(), { revocations: [{ tokenId: String(decodeJwt(revoked).jti) }] });
  tokens = {
    "somebody without a token": undefined,
    "a participant whose token has expired": await server.token(jane, -60_000),
    "a participant whose token was revoked": revoked,
    "the host product": SERVICE_TOKEN,
    "a member of another project": await server.token(await person("dee", beta)),
    "a member of the project who is not in the room": await server.token(await person("bob")),
    "somebody who was removed from the room": await server.token(removed),
    "a participant": await server.token(jane),
    "its author": await server.token(john),
  };
});
afterAll(() => graph.close());

/** Where the picture of a message is, and its thumbnail. */
async function addressesOf(user: User, id: number): Promise<readonly string[]> {
  const document = "query ($id: ID!) { chatMessage(id: $id) { attachment { url thumbnailUrl } } }";
  const { data } = await graph.ask(user, document, { id: String(id) });
  const { url, thumbnailUrl } = Object(Object(data?.["chatMessage"]).attachment);
  return [String(url), String(thumbnailUrl)];
}

/** The answer to one request, whole; `token` is shown when there is one. */
async function get(address: string, token: string | undefined) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${graph.server.url}${address}`, { headers });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()).toString("latin1") };
}

const pathOf = (address: string): string => address.split("?")[0] ?? "";
const absent = (address: string): string => address.replace(/[0-9a-f]{36}/, "0".repeat(36));

describe("a file and its thumbnail, by the path alone:", () => {
  test.each(PEOPLE)("%s gets %i", async (who, status) => {
    for (const address of now) {
      const answer = await get(pathOf(address), tokens[who]);
      expect([address, answer.status]).toEqual([address, status]);
    }
  });

  const refused = PEOPLE.flatMap(([who, status]) => (status === 200 ? [] : [who]));
  test.each(refused)("to %s it is as if it had never been", async (who) => {
    for (const address of now) {
      const path = pathOf(address);
      expect(await get(path, tokens[who])).toEqual(await get(absent(path), tokens[who]));
    }
  });
});

describe("by a signed address, which is as good as its room:", () => {
  test("whoever shows nothing else gets it, and by one from before a removal nothing", async () => {
    for (const address of now) expect([address, (await get(address, undefined)).status]).toEqual([address, 200]);
    for (const address of before) {
      const [real, none] = [await get(address, undefined), await get(absent(address), undefined)];
      expect([address, real.status, real]).toEqual([address, 404, none]);
    }
  });

  test.each(PEOPLE.slice(1))(
    "a token that is shown beside it has to be good, and gets no less than alone: %s (%i)",
    async (who, status) => {
      for (const address of now)
        expect([address, (await get(address, tokens[who])).status]).toEqual([address, status === 401 ? 401 : 200]);
      for (const address of before)
        expect([address, (await get(address, tokens[who])).status]).toEqual([address, status]);
    },
  );
});
