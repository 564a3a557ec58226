import type { AnswerFrame, ChatFrame, DurableFrame } from "./types.ts";

/** Reads what a server says. Undefined for what is none of its frames; types that are not known yet pass. */
export function parseFrame(data: unknown): ChatFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as ChatFrame) : undefined;
  } catch {
    return undefined;
  }
}

const answers: Readonly<Record<AnswerFrame["type"], true>> = {
  message_new: true,
  message_edited: true,
  message_deleted: true,
  reaction_added: true,
  reaction_removed: true,
};

export function isAnswer(frame: ChatFrame): frame is AnswerFrame {
  return frame.type in answers;
}

/** A frame with its place in the room. */
export type PlacedFrame = DurableFrame & { readonly seq: number };

export function hasPlace(frame: ChatFrame): frame is PlacedFrame {
  return "seq" in frame && frame.type !== "ready" && typeof frame.seq === "number";
}
