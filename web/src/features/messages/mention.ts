import { i18n } from "@lingui/core";

/** Somebody whom a message mentions, by the names that they have now. */
export interface Mentioned {
  readonly id: string;
  readonly chatUsername: string | null;
  readonly chatDisplayName: string | null;
}

/** Somebody in a room, whom a text may mention. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly name: string;
}

export type MentionPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mention"; readonly text: string; readonly user: Mentioned };

// The server's own rule for what may be a mention.
const MENTION = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_][\p{L}\p{N}_.-]*)/gu;
const WHOLE_NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u;

/** Whether somebody with this username can be mentioned by it. */
export function isMentionable(username: string): boolean {
  return WHOLE_NAME.test(username);
}

const withoutEnd = (name: string): string => name.replace(/[.-]+$/u, "");

/** The people by the names under which the text has them. */
function peopleByName(content: string, mentioned: readonly Mentioned[]): ReadonlyMap<string, Mentioned> {
  const people = new Map(
    mentioned.flatMap((user) => (user.chatUsername ? [[user.chatUsername.toLowerCase(), user]] : [])),
  );
  const typed = [...content.matchAll(MENTION)].map(([, name = ""]) => name.toLowerCase());
  const strange = new Set(typed.filter((name) => !people.has(name) && !people.has(withoutEnd(name))).map(withoutEnd));
  const unseen = mentioned.filter(
    ({ chatUsername }) => !typed.some((name) => [name, withoutEnd(name)].includes(chatUsername?.toLowerCase() ?? "")),
  );
  // Renamed since: one name that nobody has, and one person who is not in the text, are the same.
  const [name, user] = [[...strange][0], unseen[0]];
  if (strange.size === 1 && unseen.length === 1 && name !== undefined && user) people.set(name, user);
  return people;
}

/** Finds the mentions of a message in any part of its text. A name that the server did not find stays text. */
export function createMentionFinder(
  content: string,
  mentioned: readonly Mentioned[],
): (text: string) => readonly MentionPart[] {
  const people = peopleByName(content, mentioned);
  return (text) => {
    const parts: MentionPart[] = [];
    let end = 0;
    for (const { 1: name = "", index } of text.matchAll(MENTION)) {
      const found = [name, withoutEnd(name)].find((each) => people.has(each.toLowerCase()));
      const user = people.get(found?.toLowerCase() ?? "");
      if (found === undefined || !user) continue;
      if (index > end) parts.push({ kind: "text", text: text.slice(end, index) });
      parts.push({ kind: "mention", text: `@${found}`, user });
      end = index + 1 + found.length;
    }
    if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
    return parts;
  };
}

/** How a mention is shown: under the name that the person has now. */
export function mentionName({ chatDisplayName }: Mentioned): string {
  return `@${chatDisplayName ?? i18n.t("Deleted user")}`;
}

/** A message's plain text, or any part of it, with people's present names in the place of those that were typed. */
export function nameMentioned(text: string, content: string, mentioned: readonly Mentioned[]): string {
  if (mentioned.length === 0) return text;
  const find = createMentionFinder(content, mentioned);
  return find(text)
    .map((part) => (part.kind === "text" ? part.text : mentionName(part.user)))
    .join("");
}

/** Which of these people a text mentions: what the server will find in it. */
export function mentionedIn(content: string, people: readonly Person[]): readonly Mentioned[] {
  const typed = new Set(
    [...content.matchAll(MENTION)].flatMap(([, name = ""]) =>
      [name, withoutEnd(name)].map((each) => each.toLowerCase()),
    ),
  );
  return people
    .filter(({ username }) => typed.has(username.toLowerCase()))
    .map(({ id, username, name }) => ({ id, chatUsername: username, chatDisplayName: name }));
}
