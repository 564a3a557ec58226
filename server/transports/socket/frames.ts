import { attachmentUrls } from "../../features/attachments/attachment.actions.js";
import { usersByIds } from "../../features/directory/directory.queries.js";
import type { User } from "../../features/directory/directory.js";
import type { ChatEvent, Delivery } from "../../features/feed/room-event.js";
import { reactionsOn } from "../../features/reactions/reaction.queries.js";
import type { UserId } from "../../platform/ids.js";
import type { Database } from "../../platform/orm.js";
import type { Files } from "../../platform/scope.js";
import { keepableBytes } from "../shared-frame.js";
import { peopleOf, toMessageShape, toNestedReactionShape, toParticipantShape, type People } from "../shapes.js";
import type { FrameOfResume, FrameOfSpec } from "./protocol.js";

/** Who reads a frame, and whether they resume. */
export interface Reader {
  readonly userId: UserId;
  readonly resumes: boolean;
}

/** One event as sockets get it: written once on this node, whoever reads it. Undefined for who is not shown it. */
export type SharedFrame = (reader: Reader) => Buffer | undefined;

/** Makes the frames of events, each once: followers of a room are handed the same event. */
export type Frames = (delivery: Delivery) => Promise<SharedFrame>;

export function createFrames({ fork }: Pick<Database, "fork">, files: Files): Frames {
  const made = new WeakMap<ChatEvent, { readonly address: string | undefined; readonly frame: Promise<SharedFrame> }>();
  return (delivery) => {
    // The address of a file ends, and an event may stay in memory for longer: with another one the frame is made anew.
    const address = addressIn(delivery.event, files);
    const known = made.get(delivery.event);
    if (known !== undefined && known.address === address) return known.frame;
    const making = makeFrame(delivery, { fork, files });
    made.set(delivery.event, { address, frame: making });
    // The next one asks again; this one's reader is told.
    making.catch(() => made.delete(delivery.event));
    return making;
  };
}

/** The address of an event's file, as it is now. */
function addressIn(event: ChatEvent, files: Files): string | undefined {
  const attachment = "message" in event ? event.message.attachment : null;
  return attachment === null ? undefined : attachmentUrls(files, attachment).url;
}

/** What frames are made with. */
interface Making extends Pick<Database, "fork"> {
  readonly files: Files;
}

async function makeFrame(delivery: Delivery, making: Making): Promise<SharedFrame> {
  const { event, seq } = delivery;
  const ofSpec = await frameOfSpec(delivery, making);
  const frame = ofSpec ?? frameOfResume(delivery);
  const cause = causeOf(event);
  const written = new Map<string, Buffer>();
  return ({ userId, resumes }) => {
    if (frame === undefined || (ofSpec === undefined && !resumes)) return undefined;
    // The seq and the key of an event are always the same: there are four ways at most to write it.
    const place = resumes && seq !== null ? { seq } : {};
    const key = cause?.userId === userId ? cause.clientKey : null;
    const echo = key === null ? {} : { client_mutation_id: key };
    const variant = Object.keys({ ...place, ...echo }).join();
    const bytes = written.get(variant) ?? keepableBytes(JSON.stringify({ ...frame, ...place, ...echo }));
    written.set(variant, bytes);
    return bytes;
  };
}

/** Who caused it under which key: it comes back to them alone. */
function causeOf(event: ChatEvent): { readonly userId: UserId; readonly clientKey: string | null } | undefined {
  if (event.kind === "message_sent") return event.message;
  return "cause" in event ? event.cause : undefined;
}

/** The frames that the original system had; a new kind of event does not compile until it is known here. */
async function frameOfSpec({ event, snapshots }: Delivery, making: Making): Promise<FrameOfSpec | undefined> {
  const people = peopleOf(snapshots.users);
  switch (event.kind) {
    case "message_sent":
      return { type: "message_new", message: toMessageShape({ people, files: making.files }, event.message, []) };
    case "message_edited":
      return messageEdited(event.message, snapshots.users, making);
    case "message_deleted":
      return { type: "message_deleted", message_id: event.messageId };
    case "reaction_added": {
      const { reaction } = event;
      return {
        type: "reaction_added",
        message_id: reaction.messageId,
        reaction: toNestedReactionShape(people, reaction),
      };
    }
    case "reaction_removed": {
      const { messageId, userId, emoji } = event.reaction;
      return { type: "reaction_removed", message_id: messageId, user_id: userId, emoji };
    }
    case "typing_changed":
      return { type: "user_typing", ...named(people, event.userId), is_typing: event.isTyping };
    case "attendance_changed":
      return { type: event.isHere ? "user_joined" : "user_left", ...named(people, event.userId) };
    case "participant_added":
    case "participant_removed":
    case "room_changed":
    case "room_deleted":
    // What is not about this room, or which a socket learns otherwise.
    case "ready":
    case "room_joined":
    case "room_left":
    case "read_moved":
    case "others_read_moved":
    case "presence_changed":
    case "user_changed":
      return undefined;
  }
}

function frameOfResume({ event, snapshots }: Delivery): FrameOfResume | undefined {
  if (event.kind === "room_deleted") return { type: "room_deleted", room_id: event.roomId };
  if (event.kind === "room_changed") {
    const { id, name, type, projectId, updatedAt } = event.room;
    return { type: "room_changed", room: { id, name, type, project: projectId, updated_at: updatedAt } };
  }
  if (event.kind !== "participant_added" && event.kind !== "participant_removed") return undefined;
  const participant = toParticipantShape(peopleOf(snapshots.users), event.participant);
  return { type: event.kind, participant, owner_id: event.ownerId, updated_at: event.updatedAt };
}

/**
 * The whole message, with the reactions that it had when it was edited, as far as they are still there: what was put on
 * it later comes by itself, to those who may still see it.
 */
async function messageEdited(
  message: Extract<ChatEvent, { readonly kind: "message_edited" }>["message"],
  known: readonly User[],
  { fork, files }: Making,
): Promise<FrameOfSpec> {
  const em = fork();
  const reactions = (await reactionsOn(em, message.id)).filter(({ createdAt }) => createdAt <= message.updatedAt);
  const ids = new Set(reactions.map(({ userId }) => userId));
  for (const { id } of known) ids.delete(id);
  const users = [...known, ...(await usersByIds(em, [...ids]))];
  return { type: "message_edited", message: toMessageShape({ people: peopleOf(users), files }, message, reactions) };
}

function named(people: People, userId: UserId): { readonly user_id: number; readonly username: string } {
  return { user_id: userId, username: people.get(userId)?.username ?? "" };
}
