import { useCallback, useRef } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { keptState, PANEL_OPENED } from "../../ui/location-state.js";
import { useMediaQuery, WIDE } from "../../ui/use-media-query.js";

/** What can stand on the right of a room, one at a time. */
export const ROOM_PANELS = ["search", "files", "members"] as const;

export type RoomPanel = (typeof ROOM_PANELS)[number];

/** The panel that an address names, if there is one by that name. */
export function parsePanel(params: URLSearchParams): RoomPanel | null {
  return ROOM_PANELS.find((panel) => panel === params.get("panel")) ?? null;
}

/** Which panel is open, as the address says. Where it covers the room, the browser's back closes it. */
export function useRoomPanel() {
  const [params] = useSearchParams();
  const { state, hash }: { readonly state: unknown; readonly hash: string } = useLocation();
  const navigate = useNavigate();
  const isWide = useMediaQuery(WIDE);
  const trigger = useRef<Element | null>(null);
  const panel = parsePanel(params);
  const open = useCallback(
    (next: RoomPanel) => {
      trigger.current = document.activeElement;
      const covers = !isWide && panel === null;
      void navigate(
        { search: `?panel=${next}`, hash },
        { replace: !covers, state: covers ? PANEL_OPENED : keptState(state) },
      );
    },
    [navigate, isWide, panel, state, hash],
  );
  const close = useCallback(() => {
    if (state === PANEL_OPENED) void navigate(-1);
    else void navigate({ search: "", hash }, { replace: true });
    // A drawer gives the focus back by itself.
    if (isWide && trigger.current instanceof HTMLElement) trigger.current.focus();
  }, [navigate, isWide, state, hash]);
  const toggle = useCallback((next: RoomPanel) => (panel === next ? close() : open(next)), [panel, close, open]);
  return { panel, open, close, toggle };
}
