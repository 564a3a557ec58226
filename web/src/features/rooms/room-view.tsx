import type { FragmentType } from "@apollo/client/masking";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import type { MembersPanelFragment, RoomHeaderFragment, RoomPageQuery } from "../../gql/graphql.js";
import type { AttachedFile } from "../../lib/outbox-entry.js";
import { DropOverlay } from "../attachments/drop-overlay.js";
import { useFileDrop } from "../attachments/use-file-drop.js";
import { useTray } from "../attachments/use-tray.js";
import { useKeys } from "../../ui/use-keys.js";
import { Composer, type ComposerHandle } from "../messages/composer.js";
import { EditingContext, type Editing } from "../messages/editing.context.js";
import { Feed, type FeedHandle } from "../messages/feed.js";
import { findLastOwn } from "../messages/find-last-own.js";
import { UnkeptNotice } from "../messages/unkept-notice.js";
import { useRoomEditing } from "../messages/use-room-editing.js";
import { useChat } from "../session/chat.context.js";
import { TypingLine } from "../typing/typing-line.js";
import { RoomHeader } from "./room-header.js";
import { noteRecentRoom } from "./recent-rooms.js";
import { useRoomPanel } from "./use-room-panel.js";
import { lazyPart } from "../../ui/lazy-part.js";

const RoomSide = lazyPart(() => import("./room-side.js").then((module) => module.RoomSide));

type Room = NonNullable<RoomPageQuery["chatRoom"]> &
  FragmentType<RoomHeaderFragment> &
  FragmentType<MembersPanelFragment>;

interface RoomViewProps {
  readonly room: Room;
  readonly jumpToId: string | null;
}

/** Which panel is open, and whether one ever was: until then its code is not needed. */
function usePanel() {
  const { panel, close, toggle } = useRoomPanel();
  const [wasOpened, setWasOpened] = useState(false);
  if (panel !== null && !wasOpened) setWasOpened(true);
  return { panel, close, toggle, wasOpened };
}

/** Hands what was written to the outbox, and goes to where it will stand. */
function useSend({ room, jumpToId }: RoomViewProps, feed: FeedHandle | null) {
  const { outbox } = useChat();
  const navigate = useNavigate();
  const { search } = useLocation();
  return useCallback(
    (content: string, files: readonly AttachedFile[]): Promise<void> => {
      const [first = null, ...others] = files;
      // Each file is a message; the words stand with the first.
      const kept = outbox.add(room.id, content, first);
      for (const file of others) void outbox.add(room.id, "", file);
      if (jumpToId) void navigate({ pathname: `/rooms/${room.id}`, search }, { replace: true });
      feed?.goToNewest();
      return kept;
    },
    [outbox, room.id, jumpToId, navigate, search, feed],
  );
}

/** Edits one's newest message of those that are loaded. */
function useEditLast({ edit }: Editing, room: Room): () => void {
  const { me } = useChat();
  const latest = useRef(room.messages.edges);
  useEffect(() => {
    latest.current = room.messages.edges;
  }, [room.messages.edges]);
  return useCallback(() => edit(findLastOwn(latest.current, me.id)), [edit, me.id]);
}

/** Files that are dropped anywhere in the room go to the composer. */
function useRoomDrop(roomId: string, focusComposer: () => void) {
  const { add } = useTray(roomId);
  return useFileDrop(
    useCallback(
      (files: readonly File[]) => {
        add(files);
        focusComposer();
      },
      [add, focusComposer],
    ),
  );
}

/** An open room: header, feed, composer, and a panel on the right or over it. */
export function RoomView(props: RoomViewProps) {
  const { room, jumpToId } = props;
  const { me } = useChat();
  const { panel, close, toggle, wasOpened } = usePanel();
  const [feed, setFeed] = useState<FeedHandle | null>(null);
  const composer = useRef<ComposerHandle>(null);
  const focusComposer = useCallback(() => composer.current?.focus(), []);
  const editing = useRoomEditing(room.id, focusComposer);
  useKeys({ dismiss: () => (panel === null ? feed?.goToNewest() : close()) });
  useEffect(() => noteRecentRoom(me.id, room.id), [me.id, room.id]);
  const send = useSend(props, feed);
  const editLast = useEditLast(editing, room);
  const drop = useRoomDrop(room.id, focusComposer);
  return (
    <EditingContext value={editing}>
      <main className="pane room" {...drop.handlers}>
        <RoomHeader room={room} panel={panel} onToggle={toggle} />
        <Feed
          ref={setFeed}
          roomId={room.id}
          unreadCount={room.unreadCount}
          window={room.messages}
          jumpToId={jumpToId}
          onAddMembers={() => panel !== "members" && toggle("members")}
        />
        {drop.isOver && <DropOverlay />}
        <TypingLine roomId={room.id} />
        <UnkeptNotice />
        <Composer ref={composer} roomId={room.id} onSend={send} onEditLast={editLast} />
      </main>
      <Suspense>{wasOpened && <RoomSide room={room} panel={panel} onClose={close} />}</Suspense>
    </EditingContext>
  );
}
