import { Suspense, useState } from "react";
import { useStore } from "../lib/store.js";
import { lazyPart } from "./lazy-part.js";
import { said } from "./notices.js";

/** Much of what there is to say is that there is no network: it waits until it can be said. */
const NoticeSpeaker = lazyPart(() => import("./notice-speaker.js").then((module) => module.NoticeSpeaker), Infinity);

/** Where notices and questions are shown; its code comes with the first one. */
export function NoticeHost() {
  const hasSome = useStore(said).length > 0;
  const [isUsed, setUsed] = useState(hasSome);
  if (hasSome && !isUsed) setUsed(true);
  return <Suspense>{isUsed && <NoticeSpeaker />}</Suspense>;
}
