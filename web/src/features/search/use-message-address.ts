import { useCallback } from "react";
import { useLocation } from "react-router";
import { useMediaQuery, WIDE } from "../../ui/use-media-query.js";

/** The address of a message. A panel of its room that stands beside it stays; one that covers it does not come along. */
export function useMessageAddress(): (roomId: string, messageId: string) => string {
  const { search, pathname } = useLocation();
  const isWide = useMediaQuery(WIDE);
  return useCallback(
    (roomId, messageId) => {
      const room = `/rooms/${roomId}`;
      const isHere = pathname === room || pathname.startsWith(`${room}/`);
      return `${room}/messages/${messageId}${isHere && isWide ? search : ""}`;
    },
    [search, pathname, isWide],
  );
}
