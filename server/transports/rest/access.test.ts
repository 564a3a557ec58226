import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { User } from "../../features/directory/directory.js";
import { revokeTokens } from "../../features/sessions/revocation.actions.js";
import { removeParticipant } from "../../features/rooms/participant.actions.js";
import { sendMessage } from "../../features/messages/message.actions.js";
import { addReaction } from "../../features/reactions/reaction.actions.js";
import { startRestWorld, type RestAnswer, type RestRequest, type RestWorld } from "../../test/rest-world.js";

/** The numbers that a call is made with: of one room and what is in it, or of nothing that ever was. */
interface Ids {
  readonly room: number | string;
  readonly message: number | string;
  readonly project: number;
  readonly user: number;
}

interface Row {
  readonly path: (ids: Ids) => string;
  readonly body?: (ids: Ids) => Readonly<Record<string, unknown>>;
  /** What an owner of it all gets. */
  readonly status: number;
  /** What somebody gets who may not see it. */
  readonly hidden: number;
  /** It is for the owner of the room or the author of the message alone; others who are in it get 403. */
  readonly ownersAlone?: true;
  /** It is hidden only from those who are not in the project. */
  readonly isOfProject?: true;
}

const room =
  (rest = "") =>
  ({ room: id }: Ids) =>
    `/api/chat/rooms/${id}/${rest}`;
const message =
  (rest = "") =>
  ({ message: id }: Ids) =>
    `/api/chat/messages/${id}/${rest}`;
const emoji = () => ({ emoji: "🎉" });

/** A row for every call of the document; the test below fails for one that has none. In this order nothing is missed. */
const rows: Readonly<Record<string, Row>> = {
  "GET /api/chat/rooms/": { path: ({ project }) => `/api/chat/rooms/?project=${project}`, status: 200, hidden: 200 },
  "POST /api/chat/rooms/": {
    path: () => "/api/chat/rooms/",
    body: ({ project }) => ({ type: "group", name: "x", project }),
    status: 201,
    hidden: 404,
    isOfProject: true,
  },
  "GET /api/chat/rooms/{id}/": { path: room(), status: 200, hidden: 404 },
  "PATCH /api/chat/rooms/{id}/": {
    path: room(),
    body: () => ({ name: "y" }),
    status: 200,
    hidden: 404,
    ownersAlone: true,
  },
  "POST /api/chat/rooms/{id}/add_participant/": {
    path: room("add_participant/"),
    body: ({ user }) => ({ user_id: user }),
    status: 201,
    hidden: 404,
  },
  "POST /api/chat/rooms/{id}/remove_participant/": {
    path: room("remove_participant/"),
    body: ({ user }) => ({ user_id: user }),
    status: 204,
    hidden: 404,
    ownersAlone: true,
  },
  "POST /api/chat/rooms/{id}/mark_read/": { path: room("mark_read/"), status: 200, hidden: 404 },
  "GET /api/chat/messages/": { path: ({ room: id }) => `/api/chat/messages/?room=${id}`, status: 200, hidden: 404 },
  "POST /api/chat/messages/": {
    path: () => "/api/chat/messages/",
    body: ({ room: id }) => ({ room: id, content: "x" }),
    status: 201,
    hidden: 404,
  },
  "GET /api/chat/messages/{id}/": { path: message(), status: 200, hidden: 404 },
  "PATCH /api/chat/messages/{id}/": {
    path: message(),
    body: () => ({ content: "y" }),
    status: 200,
    hidden: 404,
    ownersAlone: true,
  },
  "POST /api/chat/messages/{id}/add_reaction/": {
    path: message("add_reaction/"),
    body: emoji,
    status: 201,
    hidden: 404,
  },
  "POST /api/chat/messages/{id}/remove_reaction/": {
    path: message("remove_reaction/"),
    body: emoji,
    status: 204,
    hidden: 404,
  },
  "DELETE /api/chat/messages/{id}/": { path: message(), status: 204, hidden: 404, ownersAlone: true },
  "DELETE /api/chat/rooms/{id}/": { path: room(), status: 204, hidden: 404, ownersAlone: true },
};
const hostRows: Readonly<Record<string, Row>> = {
  "PUT /api/chat/admin/users/": {
    path: () => "/api/chat/admin/users/",
    body: () => ({ users: [{ id: "new", username: "new", display_name: "New" }] }),
    status: 200,
    hidden: 403,
  },
  "PUT /api/chat/admin/projects/": {
    path: () => "/api/chat/admin/projects/",
    body: () => ({ projects: [{ id: "new", name: "New" }] }),
    status: 200,
    hidden: 403,
  },
  "POST /api/chat/admin/revoke_tokens/": {
    path: () => "/api/chat/admin/revoke_tokens/",
    body: () => ({ revocations: [{ token_id: "x" }] }),
    status: 200,
    hidden: 403,
  },
};

const never: Ids = { room: 888_888, message: 888_888, project: 888_888, user: 888_888 };

let rest: RestWorld;
let hidden: Ids;
let john: User;
let outside: User;
/** In the room, and neither its owner nor the message's author. */
let participant: User;
/** Of the project, and nowhere yet. */
let newcomer: User;
/** What nobody is let in with. */
let badTokens: readonly string[];
let strangers: readonly User[];
beforeAll(async () => {
  rest = await startRestWorld();
  const { world } = rest;
  const [project, elsewhere] = [await world.project("apollo"), await world.project("beta")];
  john = await world.person("john", project);
  const jane = await world.person("jane", project);
  const other = await world.person("other", project);
  outside = await world.person("outside", elsewhere);
  const removed = await world.person("removed", project);
  participant = await world.person("participant", project);
  newcomer = await world.person("newcomer", project);
  const group = await world.group(project, john, removed, participant);
  const words = await sendMessage(world.as(john), { roomId: group.id, content: "hidden words" });
  await addReaction(world.as(john), { messageId: words.id, emoji: "👍" });
  await removeParticipant(world.as(john), { roomId: group.id, person: { id: removed.id } });
  hidden = { room: group.id, message: words.id, project: project.id, user: jane.id };
  strangers = [other, outside, removed];
  const revoked = await rest.server.token(john);
  await revokeTokens(world.host(), { revocations: [{ tokenId: String(decodeJwt(revoked).jti) }] });
  badTokens = ["x", await rest.server.token(john, -60_000), revoked];
});
afterAll(() => rest.close());

const request = (name: string, row: Row, ids: Ids): RestRequest => ({
  method: name.split(" ")[0] ?? "",
  ...(row.body === undefined ? {} : { body: row.body(ids) }),
});
const said = ({ status, body }: RestAnswer): string => JSON.stringify([status, body]);

describe("to those who may not see it nothing is there, and to nobody anything:", () => {
  test.each(Object.entries(rows))("%s", async (name, row) => {
    for (const person of row.isOfProject === true ? [outside] : strangers) {
      const real = await rest.call(person, row.path(hidden), request(name, row, hidden));
      const none = await rest.call(person, row.path(never), request(name, row, never));
      expect(said(real)).toBe(said(none));
      expect(real.status).toBe(row.hidden);
    }
  });

  test.each(Object.entries({ ...rows, ...hostRows }))("without a token or with a bad one: %s", async (name, row) => {
    for (const caller of [null, ...badTokens.map((token) => ({ token }))])
      for (const ids of [hidden, never]) {
        const answer = await rest.call(caller, row.path(ids), request(name, row, ids));
        expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
      }
  });
});

describe("what is a person's is not the host product's, and the other way round:", () => {
  test.each(Object.entries(rows))("%s", async (name, row) => {
    expect((await rest.call("host", row.path(hidden), request(name, row, hidden))).status).toBe(403);
  });

  test.each(Object.entries(hostRows))("%s", async (name, row) => {
    expect((await rest.call(john, row.path(hidden), request(name, row, hidden))).status).toBe(row.hidden);
  });
});

describe("what could never be a number is not there either:", () => {
  const withIds = Object.entries(rows).filter(([name]) => name.includes("{id}"));
  test.each(withIds)("%s", async (name, row) => {
    for (const id of ["0", "-1", "1.5", "abc", "2147483648", "99999999999999999999", "1e3", "%00", "%F0%9F%98%80"]) {
      const ids = { ...hidden, room: id, message: id };
      const answer = await rest.call(john, row.path(ids), request(name, row, ids));
      expect([id, answer.status]).toEqual([id, 404]);
    }
  });
});

describe("what is its owner's or author's alone is refused to a participant who is neither, and nothing else:", () => {
  test.each(Object.entries(rows).filter(([, { ownersAlone }]) => ownersAlone === true))("%s", async (name, row) => {
    expect((await rest.call(participant, row.path(hidden), request(name, row, hidden))).status).toBe(403);
  });

  test.each(Object.entries(rows).filter(([, { ownersAlone }]) => ownersAlone !== true))("%s", async (name, row) => {
    const ids = { ...hidden, user: newcomer.id };
    expect((await rest.call(participant, row.path(ids), request(name, row, ids))).status).toBe(row.status);
  });
});

describe("for who may, the same calls do what they say:", () => {
  test.each(Object.entries(rows))("%s", async (name, row) => {
    expect((await rest.call(john, row.path(hidden), request(name, row, hidden))).status).toBe(row.status);
  });

  test.each(Object.entries(hostRows))("%s", async (name, row) => {
    expect((await rest.call("host", row.path(hidden), request(name, row, hidden))).status).toBe(row.status);
  });
});

test("every call of the document has a row, and each has been answered with success", () => {
  const operations = Object.entries(rest.document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const table = { ...rows, ...hostRows };
  expect(Object.keys(table).toSorted()).toEqual(operations.toSorted());
  for (const [name, { status }] of Object.entries(table)) expect(rest.seen).toContain(`${name} ${status}`);
});
