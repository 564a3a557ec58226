import { i18n } from "@lingui/core";
import { useOutletContext } from "react-router";
import { NewDirectButton, NewRoomButton } from "../features/rooms/new-buttons.js";
import { PaneMessage } from "../ui/pane-states.js";
import { NARROW, useMediaQuery } from "../ui/use-media-query.js";
import { usePageTitle } from "../ui/use-page-title.js";
import { FirstRun } from "./first-run.js";
import type { ShellOutlet } from "./shell.context.js";

/** No room is open: what one can do. */
export function WelcomePane() {
  usePageTitle(null);
  const { hasRooms, hasProject } = useOutletContext<ShellOutlet>();
  const isNarrow = useMediaQuery(NARROW);
  // There the rooms have the whole screen.
  if (isNarrow) {
    return (
      <main className="visually-hidden">
        <h1>Parley</h1>
      </main>
    );
  }
  return (
    <main className="pane" aria-label={i18n.t("Welcome")}>
      <h1 className="visually-hidden">Parley</h1>
      {hasRooms ? (
        <PaneMessage
          title={i18n.t("Pick a conversation")}
          actions={
            <>
              <NewRoomButton withLabel /> <NewDirectButton withLabel />
            </>
          }
        >
          <p>{i18n.t("Open a room on the left, or start something new.")}</p>
        </PaneMessage>
      ) : (
        <FirstRun hasProject={hasProject} />
      )}
    </main>
  );
}
