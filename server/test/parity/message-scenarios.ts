import { deleteMessage, sendMessage } from "../../features/messages/message.actions.js";
import { addReaction } from "../../features/reactions/reaction.actions.js";
import { removeParticipant } from "../../features/rooms/participant.actions.js";
import { bad, of, type Scenario } from "./scenario.js";
import { never } from "./stage.js";

const send = of("send");
const edit = of("edit");
const drop = of("delete");
const react = of("react");
const unreact = of("unreact");
const typing = of("typing");
const get = of("getMessage");
const list = of("listMessages");
const search = of("search");
const resume = of("resume");

const KEY = "7d444840-9dc0-4c1f-8f3e-2f3d1f2a1b0c";
const FIFTY = [
  ..."😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙😋😛😜🤪😝🤑🤗🤭🤫🤔🤐🤨😐😑😶😏😒🙄😬🤥😌😔😪🤤😴😷🤒🤕🤢🤮",
];
const ODD = '<b>&amp;</b> "quoted" \\ \t 👩‍👩‍👧 ﷽\u202eevil';

/** What can be done with messages. */
export const messageScenarios: readonly Scenario[] = [
  send.does("words", ({ room }) => ({ roomId: room.id, content: "Good morning." }), {
    content: "Good morning.",
    type: "text",
    reactions: [],
    isEdited: false,
    editedAt: null,
  }),
  send.does("by another participant", ({ room }) => ({ roomId: room.id, content: "Hi" }), {}, { who: "bob" }),
  send.does("signs of all kinds, as they are", ({ room }) => ({ roomId: room.id, content: ODD }), { content: ODD }),
  send.does("without what can't be stored", ({ room }) => ({ roomId: room.id, content: "a\r\nb\u0000\u0007\ud800" }), {
    content: "a\nb\ufffd",
  }),
  send.does("as long as can be", ({ room }) => ({ roomId: room.id, content: "😀".repeat(10_000), type: "text" })),
  send.does("with the name of a participant", ({ room, people }) => ({
    roomId: room.id,
    content: `@${people.jane.username} look`,
  })),
  send.does("of no type in particular", ({ room }) => ({ roomId: room.id, content: "x", type: null }), {
    type: "text",
  }),
  send.does(
    "with no key in particular",
    ({ room }) => ({ roomId: room.id, content: "x", clientMutationId: null }),
    {},
    {
      over: ["graphql"],
    },
  ),
  send.does("under a key", ({ room }) => ({ roomId: room.id, content: "once", clientMutationId: KEY.toUpperCase() })),
  send.does(
    "what was sent under the key",
    ({ room }) => ({ roomId: room.id, content: "once", clientMutationId: KEY }),
    { content: "once" },
    {
      before: (world, { room, people }) =>
        sendMessage(world.as(people.john), { roomId: room.id, content: "once", clientMutationId: KEY }),
    },
  ),
  send.does(
    "under another's key",
    ({ room }) => ({ roomId: room.id, content: "mine", clientMutationId: KEY }),
    { content: "mine" },
    {
      before: (world, { room, people }) =>
        sendMessage(world.as(people.jane), { roomId: room.id, content: "hers", clientMutationId: KEY }),
    },
  ),
  send.refuses(
    "other words under the key",
    ({ room }) => ({ roomId: room.id, content: "other", clientMutationId: KEY }),
    "IDEMPOTENCY_KEY_REUSED",
    {
      before: (world, { room, people }) =>
        sendMessage(world.as(people.john), { roomId: room.id, content: "one", clientMutationId: KEY }),
    },
  ),
  send.refuses(
    "the same in another room under the key",
    ({ elsewhere }) => ({ roomId: elsewhere.id, content: "one", clientMutationId: KEY }),
    "IDEMPOTENCY_KEY_REUSED",
    {
      before: (world, { room, people }) =>
        sendMessage(world.as(people.john), { roomId: room.id, content: "one", clientMutationId: KEY }),
    },
  ),
  send.refuses(
    "what was deleted since under the key",
    ({ room }) => ({ roomId: room.id, content: "one", clientMutationId: KEY }),
    "NOT_FOUND",
    {
      async before(world, { room, people }) {
        const scope = world.as(people.john);
        const { id } = await sendMessage(scope, { roomId: room.id, content: "one", clientMutationId: KEY });
        await deleteMessage(world.as(people.john), { messageId: id });
      },
    },
  ),
  send.refuses("nothing", ({ room }) => ({ roomId: room.id, content: " \n\u0000" }), bad("content")),
  send.refuses("too much", ({ room }) => ({ roomId: room.id, content: "😀".repeat(10_001) }), bad("content")),
  send.refuses("a file without a file", ({ room }) => ({ roomId: room.id, content: "x", type: "file" }), bad("type")),
  send.refuses(
    "an image without an image",
    ({ room }) => ({ roomId: room.id, content: "x", type: "image" }),
    bad("type"),
  ),
  send.refuses(
    "under a key that is no UUID",
    ({ room }) => ({ roomId: room.id, content: "x", clientMutationId: "again" }),
    bad("clientMutationId"),
  ),
  send.refuses("to a room that never was", () => ({ roomId: never.id, content: "x" }), "NOT_FOUND"),

  edit.does(
    "one's own",
    ({ room, mine, people }) => ({ roomId: room.id, messageId: mine.id, content: `Better, @${people.bob.username}` }),
    {
      isEdited: true,
      reactions: [{ emoji: "🎉" }, { emoji: "👍" }],
    },
  ),
  edit.does("to the same words", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, content: mine.content }), {
    isEdited: true,
  }),
  edit.refuses(
    "another's",
    ({ room, theirs }) => ({ roomId: room.id, messageId: theirs.id, content: "x" }),
    "FORBIDDEN",
  ),
  edit.refuses(
    "to nothing",
    ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, content: "" }),
    bad("content"),
  ),
  edit.refuses(
    "to too much",
    ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, content: "x".repeat(10_001) }),
    bad("content"),
  ),
  edit.refuses("what never was", ({ room }) => ({ roomId: room.id, messageId: never.id, content: "x" }), "NOT_FOUND"),
  edit.refuses(
    "what was deleted",
    ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, content: "x" }),
    "NOT_FOUND",
    {
      before: (world, { mine, people }) => deleteMessage(world.as(people.john), { messageId: mine.id }),
    },
  ),

  drop.does("one's own", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id })),
  drop.does(
    "one's own, the newest",
    ({ room, theirs }) => ({ roomId: room.id, messageId: theirs.id }),
    {},
    { who: "jane" },
  ),
  drop.refuses(
    "another's, the owner too",
    ({ room, theirs }) => ({ roomId: room.id, messageId: theirs.id }),
    "FORBIDDEN",
  ),
  drop.refuses("what was deleted", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id }), "NOT_FOUND", {
    before: (world, { mine, people }) => deleteMessage(world.as(people.john), { messageId: mine.id }),
  }),

  react.does("an emoji", ({ room, theirs }) => ({ roomId: room.id, messageId: theirs.id, emoji: "👩🏽‍💻" }), {
    emoji: "👩🏽‍💻",
  }),
  react.does(
    "a heart without its variation",
    ({ room, theirs }) => ({ roomId: room.id, messageId: theirs.id, emoji: "❤" }),
    { emoji: "❤️" },
  ),
  react.does("what another has put there", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "👍" })),
  react.does(
    "what is there already",
    ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "🎉" }),
    {},
    { status: 200 },
  ),
  react.refuses("words", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "ok" }), bad("emoji")),
  react.refuses("two", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "👍👍" }), bad("emoji")),
  react.refuses("nothing", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "" }), bad("emoji")),
  react.refuses(
    "the 51st",
    ({ room, theirs }) => ({ roomId: room.id, messageId: theirs.id, emoji: "🚀" }),
    "CONFLICT",
    {
      async before(world, { theirs, people }) {
        for (const emoji of FIFTY) await addReaction(world.as(people.bob), { messageId: theirs.id, emoji });
      },
    },
  ),
  react.refuses(
    "on what never was",
    ({ room }) => ({ roomId: room.id, messageId: never.id, emoji: "👍" }),
    "NOT_FOUND",
  ),

  unreact.does("one's own", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "🎉" })),
  unreact.does("what is not there", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "🚀" })),
  unreact.does("another's, which stays", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "👍" })),
  unreact.refuses("words", ({ room, mine }) => ({ roomId: room.id, messageId: mine.id, emoji: "ok" }), bad("emoji")),
  unreact.refuses(
    "from what never was",
    ({ room }) => ({ roomId: room.id, messageId: never.id, emoji: "👍" }),
    "NOT_FOUND",
  ),

  typing.does("has begun", ({ room }) => ({ roomId: room.id, isTyping: true })),
  typing.refuses("in a room that never was", () => ({ roomId: never.id, isTyping: true }), "NOT_FOUND"),

  get.does("with its reactions", ({ mine }) => ({ messageId: mine.id }), {
    reactions: [{ emoji: "🎉" }, { emoji: "👍" }],
  }),
  get.does("of another room", ({ far }) => ({ messageId: far.id }), { content: "Far away." }, { who: "jane" }),
  get.refuses("that never was", () => ({ messageId: never.id }), "NOT_FOUND"),
  get.refuses("that was deleted", ({ mine }) => ({ messageId: mine.id }), "NOT_FOUND", {
    before: (world, { mine, people }) => deleteMessage(world.as(people.john), { messageId: mine.id }),
  }),
  list.does("in order", ({ room }) => ({ roomId: room.id }), {
    messages: [{ content: "Hello from here!" }, { content: "Hello, too." }],
  }),
  list.does("the newest", ({ room }) => ({ roomId: room.id, limit: 1 }), { messages: [{ content: "Hello, too." }] }),
  list.does("of a room without any", ({ direct }) => ({ roomId: direct.id }), { messages: [] }),
  list.refuses("of a room that never was", () => ({ roomId: never.id }), "NOT_FOUND"),

  search.does("in all rooms", () => ({ query: "hello" }), { messages: [{ content: "Hello, too." }, {}] }),
  search.does("in one room", ({ elsewhere }) => ({ query: "away", roomId: elsewhere.id }), { messages: [{}] }),
  search.does("the best alone", () => ({ query: "hello", limit: 1 }), { messages: [{}] }),
  search.does("what is nowhere", () => ({ query: "submarine" }), { messages: [] }),
  search.does("by who was removed", () => ({ query: "hello" }), { messages: [] }, { who: "gone" }),
  search.refuses("for nothing", () => ({ query: "  " }), bad("query")),
  search.refuses("for too much", () => ({ query: "x".repeat(201) }), bad("query")),
  search.refuses("with a filter that there is not", () => ({ query: "has:legs" }), bad("query")),
  search.refuses("in a room that never was", () => ({ query: "hello", roomId: never.id }), "NOT_FOUND"),

  resume.does("from the beginning", ({ room, start }) => ({ roomId: room.id, after: start })),
  resume.does("from where it stands", ({ room, head }) => ({ roomId: room.id, after: head }), { events: [] }),
  resume.refuses(
    "from another epoch",
    ({ room }) => ({ roomId: room.id, after: cursor(room.id, "0.9", 1) }),
    "RESYNC_REQUIRED",
  ),
  resume.refuses(
    "from beyond the head",
    ({ room, head }) => ({ roomId: room.id, after: beyond(head) }),
    "RESYNC_REQUIRED",
  ),
  resume.refuses("in a room that never was", ({ start }) => ({ roomId: never.id, after: start }), "NOT_FOUND"),
  resume.refuses("by who was removed", ({ room, start }) => ({ roomId: room.id, after: start }), "NOT_FOUND", {
    who: "bob",
    before: (world, { room, people }) =>
      removeParticipant(world.as(people.john), { roomId: room.id, person: { id: people.bob.id } }),
  }),
];

function cursor(room: number, epoch: string, seq: number): string {
  return Buffer.from(`r${room}:${epoch}:${seq}`).toString("base64url");
}

function beyond(head: string): string {
  const [stream = "", epoch = ""] = Buffer.from(head, "base64url").toString().split(":");
  return cursor(Number(stream.slice(1)), epoch, 999_999);
}
