import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloClient, ApolloLink, gql, InMemoryCache } from "@apollo/client";
import { of, throwError } from "rxjs";
import { toFailure } from "./errors.js";
import { createRetryLink } from "./retry-link.js";

const CUT_OFF = new TypeError("Failed to fetch");
const IN_VAIN = new DOMException("The operation timed out.", "TimeoutError");

const QUERY = gql`
  query Anything {
    done
  }
`;
const EDIT = gql`
  mutation EditChatMessage {
    done
  }
`;
const CREATE = gql`
  mutation CreateChatRoom {
    done
  }
`;

interface Answer {
  readonly data: null;
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

/** What the server answers with a code. */
function answer(code: string, extensions: Readonly<Record<string, unknown>> = {}): Answer {
  return { data: null, errors: [{ message: "words", extensions: { code, ...extensions } }] };
}

/** A client whose first requests fail like this, or are answered like this, and the others succeed. */
function clientAfter(...outcomes: readonly (Error | Answer)[]) {
  let requests = 0;
  const times: number[] = [];
  const network = new ApolloLink(() => {
    times.push(Date.now());
    const outcome = outcomes[requests++];
    return outcome instanceof Error ? throwError(() => outcome) : of(outcome ?? { data: { done: true } });
  });
  const client = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from([createRetryLink(), network]) });
  const outcomeOf = async (asked: Promise<unknown>): Promise<string> => {
    const outcome = asked.then(
      () => `done after ${requests}`,
      (error: unknown) => `${toFailure(error).code} after ${requests}`,
    );
    await jest.advanceTimersByTimeAsync(60_000);
    return outcome;
  };
  return {
    query: () => outcomeOf(client.query({ query: QUERY })),
    /** How long was waited before each request but the first. */
    waits: () => times.slice(1).map((time, index) => time - (times[index] ?? 0)),
    change: (mutation: typeof EDIT) => outcomeOf(client.mutate({ mutation })),
  };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("a request that is cut off", () => {
  it("is made again, if it asks for something or may change it twice", async () => {
    expect(await clientAfter(CUT_OFF, CUT_OFF).query()).toBe("done after 3");
    expect(await clientAfter(CUT_OFF, CUT_OFF).change(EDIT)).toBe("done after 3");
  });

  it("is told of after some tries", async () => {
    expect(await clientAfter(...Array.from({ length: 9 }, () => CUT_OFF)).change(EDIT)).toBe("NETWORK after 4");
  });

  it("is not made again where that could make two rooms", async () => {
    expect(await clientAfter(CUT_OFF).change(CREATE)).toBe("NETWORK after 1");
  });

  it("is told of at once when it was waited for in vain", async () => {
    expect(await clientAfter(IN_VAIN).query()).toBe("NETWORK after 1");
  });
});

describe("a request that the server can't carry out just then", () => {
  const away = answer("UNAVAILABLE", { retryAfterMs: 1_000 });
  const always = Array.from({ length: 9 }, () => away);

  it("is made again, if it asks for something or may change it twice, and not before the server has asked for it", async () => {
    for (const operationName of [
      "EditChatMessage",
      "DeleteChatMessage",
      "AddMessageReaction",
      "RemoveMessageReaction",
    ]) {
      const client = clientAfter(away, away);
      expect(await client.change(gql(`mutation ${operationName} { done }`))).toBe("done after 3");
      expect(client.waits().filter((waitMs) => waitMs < 1_000)).toEqual([]);
    }
    expect(await clientAfter(away, away).query()).toBe("done after 3");
    expect(await clientAfter(answer("RATE_LIMITED", { retryAfterMs: 3_000 })).change(EDIT)).toBe("done after 2");
  });

  const limited = Array.from({ length: 8 }, () => answer("RATE_LIMITED", { retryAfterMs: 500 }));
  const changeOf = (operationName: string) => gql(`mutation ${operationName} { done }`);

  it("because it came too fast is made again, for as long as somebody who does a lot may have to wait", async () => {
    for (const change of [EDIT, changeOf("DeleteChatMessage"), changeOf("MarkChatRoomRead")]) {
      const client = clientAfter(...limited);
      expect(await client.change(change)).toBe("done after 9");
      expect(client.waits().filter((waitMs) => waitMs < 500)).toEqual([]);
    }
    expect(await clientAfter(...limited).query()).toBe("done after 9");
  });

  it.each([
    "CreateChatRoom",
    "RenameChatRoom",
    "DeleteChatRoom",
    "AddChatParticipant",
    "RemoveChatParticipant",
    "SetChatTyping",
    "SendChatMessage",
  ])("because it came too fast is told of at once where somebody waits for it, or goes on: %s", async (name) => {
    expect(await clientAfter(...limited).change(changeOf(name))).toBe("RATE_LIMITED after 1");
  });

  it("because it came too fast is as patient with a lost connection as any other", async () => {
    expect(await clientAfter(...limited.slice(0, 4), CUT_OFF, CUT_OFF, CUT_OFF).change(EDIT)).toBe("done after 8");
  });

  it("is told of after some tries, with what the server said", async () => {
    expect(await clientAfter(...always).change(EDIT)).toBe("UNAVAILABLE after 4");
    expect(await clientAfter(...always).query()).toBe("UNAVAILABLE after 4");
  });

  it("is not made again where that could make two rooms or two messages", async () => {
    expect(await clientAfter(away).change(CREATE)).toBe("UNAVAILABLE after 1");
    expect(await clientAfter(away).change(gql("mutation SendChatMessage { done }"))).toBe("UNAVAILABLE after 1");
  });

  it("is told of at once when the server puts it off for longer than somebody waits", async () => {
    const later = answer("RATE_LIMITED", { retryAfterMs: 60_000 });
    expect(await clientAfter(later).change(EDIT)).toBe("RATE_LIMITED after 1");
  });

  it("is not made again when it was refused for good", async () => {
    for (const code of ["FORBIDDEN", "NOT_FOUND", "BAD_USER_INPUT", "CONFLICT", "INTERNAL_SERVER_ERROR"])
      expect(await clientAfter(answer(code)).change(EDIT)).toBe(`${code} after 1`);
  });
});
