import type { DocumentNode } from "graphql";
import { print, visit } from "graphql";
import type { ApolloCache } from "@apollo/client/cache";

/** A document's text for a socket of our own: with the type names the cache needs, without the client's directives. */
export function printForServer(document: DocumentNode, cache: ApolloCache): string {
  const stripped = visit(document, {
    Directive: (node) => (node.name.value === "unmask" ? null : undefined),
  });
  return print(cache.transformDocument(stripped));
}
