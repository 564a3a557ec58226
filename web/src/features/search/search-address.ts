interface SearchPlace {
  readonly query: string;
  /** The room that one came from, to which the search can be narrowed. */
  readonly roomId: string | null;
  /** Whether all rooms are looked through, not that one alone. */
  readonly isEverywhere: boolean;
}

/** The address of a search: `/search?q=…`, `&room=1` for one room, `&scope=all` beside it for all. */
export function searchAddress({ query, roomId, isEverywhere }: SearchPlace): string {
  const params = new URLSearchParams();
  if (query.trim() !== "") params.set("q", query.trim());
  if (roomId !== null) params.set("room", roomId);
  if (roomId !== null && isEverywhere) params.set("scope", "all");
  const search = params.toString();
  return search === "" ? "/search" : `/search?${search}`;
}

/** What an address says of where to look. */
export function parseScope(params: URLSearchParams): Pick<SearchPlace, "roomId" | "isEverywhere"> {
  const roomId = params.get("room");
  return { roomId, isEverywhere: roomId === null || params.get("scope") === "all" };
}
