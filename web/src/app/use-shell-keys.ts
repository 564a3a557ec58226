import { useLocation, useNavigate } from "react-router";
import { neighbourOf } from "../features/rooms/room-order.js";
import { searchAddress } from "../features/search/search-address.js";
import { focusRegion } from "../ui/regions.js";
import { useKeys } from "../ui/use-keys.js";
import type { ShellDialog } from "./shell.context.js";

interface ShellKeysInput {
  /** In the order of the sidebar. */
  readonly rooms: readonly { readonly id: string; readonly unreadCount: number }[];
  readonly openRoomId: string | null;
  readonly open: (dialog: ShellDialog) => void;
}

/** The keys that work everywhere: to rooms, to search, to the parts of the page. */
export function useShellKeys({ rooms, openRoomId, open }: ShellKeysInput): void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const goTo = (step: 1 | -1, isWanted?: (room: { readonly unreadCount: number }) => boolean): void => {
    const room = neighbourOf(rooms, openRoomId, step, isWanted);
    if (room) void navigate(`/rooms/${room.id}`);
  };
  const isUnread = ({ unreadCount }: { readonly unreadCount: number }): boolean => unreadCount > 0;
  useKeys({
    goTo: () => open("switcher"),
    listKeys: () => open("keys"),
    // On the page itself the key is for its field.
    search: () =>
      pathname === "/search"
        ? false
        : void navigate(searchAddress({ query: "", roomId: openRoomId, isEverywhere: true })),
    previousRoom: () => goTo(-1),
    nextRoom: () => goTo(1),
    previousUnread: () => goTo(-1, isUnread),
    nextUnread: () => goTo(1, isUnread),
    nextRegion: () => focusRegion(1),
    previousRegion: () => focusRegion(-1),
  });
}
