import { i18n } from "@lingui/core";
import type { FragmentType } from "@apollo/client/masking";
import { PaneMessage } from "../../ui/pane-states.js";
import { NewDirectButton, NewRoomButton } from "./new-buttons.js";
import { useRoomFocus } from "./use-room-focus.js";
import { RoomListItem, type RoomListItemFields } from "./room-list-item.js";

interface ListedRoom {
  readonly id: string;
}

interface RoomListProps {
  readonly rooms: readonly (ListedRoom & FragmentType<RoomListItemFields>)[];
  readonly openRoomId: string | null;
}

/** The viewer's rooms, in the order in which they come. */
export function RoomList({ rooms, openRoomId }: RoomListProps) {
  const { stopId, ...listProps } = useRoomFocus(rooms, openRoomId);
  if (rooms.length === 0) {
    return (
      <nav className="room-list" aria-label={i18n.t("Rooms")}>
        <PaneMessage
          title={i18n.t("No rooms yet")}
          actions={
            <>
              <NewRoomButton withLabel /> <NewDirectButton withLabel />
            </>
          }
        >
          <p>{i18n.t("Make a room for a topic, or write to someone directly.")}</p>
        </PaneMessage>
      </nav>
    );
  }
  return (
    <nav className="room-list" aria-label={i18n.t("Rooms")} data-region>
      <ul {...listProps}>
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomListItem room={room} isTabStop={room.id === stopId} />
          </li>
        ))}
      </ul>
    </nav>
  );
}
