import { i18n } from "@lingui/core";
import { Button } from "antd";
import { PaneMessage } from "../ui/pane-states.js";
import { usePageTitle } from "../ui/use-page-title.js";

/** The last resort: a fault of ours, with a way out. Drafts are kept. */
export function CrashPage() {
  usePageTitle(i18n.t("Something went wrong"));
  const reload = (
    <Button type="primary" onClick={() => window.location.reload()}>
      {i18n.t("Reload")}
    </Button>
  );
  return (
    <main className="full-page" role="alert">
      <PaneMessage isPage title={i18n.t("Something went wrong")} actions={reload}>
        <p>{i18n.t("Reload the page to go on. Drafts, and messages that wait to be sent, are kept.")}</p>
      </PaneMessage>
    </main>
  );
}
