import { InMemoryCache, type FieldPolicy, type Reference } from "@apollo/client/cache";
import { messagesPolicy } from "../features/messages/message-window.js";
import { searchPolicy } from "../features/search/search.cache.js";

interface StoredConnection {
  readonly edges: readonly { readonly node: Reference }[];
  readonly [extra: string]: unknown;
}

/** The viewer's rooms, all pages in one list; its order is the sidebar's business. */
const roomsPolicy: FieldPolicy<StoredConnection, StoredConnection> = {
  keyArgs: false,
  merge: (existing, incoming, { args }) => {
    const isFurther = typeof args?.["after"] === "string";
    const isAbove = typeof args?.["before"] === "string";
    if (!existing || !(isFurther || isAbove)) return incoming;
    const known = new Set(existing.edges.map((edge) => edge.node.__ref));
    const fresh = incoming.edges.filter((edge) => !known.has(edge.node.__ref));
    // The head stays the first page's: later pages were read after it, and rooms could have come between.
    const edges = [...existing.edges, ...fresh];
    return isAbove ? { ...existing, edges } : { ...incoming, headCursor: existing["headCursor"], edges };
  },
};

/** The newer array replaces the older one: these lists always come whole. */
const replaced: FieldPolicy = { merge: (_existing, incoming) => incoming };

/** The cache: everything with an id is one object (`ChatRoom:1`), whatever query, mutation or event told of it. */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
    typePolicies: {
      Query: { fields: { chatRooms: roomsPolicy, chatProjects: replaced, searchChatMessages: searchPolicy } },
      ChatRoom: {
        fields: {
          messages: messagesPolicy,
          participants: replaced,
          mediaEpoch: { read: (existing: number = 0) => existing },
          typingUsers: { read: (existing: readonly Reference[] = []) => existing, merge: false },
        },
      },
      // Some ask for a file's name alone; what else is known of it stays.
      ChatMessage: { fields: { reactionGroups: replaced, mentions: replaced, attachment: { merge: true } } },
      Project: { fields: { chatMembers: { keyArgs: ["query", "first"], merge: false } } },
      // Without an id: part of its message, of which one query may want more than another.
      ChatAttachment: { merge: true },
      ChatReactionGroup: { keyFields: false, fields: { users: { keyArgs: false, merge: false } } },
    },
  });
}
