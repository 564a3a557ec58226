import { i18n } from "@lingui/core";
import { Button } from "antd";
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
      <div className="rows-skeleton" role="status" aria-label={i18n.t("Loading")}>
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="row-skeleton" aria-hidden>
            {Array.from({ length: lines }, (_line, line) => (
              <i key={line} />
            ))}
          </div>
        ))}
      </div>
    </Delayed>
  );
}

interface PaneMessageProps {
  readonly title: string;
  /** Whether it is all that the page has to say. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
  /** What one can do about it. */
  readonly actions?: ReactNode;
}

/** A pane that has something to say instead of something to show. */
export function PaneMessage({ title, isPage = false, children, actions }: PaneMessageProps) {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className="pane-state">
      <div className="pane-message">
        <Heading>{title}</Heading>
        {children}
        {actions && <div className="pane-message-actions">{actions}</div>}
      </div>
    </div>
  );
}

/** A pane that could not be loaded: what happened, and a way on. */
export function PaneError({ message, onRetry }: { readonly message: string; readonly onRetry: () => void }) {
  const retry = (
    <Button type="primary" onClick={onRetry}>
      {i18n.t("Try again")}
    </Button>
  );
  return (
    <div className="pane-alert" role="alert">
      <PaneMessage title={i18n.t("This could not be loaded")} actions={retry}>
        <p>{message}</p>
      </PaneMessage>
    </div>
  );
}
