import { i18n } from "@lingui/core";
import { memo } from "react";
import { InRow } from "../../ui/row-parts.js";
import { formatDay } from "../../ui/dates.js";
import type { FeedMessage } from "./message-edge.graphql.js";
import { MessageRow } from "./message-row.js";
import { PendingRow } from "./pending-row.js";
import type { TimelineRow } from "./timeline.js";

interface FeedRowProps {
  readonly row: TimelineRow<FeedMessage>;
  readonly isHighlighted: boolean;
  readonly isTabStop: boolean;
}

/** One row with what stands above it: the day, the unread divider. */
export const FeedRow = memo(function FeedRow({ row, isHighlighted, isTabStop }: FeedRowProps) {
  return (
    <>
      {row.isAfterGap && <div className="gap meta">{i18n.t("Newer messages are not loaded yet")}</div>}
      {row.dayStart !== null && (
        <div className="day" role="separator" aria-label={formatDay(row.dayStart)}>
          <span>{formatDay(row.dayStart)}</span>
        </div>
      )}
      {row.isFirstUnread && (
        <div className="unread" role="separator" aria-label={i18n.t("New messages")}>
          <span>{i18n.t("New")}</span>
        </div>
      )}
      <InRow value>
        {row.kind === "message" ? (
          <MessageRow
            message={row.message}
            startsGroup={row.startsGroup}
            isHighlighted={isHighlighted}
            isTabStop={isTabStop}
          />
        ) : (
          <PendingRow entry={row.entry} startsGroup={row.startsGroup} isTabStop={isTabStop} />
        )}
      </InRow>
    </>
  );
});
