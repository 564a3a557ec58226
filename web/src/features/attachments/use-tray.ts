import { useMemo, type ClipboardEvent } from "react";
import { useStore } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";
import { NO_INTAKE } from "./trays.js";

/** Copied words of an office program come with a picture of themselves: they are words. */
function pastedFiles({ clipboardData }: ClipboardEvent): readonly File[] {
  const { files, types } = clipboardData;
  return types.includes("text/plain") && types.includes("text/html") ? [] : [...files];
}

/** The tray of a room, and what can be done with it. */
export function useTray(roomId: string) {
  const { trays } = useChat();
  const all = useStore(trays.files);
  const files = useMemo(() => all.filter((each) => each.roomId === roomId), [all, roomId]);
  const { problems, readings } = useStore(trays.intakes).get(roomId) ?? NO_INTAKE;
  const actions = useMemo(() => {
    const add = (chosen: readonly File[]): void => void trays.add(roomId, chosen);
    return {
      add,
      remove: (clientMutationId: string) => trays.remove(clientMutationId),
      dismiss: () => trays.dismiss(roomId),
      take: () => trays.take(roomId),
      onPaste: (event: ClipboardEvent) => {
        const pasted = pastedFiles(event);
        if (pasted.length === 0) return;
        event.preventDefault();
        add(pasted);
      },
    };
  }, [trays, roomId]);
  return { files, problems, isReading: readings > 0, ...actions };
}

export type TrayHandle = ReturnType<typeof useTray>;
