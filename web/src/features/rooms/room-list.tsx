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
      <nav className="room-list" aria-label="Rooms">
        <PaneMessage
          title="No rooms yet"
          actions={
            <>
              <NewRoomButton withLabel /> <NewDirectButton withLabel />
            </>
          }
        >
          <p>Make a room for a topic, or write to someone directly.</p>
        </PaneMessage>
      </nav>
    );
  }
  return (
    <nav className="room-list" aria-label="Rooms" data-region>
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
