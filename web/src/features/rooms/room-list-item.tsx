import { i18n } from "@lingui/core";
import { useFragment } from "@apollo/client/react";
import type { FragmentType } from "@apollo/client/masking";
import { memo, useSyncExternalStore } from "react";
import { NavLink } from "react-router";
import { useChat } from "../session/chat.context.js";
import { graphql } from "../../gql/gql.js";
import type { RoomListItemFragment } from "../../gql/graphql.js";
import { badgeText } from "../../ui/badge-text.js";
import { messageLine } from "../attachments/attachment-words.js";
import { UserAvatar } from "../directory/user-avatar.js";
import { useDraft } from "../messages/drafts.js";
import { PresenceDot } from "../presence/presence-dot.js";
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

function PreviewLine({ room, isOpen }: { readonly room: RoomListItemFragment; readonly isOpen: boolean }) {
  const { me } = useChat();
  const typing = useTypingNames(room.id);
  const [draft] = useDraft(room.id);
  const hasRefused = useHasRefused(room.id);
  // In the open room it stands in the feed.
  if (!isOpen && hasRefused) return <span className="room-item-draft">{i18n.t("A message was not sent")}</span>;
  if (typing.length > 0) return <span className="room-item-typing">{typingWords(typing)}</span>;
  // In the open room the draft stands in the composer.
  if (!isOpen && draft.trim()) {
    return (
      <>
        <span className="room-item-draft">{i18n.t("Draft:")} </span>
        {draft}
      </>
    );
  }
  return preview(room, me.id);
}

function Badge({
  text,
  words,
  isMention = false,
}: {
  readonly text: string;
  readonly words: string;
  readonly isMention?: boolean;
}) {
  return (
    <span className="badge" data-mention={isMention || undefined}>
      <span className="visually-hidden">{words}</span>
      <span aria-hidden>{text}</span>
    </span>
  );
}

function UnreadBadges({ unread, mentions }: { readonly unread: number; readonly mentions: number }) {
  return (
    <>
      {mentions > 0 && (
        <Badge
          isMention
          text={`@${badgeText(mentions)}`}
          words={i18n.t("{count, plural, one {# mention} other {# mentions}}", { count: mentions })}
        />
      )}
      <Badge text={badgeText(unread)} words={i18n.t("{count, number} unread", { count: unread })} />
    </>
  );
}

/** One room in the sidebar: name, what was said last, how much is unread. */
export const RoomListItem = memo(function RoomListItem({
  room: from,
}: {
  readonly room: FragmentType<RoomListItemFragment>;
}) {
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
    <NavLink to={`/rooms/${room.id}`} className="room-item" data-unread={hasUnread || undefined}>
      {({ isActive: isOpen }) => (
        <>
          <span className="room-item-avatar">
            <UserAvatar id={other?.id ?? room.id} name={name} size={32} shape={other ? "circle" : "square"} />
            {other && <PresenceDot presence={other.chatPresence} />}
          </span>
          <span className="room-item-text">
            <span className="room-item-name ellipsis">{name}</span>
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
