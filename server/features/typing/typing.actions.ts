import type { Scope } from "../../platform/scope.js";
import { publishEphemeral } from "../feed/feed.actions.js";
import { roomStream } from "../feed/stream.js";
import { hasRate } from "../limits/limit.access.js";
import { requireParticipant } from "../rooms/room.access.js";
import type { RoomId } from "../rooms/room.js";

/** Typing ends by itself this long after it was last said. */
export const TYPING_EXPIRES_MS = 3_000;

/**
 * Says that somebody is typing, or has stopped. Repeating it only keeps it alive; nothing of it is kept. Who says it too
 * often is not refused: what is too much is told to nobody.
 * @throws DomainError NOT_FOUND
 */
export async function setTyping(
  scope: Scope,
  input: { readonly roomId: string | number; readonly isTyping: boolean },
): Promise<RoomId> {
  const { actor, em, services } = scope;
  const { room } = await requireParticipant(em, actor.id, input.roomId);
  if (!(await hasRate(scope, "setTyping"))) return room.id;
  const stopped = { kind: "typing_changed", roomId: room.id, userId: actor.id, isTyping: false } as const;
  const common = {
    stream: roomStream(room.id),
    snapshots: { users: [actor], messages: [] },
    key: `typing:${room.id}:${actor.id}`,
  };
  if (input.isTyping) {
    const started = { ...stopped, isTyping: true };
    publishEphemeral(services, { ...common, event: started, expires: { afterMs: TYPING_EXPIRES_MS, event: stopped } });
  } else {
    publishEphemeral(services, { ...common, event: stopped, ends: true });
  }
  return room.id;
}
