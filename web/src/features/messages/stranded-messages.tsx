import { lazy, Suspense } from "react";
import { useStore } from "../../lib/store.js";
import { useChat } from "../session/chat.context.js";

const StrandedList = lazy(() => import("./stranded-list.js").then((module) => ({ default: module.StrandedList })));

interface StrandedMessagesProps {
  /** All rooms that the viewer is in. */
  readonly rooms: readonly { readonly id: string }[];
}

/** Gives back what was refused in rooms that the viewer is in no more: it has no feed to be seen in. */
export function StrandedMessages({ rooms }: StrandedMessagesProps) {
  const { outbox } = useChat();
  const refused = useStore(outbox.entries).filter(({ state }) => state === "failed");
  const stranded = refused.filter(({ roomId }) => !rooms.some(({ id }) => id === roomId));
  return <Suspense>{stranded.length > 0 && <StrandedList entries={stranded} />}</Suspense>;
}
