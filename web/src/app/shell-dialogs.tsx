import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { findWritingField, focusIfNone } from "../ui/regions.js";
import type { ShellDialog } from "./shell.context.js";
import { lazyPart } from "../ui/lazy-part.js";

const Switcher = lazyPart(() => import("../features/switcher/switcher.js").then((module) => module.Switcher));
const KeysDialog = lazyPart(() => import("./keys-dialog.js").then((module) => module.KeysDialog));

/** Which dialog of the shell is open. After it, the focus is where it was before. */
export function useShellDialog() {
  const [dialog, setDialog] = useState<ShellDialog | null>(null);
  const before = useRef<Element | null>(null);
  const open = useCallback((next: ShellDialog) => {
    before.current = document.activeElement;
    setDialog(next);
  }, []);
  const close = useCallback(() => setDialog(null), []);
  useEffect(() => {
    if (dialog !== null || before.current === null) return;
    // What had the focus may be gone meanwhile, with the room that it was in; and between two rooms nothing has it.
    const isThere = before.current.isConnected && before.current !== document.body;
    focusIfNone(isThere ? before.current : findWritingField());
    before.current = null;
  }, [dialog]);
  return { dialog, open, close };
}

/** The dialogs that can be opened from anywhere; each comes with its own code when it is wanted. */
export function ShellDialogs({
  dialog,
  onClose,
}: {
  readonly dialog: ShellDialog | null;
  readonly onClose: () => void;
}) {
  return (
    <Suspense>
      {dialog === "switcher" && <Switcher onClose={onClose} />}
      {dialog === "keys" && <KeysDialog onClose={onClose} />}
    </Suspense>
  );
}
