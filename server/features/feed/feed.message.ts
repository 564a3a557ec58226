import type { FeedMessage } from "./feed.actions.js";
import type { Delivery, EphemeralEvent } from "./room-event.js";
import type { StreamId } from "./stream.js";

const EPHEMERAL: Readonly<Record<EphemeralEvent["kind"], true>> = {
  others_read_moved: true,
  typing_changed: true,
  attendance_changed: true,
  presence_changed: true,
  user_changed: true,
};

/**
 * A message as the broker brought it on a stream's topic. It looks at no more than what a node itself needs: the rest is
 * as the node that published it has made it, and there are thousands a second.
 * @throws Error when it is none, or tells of another stream: who follows this one may not know that one
 */
export function parseFeedMessage(text: string, stream: StreamId): FeedMessage {
  const message = JSON.parse(text) as Partial<Record<"delivery" | "hint" | "ephemeral", Partial<Delivery>>> | null;
  const { delivery, hint, ephemeral } = message ?? {};
  const isWhole = (part: Partial<Delivery> | undefined): boolean =>
    part?.stream === stream &&
    typeof part.event?.kind === "string" &&
    Array.isArray(part.snapshots?.users) &&
    Array.isArray(part.snapshots.messages);
  const hasPlace = (part: Partial<Delivery> | undefined): boolean =>
    typeof part?.epoch === "string" && Number.isSafeInteger(part.seq);
  if (isWhole(delivery) && hasPlace(delivery)) return { delivery } as FeedMessage;
  if (hasPlace(hint)) return { hint } as FeedMessage;
  if (isWhole(ephemeral) && Object.hasOwn(EPHEMERAL, ephemeral?.event?.kind ?? "")) return { ephemeral } as FeedMessage;
  throw new Error(`This is no message of ${stream}.`);
}
