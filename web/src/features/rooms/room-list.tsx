import type { FragmentType } from "@apollo/client/masking";
import { PaneMessage } from "../../ui/pane-states.js";
import { NewDirectButton, NewRoomButton } from "./new-buttons.js";
import { RoomListItem, type RoomListItemFields } from "./room-list-item.js";

interface ListedRoom {
  readonly id: string;
  readonly updatedAt: string;
}

/** The viewer's rooms, the latest activity first. */
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
  const sorted = rooms.toSorted((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
  return (
    <nav className="room-list" aria-label="Rooms">
      <ul>
        {sorted.map((room) => (
          <li key={room.id}>
            <RoomListItem room={room} />
          </li>
        ))}
      </ul>
    </nav>
  );
}
