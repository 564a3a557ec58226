import { usePageTitle } from "../ui/use-page-title.js";
import { PaneMessage } from "../ui/pane-states.js";
import { NewDirectButton, NewRoomButton } from "../features/rooms/new-buttons.js";

/** No room is open: what one can do. */
export function WelcomePane() {
  usePageTitle(null);
  return (
    <main className="pane narrow-hidden" aria-label="Welcome">
      <PaneMessage
        title="Pick a conversation"
        actions={
          <>
            <NewRoomButton withLabel /> <NewDirectButton withLabel />
          </>
        }
      >
        <p>Open a room on the left, or start something new.</p>
      </PaneMessage>
    </main>
  );
}
