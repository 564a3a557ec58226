import { PaneMessage } from "../../ui/pane-states.js";

/** A room in which nobody has said anything. */
export function FeedEmpty() {
  return (
    <PaneMessage title="No messages yet">
      <p>Say hello: everyone in this room will see it at once.</p>
    </PaneMessage>
  );
}
