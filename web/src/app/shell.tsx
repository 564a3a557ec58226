import { useQuery } from "@apollo/client/react";
import { Outlet, useMatch } from "react-router";
import { ConnectionBanner } from "../features/events/connection-banner.js";
import { RoomGoneNotice } from "../features/rooms/room-gone-notice.js";
import { RoomList } from "../features/rooms/room-list.js";
import { describeError } from "../lib/errors.js";
import { PaneError } from "../ui/pane-states.js";
import { Shell as ShellQuery } from "./shell.graphql.js";
import { ShellSkeleton } from "./shell-skeleton.js";
import { SidebarFooter } from "./sidebar-footer.js";
import { SidebarHeader } from "./sidebar-header.js";
import { useProjectChoice } from "./use-project-choice.js";

/** The frame around everything: rooms on the left, the open room beside them; one at a time on a phone. */
export function Shell() {
  const openRoomId = useMatch("/rooms/:roomId/*")?.params.roomId ?? null;
  const isHome = useMatch("/") !== null;
  const { data, error, refetch } = useQuery(ShellQuery, { variables: { after: null } });
  const projects = data?.chatProjects ?? [];
  const [projectId, chooseProject] = useProjectChoice(projects);
  if (!data) {
    return error ? <PaneError message={describeError(error)} onRetry={() => void refetch()} /> : <ShellSkeleton />;
  }
  const nodes = data.chatRooms.edges.map((edge) => edge.node);
  const rooms = projectId ? nodes.filter((room) => room.project.id === projectId) : nodes;
  return (
    <div className="app">
      <ConnectionBanner />
      <RoomGoneNotice />
      <div className="shell" data-pane={isHome ? "list" : "room"}>
        <aside className="sidebar" aria-label="Sidebar">
          <SidebarHeader projects={projects} projectId={projectId} openRoomId={openRoomId} onChoose={chooseProject} />
          <RoomList rooms={rooms} />
          <SidebarFooter />
        </aside>
        <Outlet />
      </div>
    </div>
  );
}
