import { i18n } from "@lingui/core";
import type { FragmentType } from "@apollo/client/masking";
import { PaneMessage } from "../../ui/pane-states.js";
import { NewDirectButton, NewRoomButton } from "./new-buttons.js";
import { RoomListItem, type RoomListItemFields } from "./room-list-item.js";

interface ListedRoom {
  readonly id: string;
}

/** The viewer's rooms, in the order in which they come. */
export function RoomList({ rooms }: { readonly rooms: readonly (ListedRoom & FragmentType<RoomListItemFields>)[] }) {
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
      <ul>
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomListItem room={room} />
          </li>
        ))}
      </ul>
    </nav>
  );
}
