import { Button, Result } from "antd";
import { Link } from "react-router";
import { usePageTitle } from "../ui/use-page-title.js";

/** An address that leads nowhere. */
export function NotFoundPage() {
  usePageTitle("Page not found");
  return (
    <main className="pane-state">
      <Result
        status="404"
        title="Page not found"
        subTitle="There is nothing at this address."
        extra={
          <Link to="/">
            <Button type="primary">Go to your rooms</Button>
          </Link>
        }
      />
    </main>
  );
}
