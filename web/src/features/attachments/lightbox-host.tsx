import { Suspense, useEffect, useState } from "react";
import { useMatch } from "react-router";
import { useStore } from "../../lib/store.js";
import { openPicture } from "./open-picture.js";
import { lazyPart } from "../../ui/lazy-part.js";

const Lightbox = lazyPart(() => import("./lightbox.js").then((module) => module.Lightbox));

/** Shows the picture that is looked at, whatever becomes of the row that it was opened from. */
export function LightboxHost() {
  const messageId = useStore(openPicture);
  // The last one stays while it fades away.
  const [shownId, setShownId] = useState(messageId);
  if (messageId !== null && messageId !== shownId) setShownId(messageId);
  const roomId = useMatch("/rooms/:roomId/*")?.params.roomId ?? null;
  useEffect(() => () => openPicture.set(null), []);
  if (shownId === null) return null;
  return (
    <Suspense>
      <Lightbox messageId={shownId} roomId={roomId} isOpen={messageId !== null} onClose={() => openPicture.set(null)} />
    </Suspense>
  );
}
