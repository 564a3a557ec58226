import type { FragmentType } from "@apollo/client/masking";
import { Drawer } from "antd";
import type { MembersPanelFragment } from "../../gql/graphql.js";
import { useMediaQuery, WIDE } from "../../ui/use-media-query.js";
import { MembersPanel } from "./members-panel.js";

interface MembersSideProps {
  readonly room: FragmentType<MembersPanelFragment>;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The members beside the feed where there is room for them, else in a drawer over it. */
export function MembersSide({ room, isOpen, onClose }: MembersSideProps) {
  const isWide = useMediaQuery(WIDE);
  const panel = <MembersPanel room={room} onClose={onClose} />;
  if (isWide) {
    return isOpen ? (
      <aside className="panel" aria-label="Members">
        {panel}
      </aside>
    ) : null;
  }
  return (
    <Drawer
      open={isOpen}
      onClose={onClose}
      closable={false}
      size={380}
      styles={{ body: { padding: 0 } }}
      aria-label="Members"
    >
      {panel}
    </Drawer>
  );
}
