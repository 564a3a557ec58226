import { i18n } from "@lingui/core";
import { Button } from "antd";
import { otherVersion } from "../lib/other-version.js";
import { useStore } from "../lib/store.js";
import { losses } from "../ui/use-leave-question.js";

/** Says that the page has to be loaded again, over whatever is on the screen; and what would be lost, if anything would. */
export function NewVersion() {
  const isOther = useStore(otherVersion);
  const isKept = useStore(losses) === 0;
  if (!isOther) return null;
  return (
    <div role="alert" className="new-version">
      <span>
        {isKept
          ? i18n.t(
              "There is a new version, and not everything works any more. Reload the page: what you have written is kept.",
            )
          : i18n.t(
              "There is a new version, and not everything works any more. Some of what you have written or attached would be lost with this page: copy it first, then reload.",
            )}
      </span>
      <Button type="primary" size="small" onClick={() => window.location.reload()}>
        {i18n.t("Reload")}
      </Button>
    </div>
  );
}
