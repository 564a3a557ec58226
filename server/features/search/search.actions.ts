import { notFound } from "../../platform/errors.js";
import { parseId } from "../../platform/ids.js";
import { formatPageCursor, parsePage, parsePageCursor, toConnection, type Connection } from "../../platform/paging.js";
import type { Scope } from "../../platform/scope.js";
import { ownProject } from "../directory/directory.queries.js";
import type { ProjectRef } from "../directory/directory.js";
import { requireRate } from "../limits/limit.access.js";
import type { Message, MessageId } from "../messages/message.js";
import { requireParticipant } from "../rooms/room.access.js";
import { highlightsOf, matchesIn, type Highlight } from "./highlight.js";
import { estimatedMatches } from "./search-estimate.queries.js";
import type { Haystack } from "./search-match.queries.js";
import { recentFrom } from "./search-walk.queries.js";
import { haystackOf, matchesOf, type Search } from "./search.queries.js";
import { closenesses, closenessesOf, parseSearchQuery, type Closeness } from "./search.js";

export interface SearchMessages {
  readonly query: string;
  /** Only in this room. */
  readonly roomId?: string | number | undefined;
  /** Only in rooms of this project. */
  readonly project?: ProjectRef | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** A page of messages that were found, each edge with the words that were found in its text and in its file's name. */
export interface FoundMessages extends Connection<Message> {
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: Message;
    readonly highlights: readonly Highlight[];
    /** Empty when nothing in the name was searched for, or there is no file. */
    readonly nameHighlights: readonly Highlight[];
  }[];
}

/**
 * Finds messages, by their text and the name of their file, in the rooms that the actor is in now: whole words first, then words that begin so, then words that have
 * them inside; in each of these the newest first. What is written meanwhile does not move a page.
 * @throws DomainError BAD_USER_INPUT (query, first, after); NOT_FOUND for a room or project that is not the actor's; RATE_LIMITED
 */
export async function searchMessages(scope: Scope, input: SearchMessages): Promise<FoundMessages> {
  const { actor, em } = scope;
  const query = parseSearchQuery(input.query);
  const page = parsePage({ first: input.first, after: input.after }, "start");
  const after = page.after === undefined ? undefined : parsePlace(page.after);
  await requireRate(scope, "searchMessages");
  const access = input.roomId === undefined ? undefined : await requireParticipant(em, actor.id, input.roomId);
  const project = input.project === undefined ? undefined : await ownProject(em, actor.id, input.project);
  if (input.project !== undefined && project === undefined) throw notFound("This project");
  const search: Search = { viewerId: actor.id, query, roomId: access?.room.id, projectId: project?.id };
  const found = await bestMatches(scope, search, { after, limit: page.limit + 1 });
  const connection = toConnection(found, page, cursorOf);
  return {
    edges: connection.edges.map(({ cursor, node: { message } }) => ({
      cursor,
      node: message,
      highlights: highlightsOf(message.content, query.terms),
      nameHighlights: matchesIn(message.attachment?.name ?? "", query.terms),
    })),
    nodes: connection.nodes.map(({ message }) => message),
    pageInfo: connection.pageInfo,
  };
}

/** A message that was found, and how closely it matches. */
interface Found {
  readonly message: Message;
  readonly closeness: Closeness;
}

interface FoundPlace {
  readonly closeness: Closeness;
  readonly id: MessageId;
}

/** It takes several statements: each asks the scope anew, which has nothing to give when the operation has ended. */
async function bestMatches(
  scope: Scope,
  asked: Search,
  { after, limit }: { readonly after: FoundPlace | undefined; readonly limit: number },
): Promise<readonly Found[]> {
  const found: Found[] = [];
  const search = { ...asked, haystack: await haystackOf(scope.em, asked) };
  const recent = recentOf(scope, search.haystack);
  const reached = after === undefined ? 0 : closenesses.indexOf(after.closeness);
  for (const closeness of closenessesOf(asked.query)) {
    if (closenesses.indexOf(closeness) < reached) continue;
    const below = closeness === after?.closeness ? after.id : undefined;
    for await (const range of rangesOf(scope, { ...search, closeness, below, recent })) {
      const messages = await matchesOf(scope.em, search, { ...range, closeness, limit: limit - found.length });
      found.push(...messages.map((message) => ({ message, closeness })));
      if (found.length === limit) return found;
    }
  }
  return found;
}

interface Looked {
  readonly haystack: Haystack;
  readonly closeness: Closeness;
  readonly below: MessageId | undefined;
  readonly recent: RecentFrom;
}

type RecentFrom = (below: number | undefined) => Promise<number>;

/** As {@link recentFrom}, asked once for each place. */
function recentOf(scope: Scope, { roomIds }: Haystack): RecentFrom {
  const known = new Map<number | undefined, Promise<number>>();
  return (below) => {
    const from = known.get(below) ?? recentFrom(scope.em, roomIds, below);
    known.set(below, from);
    return from;
  };
}

/** As many are read by the index of words, and the newest taken, in some hundredths of a second. */
const FEW = 20_000;

/**
 * Few matches are asked of the index at once. Common words are looked for among the newest messages first, where they fill a
 * page. Filters alone find theirs by themselves.
 */
async function* rangesOf(scope: Scope, { haystack, closeness, below, recent }: Looked) {
  const { needles } = haystack;
  if (needles.length === 0 || (await estimatedMatches(scope.em, needles, closeness)) <= FEW) {
    yield { below };
    return;
  }
  const from = await recent(below);
  yield { from, below };
  if (from > 0) yield { below: from };
}

const cursorOf = ({ closeness, message }: Found): string =>
  formatPageCursor([closenesses.indexOf(closeness), message.id]);

function parsePlace(cursor: string): FoundPlace {
  const [rank, number] = parsePageCursor(cursor, "after", ["number", "number"]);
  const closeness = typeof rank === "number" ? closenesses[rank] : undefined;
  const id = parseId<MessageId>(number);
  return closeness === undefined || id === undefined ? parsePlace("") : { closeness, id };
}
