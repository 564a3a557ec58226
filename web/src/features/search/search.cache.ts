import type { FieldPolicy } from "@apollo/client/cache";

interface StoredPage {
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly endCursor: string | null };
}

/**
 * All pages of one search in one list. A page that does not follow the last one (the list was asked for anew while it was
 * on its way) is dropped; one that follows nothing is the list.
 */
export const searchPolicy: FieldPolicy<StoredPage, StoredPage> = {
  keyArgs: ["query", "roomId", "projectId"],
  merge: (existing, incoming, { args }) => {
    const after: unknown = args?.["after"];
    if (typeof after !== "string") return incoming;
    if (existing?.pageInfo.endCursor !== after) return existing ?? incoming;
    return { ...incoming, edges: [...existing.edges, ...incoming.edges] };
  },
};
