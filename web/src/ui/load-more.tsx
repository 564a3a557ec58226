import { i18n } from "@lingui/core";
import { Button } from "antd";
import { useEffect, useRef } from "react";

interface LoadMoreProps {
  readonly isLoading: boolean;
  /** What went wrong the last time; then it waits for a person to try again. */
  readonly problem: string | null;
  readonly onLoad: () => void;
}

/** The end of a list that goes on: loads by itself when it is scrolled into view, and by its button. */
export function LoadMore({ isLoading, problem, onLoad }: LoadMoreProps) {
  const end = useRef<HTMLDivElement>(null);
  const load = useRef(onLoad);
  useEffect(() => {
    load.current = onLoad;
  }, [onLoad]);
  const isWaiting = !isLoading && problem === null;
  useEffect(() => {
    if (!end.current || !isWaiting) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) load.current();
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [isWaiting]);
  return (
    <div ref={end} className="load-more">
      {problem && <p role="alert">{problem}</p>}
      <Button size="small" loading={isLoading} onClick={onLoad}>
        {problem ? i18n.t("Try again") : i18n.t("Load more")}
      </Button>
    </div>
  );
}
