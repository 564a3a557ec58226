import { Button, Result } from "antd";
import { usePageTitle } from "../ui/use-page-title.js";

/** The last resort: a fault of ours, with a way out. Unsent text is kept as a draft. */
export function CrashPage() {
  usePageTitle("Something went wrong");
  return (
    <main className="pane-state" role="alert">
      <Result
        status="error"
        title="Something went wrong"
        subTitle="Reload the page to go on. What you have typed is kept."
        extra={
          <Button type="primary" onClick={() => window.location.reload()}>
            Reload
          </Button>
        }
      />
    </main>
  );
}
