import { i18n } from "@lingui/core";
import type { FragmentType } from "@apollo/client/masking";
import { useState } from "react";
import type { MembersPanelFragment } from "../../gql/graphql.js";
import { SidePanel } from "../../ui/side-panel.js";
import { FilesPanel } from "../search/files-panel.js";
import { SearchPanel } from "../search/search-panel.js";
import { MembersPanel } from "./members-panel.js";
import type { RoomPanel } from "./use-room-panel.js";

interface RoomSideProps {
  readonly room: FragmentType<MembersPanelFragment> & { readonly id: string };
  readonly panel: RoomPanel | null;
  readonly onClose: () => void;
}

const LABELS = { members: /*i18n*/ "Members", files: /*i18n*/ "Files", search: /*i18n*/ "Search" } as const;

/** The right side of a room: members, files or search. */
export function RoomSide({ room, panel, onClose }: RoomSideProps) {
  // A drawer that slides out still shows what it was.
  const [shown, setShown] = useState<RoomPanel>(panel ?? "members");
  if (panel !== null && panel !== shown) setShown(panel);
  return (
    <SidePanel label={i18n.t(LABELS[shown])} isOpen={panel !== null} onClose={onClose}>
      {shown === "members" && <MembersPanel room={room} onClose={onClose} />}
      {shown === "search" && <SearchPanel roomId={room.id} onClose={onClose} />}
      {shown === "files" && <FilesPanel roomId={room.id} onClose={onClose} />}
    </SidePanel>
  );
}
