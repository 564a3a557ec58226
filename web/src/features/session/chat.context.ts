import type { ApolloClient } from "@apollo/client";
import { createContext, use } from "react";
import type { Outbox } from "../../lib/outbox.js";
import type { Store } from "../../lib/store.js";
import type { Trays } from "../attachments/trays.js";
import type { Effect } from "../events/effect.js";
import type { EventStream } from "../events/event-stream.js";

/** Who is logged in. */
export interface Me {
  readonly id: string;
  readonly username: string;
  readonly name: string;
}

export type Attention = Extract<Effect, { kind: "attention" }>;
export type RoomGone = Extract<Effect, { kind: "roomGone" }>;

/** One session's parts, made once and handed down. */
export interface Chat {
  readonly me: Me;
  readonly client: ApolloClient;
  readonly stream: EventStream;
  readonly outbox: Outbox;
  readonly trays: Trays;
  /** The room that was lost last, for the notice about it. */
  readonly gone: Store<RoomGone | null>;
  /** The message for the viewer that came last, for the desktop notification about it. */
  readonly attention: Store<Attention | null>;
  /** Rooms that one leaves or deletes oneself: no notice about those. */
  readonly leaving: Set<string>;
  readonly close: () => void;
}

export const ChatContext = createContext<Chat | null>(null);

/** The session's parts. */
export function useChat(): Chat {
  const chat = use(ChatContext);
  if (!chat) throw new Error("No chat above");
  return chat;
}
