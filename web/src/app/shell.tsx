import { i18n } from "@lingui/core";
import { useQuery } from "@apollo/client/react";
import { useMemo } from "react";
import { Outlet, useMatch } from "react-router";
import { LightboxHost } from "../features/attachments/lightbox-host.js";
import { ConnectionBanner } from "../features/events/connection-banner.js";
import { StrandedMessages } from "../features/messages/stranded-messages.js";
import { DesktopNotifications } from "../features/notifications/desktop-notifications.js";
import { RoomGoneNotice } from "../features/rooms/room-gone-notice.js";
import { summariseUnread } from "../features/rooms/unread-summary.js";
import { RoomList } from "../features/rooms/room-list.js";
import { byActivity } from "../features/rooms/room-order.js";
import { describeError } from "../lib/errors.js";
import { PaneError } from "../ui/pane-states.js";
import { useTitleCount } from "../ui/use-page-title.js";
import { FirstRun } from "./first-run.js";
import { ShellContext, type ShellOutlet } from "./shell.context.js";
import { ShellDialogs, useShellDialog } from "./shell-dialogs.js";
import { Shell as ShellQuery } from "./shell.graphql.js";
import { ShellSkeleton } from "./shell-skeleton.js";
import { SidebarFooter } from "./sidebar-footer.js";
import { SidebarHeader } from "./sidebar-header.js";
import { SidebarResizer } from "./sidebar-resizer.js";
import { useProjectChoice } from "./use-project-choice.js";
import { useShellKeys } from "./use-shell-keys.js";

/** On a phone there is no other pane beside the list to greet in. */
function NoRooms({ hasProject }: { readonly hasProject: boolean }) {
  return (
    <nav className="room-list" aria-label={i18n.t("Rooms")} data-region>
      <p className="meta room-list-none narrow-hidden">{i18n.t("No rooms yet")}</p>
      <div className="narrow-only">
        <FirstRun hasProject={hasProject} />
      </div>
    </nav>
  );
}

/** The frame around everything: rooms on the left, the open room beside them; one at a time on a phone. */
export function Shell() {
  const openRoomId = useMatch("/rooms/:roomId/*")?.params.roomId ?? null;
  const isHome = useMatch("/") !== null;
  const { data, error, refetch } = useQuery(ShellQuery, { variables: { after: null } });
  const projects = data?.chatProjects ?? [];
  useTitleCount(summariseUnread(data?.chatRooms.edges.map((edge) => edge.node) ?? []));
  const [projectId, chooseProject] = useProjectChoice(projects);
  const nodes = data?.chatRooms.edges.map((edge) => edge.node) ?? [];
  const rooms = byActivity(projectId ? nodes.filter((room) => room.project.id === projectId) : nodes);
  const { dialog, open, close } = useShellDialog();
  const commands = useMemo(() => ({ open }), [open]);
  useShellKeys({ rooms, openRoomId, open });
  if (!data) {
    return error ? <PaneError message={describeError(error)} onRetry={() => void refetch()} /> : <ShellSkeleton />;
  }
  const outlet: ShellOutlet = { hasRooms: nodes.length > 0, hasProject: projects.length > 0 };
  return (
    <ShellContext value={commands}>
      <div className="app">
        <ConnectionBanner />
        <RoomGoneNotice />
        <StrandedMessages rooms={data.chatRooms.pageInfo.hasNextPage ? null : nodes} />
        <DesktopNotifications />
        <LightboxHost />
        <div className="shell" data-pane={isHome ? "list" : "room"}>
          <aside className="sidebar" aria-label={i18n.t("Sidebar")}>
            <SidebarHeader projects={projects} projectId={projectId} openRoomId={openRoomId} onChoose={chooseProject} />
            {outlet.hasRooms ? (
              <RoomList rooms={rooms} openRoomId={openRoomId} />
            ) : (
              <NoRooms hasProject={outlet.hasProject} />
            )}
            <SidebarFooter />
            <SidebarResizer />
          </aside>
          <Outlet context={outlet} />
        </div>
      </div>
      <ShellDialogs dialog={dialog} onClose={close} />
    </ShellContext>
  );
}
