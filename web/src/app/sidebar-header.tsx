import { Suspense } from "react";
import { NewDirectButton, NewRoomButton } from "../features/rooms/new-buttons.js";
import { Logo } from "../ui/logo.js";
import { SearchLink } from "./search-link.js";
import { lazyPart } from "../ui/lazy-part.js";

const ProjectSelect = lazyPart(() => import("./project-select.js").then((module) => module.ProjectSelect));

interface SidebarHeaderProps {
  readonly projects: readonly { readonly id: string; readonly chatName: string | null }[];
  readonly projectId: string | null;
  readonly openRoomId: string | null;
  readonly onChoose: (projectId: string | null) => void;
}

/** The product's name, the project when there are several, and the ways to start something. */
export function SidebarHeader({ projects, projectId, openRoomId, onChoose }: SidebarHeaderProps) {
  return (
    <header className="sidebar-header">
      <div className="sidebar-title">
        <Logo />
        <span className="spacer" />
        <NewRoomButton projectId={projectId} />
        <NewDirectButton projectId={projectId} />
      </div>
      <SearchLink openRoomId={openRoomId} />
      {projects.length > 1 && (
        <Suspense fallback={<div className="sidebar-project" />}>
          <ProjectSelect projects={projects} projectId={projectId} onChoose={onChoose} />
        </Suspense>
      )}
    </header>
  );
}
