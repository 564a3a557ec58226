import { z } from "zod";
import { requireMessage } from "../../features/messages/message.access.js";
import { deleteMessage, editMessage, sendMessage } from "../../features/messages/message.actions.js";
import { clientKey, listLimit, messageTypes, type Message } from "../../features/messages/message.js";
import { listMessages } from "../../features/reactions/message-list.queries.js";
import { addReaction, removeReaction } from "../../features/reactions/reaction.actions.js";
import { searchMessages } from "../../features/search/search.actions.js";
import { requireParticipant } from "../../features/rooms/room.access.js";
import type { RoomId } from "../../features/rooms/room.js";
import { badInput } from "../../platform/errors.js";
import { parseId } from "../../platform/ids.js";
import { PAGE_MAX } from "../../platform/paging.js";
import type { Scope } from "../../platform/scope.js";
import { messageShape, reactionShape } from "../shapes.js";
import { bodyId, choice, OBJECT, queryId, sentFile, text } from "./inputs.js";
import { linksTo } from "./links.js";
import { presentMessages, presentReaction, showMessages } from "./present.js";
import { answer, personRoute, type Route } from "./route.js";

const content = text.describe("1 to 10,000 characters, kept as typed.");
const reaction = z.object({ emoji: text.describe("Exactly one emoji.") }, OBJECT);

async function presentMessage(scope: Scope, message: Message): Promise<z.output<typeof messageShape>> {
  const [shown] = await presentMessages(scope, [message]);
  if (shown === undefined) throw new Error("A message has no shape.");
  return shown;
}

export const messageRoutes: readonly Route[] = [
  personRoute({
    method: "GET",
    path: "/messages",
    summary:
      "Messages of a room, in order: the newest, or those before or after one of them. Or a search, best match first.",
    names: { query: "search", first: "limit" },
    parts: {
      query: z.object({
        room: queryId
          .optional()
          .describe("Whose messages; of a search, where to look if not in all of the caller's rooms."),
        search: z.string().optional().describe("What to look for: words, and filters such as `from:jane has:link`."),
        limit: listLimit.describe("How many at most; of a search never more than 100."),
        before: queryId.optional().describe("The number of a message: those before it."),
        after: queryId.optional().describe("The number of a message: those after it."),
      }),
    },
    answers: { 200: z.array(messageShape) },
    refuses: ["BAD_USER_INPUT", "NOT_FOUND"],
    async run(scope, { query: { room, search, limit, before, after }, url }) {
      if (search !== undefined) {
        const found = await searchMessages(scope, { query: search, roomId: room, first: Math.min(limit, PAGE_MAX) });
        return answer(200, await presentMessages(scope, found.nodes));
      }
      if (room === undefined) throw badInput("room", "Say which room (?room=1), or what to look for (?search=words).");
      const page = await listMessages(scope, { roomId: room, limit, before, after });
      return answer(200, showMessages(scope, page.messages, page), linksTo(url, page));
    },
  }),
  personRoute({
    method: "POST",
    path: "/messages",
    summary: "Sends a message, in a form also with a file.",
    form: {
      file: "attachment",
      async admit({ em, actor }, { room }) {
        const roomId = parseId<RoomId>(room);
        if (roomId !== undefined) await requireParticipant(em, actor.id, roomId);
      },
    },
    parts: {
      body: z.object(
        {
          room: bodyId.describe("A room of the caller's."),
          content: text.default("").describe("1 to 10,000 characters, kept as typed; may be empty beside a file."),
          attachment: sentFile.describe("A file."),
          type: choice(messageTypes).nullish().describe("Absent: by what it carries."),
        },
        OBJECT,
      ),
      headers: z.object({
        "idempotency-key": clientKey
          .optional()
          .describe("A UUID. The same caller with the same key gets the same message, however often it is sent."),
      }),
    },
    answers: { 201: messageShape },
    refuses: ["BAD_USER_INPUT", "NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"],
    async run(scope, { body: { room, ...input }, headers }) {
      const clientMutationId = headers["idempotency-key"];
      const sent = { ...input, type: input.type ?? undefined, roomId: room, clientMutationId };
      const message = await sendMessage(scope, sent);
      return answer(201, await presentMessage(scope, message));
    },
  }),
  personRoute({
    method: "GET",
    path: "/messages/{id}",
    summary: "One message.",
    parts: {},
    answers: { 200: messageShape },
    refuses: ["NOT_FOUND"],
    async run(scope, { id }) {
      const message = await requireMessage(scope.em, scope.actor.id, id);
      return answer(200, await presentMessage(scope, message));
    },
  }),
  personRoute({
    method: "PATCH",
    path: "/messages/{id}",
    summary: "Changes the words of one's own message.",
    parts: { body: z.object({ content }, OBJECT) },
    answers: { 200: messageShape },
    refuses: ["BAD_USER_INPUT", "FORBIDDEN", "NOT_FOUND"],
    async run(scope, { id, body }) {
      const message = await editMessage(scope, { messageId: id, content: body.content });
      return answer(200, await presentMessage(scope, message));
    },
  }),
  personRoute({
    method: "DELETE",
    path: "/messages/{id}",
    summary: "Deletes one's own message.",
    parts: {},
    answers: { 204: null },
    refuses: ["FORBIDDEN", "NOT_FOUND"],
    async run(scope, { id }) {
      await deleteMessage(scope, { messageId: id });
      return answer(204, undefined);
    },
  }),
  personRoute({
    method: "POST",
    path: "/messages/{id}/add_reaction",
    summary: "Puts an emoji on a message.",
    parts: { body: reaction },
    answers: { 201: reactionShape, 200: reactionShape.describe("It was there already.") },
    refuses: ["BAD_USER_INPUT", "NOT_FOUND", "CONFLICT"],
    async run(scope, { id, body: { emoji } }) {
      const { reaction: put, added } = await addReaction(scope, { messageId: id, emoji });
      return answer(added ? 201 : 200, await presentReaction(scope, put));
    },
  }),
  personRoute({
    method: "POST",
    path: "/messages/{id}/remove_reaction",
    summary: "Takes one's own emoji off a message; there need not be one.",
    parts: { body: reaction },
    answers: { 204: null },
    refuses: ["BAD_USER_INPUT", "NOT_FOUND"],
    async run(scope, { id, body: { emoji } }) {
      await removeReaction(scope, { messageId: id, emoji });
      return answer(204, undefined);
    },
  }),
];
