import { useState, type FocusEvent, type KeyboardEvent } from "react";
import { moveFocus } from "../../ui/move-focus.js";

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowUp: -1, ArrowDown: 1 };

/** Up and Down move from room to room; with any other key they mean something else. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const step = STEPS[event.key];
  if (step !== undefined && moveFocus(event.currentTarget, "a", step)) event.preventDefault();
}

/**
 * The one room of the list that Tab stops at: where the focus is; from elsewhere the room that is open, and without one
 * the first.
 */
export function useRoomFocus(rooms: readonly { readonly id: string }[], openRoomId: string | null) {
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const wanted = [focusedId, openRoomId].find((id) => rooms.some((room) => room.id === id));
  const onFocus = ({ target }: FocusEvent<HTMLElement>): void => setFocusedId(target.dataset["roomId"] ?? null);
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>): void => {
    if (!currentTarget.contains(relatedTarget)) setFocusedId(null);
  };
  return { stopId: wanted ?? rooms[0]?.id ?? null, onFocus, onBlur, onKeyDown };
}
