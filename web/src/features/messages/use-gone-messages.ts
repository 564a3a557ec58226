import { useEffect, useState } from "react";
import { graphql } from "../../gql/gql.js";
import { useStore } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";
import { holdDeleted } from "./message.cache.js";

const WhetherMessageIsThere = graphql(`
  query WhetherMessageIsThere($messageId: ID!) {
    chatMessage(id: $messageId) {
      id
      isDeleted
    }
  }
`);

/**
 * Which of these messages have been deleted: while one is here, events tell of it; what happened before that is asked for,
 * whenever the connection is there anew.
 */
export function useGoneMessages(messageIds: readonly string[]): ReadonlySet<string> {
  const { client, stream } = useChat();
  const isOnline = useStore(stream.connection) === "online";
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const asked = messageIds.join(" ");
  useEffect(() => {
    const ids = asked.split(" ").filter((id) => id !== "");
    if (ids.length === 0) return;
    let isCurrent = true;
    const held: (() => void)[] = [];
    const note = (id: string): void => {
      if (!isCurrent) return;
      held.push(holdDeleted(client.cache, id));
      setGone((known) => new Set([...known, id]));
    };
    const ask = async (messageId: string): Promise<void> => {
      const options = { query: WhetherMessageIsThere, variables: { messageId }, fetchPolicy: "network-only" } as const;
      const { data } = await client.query(options);
      if (!data || data.chatMessage?.isDeleted === false) return;
      note(messageId);
    };
    // Asked again when the connection has been away.
    if (isOnline) for (const id of ids) ask(id).catch(() => undefined);
    const end = stream.listen((event) => {
      if (event.__typename === "ChatMessageDeleted" && ids.includes(event.messageId)) note(event.messageId);
    });
    return () => {
      isCurrent = false;
      end();
      for (const letGo of held) letGo();
    };
  }, [client, stream, isOnline, asked]);
  return gone;
}
