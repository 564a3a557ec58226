import { lazy, Suspense } from "react";
import { useStranded } from "./use-stranded.js";

const StrandedList = lazy(() => import("./stranded-list.js").then((module) => ({ default: module.StrandedList })));

interface StrandedMessagesProps {
  /** All rooms that the viewer is in; null while they are being read. */
  readonly rooms: readonly { readonly id: string }[] | null;
}

/** Gives back what was written or chosen where there is no place for it any more. */
export function StrandedMessages({ rooms }: StrandedMessagesProps) {
  const stranded = useStranded(rooms);
  return <Suspense>{stranded.length > 0 && <StrandedList stranded={stranded} />}</Suspense>;
}
