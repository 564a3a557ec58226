import { i18n } from "@lingui/core";
import { ArrowLeftOutlined } from "@ant-design/icons";
import { useQuery } from "@apollo/client/react";
import { Link, useParams } from "react-router";
import { describeError, toFailure } from "../../lib/errors.js";
import { HomeLink } from "../../ui/home-link.js";
import { PaneError, PaneMessage, RowsSkeleton } from "../../ui/pane-states.js";
import { usePageTitle } from "../../ui/use-page-title.js";
import { RoomPageQuery } from "./room.page.graphql.js";
import { RoomView } from "./room-view.js";

/** The way back on a phone, where the room list is another page. */
function BackBar() {
  return (
    <header className="room-header narrow-only">
      <Link to="/" className="room-back" aria-label={i18n.t("Back to rooms")}>
        <ArrowLeftOutlined />
      </Link>
    </header>
  );
}

/** The same page for a room that is not there and one that is not the viewer's: it tells nothing of either. */
function NoRoom() {
  usePageTitle(i18n.t("No access"));
  return (
    <main className="pane">
      <BackBar />
      <PaneMessage isPage title={i18n.t("No access")} actions={<HomeLink />}>
        <p>{i18n.t("This room does not exist, or you are not in it. Ask one of its members to add you.")}</p>
      </PaneMessage>
    </main>
  );
}

/** `/rooms/:roomId`, and the same with a message to go to. */
export function RoomPage() {
  const { roomId = "", messageId = null } = useParams();
  const { data, error, refetch } = useQuery(RoomPageQuery, { variables: { roomId } });
  if (data?.chatRoom) return <RoomView key={roomId} room={data.chatRoom} jumpToId={messageId} />;
  if (data || (error && ["NOT_FOUND", "BAD_USER_INPUT"].includes(toFailure(error).code))) return <NoRoom />;
  return (
    <main className="pane">
      <BackBar />
      {error ? (
        <PaneError message={describeError(error)} onRetry={() => void refetch()} />
      ) : (
        <RowsSkeleton key={roomId} rows={8} lines={3} />
      )}
    </main>
  );
}
