import { createChatService, type ChatService } from "../../client/chat-service.ts";
import type { ChatOptions } from "../../client/settings.ts";
import type { ChatSocketEvent } from "../../client/web-socket-events.ts";
import { createWebSocketService, type WebSocketService } from "../../client/web-socket-service.ts";
import type { User } from "../features/directory/directory.js";
import { TestClock } from "./clock.js";
import type { GraphqlWorld } from "./graphql-world.js";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.js";
import { until } from "./until.js";

/** Somebody with the client of client/, behind a network that can break, and with a time of their own. */
export interface ClientPerson {
  readonly chat: ChatService;
  readonly socket: WebSocketService;
  readonly network: TcpProxy;
  readonly clock: TestClock;
  /** What browsers call `window`, as far as the client knows it. */
  readonly page: EventTarget & { readonly document: EventTarget & { visibilityState: string } };
  /** All that the socket has told so far. */
  readonly events: readonly ChatSocketEvent[];
  heard<Type extends ChatSocketEvent["type"]>(type: Type): readonly Extract<ChatSocketEvent, { type: Type }>[];
  /** Waits for as many events of a type; the last of them. */
  hears<Type extends ChatSocketEvent["type"]>(
    type: Type,
    count?: number,
  ): Promise<Extract<ChatSocketEvent, { type: Type }>>;
  /** Hears a room, and waits until it does. */
  enter(roomId: number): Promise<void>;
  /** Breaks the network, until the socket has noticed. */
  goOffline(): Promise<void>;
  /** Mends it, and lets the time pass that the client waits. */
  comeBack(): Promise<void>;
  /** Lets time pass, whenever the client waits, until it has come to an end. */
  patiently<Result>(work: Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const TYPES = [
  "message_new",
  "message_edited",
  "message_deleted",
  "reaction_added",
  "reaction_removed",
  "participant_added",
  "participant_removed",
  "room_changed",
  "room_deleted",
  "user_typing",
  "user_joined",
  "user_left",
  "error",
  "resync",
  "state",
  "closed",
  "unauthenticated",
] as const satisfies readonly ChatSocketEvent["type"][];
const LONGEST_WAIT_MS = 10_000;

export async function startClient(
  graph: GraphqlWorld,
  user: User,
  token: ChatOptions["token"] = () => graph.token(user),
): Promise<ClientPerson> {
  const clock = new TestClock();
  const network = await startTcpProxy(graph.server.url);
  const page = Object.assign(new EventTarget(), {
    document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
  });
  const options = { baseUrl: network.url, token };
  const parts = { page, after: (delayMs: number, callback: () => void) => clock.after(delayMs, callback) };
  const socket = createWebSocketService(options, parts);
  const events: ChatSocketEvent[] = [];
  for (const type of TYPES) socket.on(type, (event) => events.push(event));
  const heard: ClientPerson["heard"] = (type) => events.filter((event) => isOf(type, event));
  const is = (state: WebSocketService["state"]) => until(() => socket.state === state, `the socket to be ${state}`);
  return {
    chat: createChatService(options, parts),
    socket,
    network,
    clock,
    page,
    events,
    heard,
    hears: (type, count = 1) => until(() => heard(type)[count - 1], `${type} (${count})`),
    async enter(roomId) {
      socket.connect(roomId);
      await is("open");
    },
    async goOffline() {
      network.cut();
      await is("waiting");
    },
    async comeBack() {
      network.mend();
      await until(() => {
        if (socket.state === "waiting") clock.advance(LONGEST_WAIT_MS);
        return socket.state === "open";
      }, "the socket to be open again");
    },
    async patiently(work) {
      let isDone = false;
      const settled = work.finally(() => (isDone = true));
      settled.catch(() => {});
      await until(() => {
        // A request that runs has a deadline, too: only what is due before it is waited for.
        clock.advance(100);
        return isDone;
      }, "the work to be done");
      return settled;
    },
    async close() {
      socket.disconnect();
      await network.close();
    },
  };
}

function isOf<Type extends ChatSocketEvent["type"]>(
  type: Type,
  event: ChatSocketEvent,
): event is Extract<ChatSocketEvent, { type: Type }> {
  return event.type === type;
}
