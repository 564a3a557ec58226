import { i18n } from "@lingui/core";
import { NetworkStatus } from "@apollo/client";
import { useFragment, useQuery } from "@apollo/client/react";
import { Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { describeError } from "../../lib/errors.js";
import { LoadMore } from "../../ui/load-more.js";
import { PaneError, PaneMessage, RowsSkeleton } from "../../ui/pane-states.js";
import { PanelHeader } from "../../ui/panel-header.js";
import { FileRow } from "./file-row.js";
import { NewestMessage, RoomFiles } from "./room-files.graphql.js";
import { useMessageAddress } from "./use-message-address.js";

const KINDS = [
  { value: "has:file", label: /*i18n*/ "All files" },
  { value: "has:image", label: /*i18n*/ "Pictures" },
] as const;

type Kind = (typeof KINDS)[number]["value"];

/** The newest message, when it is a file: whoever shows the files asks anew. */
function useNewestFileId(roomId: string): string | null {
  const { data, complete } = useFragment({
    fragment: NewestMessage,
    from: { __typename: "ChatRoom", id: roomId },
  });
  const newest = complete ? data.lastMessage : null;
  return newest && newest.type !== "TEXT" ? newest.id : null;
}

function useFiles(roomId: string, query: Kind) {
  const { data, error, refetch, fetchMore, networkStatus } = useQuery(RoomFiles, {
    variables: { roomId, query, after: null },
    fetchPolicy: "cache-and-network",
    nextFetchPolicy: "cache-first",
  });
  const [moreProblem, setMoreProblem] = useState<string | null>(null);
  const newestId = useNewestFileId(roomId);
  const seenId = useRef(newestId);
  useEffect(() => {
    if (newestId === null || newestId === seenId.current) return;
    seenId.current = newestId;
    // What fails is told where the list is: by the query.
    refetch().catch(() => undefined);
  }, [newestId, refetch]);
  const pageInfo = data?.searchChatMessages.pageInfo;
  const loadMore = (): void => {
    setMoreProblem(null);
    fetchMore({ variables: { after: pageInfo?.endCursor ?? null } }).catch((problem: unknown) =>
      setMoreProblem(describeError(problem)),
    );
  };
  return {
    files: data?.searchChatMessages.edges.map((edge) => edge.node).filter((node) => !node.isDeleted && node.attachment),
    error,
    retry: () => void refetch().catch(() => undefined),
    hasMore: pageInfo?.hasNextPage ?? false,
    isLoadingMore: networkStatus === NetworkStatus.fetchMore,
    moreProblem,
    loadMore,
  };
}

function FileList({ roomId, kind }: { readonly roomId: string; readonly kind: Kind }) {
  const list = useFiles(roomId, kind);
  const messageAddress = useMessageAddress();
  if (!list.files) {
    return list.error ? (
      <PaneError message={describeError(list.error)} onRetry={list.retry} />
    ) : (
      <RowsSkeleton rows={5} lines={2} />
    );
  }
  if (list.files.length === 0 && !list.hasMore) {
    return (
      <PaneMessage title={kind === "has:image" ? i18n.t("No pictures yet") : i18n.t("No files yet")}>
        <p>{i18n.t("What is sent to this room with a message is listed here, the newest first.")}</p>
      </PaneMessage>
    );
  }
  return (
    <>
      <ul className="file-list">
        {list.files.map((file) => (
          <FileRow key={file.id} file={file} messageTo={messageAddress(roomId, file.id)} />
        ))}
      </ul>
      {list.hasMore && <LoadMore isLoading={list.isLoadingMore} problem={list.moreProblem} onLoad={list.loadMore} />}
    </>
  );
}

/** All files of a room, the newest first. */
export function FilesPanel({ roomId, onClose }: { readonly roomId: string; readonly onClose: () => void }) {
  const [kind, setKind] = useState<Kind>("has:file");
  return (
    <section className="side-section" aria-label={i18n.t("Files")}>
      <PanelHeader title={i18n.t("Files")} closeLabel={i18n.t("Close files")} onClose={onClose} />
      <div className="side-bar">
        <Segmented<Kind>
          aria-label={i18n.t("Which files")}
          options={KINDS.map((each) => ({ ...each, label: i18n.t(each.label) }))}
          value={kind}
          onChange={setKind}
        />
      </div>
      <div className="side-scroll">
        <FileList key={kind} roomId={roomId} kind={kind} />
      </div>
    </section>
  );
}
