import type { AnswerFrame, ChatFrame, DurableFrame } from "./types.ts";

/** Reads what the server at `url` says. Undefined for what is none of its frames; types that are not known yet pass. */
export function parseFrame(data: unknown, url: string): ChatFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && "type" in frame
      ? withWholeAddress(frame as ChatFrame, url)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A frame is the same for all who get it, whatever they call the server: a file's address in it may begin at its root. */
function withWholeAddress(frame: ChatFrame, url: string): ChatFrame {
  if (frame.type !== "message_new" && frame.type !== "message_edited") return frame;
  const { message } = frame;
  if (message.attachment_url === null) return frame;
  const whole = new URL(message.attachment_url, url.replace(/^ws/, "http")).href;
  return { ...frame, message: { ...message, attachment_url: whole } };
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
