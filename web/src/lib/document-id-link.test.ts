/** @jest-environment node */
import { describe, expect, it } from "@jest/globals";
import { ApolloClient, ApolloLink, gql, InMemoryCache } from "@apollo/client";
import { ServerError } from "@apollo/client/errors";
import { of, throwError, type Observable } from "rxjs";
import { createDocumentIdLink } from "./document-id-link.js";
import { toFailure } from "./errors.js";
import type { Upload } from "./upload-link.js";

const ID = "a".repeat(64);
const WITHOUT_ID = gql`
  query Anything {
    done
  }
`;
const WITH_ID = { ...WITHOUT_ID, documentId: ID };

const ANSWER = { data: { done: true } };
const errors = (message: string, extensions: Readonly<Record<string, unknown>>) => ({
  errors: [{ message, extensions }],
});
const UNKNOWN = errors("PersistedQueryNotFound", { code: "BAD_USER_INPUT" });
const CLOSED = errors("Only ours.", { code: "BAD_USER_INPUT", field: "documentId" });

/** As a status of HTTP, and as an answer of 200. */
function refusedWith(body: object): Observable<never> {
  const [bodyText, response] = [JSON.stringify(body), new Response("", { status: 400 })];
  return throwError(() => new ServerError("Response not successful", { response, bodyText }));
}

type Sent = { readonly includesText: boolean; readonly extensions: object };

/** A client whose requests are answered by what they were sent with. */
function clientOf(answer: (sent: Sent) => Observable<ApolloLink.Result>) {
  const sent: Sent[] = [];
  const taken: [string, boolean][] = [];
  const network = new ApolloLink((operation) => {
    const { http } = operation.getContext();
    const request = { includesText: http?.includeQuery !== false, extensions: { ...operation.extensions } };
    sent.push(request);
    return answer(request);
  });
  const link = ApolloLink.from([createDocumentIdLink((...note) => void taken.push(note)), network]);
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  const ask = (query: typeof WITHOUT_ID, upload?: Upload) =>
    client.query({ query, fetchPolicy: "network-only", context: { upload } });
  return { ask, sent, taken };
}

const byId = { includesText: false, extensions: { persistedQuery: { version: 1, sha256Hash: ID } } };
const byText = { includesText: true, extensions: {} };

describe("a document with an id", () => {
  it("is sent by that alone", async () => {
    const { ask, sent, taken } = clientOf(() => of(ANSWER));
    expect((await ask(WITH_ID)).data).toEqual({ done: true });
    expect([sent, taken]).toEqual([[byId], [[ID, true]]]);
  });

  it.each([
    ["with 200", of(UNKNOWN)],
    ["with 400", refusedWith(UNKNOWN)],
  ])(
    "is sent as text to a server that does not know it, and says so %s: at once, and from then on",
    async (_how, no) => {
      const { ask, sent, taken } = clientOf(({ includesText }) => (includesText ? of(ANSWER) : no));
      for (const times of [1, 2]) {
        expect((await ask(WITH_ID)).data).toEqual({ done: true });
        expect(sent).toHaveLength(times + 1);
      }
      expect(sent).toEqual([byId, byText, byText]);
      expect(taken).toEqual([
        [ID, true],
        [ID, true],
      ]);
    },
  );

  it.each([
    ["with 200", of(CLOSED)],
    ["with 400", refusedWith(CLOSED)],
  ])("tells of another version where nothing else is executed, and is worth another try: %s", async (_how, no) => {
    const { ask, sent, taken } = clientOf(() => no);
    const failure = await ask(WITH_ID).then(
      () => null,
      (error: unknown) => toFailure(error).code,
    );
    expect([failure, sent, taken]).toEqual(["UNAVAILABLE", [byId], [[ID, false]]]);
  });

  it("is sent as text beside a file, which would travel twice to a server that does not know the id", async () => {
    const { ask, sent, taken } = clientOf(() => of(ANSWER));
    const file = {
      name: "plan.txt",
      contentType: "text/plain",
      blob: new Blob(["the plan"]),
      width: null,
      height: null,
    };
    await ask(WITH_ID, { file, signal: new AbortController().signal, onProgress: () => undefined });
    expect([sent, taken]).toEqual([[byText], [[ID, true]]]);
  });

  it("is told of as neither where it was not looked at", async () => {
    const { ask, taken } = clientOf(() => of(errors("Slowly.", { code: "RATE_LIMITED" })));
    await ask(WITH_ID).catch(() => undefined);
    expect(taken).toEqual([]);
  });
});

it("a document without one is sent as text", async () => {
  const { ask, sent } = clientOf(() => of(ANSWER));
  await ask(WITHOUT_ID);
  expect(sent).toEqual([byText]);
});
