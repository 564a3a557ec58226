import {
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type TouchEvent,
} from "react";
import { feedCommandOf, type FeedCommand } from "../../ui/keys.js";
import type { MenuPlace } from "./message-menu.js";

/** How long a finger rests on a message that asks for its menu, and how far it may wander. */
const LONG_PRESS_MS = 500;
const LONG_PRESS_PX = 10;

/** What a row asks of its toolbar, which is there while the row is pointed at or has the focus. */
export interface ToolbarHandle {
  /** Does what a key stands for; false when the viewer may not. */
  readonly run: (command: FeedCommand) => boolean;
}

/** These have menus of their own that people expect. */
const OWN_MENU = "a, img, input, textarea";

function placeIn(row: Element, clientX: number, clientY: number): MenuPlace {
  const box = row.getBoundingClientRect();
  return { x: clientX - box.left, y: clientY - box.top };
}

/** Where the menu opens that was asked for by a key: beside the text. */
const BY_KEY: MenuPlace = { x: 68, y: 24 };

function useLongPress(onLongPress: (place: MenuPlace) => void) {
  const pressed = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly x: number; readonly y: number }>(
    null,
  );
  const end = (): void => {
    if (pressed.current) clearTimeout(pressed.current.timer);
    pressed.current = null;
  };
  const wasLong = useRef(false);
  useEffect(() => end, []);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      end();
      wasLong.current = false;
      if (event.pointerType !== "touch") return;
      const { currentTarget, clientX: x, clientY: y } = event;
      const timer = setTimeout(() => {
        wasLong.current = true;
        // A finger may leave no focus behind, and a row stays for what has it.
        currentTarget.focus({ preventScroll: true });
        onLongPress(placeIn(currentTarget, x, y));
      }, LONG_PRESS_MS);
      pressed.current = { timer, x, y };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      const start = pressed.current;
      if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > LONG_PRESS_PX) end();
    },
    onPointerUp: end,
    // The click that a browser makes of the finger's leaving would close the menu again.
    onTouchEnd: (event: TouchEvent<HTMLElement>): void => {
      if (wasLong.current) event.preventDefault();
      wasLong.current = false;
    },
    onPointerCancel: end,
  };
}

/** When a row shows its toolbar, its emoji picker and its menu, and what its keys do. */
export function useRowControls() {
  const [isActive, setActive] = useState(false);
  const [isPicking, setPicking] = useState(false);
  const [menuAt, setMenuAt] = useState<MenuPlace | null>(null);
  const toolbar = useRef<ToolbarHandle>(null);
  const longPress = useLongPress(setMenuAt);
  const onContextMenu = (event: MouseEvent<HTMLElement>): void => {
    const { target, currentTarget, clientX, clientY } = event;
    const isInside = target instanceof Element && currentTarget.contains(target) && !target.closest(OWN_MENU);
    // Who has selected something wants to copy that.
    if (!isInside || window.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    currentTarget.focus({ preventScroll: true });
    setMenuAt((open) => open ?? (clientX === 0 && clientY === 0 ? BY_KEY : placeIn(currentTarget, clientX, clientY)));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // What is open over the page is drawn elsewhere, though its events come by.
    if (!(event.target instanceof Element) || !event.currentTarget.contains(event.target)) return;
    if (event.target.closest("input, textarea")) return;
    const command = feedCommandOf(event);
    if (command === null) return;
    if (command === "openMenu") setMenuAt(BY_KEY);
    else if (!toolbar.current?.run(command)) return;
    event.preventDefault();
  };
  const rowProps = {
    ...longPress,
    // A finger leaves no pointer behind: touching focuses the row instead.
    onPointerEnter: (event: PointerEvent): void => setActive((known) => known || event.pointerType === "mouse"),
    onPointerLeave: (): void => setActive(false),
    onFocus: (): void => setActive(true),
    onBlur: (event: FocusEvent<HTMLElement>): void => {
      if (!event.currentTarget.contains(event.relatedTarget)) setActive(false);
    },
    onContextMenu,
    onKeyDown,
  };
  return {
    rowProps,
    hasToolbar: isActive || isPicking || menuAt !== null,
    toolbarProps: {
      ref: toolbar,
      isPicking,
      onPickingChange: setPicking,
      menuAt,
      onMenuClose: (): void => setMenuAt(null),
    },
  };
}
