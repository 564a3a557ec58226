import { i18n } from "@lingui/core";
import { CloseOutlined } from "@ant-design/icons";
import { useFragment } from "@apollo/client/react";
import type { FragmentType } from "@apollo/client/masking";
import { Button } from "antd";
import { graphql } from "../../gql/gql.js";
import type { MembersPanelFragment } from "../../gql/graphql.js";
import { PanelHeader } from "../../ui/panel-header.js";
import { UserAvatar } from "../directory/user-avatar.js";
import { PresenceDot } from "../presence/presence-dot.js";
import { useChat } from "../session/chat.context.js";
import { AddMember } from "./add-member.js";
import { RoomActions } from "./room-actions.js";
import { useRemoveMember } from "./use-remove-member.js";

const MembersPanelDocument = graphql(`
  fragment MembersPanel on ChatRoom {
    id
    type
    name
    displayName
    project {
      id
    }
    owner {
      id
    }
    participants {
      id
      user {
        id
        chatUsername
        chatDisplayName
        chatPresence
      }
    }
  }
`);

type Member = MembersPanelFragment["participants"][number]["user"];

interface MemberRowProps {
  readonly user: Member;
  readonly isOwner: boolean;
  readonly isMe: boolean;
  readonly onRemove: (() => void) | null;
}

function MemberRow({ user, isOwner, isMe, onRemove }: MemberRowProps) {
  const name = user.chatDisplayName ?? i18n.t("Deleted user");
  return (
    <li className="member">
      <span className="room-item-avatar">
        <UserAvatar id={user.id} name={name} size={32} />
        <PresenceDot presence={user.chatPresence} />
      </span>
      <span className="member-text">
        <span className="ellipsis">{isMe ? i18n.t("{name} (you)", { name }) : name}</span>
        <span className="meta ellipsis">@{user.chatUsername}</span>
      </span>
      {isOwner && <span className="tag">{i18n.t("Owner")}</span>}
      {onRemove && (
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={i18n.t("Remove {name}", { name })}
          onClick={onRemove}
        />
      )}
    </li>
  );
}

/** Who is in the room, and what one may do about it. */
export function MembersPanel({
  room: from,
  onClose,
}: {
  readonly room: FragmentType<MembersPanelFragment>;
  readonly onClose: () => void;
}) {
  const { me } = useChat();
  const { data: room, complete } = useFragment({ fragment: MembersPanelDocument, from });
  const remove = useRemoveMember();
  if (!complete) return null;
  const isGroup = room.type === "GROUP";
  const isOwner = room.owner?.id === me.id;
  const memberIds = room.participants.map(({ user }) => user.id);
  return (
    <section className="members" aria-label={i18n.t("Members")}>
      <PanelHeader
        title={i18n.t("Members · {count, number}", { count: room.participants.length })}
        closeLabel={i18n.t("Close members")}
        onClose={onClose}
      />
      {isGroup && <AddMember roomId={room.id} projectId={room.project.id} memberIds={memberIds} />}
      <ul className="member-list">
        {room.participants.map(({ id, user }) => (
          <MemberRow
            key={id}
            user={user}
            isOwner={room.owner?.id === user.id}
            isMe={user.id === me.id}
            onRemove={isGroup && isOwner && user.id !== me.id ? () => remove(room, user) : null}
          />
        ))}
      </ul>
      {isGroup && (
        <RoomActions roomId={room.id} name={room.name} isOwner={isOwner} isLast={room.participants.length === 1} />
      )}
    </section>
  );
}
