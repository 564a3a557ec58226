/** @jest-environment node */
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { ApolloClient, gql, InMemoryCache } from "@apollo/client";
import { describeError, toFailure } from "./errors.js";
import { createUploadLink, type Upload } from "./upload-link.js";

/** An XMLHttpRequest that is answered by the test. */
class TestRequest {
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  readonly headers = new Map<string, string>();
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  statusText = "";
  responseText = "";
  pause: string | null = null;
  getResponseHeader(name: string): string | null {
    return name === "retry-after" ? this.pause : null;
  }
  body: FormData | null = null;
  isAborted = false;
  open(): void {}
  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }
  send(body: FormData): void {
    this.body = body;
  }
  abort(): void {
    if (this.isAborted || this.status > 0) return;
    this.isAborted = true;
    this.onabort?.();
  }
  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

const SEND = gql`
  mutation Send($input: SendInput!) {
    send(input: $input) {
      id
    }
  }
`;

function parseRequest(request: TestRequest): XMLHttpRequest {
  return request as unknown as XMLHttpRequest;
}

function sendFile() {
  const request = new TestRequest();
  const link = createUploadLink({ url: "/graphql", token: "token", createRequest: () => parseRequest(request) });
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  const controller = new AbortController();
  const progress: number[] = [];
  const blob = new Blob(["the plan"]);
  const upload: Upload = {
    file: { name: "plan.txt", contentType: "text/plain", blob, width: null, height: null },
    signal: controller.signal,
    onProgress: (fraction) => void progress.push(fraction),
  };
  const answer = client.mutate({
    mutation: SEND,
    variables: { input: { roomId: "1", content: "Look" } },
    context: { upload },
  });
  return { request, controller, progress, answer };
}

const refusal = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe("sending a file", () => {
  it("puts it behind the operation, whose place for it is empty", async () => {
    const { request, answer } = sendFile();
    request.answer(200, { data: { send: { id: "9" } } });
    expect((await answer).data).toEqual({ send: { id: "9" } });
    const { body } = request;
    expect([...(body?.keys() ?? [])]).toEqual(["operations", "map", "0"]);
    const operations = body?.get("operations");
    expect(typeof operations === "string" ? JSON.parse(operations) : null).toMatchObject({
      operationName: "Send",
      variables: { input: { roomId: "1", content: "Look", attachment: null } },
    });
    expect(body?.get("map")).toBe('{"0":["variables.input.attachment"]}');
    expect(body?.get("0")).toMatchObject({ name: "plan.txt", type: "text/plain", size: 8 });
    expect(request.headers.get("authorization")).toBe("Bearer token");
    expect(request.headers.get("apollo-require-preflight")).toBe("true");
  });

  it("tells how much of it has left", async () => {
    const { request, progress, answer } = sendFile();
    request.upload.onprogress?.({ loaded: 25, total: 100 });
    request.upload.onprogress?.({ loaded: 100, total: 100 });
    request.answer(200, { data: { send: { id: "9" } } });
    await answer;
    expect(progress).toEqual([0.25, 1]);
  });

  it.each([
    [413, "PAYLOAD_TOO_LARGE", "A file can have at most 10 MB."],
    [200, "UNSUPPORTED_MEDIA_TYPE", "Files of this type are not accepted. Allowed are jpg, txt."],
  ])("says with status %d and %s what the server has said", async (status, code, words) => {
    const { request, answer } = sendFile();
    request.answer(status, refusal(code, words));
    const error = await answer.catch((thrown: unknown) => thrown);
    expect(toFailure(error).code).toBe(code);
    expect(describeError(error)).toBe(words);
  });

  it("has words of its own when the answer has none", async () => {
    const { request, answer } = sendFile();
    request.answer(413, "");
    expect(describeError(await answer.catch((thrown: unknown) => thrown))).toBe(
      "That is too large. Please choose something smaller.",
    );
  });

  it("says how long to wait when something in front of the server says it", async () => {
    const { request, answer } = sendFile();
    request.pause = "7";
    request.answer(429, "");
    const failure = toFailure(await answer.catch((thrown: unknown) => thrown));
    expect(failure).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 7_000 });
  });

  it("counts as a lost connection when nothing has moved for half a minute", async () => {
    const { request, answer } = sendFile();
    const failed = answer.catch((thrown: unknown) => toFailure(thrown).code);
    await jest.advanceTimersByTimeAsync(29_000);
    request.upload.onprogress?.({ loaded: 1, total: 100 });
    await jest.advanceTimersByTimeAsync(29_000);
    expect(request.isAborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(request.isAborted).toBe(true);
    expect(await failed).toBe("NETWORK");
  });

  it("ends when it is not wanted any more", async () => {
    const { request, controller, answer } = sendFile();
    const failed = answer.catch(() => "ended");
    controller.abort();
    expect(request.isAborted).toBe(true);
    expect(await failed).toBe("ended");
  });
});
