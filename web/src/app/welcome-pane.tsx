import { usePageTitle } from "../ui/use-page-title.js";
import { PaneEmpty } from "../ui/pane-states.js";
import { NewDirectButton, NewRoomButton } from "../features/rooms/new-buttons.js";

/** No room is open: what one can do. */
export function WelcomePane() {
  usePageTitle(null);
  return (
    <main className="pane narrow-hidden" aria-label="Welcome">
      <PaneEmpty title="Pick a conversation">
        <p>Open a room on the left, or start something new.</p>
        <div className="pane-empty-actions">
          <NewRoomButton withLabel />
          <NewDirectButton withLabel />
        </div>
      </PaneEmpty>
    </main>
  );
}
