import { i18n } from "@lingui/core";
import { useApolloClient } from "@apollo/client/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { readText } from "../../lib/kept-texts.js";
import { notices } from "../../ui/notices.js";
import { readRoom } from "../rooms/room.cache.js";
import { useChat } from "../session/chat.context.js";
import { editKey } from "./drafts.js";
import type { Editing } from "./editing.context.js";
import { isKnownDeleted } from "./message.cache.js";

/** Says that a changed text is kept when its message is edited no more, for another one or for another room. */
function useKeptWords(roomId: string, messageId: string | null): void {
  const { me } = useChat();
  const { cache } = useApolloClient();
  useEffect(() => {
    if (messageId === null) return;
    return () => {
      const isKept = readText(editKey(me.id, { roomId, messageId })) !== null;
      // What was begun in a room or on a message that is lost is given back by other means.
      if (isKept && readRoom(cache, roomId) && !isKnownDeleted(cache, messageId))
        notices.info(i18n.t("Your changes are kept: edit the message again to go on."));
    };
  }, [me.id, cache, roomId, messageId]);
}

/** Which message of a room is edited; when that ends, the focus goes back to where one writes. */
export function useRoomEditing(roomId: string, focusComposer: () => void): Editing {
  const [messageId, setMessageId] = useState<string | null>(null);
  useKeptWords(roomId, messageId);
  const edit = useCallback(
    (next: string | null) => {
      setMessageId(next);
      if (next === null) focusComposer();
    },
    [focusComposer],
  );
  return useMemo(() => ({ messageId, edit }), [messageId, edit]);
}
