import { useEffect, useMemo, useRef, useState, type DragEvent } from "react";

/** Text that is dragged is the field's own business. */
function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes("Files");
}

/** A file that misses the room must not take the place of the page, which is what browsers do with it. */
function useNoStrayDrops(): void {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent): void => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    };
    window.addEventListener("dragover", refuse);
    window.addEventListener("drop", refuse);
    return () => {
      window.removeEventListener("dragover", refuse);
      window.removeEventListener("drop", refuse);
    };
  }, []);
}

/** Takes files that are dropped anywhere on an element; says while some are held over it. */
export function useFileDrop(onFiles: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false);
  useNoStrayDrops();
  // Every child that is entered or left is told of, too.
  const depth = useRef(0);
  const handlers = useMemo(() => {
    const enter = (by: 1 | -1, event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = Math.max(0, depth.current + by);
      setOver(depth.current > 0);
    };
    return {
      onDragEnter: (event: DragEvent) => enter(1, event),
      onDragLeave: (event: DragEvent) => enter(-1, event),
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      },
      onDrop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      },
    };
  }, [onFiles]);
  return { isOver, handlers };
}
