import { useEffect, useRef } from "react";
import { globalCommandOf, type GlobalCommand } from "./keys.js";

/** Answers false when it leaves the key to whoever else wants it. */
type KeyHandler = () => boolean | void;
export type KeyHandlers = Readonly<Partial<Record<GlobalCommand, KeyHandler>>>;

/** The newest first: what was opened last is what a key is meant for. */
const layers: { current: KeyHandlers }[] = [];

const OVERLAYS = ".ant-modal, .ant-drawer-open, .ant-popover, .ant-dropdown, .ant-select-dropdown";

function isShown(selector: string): boolean {
  return [...document.querySelectorAll(selector)].some((element) => element.getClientRects().length > 0);
}

/** What was open when a key went down: by the time it gets here, Escape may have closed it. */
let openAtPress = { dialog: false, overlay: false };

function notePress(event: KeyboardEvent): void {
  if (globalCommandOf(event) !== null) openAtPress = { dialog: isShown(".ant-modal"), overlay: isShown(OVERLAYS) };
}

/** Whether something that is open has the keys to itself: a dialog has all, a menu or a drawer Escape alone. */
function isTaken(command: GlobalCommand): boolean {
  return command === "dismiss" ? openAtPress.overlay : openAtPress.dialog;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const command = globalCommandOf(event);
  if (command !== null && !isTaken(command) && runCommand(command)) event.preventDefault();
}

/** Does what a key does everywhere; answers whether there was something to do. */
export function runCommand(command: GlobalCommand): boolean {
  return layers.some(({ current }) => {
    const handle = current[command];
    return handle !== undefined && handle() !== false;
  });
}

/** Does these things by their keys, wherever the focus is, as long as the component is there. */
export function useKeys(handlers: KeyHandlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    layers.unshift(latest);
    if (layers.length === 1) {
      window.addEventListener("keydown", notePress, { capture: true });
      window.addEventListener("keydown", onKeyDown);
    }
    return () => {
      layers.splice(layers.indexOf(latest), 1);
      if (layers.length > 0) return;
      window.removeEventListener("keydown", notePress, { capture: true });
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
