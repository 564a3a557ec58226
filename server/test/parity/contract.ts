import { expect } from "@jest/globals";
import type { ErrorCode } from "../../platform/errors.js";
import type { Answer, Manner, Transport, Verb } from "./client.js";
import { restVerbs } from "./rest-client.js";
import { titleOf, type Scenario } from "./scenario.js";

/**
 * How each transport says each code: the table of docs/errors.md and of the contract, written here once more so that the
 * server's own tables are held against it. GraphQL answers 200 for what was executed, and another status where it did not
 * come to that. On a raw socket a code that ends it when nobody has come in yet may be a frame later.
 */
export const manners: Readonly<Record<ErrorCode, Readonly<Record<Transport, readonly Manner[]>>>> = {
  UNAUTHENTICATED: { graphql: [401], rest: [401], socket: [4401] },
  FORBIDDEN: { graphql: [200], rest: [403], socket: ["frame"] },
  NOT_FOUND: { graphql: [200], rest: [404], socket: ["frame", 4404] },
  BAD_USER_INPUT: { graphql: [200, 400], rest: [400], socket: ["frame"] },
  CONFLICT: { graphql: [200], rest: [409], socket: ["frame"] },
  IDEMPOTENCY_KEY_REUSED: { graphql: [200], rest: [422], socket: ["frame"] },
  PAYLOAD_TOO_LARGE: { graphql: [200, 413], rest: [413], socket: [1009] },
  UNSUPPORTED_MEDIA_TYPE: { graphql: [200, 415], rest: [415], socket: [1003] },
  RATE_LIMITED: { graphql: [200, 429], rest: [429], socket: ["frame"] },
  RESYNC_REQUIRED: { graphql: [200], rest: [410], socket: [4409] },
  UNAVAILABLE: { graphql: [200, 503], rest: [503], socket: ["frame", 1013] },
  INTERNAL_SERVER_ERROR: { graphql: [200, 500], rest: [500], socket: ["frame", 1011] },
};

/** How each transport says that something was done. */
export function mannerOfSuccess(transport: Transport, verb: Verb, status?: number): Manner {
  if (transport === "socket") return "frame";
  if (transport === "graphql") return 200;
  const row = verb === "typing" || verb === "resume" ? undefined : restVerbs[verb];
  return status ?? row?.status ?? 0;
}

/** That an answer refuses with this code, in the way of its transport. */
export function expectRefused(answer: Answer | undefined, transport: Transport, code: ErrorCode): void {
  expect([transport, answer]).toMatchObject([transport, { refusal: { code } }]);
  expect([transport, manners[code][transport]]).toEqual([transport, expect.arrayContaining([answer?.manner])]);
}

/** That all refuse as the scenario says: with its code and field and, where the verb says it, in the same words. */
export function expectRefusals(
  { ends, ...scenario }: Scenario,
  given: Readonly<Partial<Record<Transport, Answer>>>,
): void {
  if (!("code" in ends)) throw new Error(`${titleOf({ ends, ...scenario })} is no refusal.`);
  const words = new Set<string>();
  for (const [name, answer] of Object.entries(given)) {
    const transport = parseTransport(name);
    expectRefused(answer, transport, ends.code);
    if (!("refusal" in answer)) continue;
    if (transport !== "socket" && ends.field !== undefined)
      expect([transport, answer.refusal.field]).toEqual([transport, ends.field]);
    // Null says nothing, and the reason of a close is cut.
    if (answer.refusal.words !== undefined) {
      expect(answer.refusal.words).toMatch(/^\S.*\S$/s);
      words.add(answer.refusal.words);
    }
  }
  if (ends.ownWords !== true) expect([...words]).toHaveLength(Math.min(words.size, 1));
}

export function parseTransport(name: string): Transport {
  return name as Transport;
}
