import { z } from "zod";
import { markRoomRead } from "../../features/receipts/receipt.actions.js";
import { addParticipant, removeParticipant } from "../../features/rooms/participant.actions.js";
import { createRoom, deleteRoom, renameRoom } from "../../features/rooms/room.actions.js";
import { roomTypes, type RoomId } from "../../features/rooms/room.js";
import { allRooms } from "../../features/rooms/room-list.queries.js";
import { viewedRoom } from "../../features/rooms/room.queries.js";
import type { Scope } from "../../platform/scope.js";
import { noSuchRoom } from "../../features/rooms/room.access.js";
import { participantShape, roomShape } from "../shapes.js";
import { bodyId, bodyIds, choice, OBJECT, queryId, text } from "./inputs.js";
import { presentParticipant, presentRooms } from "./present.js";
import { answer, personRoute, type Route } from "./route.js";

const person = z.object({ user_id: bodyId }, OBJECT);

/** A room as the caller sees it. Throws NOT_FOUND. */
async function presentRoom(scope: Scope, id: RoomId | string): Promise<z.output<typeof roomShape>> {
  const room = await viewedRoom(scope.em, scope.actor.id, String(id));
  const [shown] = await presentRooms(scope, room === undefined ? [] : [room]);
  if (shown === undefined) throw noSuchRoom(id);
  return shown;
}

export const roomRoutes: readonly Route[] = [
  personRoute({
    method: "GET",
    path: "/rooms",
    summary: "All rooms of the caller, or those of one project; latest `updated_at` first.",
    parts: {
      query: z.object({ project: queryId.optional().describe("Of a project that is not the caller's: none.") }),
    },
    answers: { 200: z.array(roomShape) },
    refuses: [],
    async run(scope, { query: { project } }) {
      const { rooms, users } = await allRooms(scope, project);
      return answer(200, await presentRooms(scope, rooms, users));
    },
  }),
  personRoute({
    method: "POST",
    path: "/rooms",
    summary: "Creates a group, or the direct room with one other person. The caller is always in it.",
    parts: {
      body: z.object(
        {
          type: choice(roomTypes),
          name: text.nullish().describe("1 to 255 characters. A direct room has none."),
          project: bodyId.describe("The room's project: one of the caller's."),
          participant_ids: bodyIds.default([]).describe("Members of the project; for a direct room exactly one other."),
        },
        OBJECT,
      ),
    },
    answers: {
      201: roomShape,
      200: roomShape.describe("The direct room that there was already."),
    },
    refuses: ["BAD_USER_INPUT", "NOT_FOUND", "CONFLICT"],
    async run(scope, { body: { type, name, project, participant_ids } }) {
      const participants = participant_ids.map((id) => ({ id }));
      const { room, created } = await createRoom(scope, {
        type,
        name: name ?? "",
        project: { id: project },
        participants,
      });
      return answer(created ? 201 : 200, await presentRoom(scope, room.id));
    },
  }),
  personRoute({
    method: "GET",
    path: "/rooms/{id}",
    summary: "One room.",
    parts: {},
    answers: { 200: roomShape },
    refuses: ["NOT_FOUND"],
    run: async (scope, { id }) => answer(200, await presentRoom(scope, id)),
  }),
  personRoute({
    method: "PATCH",
    path: "/rooms/{id}",
    summary: "Renames a group. Its owner may.",
    parts: { body: z.object({ name: text.describe("1 to 255 characters.") }, OBJECT) },
    answers: { 200: roomShape },
    refuses: ["BAD_USER_INPUT", "FORBIDDEN", "NOT_FOUND", "CONFLICT"],
    async run(scope, { id, body: { name } }) {
      const room = await renameRoom(scope, { roomId: id, name });
      return answer(200, await presentRoom(scope, room.id));
    },
  }),
  personRoute({
    method: "DELETE",
    path: "/rooms/{id}",
    summary: "Deletes a group with all that was written in it. Its owner may.",
    parts: {},
    answers: { 204: null },
    refuses: ["FORBIDDEN", "NOT_FOUND", "CONFLICT"],
    async run(scope, { id }) {
      await deleteRoom(scope, { roomId: id });
      return answer(204, undefined);
    },
  }),
  personRoute({
    method: "POST",
    path: "/rooms/{id}/add_participant",
    summary: "Adds a member of the project to a group.",
    parts: { body: person },
    answers: { 201: participantShape, 200: participantShape.describe("They were in it already.") },
    refuses: ["BAD_USER_INPUT", "NOT_FOUND", "CONFLICT"],
    async run(scope, { id, body: { user_id } }) {
      const { participant, added } = await addParticipant(scope, { roomId: id, person: { id: user_id } });
      return answer(added ? 201 : 200, await presentParticipant(scope, participant));
    },
  }),
  personRoute({
    method: "POST",
    path: "/rooms/{id}/remove_participant",
    summary: "Removes somebody from a group: its owner anybody, everybody themselves.",
    parts: { body: person },
    answers: { 204: null },
    refuses: ["BAD_USER_INPUT", "FORBIDDEN", "NOT_FOUND", "CONFLICT"],
    async run(scope, { id, body: { user_id } }) {
      await removeParticipant(scope, { roomId: id, person: { id: user_id } });
      return answer(204, undefined);
    },
  }),
  personRoute({
    method: "POST",
    path: "/rooms/{id}/mark_read",
    summary: "Marks a room as read, up to its newest message or to a given one; never backwards.",
    parts: { body: z.object({ message_id: bodyId.nullish().describe("Absent: up to the newest.") }, OBJECT) },
    answers: { 200: z.object({ status: z.literal("marked as read") }) },
    refuses: ["BAD_USER_INPUT", "NOT_FOUND"],
    async run(scope, { id, body: { message_id } }) {
      await markRoomRead(scope, { roomId: id, messageId: message_id ?? undefined });
      return answer(200, { status: "marked as read" as const });
    },
  }),
];
