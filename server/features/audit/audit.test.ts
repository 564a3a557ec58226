import { describe, expect, test } from "@jest/globals";
import { auditedRooms, type AuditedRoom } from "../../test/audited-room.js";
import type { GraphqlWorld } from "../../test/graphql-world.js";
import { enter } from "../../test/raw-socket.js";
import { SERVICE_TOKEN } from "../../test/server.js";
import type { Project, User } from "../directory/directory.js";
import { deleteMessage, sendMessage } from "../messages/message.actions.js";
import { upsertProjects } from "../rooms/host.actions.js";
import type { Room } from "../rooms/room.js";

let graph: GraphqlWorld;
let project: Project;
let john: User;
let jane: User;
let bob: User;
let room: Room;
let trail: AuditedRoom["trail"];
let post: AuditedRoom["post"];
auditedRooms((made) => ({ graph, project, john, jane, bob, room, trail, post } = made));

describe("the audit trail has", () => {
  test("a room from its creation to its deletion, with who came and went, by whom and how", async () => {
    const answer = await post(john, "/rooms/", { type: "group", name: "Kept", project: project.id });
    const { id } = (await answer.json()) as { id: number };
    await post(john, `/rooms/${id}/add_participant/`, { user_id: jane.id });
    await post(jane, `/rooms/${id}/add_participant/`, { user_id: bob.id });
    await post(john, `/rooms/${id}/remove_participant/`, { user_id: jane.id });
    await graph.mutate(john, "deleteChatRoom", { roomId: String(id) }, "roomId");
    const ofRoom = await trail({ room: id });
    expect(ofRoom.map(({ action, actor_id, user_id, transport }) => [action, actor_id, user_id, transport])).toEqual([
      ["room_created", john.id, null, "rest"],
      ["participant_added", john.id, jane.id, "rest"],
      ["participant_added", jane.id, bob.id, "rest"],
      ["participant_removed", john.id, jane.id, "rest"],
      ["room_deleted", john.id, null, "graphql"],
    ]);
    expect(ofRoom[0]).toEqual({
      at: expect.stringMatching(/Z$/),
      action: "room_created",
      actor: "person",
      actor_id: john.id,
      actor_host_id: john.hostId,
      transport: "rest",
      address: "127.0.0.1",
      request_id: answer.headers.get("x-request-id"),
      room_id: id,
      message_id: null,
      user_id: null,
      details: {},
    });
    expect(ofRoom.at(-1)?.details).toEqual({ participants: 2 });
  });

  test("deleted messages, and nothing of what was in them; no sends", async () => {
    const scope = graph.world.as(john);
    const { id } = await sendMessage(scope, { roomId: room.id, content: "a very secret word" });
    await deleteMessage(scope, { messageId: id });
    const lines = await trail({ room: room.id });
    expect(lines.map(({ action, message_id }) => [action, message_id])).toEqual([
      ["room_created", null],
      ["participant_added", null],
      ["message_deleted", id],
    ]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  test("what was done over a raw socket, with the socket's id", async () => {
    const { id } = await sendMessage(graph.world.as(john), { roomId: room.id, content: "x" });
    const line = await enter(graph.server.url, room.id, { token: await graph.token(john) });
    line.send({ type: "message_delete", message_id: id });
    await line.hears("message_deleted");
    expect((await trail({ room: room.id, action: "message_deleted" }))[0]).toMatchObject({
      transport: "socket",
      address: "127.0.0.1",
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("the host product's calls, whom they take out of rooms, and the tokens that they end", async () => {
    const ask = (name: string, input: object) =>
      graph.server.graphql(
        SERVICE_TOKEN,
        `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
        { input },
      );
    const projects = [{ id: project.hostId, removeMemberIds: [jane.hostId] }];
    await ask("upsertChatProjects", { projects });
    await ask("upsertChatProjects", { projects });
    await ask("revokeChatTokens", { revocations: [{ tokenId: "the jti" }, { userId: bob.hostId }] });
    const lines = (await trail({})).filter(({ actor }) => actor === "host").slice(-4);
    expect(lines.map(({ action, room_id, user_id, details }) => [action, room_id, user_id, details])).toEqual([
      ["projects_upserted", null, null, { created: 0, changed: 1, unchanged: 0 }],
      ["participant_removed", room.id, jane.id, {}],
      ["tokens_revoked", null, null, { token_id: "the jti" }],
      ["tokens_revoked", null, null, { user_host_id: bob.hostId, issued_before: expect.any(String) }],
    ]);
  });

  test("nothing of what was not done after all", async () => {
    const before = (await trail({})).length;
    await expect(
      upsertProjects(graph.world.host(), {
        projects: [{ id: project.hostId, removeMemberIds: [jane.hostId], addMemberIds: ["never"] }],
      }),
    ).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    expect(await trail({})).toHaveLength(before);
  });

  test("what is asked for: by time, by whom or to whom, by action and room, and no more than the newest", async () => {
    await post(john, `/rooms/${room.id}/add_participant/`, { user_id: bob.id });
    const actions = async (query: object) => (await trail(query)).map(({ action }) => action);
    expect(await actions({ user: bob.username })).toEqual(["participant_added"]);
    expect(await actions({ user: john.hostId })).toEqual(["room_created", "participant_added", "participant_added"]);
    expect(await actions({ user: john.hostId, action: "room_created" })).toEqual(["room_created"]);
    expect(await actions({ room: room.id, limit: 2 })).toEqual(["participant_added", "participant_added"]);
    expect(await actions({ room: room.id, since: "2999-01-01T00:00:00Z" })).toEqual([]);
  });
});
