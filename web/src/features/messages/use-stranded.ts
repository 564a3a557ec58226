import { useMemo } from "react";
import type { OutboxFile } from "../../lib/outbox-entry.js";
import { writeText } from "../../lib/kept-texts.js";
import { useStore } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";
import { useBegunTexts } from "./drafts.js";
import { useGoneMessages } from "./use-gone-messages.js";

/** Something of the viewer's whose place is gone: there is no feed, composer or message in which it would be seen. */
export interface Stranded {
  readonly key: string;
  /** What is gone. */
  readonly lost: "room" | "message";
  readonly kind: "message" | "draft" | "edit" | "file";
  readonly text: string;
  readonly file: OutboxFile | null;
  readonly discard: () => void;
}

/**
 * What was refused, begun, or laid into the tray in rooms that the viewer is in no more, and changes to messages that were
 * deleted.
 * @param rooms all rooms that the viewer is in; null while they are being read
 */
export function useStranded(rooms: readonly { readonly id: string }[] | null): readonly Stranded[] {
  const { outbox, trays } = useChat();
  const entries = useStore(outbox.entries);
  const files = useStore(trays.files);
  const texts = useBegunTexts();
  const known = useMemo(() => (rooms ? new Set(rooms.map(({ id }) => id)) : null), [rooms]);
  const edited = texts.flatMap(({ roomId, messageId }) => (messageId && known?.has(roomId) ? [messageId] : []));
  const gone = useGoneMessages(edited);
  if (known === null) return [];
  const isLost = ({ roomId }: { readonly roomId: string }): boolean => !known.has(roomId);
  return [
    ...entries
      .filter((entry) => entry.state === "failed" && isLost(entry))
      .map(({ clientMutationId: key, content: text, file }) => {
        return { key, lost: "room", kind: "message", text, file, discard: () => outbox.discard(key) } as const;
      }),
    ...texts.flatMap(({ key, roomId, kind, messageId, text }) => {
      const lost = !known.has(roomId) ? "room" : messageId !== null && gone.has(messageId) ? "message" : null;
      return lost === null ? [] : [{ key, lost, kind, text, file: null, discard: () => writeText(key, null) } as const];
    }),
    ...files.filter(isLost).map(({ clientMutationId: key, file }) => {
      return { key, lost: "room", kind: "file", text: "", file, discard: () => trays.remove(key) } as const;
    }),
  ];
}
