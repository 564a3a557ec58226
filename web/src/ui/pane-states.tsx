import { Button, Result, Skeleton } from "antd";
import { useEffect, useState, type ReactNode } from "react";

/** Skeletons only after this long: what comes sooner would only flash. */
const SKELETON_AFTER_MS = 200;

/** Shows its children once the wait is long enough to be noticed. */
export function Delayed({ children }: { readonly children: ReactNode }) {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? children : null;
}

/** Rows with an avatar, as a list or a feed will have. */
export function RowsSkeleton({ rows, lines = 2 }: { readonly rows: number; readonly lines?: number }) {
  return (
    <Delayed>
      <div className="rows-skeleton" role="status" aria-label="Loading">
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton key={row} active avatar={{ size: 32 }} title={{ width: "30%" }} paragraph={{ rows: lines - 1 }} />
        ))}
      </div>
    </Delayed>
  );
}

/** A pane that could not be loaded: what happened, and a way on. */
export function PaneError({ message, onRetry }: { readonly message: string; readonly onRetry: () => void }) {
  return (
    <div className="pane-state" role="alert">
      <Result
        status="warning"
        title="This could not be loaded"
        subTitle={message}
        extra={
          <Button type="primary" onClick={onRetry}>
            Try again
          </Button>
        }
      />
    </div>
  );
}

/** A pane with nothing in it yet: what it is for. */
export function PaneEmpty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="pane-state">
      <div className="pane-empty">
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}
