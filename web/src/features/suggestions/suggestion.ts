/** One thing that can be put in the place of what is being typed. */
export interface Suggestion {
  readonly key: string;
  /** What stands in the text afterwards. */
  readonly insert: string;
  readonly label: string;
  /** Beside the label, quieter. */
  readonly detail: string;
  readonly picture:
    | { readonly kind: "person"; readonly id: string; readonly name: string }
    | { readonly kind: "emoji"; readonly emoji: string };
}

export const SUGGESTIONS_MAX = 8;

function rankPerson({ username, name }: Person, query: string): number | null {
  const [handle, shown] = [username.toLowerCase(), name.toLowerCase()];
  if (handle.startsWith(query)) return 0;
  if (shown.split(/\s+/u).some((word) => word.startsWith(query))) return 1;
  return handle.includes(query) || shown.includes(query) ? 2 : null;
}

/** The people whose username or name has the query, best first, oneself last. */
export function suggestPeople(people: readonly Person[], query: string, viewerId: string): readonly Suggestion[] {
  const wanted = query.toLowerCase();
  return people
    .flatMap((person) => {
      const rank = rankPerson(person, wanted);
      return rank === null ? [] : [{ person, rank: person.id === viewerId ? rank + 3 : rank }];
    })
    .toSorted((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name))
    .slice(0, SUGGESTIONS_MAX)
    .map(({ person: { id, username, name } }) => ({
      key: id,
      insert: `@${username} `,
      label: id === viewerId ? i18n.t("{name} (you)", { name }) : name,
      detail: `@${username}`,
      picture: { kind: "person", id, name },
    }));
}
import { i18n } from "@lingui/core";
import type { Person } from "../messages/mention.js";
