import { badInput } from "./errors.js";

/** Relay's paging arguments. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface Page {
  /** Which end of what lies between the cursors is wanted. */
  readonly from: "start" | "end";
  readonly limit: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 50;

/**
 * What part of a list is asked for.
 * @param from which end, when neither `first` nor `last` says
 * @throws DomainError BAD_USER_INPUT for both, or for a number outside 1 to 100
 */
export function parsePage({ first, after, last, before }: PageArguments, from: Page["from"]): Page {
  if (typeof first === "number" && typeof last === "number")
    throw badInput("last", "Use either first or last, not both.");
  requireSize("first", first);
  requireSize("last", last);
  return {
    from: typeof first === "number" ? "start" : typeof last === "number" ? "end" : from,
    limit: first ?? last ?? PAGE_DEFAULT,
    after: after ?? undefined,
    before: before ?? undefined,
  };
}

function requireSize(field: string, size: number | null | undefined): void {
  if (typeof size === "number" && (size < 1 || size > PAGE_MAX))
    throw badInput(field, `A page has 1 to ${PAGE_MAX} items.`);
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfoShape;
}

export interface PageInfoShape {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/**
 * A page of a list as a connection.
 * @param found in the list's order, with one item too many at the far end when there are more
 */
export function toConnection<Node>(
  found: readonly Node[],
  page: Page,
  cursorOf: (node: Node) => string,
): Connection<Node> {
  const hasMore = found.length > page.limit;
  const nodes = page.from === "start" ? found.slice(0, page.limit) : found.slice(-page.limit);
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: page.from === "start" ? hasMore : page.before !== undefined,
      hasPreviousPage: page.from === "end" ? hasMore : page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A place in a list as clients hold it. */
export function formatPageCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/**
 * The place that a client sent back.
 * @throws DomainError BAD_USER_INPUT when it is not one of this list's
 */
export function parsePageCursor(
  cursor: string,
  field: string,
  shape: readonly ("string" | "number")[],
): readonly (string | number)[] {
  const parts = parseJson(Buffer.from(cursor, "base64url").toString());
  const fits =
    Array.isArray(parts) && parts.length === shape.length && parts.every((part, index) => typeof part === shape[index]);
  if (!fits) throw badInput(field, "This is not a cursor of this list.");
  return parts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
