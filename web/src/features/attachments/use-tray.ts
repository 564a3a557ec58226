import { useMemo, type ClipboardEvent } from "react";
import { useStore } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";
import { addFiles, dismissProblems, removeFile, takeFiles, trayOf } from "./tray.js";

/** Copied words of an office program come with a picture of themselves: they are words. */
function pastedFiles({ clipboardData }: ClipboardEvent): readonly File[] {
  const { files, types } = clipboardData;
  return types.includes("text/plain") && types.includes("text/html") ? [] : [...files];
}

/** The tray of a room, and what can be done with it. */
export function useTray(roomId: string) {
  const { me } = useChat();
  const store = trayOf(me.id, roomId);
  const tray = useStore(store);
  const actions = useMemo(() => {
    const add = (files: readonly File[]): void => void addFiles(store, files);
    return {
      add,
      remove: (id: number) => removeFile(store, id),
      dismiss: () => dismissProblems(store),
      take: () => takeFiles(store),
      onPaste: (event: ClipboardEvent) => {
        const files = pastedFiles(event);
        if (files.length === 0) return;
        event.preventDefault();
        add(files);
      },
    };
  }, [store]);
  return { ...tray, isReading: tray.readings > 0, ...actions };
}

export type TrayHandle = ReturnType<typeof useTray>;
