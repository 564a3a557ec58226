import { i18n } from "@lingui/core";
import { useFragment } from "@apollo/client/react";
import type { FragmentType } from "@apollo/client/masking";
import { memo, useSyncExternalStore } from "react";
import { NavLink } from "react-router";
import { useChat } from "../session/chat.context.js";
import { graphql } from "../../gql/gql.js";
import type { RoomListItemFragment } from "../../gql/graphql.js";
import { messageLine } from "../attachments/attachment-words.js";
import { UserAvatar } from "../directory/user-avatar.js";
import { useDraft } from "../messages/drafts.js";
import { PresenceDot } from "../presence/presence-dot.js";
import { UnreadBadges } from "./unread-badges.js";
import { useTypingNames } from "../typing/use-typing-names.js";
import { typingWords } from "../typing/typing-words.js";

export const RoomListItemFragmentDocument = graphql(`
  fragment RoomListItem on ChatRoom {
    id
    type
    displayName
    unreadCount
    unreadMentionCount
    lastMessage {
      id
      content
      type
      attachment {
        name
      }
      user {
        id
        chatDisplayName
      }
      mentions {
        id
        chatUsername
        chatDisplayName
      }
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

export type RoomListItemFields = RoomListItemFragment;

function preview(room: RoomListItemFragment, viewerId: string): string {
  const message = room.lastMessage;
  if (!message) return i18n.t("No messages yet");
  const text = messageLine(message);
  if (message.user.id === viewerId) return i18n.t("You: {text}", { text });
  return room.type === "DIRECT" ? text : `${message.user.chatDisplayName ?? i18n.t("Someone")}: ${text}`;
}

/** Whether something of the viewer's was refused in the room, and waits there for them. */
function useHasRefused(roomId: string): boolean {
  const { entries } = useChat().outbox;
  return useSyncExternalStore(entries.subscribe, () =>
    entries.get().some((entry) => entry.state === "failed" && entry.roomId === roomId),
  );
}

/** What waits in the room's composer to be sent, in a line. */
function useWaiting(roomId: string): string {
  const { draft } = useDraft(roomId);
  const { files } = useChat().trays;
  const names = useSyncExternalStore(files.subscribe, () =>
    files
      .get()
      .filter((each) => each.roomId === roomId)
      .map(({ file }) => file.name)
      .join(", "),
  );
  return draft.trim() === "" ? names : draft;
}

function PreviewLine({ room, isOpen }: { readonly room: RoomListItemFragment; readonly isOpen: boolean }) {
  const { me } = useChat();
  const typing = useTypingNames(room.id);
  const draft = useWaiting(room.id);
  const hasRefused = useHasRefused(room.id);
  // In the open room it stands in the feed.
  if (!isOpen && hasRefused) return <span className="room-item-draft">{i18n.t("A message was not sent")}</span>;
  if (typing.length > 0) return <span className="room-item-typing">{typingWords(typing)}</span>;
  // In the open room the draft stands in the composer.
  if (!isOpen && draft !== "") {
    return (
      <>
        <span className="room-item-draft">{i18n.t("Draft:")} </span>
        {draft}
      </>
    );
  }
  return preview(room, me.id);
}

interface RoomListItemProps {
  readonly room: FragmentType<RoomListItemFragment>;
  /** Whether Tab enters the list here. */
  readonly isTabStop: boolean;
}

/** One room in the sidebar: name, what was said last, how much is unread. */
export const RoomListItem = memo(function RoomListItem({ room: from, isTabStop }: RoomListItemProps) {
  const { me } = useChat();
  const { data: room, complete } = useFragment({
    fragment: RoomListItemFragmentDocument,
    fragmentName: "RoomListItem",
    from,
  });
  if (!complete) return null;
  const other = room.type === "DIRECT" ? room.participants.find(({ user }) => user.id !== me.id)?.user : undefined;
  const name = other?.chatDisplayName ?? room.displayName;
  const hasUnread = room.unreadCount > 0;
  return (
    <NavLink
      to={`/rooms/${room.id}`}
      className="room-item"
      data-room-id={room.id}
      tabIndex={isTabStop ? 0 : -1}
      data-unread={hasUnread || undefined}
    >
      {({ isActive: isOpen }) => (
        <>
          <span className="room-item-avatar">
            <UserAvatar id={other?.id ?? room.id} name={name} size={32} shape={other ? "circle" : "square"} />
            {other && <PresenceDot presence={other.chatPresence} />}
          </span>
          <span className="room-item-text">
            <span className="room-item-name ellipsis" title={name}>
              {name}
            </span>
            <span className="room-item-preview ellipsis">
              <PreviewLine room={room} isOpen={isOpen} />
            </span>
          </span>
          {hasUnread && <UnreadBadges unread={room.unreadCount} mentions={room.unreadMentionCount} />}
        </>
      )}
    </NavLink>
  );
});
