import { useEffect, useRef } from "react";

interface FirstFrameProps {
  readonly blob: Blob;
  /** What it is called; empty for one that stands beside its name. */
  readonly name: string;
  readonly className?: string;
}

/** A picture that moves, standing still, where no thumbnail of it has been stored yet. */
export function FirstFrame({ blob, name, className }: FirstFrameProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isCurrent = true;
    const draw = async (): Promise<void> => {
      const frame = await createImageBitmap(blob);
      const { current } = canvas;
      if (isCurrent && current) {
        current.width = frame.width;
        current.height = frame.height;
        current.getContext("2d")?.drawImage(frame, 0, 0);
      }
      frame.close();
    };
    // What can't be drawn leaves its place empty: its name stands there for those who listen.
    draw().catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [blob]);
  const words = name === "" ? { "aria-hidden": true } : { role: "img", "aria-label": name };
  return <canvas ref={canvas} className={className} {...words} />;
}
