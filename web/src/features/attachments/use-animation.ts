import { useState, type FocusEvent, type PointerEvent } from "react";
import { REDUCED_MOTION, useMediaQuery } from "../../ui/use-media-query.js";

/** Whether a picture of this type may move. */
export function canMove(contentType: string): boolean {
  return contentType === "image/gif";
}

/**
 * When a picture that moves does so: while it is pointed at or has the focus, unless one wants less motion, and for as long
 * as one has asked for it.
 */
export function useAnimation(contentType: string) {
  const isAnimated = canMove(contentType);
  const isCalm = useMediaQuery(REDUCED_MOTION);
  const [isNear, setNear] = useState(false);
  const [isAskedFor, setAskedFor] = useState(false);
  const frameProps = {
    // A finger leaves no pointer behind that would end it.
    onPointerEnter: (event: PointerEvent): void => setNear((known) => known || event.pointerType === "mouse"),
    onPointerLeave: (): void => setNear(false),
    onFocus: (): void => setNear(true),
    onBlur: (event: FocusEvent<HTMLElement>): void => {
      if (!event.currentTarget.contains(event.relatedTarget)) setNear(false);
    },
  };
  return {
    canMove: isAnimated,
    isMoving: isAnimated && (isAskedFor || (isNear && !isCalm)),
    isAskedFor,
    toggle: () => setAskedFor((known) => !known),
    frameProps: isAnimated ? frameProps : {},
  };
}

export type Animation = ReturnType<typeof useAnimation>;
