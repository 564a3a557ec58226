import { createClient, type Client } from "graphql-ws";
import WebSocket from "ws";
import { z } from "zod";
import type { Transport } from "./history.js";

/** What a server said to a send. Without an answer, or with one that says to try again, nobody knows what became of it. */
export type Answer =
  | { readonly kind: "ok"; readonly messageId: number }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "unknown"; readonly trouble: string };

export interface Send {
  readonly room: number;
  readonly key: string;
  /** A message's content is its key: whoever sees it knows what it is. */
  readonly content: string;
}

/** One person's way to one node, over one of the transports. */
export interface Line {
  send(send: Send): Promise<Answer>;
  close(): void;
}

export interface Dial {
  /** The node's. */
  readonly url: string;
  readonly token: string;
  /** Whoever has no answer by then gives up waiting. */
  readonly timeoutMs: number;
}

/** Says nothing when it is ended while it is being opened; its close says all there is to say. */
export class QuietWebSocket extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    this.on("error", () => {});
  }
}

export const openLine: Readonly<Record<Transport, (dial: Dial, room: number) => Line>> = {
  "graphql-http": openGraphqlHttp,
  "graphql-ws": openGraphqlWs,
  rest: openRest,
  raw: openRaw,
};

const SEND = `mutation Send($input: SendChatMessageInput!) { sendChatMessage(input: $input) { message { id } } }`;

const RETRYABLE = ["UNAVAILABLE", "RATE_LIMITED", "INTERNAL_SERVER_ERROR"];

function refusal(code: string): Answer {
  return RETRYABLE.includes(code) ? { kind: "unknown", trouble: code } : { kind: "refused", code };
}

const unknown = (error: unknown): Answer => ({ kind: "unknown", trouble: troubleOf(error) });

/** Words for what broke: the innermost reason that there is. */
export function troubleOf(error: unknown): string {
  if (error instanceof Error) return error.cause === undefined ? error.message : troubleOf(error.cause);
  const closed = z.object({ code: z.number() }).safeParse(error);
  return closed.success ? `closed ${closed.data.code}` : String(error);
}

const graphqlAnswer = z.object({
  data: z.object({ sendChatMessage: z.object({ message: z.object({ id: z.coerce.number() }) }) }).nullish(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })).optional(),
});

function parseGraphql(answer: unknown): Answer {
  const parsed = graphqlAnswer.safeParse(answer);
  if (!parsed.success) return unknown(`not understood: ${JSON.stringify(answer)}`);
  const { data, errors } = parsed.data;
  if (data !== null && data !== undefined) return { kind: "ok", messageId: data.sendChatMessage.message.id };
  return refusal(errors?.[0]?.extensions.code ?? "no code");
}

const inputOf = ({ room, key, content }: Send): object => ({
  input: { roomId: String(room), content, clientMutationId: key },
});

function openGraphqlHttp({ url, token, timeoutMs }: Dial): Line {
  return {
    send: (send) =>
      post(`${url}/graphql`, { token, timeoutMs, headers: {}, body: { query: SEND, variables: inputOf(send) } })
        .then(async (response) => (response.status < 500 ? parseGraphql(await response.json()) : failed(response)))
        .catch(unknown),
    close: () => {},
  };
}

const restMessage = z.object({ id: z.number() });

function openRest({ url, token, timeoutMs }: Dial): Line {
  return {
    send: ({ room, key, content }) =>
      post(`${url}/api/chat/messages/`, {
        token,
        timeoutMs,
        headers: { "idempotency-key": key },
        body: { room, content },
      })
        .then(async (response): Promise<Answer> => {
          if (response.ok) return { kind: "ok", messageId: restMessage.parse(await response.json()).id };
          return failed(response);
        })
        .catch(unknown),
    close: () => {},
  };
}

/** What a status says, where the body need not be looked at. */
async function failed(response: Response): Promise<Answer> {
  await response.arrayBuffer();
  if (response.status === 503) return refusal("UNAVAILABLE");
  if (response.status === 429) return refusal("RATE_LIMITED");
  return refusal(response.status >= 500 ? "INTERNAL_SERVER_ERROR" : String(response.status));
}

interface Post {
  readonly token: string;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

function post(url: string, { token, timeoutMs, headers, body }: Post): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
}

function openGraphqlWs({ url, token, timeoutMs }: Dial): Line {
  let client: Client | undefined;
  // It keeps its socket while nothing is sent, and leaves no timer behind when it is ended; after a break it is another one.
  const connect = (): Client => {
    const made = createClient({
      url: `${url.replace("http", "ws")}/graphql`,
      webSocketImpl: QuietWebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      lazy: false,
      connectionAckWaitTimeout: timeoutMs,
      onNonLazyError: () => {},
      on: {
        closed() {
          if (client === made) client = undefined;
        },
      },
    });
    return made;
  };
  return {
    send: (send) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(unknown("no answer in time")), timeoutMs);
        const answer = (given: Answer): void => {
          clearTimeout(timer);
          resolve(given);
        };
        client ??= connect();
        client.subscribe(
          { query: SEND, variables: { ...inputOf(send) } },
          {
            next: (result) => answer(parseGraphql(result)),
            error: (error) => answer(Array.isArray(error) ? parseGraphql({ errors: error }) : unknown(error)),
            complete: () => answer(unknown("completed without an answer")),
          },
        );
      }),
    close: () => client?.terminate(),
  };
}

const rawFrame = z.object({
  type: z.string(),
  code: z.string().optional(),
  client_mutation_id: z.string().optional(),
  message: z.object({ id: z.number() }).optional(),
});

function openRaw({ url, token, timeoutMs }: Dial, room: number): Line {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws/chat/${room}/`, ["bearer", token]);
  let waiting: { readonly key: string; readonly answer: (answer: Answer) => void } | undefined;
  let ended: Answer | undefined;
  const opened = new Promise<void>((resolve) => socket.once("open", resolve));
  const end = (trouble: string): void => {
    ended ??= unknown(trouble);
    waiting?.answer(ended);
  };
  socket.on("error", (error) => end(troubleOf(error)));
  socket.on("close", (code) => {
    // Nobody is removed, but where they are: then it is as with any other transport.
    if (code === 4403 || code === 4404) ended ??= { kind: "refused", code: "NOT_FOUND" };
    end(`closed ${code}`);
  });
  socket.on("message", (data: Buffer) => {
    const { type, code, client_mutation_id: key, message } = rawFrame.parse(JSON.parse(data.toString()));
    if (waiting === undefined || key !== waiting.key) return;
    if (type === "error") waiting.answer(refusal(code ?? "no code"));
    else if (type === "message_new" && message !== undefined) waiting.answer({ kind: "ok", messageId: message.id });
  });
  return {
    send: ({ key, content }) =>
      new Promise((resolve) => {
        if (ended !== undefined) return resolve(ended);
        const timer = setTimeout(() => end("no answer in time"), timeoutMs);
        waiting = {
          key,
          answer(answer) {
            clearTimeout(timer);
            waiting = undefined;
            resolve(answer);
          },
        };
        const say = (): void =>
          socket.send(JSON.stringify({ type: "message_send", content, client_mutation_id: key }), () => {});
        opened.then(say, () => {});
      }),
    close: () => socket.terminate(),
  };
}
