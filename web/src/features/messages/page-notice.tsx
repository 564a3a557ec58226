import { i18n } from "@lingui/core";
import { Button } from "antd";
import { Delayed } from "../../ui/pane-states.js";
import type { PageStatus } from "./use-pages.js";

interface PageNoticeProps {
  readonly status: PageStatus;
  readonly what: "earlier" | "later";
  readonly onRetry: () => void;
}

/** Says that a page is on its way or did not come. Lies over the feed, so that nothing moves. */
export function PageNotice({ status, what, onRetry }: PageNoticeProps) {
  if (status === "idle") return null;
  return (
    <div className="page-notice" role="status">
      {status === "loading" ? (
        <Delayed>
          {what === "earlier" ? i18n.t("Loading earlier messages …") : i18n.t("Loading later messages …")}
        </Delayed>
      ) : (
        <>
          {what === "earlier" ? i18n.t("Could not load earlier messages.") : i18n.t("Could not load later messages.")}{" "}
          <Button size="small" type="link" onClick={onRetry}>
            {i18n.t("Try again")}
          </Button>
        </>
      )}
    </div>
  );
}
