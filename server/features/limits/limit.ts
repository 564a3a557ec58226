import type { Counted, LimitName } from "../../platform/rates/rate-limiter.js";

/**
 * What is counted, each by itself, and the limit that it is held against. Reading and typing are not taken from what
 * somebody may change: a client says them by itself, and nobody shall be kept from editing because they have read a lot.
 */
const counts = {
  sends: "sends",
  uploads: "uploads",
  writes: "writes",
  reads: "writes",
  typing: "writes",
  searches: "searches",
  demoLogins: "logins",
} as const satisfies Readonly<Record<string, LimitName>>;

export type Count = keyof typeof counts;

/** Every verb, with what a call of it is counted as. The host product's own are not limited. */
export const verbCounts = {
  sendMessage: ["sends"],
  /** {@link verbCounts.sendMessage} with a file. */
  sendFile: ["sends", "uploads"],
  editMessage: ["writes"],
  deleteMessage: ["writes"],
  addReaction: ["writes"],
  removeReaction: ["writes"],
  createRoom: ["writes"],
  renameRoom: ["writes"],
  deleteRoom: ["writes"],
  addParticipant: ["writes"],
  removeParticipant: ["writes"],
  markRoomRead: ["reads"],
  setTyping: ["typing"],
  searchMessages: ["searches"],
  upsertUsers: [],
  upsertProjects: [],
  revokeTokens: [],
} as const satisfies Readonly<Record<string, readonly Count[]>>;

/** A verb whose calls are counted. */
export type LimitedVerb = {
  [Verb in keyof typeof verbCounts]: (typeof verbCounts)[Verb] extends readonly [] ? never : Verb;
}[keyof typeof verbCounts];

export const toCounted = (names: readonly Count[]): readonly Counted[] =>
  names.map((count) => ({ count, limit: counts[count] }));
