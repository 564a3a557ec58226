import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { parseId, type UserId } from "../platform/ids.js";
import { TestClock } from "../test/clock.js";
import { SERVICE_TOKEN, startTestServer, type TestServer } from "../test/server.js";
import { KnownSessions, type Session } from "./sessions.js";

let clock: TestClock;
let sessions: KnownSessions;
beforeEach(() => {
  clock = new TestClock();
  sessions = new KnownSessions(clock);
});

function userId(number: number): UserId {
  const id = parseId<UserId>(number);
  if (id === undefined) throw new Error(`${number} is no id.`);
  return id;
}

const HOUR_MS = 3_600_000;

function sessionOf(number: number, forMs = HOUR_MS): Session {
  const actor = { id: userId(number), hostId: String(number), username: "", displayName: "" };
  return { actor, expiresAtMs: clock.now().getTime() + forMs, token: actor };
}

const enter = (token: string, session: Session) => sessions.look()(token, session);

test("a token that was looked at is known for some seconds", () => {
  const session = sessionOf(1);
  enter("one", session);
  expect(sessions.recall("one")).toBe(session);
  expect(sessions.recall("another")).toBeUndefined();
  clock.advance(4_999);
  expect(sessions.recall("one")).toBe(session);
  clock.advance(1);
  expect(sessions.recall("one")).toBeUndefined();
});

test("a token is not known for longer than it is good for", () => {
  enter("brief", sessionOf(1, 1_000));
  clock.advance(999);
  expect(sessions.recall("brief")).toBeDefined();
  clock.advance(1);
  expect(sessions.recall("brief")).toBeUndefined();
});

test("a person or everybody can be forgotten at once", () => {
  const tokens = ["a", "b", "c"];
  for (const [index, token] of tokens.entries()) enter(token, sessionOf(index < 2 ? 1 : index));
  const known = () => tokens.filter((token) => sessions.recall(token) !== undefined);
  sessions.forget({ userId: userId(1) });
  expect(known()).toEqual(["c"]);
  sessions.forget("everybody");
  expect(known()).toEqual([]);
});

test("who was forgotten while they were looked at is not known from before", () => {
  const remember = sessions.look();
  sessions.forget({ userId: userId(1) });
  remember("one", sessionOf(1));
  expect(sessions.recall("one")).toBeUndefined();
  enter("one", sessionOf(1));
  expect(sessions.recall("one")).toBeDefined();
});

test("so many tokens are known and no more: the oldest go", () => {
  for (let number = 1; number <= 10_001; number += 1) enter(`token ${number}`, sessionOf(number));
  expect(sessions.recall("token 1")).toBeUndefined();
  expect(sessions.recall("token 2")).toBeDefined();
  expect(sessions.recall("token 10001")).toBeDefined();
});

describe("over HTTP", () => {
  let server: TestServer;
  beforeAll(async () => {
    // Time stands still: who is known would be known for ever.
    server = await startTestServer({ clock: new TestClock(), webRoot: import.meta.dirname });
  });
  afterAll(() => server.close());

  const names = (token: string) => server.graphql(token, "{ chatViewer { chatDisplayName } }");
  const tell = (user: object) =>
    fetch(`${server.url}/api/chat/admin/users/`, {
      method: "PUT",
      headers: { authorization: `Bearer ${SERVICE_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ users: [user] }),
    });

  test("who is renamed has the new name at once, and who is deleted is refused at once", async () => {
    const token = await server.token({ hostId: "ann", displayName: "Ann" });
    expect((await names(token)).data).toEqual({ chatViewer: { chatDisplayName: "Ann" } });
    expect((await tell({ id: "ann", username: "ann", display_name: "Anna" })).status).toBe(200);
    expect((await names(token)).data).toEqual({ chatViewer: { chatDisplayName: "Anna" } });
    expect((await tell({ id: "ann", is_deleted: true })).status).toBe(200);
    expect((await names(token)).errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
  });
});
