import { i18n } from "@lingui/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useChat } from "../session/chat.context.js";

const SECOND_MS = 1_000;

/** How long it is until an instant, by the second; nothing any more when it has come. */
function Countdown({ untilMs }: { readonly untilMs: number }) {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((untilMs - nowMs) / SECOND_MS);
  return (
    seconds > 0 && (
      <div className="composer-note meta" role="timer">
        {i18n.t("Sending too fast – waiting {seconds} s", { seconds })}
      </div>
    )
  );
}

/**
 * Says that what one has written waits because it was too much at once. It is read out once: not every second, and not with
 * each of those that have to wait in turn.
 */
export function LimitNote({ roomId }: { readonly roomId: string }) {
  const { limits } = useChat().outbox;
  const untilMs = useSyncExternalStore(limits.subscribe, () => limits.get().get(roomId) ?? null);
  return (
    <>
      <div className="visually-hidden" role="status">
        {untilMs !== null && i18n.t("Sending too fast. What waits is sent by itself.")}
      </div>
      {untilMs !== null && <Countdown key={untilMs} untilMs={untilMs} />}
    </>
  );
}
