import { i18n } from "@lingui/core";
import { ArrowLeftOutlined } from "@ant-design/icons";
import { useFragment } from "@apollo/client/react";
import type { FragmentType } from "@apollo/client/masking";
import { Link } from "react-router";
import { graphql } from "../../gql/gql.js";
import type { RoomHeaderFragment } from "../../gql/graphql.js";
import { usePageTitle } from "../../ui/use-page-title.js";
import { UserAvatar } from "../directory/user-avatar.js";
import { useChat } from "../session/chat.context.js";
import { PanelButtons } from "./panel-buttons.js";
import type { RoomPanel } from "./use-room-panel.js";

const RoomHeaderDocument = graphql(`
  fragment RoomHeader on ChatRoom {
    id
    type
    displayName
    project {
      id
      chatName
    }
    participants {
      id
      user {
        id
        chatDisplayName
        chatPresence
      }
    }
  }
`);

interface RoomHeaderProps {
  readonly room: FragmentType<RoomHeaderFragment>;
  readonly panel: RoomPanel | null;
  readonly onToggle: (panel: RoomPanel) => void;
}

const PRESENCE_WORDS = {
  ONLINE: /*i18n*/ "Online",
  OFFLINE: /*i18n*/ "Offline",
  UNKNOWN: /*i18n*/ "Direct message",
} as const;

/** The room's name, and who is in it. */
export function RoomHeader({ room: from, panel, onToggle }: RoomHeaderProps) {
  const { me } = useChat();
  const { data: room, complete } = useFragment({ fragment: RoomHeaderDocument, from });
  const other =
    complete && room.type === "DIRECT" ? room.participants.find(({ user }) => user.id !== me.id)?.user : undefined;
  const name = other?.chatDisplayName ?? room.displayName ?? "";
  usePageTitle(name);
  if (!complete) return null;
  const count = room.participants.length;
  const members = i18n.t("{count, plural, one {# member} other {# members}}", { count });
  return (
    <header className="room-header">
      <Link to="/" className="room-back" aria-label={i18n.t("Back to rooms")}>
        <ArrowLeftOutlined />
      </Link>
      <UserAvatar id={other?.id ?? room.id} name={name} size={32} shape={other ? "circle" : "square"} />
      <div className="room-title">
        <h1 className="ellipsis" title={name}>
          {name}
        </h1>
        <span className="meta ellipsis">
          {other
            ? i18n.t(PRESENCE_WORDS[other.chatPresence ?? "UNKNOWN"])
            : [members, room.project.chatName].filter(Boolean).join(" · ")}
        </span>
      </div>
      <PanelButtons panel={panel} memberCount={count} onToggle={onToggle} />
    </header>
  );
}
