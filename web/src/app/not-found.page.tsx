import { i18n } from "@lingui/core";
import { HomeLink } from "../ui/home-link.js";
import { PaneMessage } from "../ui/pane-states.js";
import { usePageTitle } from "../ui/use-page-title.js";

/** An address that leads nowhere. */
export function NotFoundPage() {
  usePageTitle(i18n.t("Page not found"));
  return (
    <main className="pane">
      <PaneMessage isPage title={i18n.t("Page not found")} actions={<HomeLink />}>
        <p>{i18n.t("There is nothing at this address.")}</p>
      </PaneMessage>
    </main>
  );
}
