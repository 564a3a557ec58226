import { i18n } from "@lingui/core";
import { PaneMessage } from "../../ui/pane-states.js";

/** A room in which nobody has said anything. */
export function FeedEmpty() {
  return (
    <PaneMessage title={i18n.t("No messages yet")}>
      <p>{i18n.t("Say hello: everyone in this room will see it at once.")}</p>
    </PaneMessage>
  );
}
