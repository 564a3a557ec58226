/** @jest-environment node */
import { describe, expect, it } from "@jest/globals";
import type { Client } from "graphql-ws";
import { createDocumentIdSocket } from "./document-id-socket.js";

const QUERY = "subscription { done }";
const ID = "b".repeat(64);
const byId = { query: "", extensions: { persistedQuery: { version: 1, sha256Hash: ID } } };
const byText = { query: QUERY };
const unknown = [{ message: "PersistedQueryNotFound", extensions: { code: "BAD_USER_INPUT" } }];
const closed = [{ message: "Only ours.", extensions: { code: "BAD_USER_INPUT", field: "documentId" } }];

/** A socket that refuses like this what it does not take, and what was asked of it and heard. */
function open(refusal: unknown, takes: (payload: object) => boolean, documentId: string | null = ID) {
  const asked: object[] = [];
  const heard: unknown[] = [];
  let ended = 0;
  const taken: boolean[] = [];
  const subscribe: Client["subscribe"] = (payload, sink) => {
    asked.push(payload);
    if (takes(payload)) sink.next({ data: null });
    else sink.error(refusal);
    return () => void (ended += 1);
  };
  const socket = createDocumentIdSocket({
    socket: { subscribe },
    documentId,
    onTaken: (isTaken) => void taken.push(isTaken),
  });
  const follow = () =>
    socket.subscribe(
      { query: QUERY },
      { next: () => heard.push("event"), error: (errors) => heard.push(errors), complete: () => {} },
    );
  return { asked, heard, follow, ended: () => ended, taken };
}

describe("a subscription with an id", () => {
  it("is sent by that alone", () => {
    const { asked, heard, follow, ended, taken } = open(unknown, () => true);
    follow()();
    expect([asked, heard, ended(), taken]).toEqual([[byId], ["event"], 1, [true]]);
  });

  it("is sent as text to a server that does not know it: at once, and from then on", () => {
    const { asked, heard, follow } = open(unknown, (payload) => "query" in payload && payload.query === QUERY);
    follow();
    follow();
    expect([asked, heard]).toEqual([
      [byId, byText, byText],
      ["event", "event"],
    ]);
  });

  it("tells of another version where nothing else is executed", () => {
    const { asked, heard, follow, taken } = open(closed, () => false);
    follow();
    expect([asked, heard, taken]).toEqual([[byId], [closed], [false]]);
  });
});

it("a subscription without one is sent as text", () => {
  const { asked, follow } = open(unknown, () => true, null);
  follow();
  expect(asked).toEqual([byText]);
});
