import type { Project, User } from "../../features/directory/directory.js";
import type { TestFile } from "../files.js";

/**
 * One interface over the three transports: what somebody does has one name and one shape, whatever it is said with. What
 * a transport answers is brought into one shape by tables of the tests' own, so that a wrong table of the server's is found.
 */

export const transports = ["graphql", "rest", "socket"] as const;
export type Transport = (typeof transports)[number];

/** Everything that one can do over more than one transport. */
export const verbs = [
  "createRoom",
  "renameRoom",
  "deleteRoom",
  "addParticipant",
  "removeParticipant",
  "listRooms",
  "getRoom",
  "listMessages",
  "getMessage",
  "search",
  "markRead",
  "send",
  "edit",
  "delete",
  "react",
  "unreact",
  "typing",
  "resume",
  "upsertUsers",
  "upsertProjects",
  "revokeTokens",
] as const;
export type Verb = (typeof verbs)[number];

/** What the host product alone does. */
export const hostVerbs: readonly Verb[] = ["upsertUsers", "upsertProjects", "revokeTokens"];

/** REST has no events, neither to hear nor to make. */
export type RestVerb = Exclude<Verb, "typing" | "resume">;
/** The raw WebSocket speaks in the one room that it is in. */
export type SocketVerb = Extract<Verb, "send" | "edit" | "delete" | "react" | "unreact" | "typing" | "resume">;

/**
 * What is asked with, by GraphQL's names; people and projects as themselves, of which each transport takes the id that it
 * shows. Anything else goes out as it is, right or wrong.
 */
export type Input = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, unknown>>;

export interface Refusal {
  readonly code: string;
  /** By GraphQL's name. The raw WebSocket names none. */
  readonly field?: string | undefined;
  /** What is said to the caller; none where nothing is said, which is GraphQL's null. */
  readonly words?: string | undefined;
  /** Milliseconds, or undefined. */
  readonly retryAfterMs?: number | undefined;
}

/** How it was said: a status of HTTP, a frame, or the code with which the socket was closed. */
export type Manner = number | "frame";

export type Answer =
  | { readonly manner: Manner; readonly result: Fields }
  | { readonly manner: Manner; readonly refusal: Refusal };

export type Client<Can extends Verb = Verb> = { readonly [Name in Can]: (input: Input) => Promise<Answer> };

/** Who speaks, and to which server. */
export interface Speaker {
  readonly url: string;
  readonly token: string | undefined;
  /** Whom and what there is, to tell that two ids of one mean the same. */
  readonly projects: readonly Project[];
  readonly people: readonly User[];
}

/** A client out of what it does for each of its verbs. */
export function parseClient<Can extends Verb>(
  table: Readonly<Record<Can, unknown>>,
  call: (name: Can) => (input: Input) => Promise<Answer>,
): Client<Can> {
  const names = Object.keys(table);
  return Object.fromEntries(names.map((name) => [name, call(name as Can)])) as Client<Can>;
}

/** A person or a project by the id that a transport shows; lists of them; all else as it is. */
export function shownAs(key: "id" | "hostId", value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => shownAs(key, one));
  return typeof value === "object" && value !== null && "hostId" in value && "id" in value ? value[key] : value;
}

/** These parts of an input under the names of a transport; what is not given is not sent. */
export function pick(input: Input, names: Readonly<Record<string, string>>, key: "id" | "hostId"): Fields {
  const given = Object.entries(names).filter(([name]) => name in input);
  return Object.fromEntries(given.map(([name, shown]) => [shown, shownAs(key, input[name])]));
}

/** The file that is sent along, which HTTP alone can carry. */
export function parseFile({ attachment }: Input): TestFile | undefined {
  return attachment === undefined ? undefined : (attachment as TestFile);
}

/** A thing with the kind of thing that it is: `message:42`. */
export const ref = (kind: string, id: unknown): string => `${kind}:${String(id)}`;

/** A project by whichever of its ids. */
export function projectRef(projects: readonly Project[], id: unknown): string {
  return ref("project", projects.find((project) => project.hostId === id || project.id === id)?.id);
}

export function parseFields(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new Error(`This is no object: ${JSON.stringify(value)}`);
  return value as Fields;
}

export function parseList(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) throw new Error(`This is no list: ${JSON.stringify(value)}`);
  return value.map(parseFields);
}
