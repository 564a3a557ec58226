import { Button } from "antd";
import { PaneMessage } from "../ui/pane-states.js";
import { usePageTitle } from "../ui/use-page-title.js";

/** The last resort: a fault of ours, with a way out. Drafts are kept. */
export function CrashPage() {
  usePageTitle("Something went wrong");
  const reload = (
    <Button type="primary" onClick={() => window.location.reload()}>
      Reload
    </Button>
  );
  return (
    <main className="full-page" role="alert">
      <PaneMessage isPage title="Something went wrong" actions={reload}>
        <p>Reload the page to go on. Drafts, and messages that wait to be sent, are kept.</p>
      </PaneMessage>
    </main>
  );
}
