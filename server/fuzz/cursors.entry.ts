import { closeCodes } from "../transports/socket/protocol.js";
import { requireGraphqlAnswer, WrongAnswer } from "./answers.js";
import { anyText, Choices, choices, mangled } from "./choices.js";
import { entry } from "./entry.js";
import { jsonOf } from "./json.js";
import { dialLine } from "./socket-line.js";

/** How a cursor is mangled is decided when it is known. */
interface Place {
  readonly where: "events" | "messages" | "rooms" | "search" | "members" | "socket";
  readonly cursor: string;
  readonly numbers: readonly number[];
}

const QUERIES = {
  events: "query ($c: String!) { chatRoomEvents(roomId: §room§, after: $c) { nodes { cursor } } }",
  messages: "query ($c: String!) { chatRoom(id: §room§) { messages(first: 2, after: $c) { nodes { id } } } }",
  rooms: "query ($c: String!) { chatRooms(last: 2, before: $c) { nodes { id } } }",
  search: 'query ($c: String!) { searchChatMessages(query: "one", after: $c) { nodes { id } } }',
  members: "query ($c: String!) { chatProjects { chatMembers(after: $c) { nodes { id } } } }",
} as const;

const INSIDES = [
  "r1:§epoch§:1",
  "r1:§epoch§:99999999999",
  "u1:§epoch§:0",
  "r:::",
  '["1"]',
  "[1e999]",
  "{}",
  "",
  "null",
  "\u0000",
] as const;

function anyPlace(numbers: readonly number[]): Place {
  const choose = new Choices(numbers);
  const where = choose.of(["events", "messages", "rooms", "search", "members", "socket"]);
  const made = choose.rarely(3) ? anyText(choose) : choose.of(["§cursor§", "§page§"]);
  const cursor = choose.rarely(3) ? `§inside§${choose.of(INSIDES)}` : made;
  return { where, cursor, numbers: choose.rarely(2) ? numbers : [] };
}

/** The positions of pages and of events: such as there are, mangled ones, and inventions. */
export const cursors = entry<Place>("cursors", async (target) => {
  const made = ({ cursor, numbers }: Place): string => {
    const known = target.filled(cursor.replace("§inside§", ""));
    const given = cursor.startsWith("§inside§") ? Buffer.from(known).toString("base64url") : known;
    if (numbers.length === 0) return given;
    const choose = new Choices(numbers);
    const inside = mangled(choose, Buffer.from(given, "base64url").toString("latin1"));
    return choose.rarely(2) ? mangled(choose, given) : Buffer.from(inside, "latin1").toString("base64url");
  };
  return {
    inputs: choices.map(anyPlace),
    async send(place) {
      const cursor = made(place);
      if (place.where === "socket") return resume(target.filled(`${target.url}/ws/chat/§room§/`), target.token, cursor);
      const response = await fetch(`${target.url}/graphql`, {
        method: "POST",
        headers: { authorization: `Bearer ${target.token}`, "content-type": "application/json" },
        body: jsonOf({ query: target.filled(QUERIES[place.where]), variables: { c: cursor } }),
      });
      await requireGraphqlAnswer(response);
    },
  };
});

const MAY_END: ReadonlySet<number> = new Set([
  closeCodes.BAD_REQUEST,
  closeCodes.NOT_FOUND,
  closeCodes.RESYNC_REQUIRED,
]);

async function resume(url: string, token: string, cursor: string): Promise<void> {
  const [after = "", epoch = ""] = [cursor.slice(0, 20), cursor.slice(20)].map((text) =>
    encodeURIComponent(text.toWellFormed()),
  );
  const line = dialLine(`${url}?after=${after}&epoch=${epoch}`, { headers: { authorization: `Bearer ${token}` } });
  await line.hears("where a resumed stream starts", (frame) => frame.includes('"ready"'));
  // An address that is too long is no upgrade at all.
  if (line.refused() !== undefined) return requireRefused(line.refused());
  const code = line.code();
  if (code !== undefined && !MAY_END.has(code))
    throw new WrongAnswer(`a socket resumed after ${cursor} closed with ${code}`);
  await line.close();
}

function requireRefused(status: number | undefined): void {
  if (status !== 400 && status !== 431) throw new WrongAnswer(`an upgrade was refused with ${status}`);
}
