/** Branded ids: a `RoomId` handed to where a `MessageId` is wanted does not compile. */
declare const brand: unique symbol;
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };

/** The local number of a person. The host product's own id of the same person is `User.hostId`. */
export type UserId = Brand<number, "UserId">;

/** Nobody's number: no row has it, and none ever will. */
export const NOBODYS_ID = parseNobody();

function parseNobody(): UserId {
  return 0 as UserId;
}

/** The largest id that a column can hold: anything above it can't exist. */
const MAX_ID = 2_147_483_647;

/**
 * A local id from what a client sent (`"42"` or `42`), or undefined when nothing could ever have that id.
 * Callers answer undefined as they answer an id that does not exist.
 */
export function parseId<Id extends Brand<number, string>>(value: unknown): Id | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || !/^[1-9]\d{0,9}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= MAX_ID ? (id as Id) : undefined;
}
