import { decodeJwt } from "jose";
import type { User } from "../features/directory/directory.js";
import { headOf } from "../features/feed/feed.queries.js";
import { formatCursor, roomStream } from "../features/feed/stream.js";
import { sendMessage } from "../features/messages/message.actions.js";
import { addReaction } from "../features/reactions/reaction.actions.js";
import { removeParticipant } from "../features/rooms/participant.actions.js";
import { participantsOf } from "../features/rooms/room.queries.js";
import type { Room } from "../features/rooms/room.js";
import { revokeTokens } from "../features/sessions/revocation.actions.js";
import type { Ids, OwnIds, Row } from "./access.rows.js";
import { startGraphqlWorld, type GraphqlWorld } from "./graphql-world.js";
import { until } from "./until.js";

/** Whoever has to do with a room in which John wrote, or has not. */
export interface AccessCast {
  readonly graph: GraphqlWorld;
  /** The author and owner. */
  readonly john: User;
  /** What is in his room, and what never was. */
  readonly hidden: Ids;
  readonly never: Ids;
  /** Each stranger with what is their own: a project, and a room in it that they own. */
  readonly strangers: ReadonlyMap<string, { readonly user: User; readonly own: OwnIds }>;
  /** The tokens of those who are nobody: not even what is open to all who are logged in is open to them. */
  readonly nobodies: ReadonlyMap<string, string | undefined>;
  /** Everything of the room, as its owner sees it. */
  snapshot(): Promise<unknown>;
  /** The whole answer, with the ids of host types taken out: those are said back by design. */
  answer(user: User, row: Row, ids: Ids, own: OwnIds): Promise<string>;
  /** A new room as John's, with a message and a reaction in it. */
  freshRoom(name: string): Promise<{ readonly owner: User; readonly other: User; readonly ids: Ids }>;
}

export async function castAccess(): Promise<AccessCast> {
  const graph = await startGraphqlWorld();
  const { world } = graph;
  const apollo = await world.project("apollo");
  const john = await world.person("john", apollo);
  const jane = await world.person("jane", apollo);
  const removed = await world.person("removed", apollo);
  const room = await world.group(apollo, john, jane, removed);
  const hidden = await idsOf(graph, room, { author: john, user: jane, project: apollo.hostId });
  const { epoch } = (await headOf(world.database.fork(), roomStream(room.id))) ?? { epoch: "" };
  await removeParticipant(world.as(john), { roomId: room.id, person: { id: removed.id } });
  const cursor = Buffer.from(`r999999:${epoch}:1`).toString("base64url");
  const lost = { room: "999999", message: "999999", reaction: "999999", participant: "999999" };
  const beta = await world.project("beta");
  const strangers = new Map<string, { readonly user: User; readonly own: OwnIds }>();
  for (const [name, user, project] of [
    ["a member of another project", await world.person("dee", beta), beta],
    ["a member of the project who is not in the room", await world.person("bob", apollo), apollo],
    ["somebody who was removed from the room", removed, apollo],
  ] as const) {
    const own = await world.group(project, user);
    strangers.set(name, { user, own: { room: String(own.id), project: project.hostId, user: user.hostId } });
  }
  return {
    graph,
    john,
    hidden,
    never: { ...lost, user: "host-nobody", project: "host-nothing", cursor },
    strangers,
    nobodies: new Map([
      ["somebody without a token", undefined],
      ["a participant whose token has expired", await graph.server.token(john, -60_000)],
      ["a participant whose token was revoked", await revokedToken(graph, john)],
    ]),
    snapshot: () => snapshotOf(graph, john, hidden.room),
    async answer(user, row, ids, own) {
      const variables = row.variables(ids, own);
      const text = JSON.stringify(
        await (row.document.startsWith("subscription")
          ? followed(graph, await graph.token(user), row, variables)
          : graph.ask(user, row.document, variables)),
      );
      return text.replaceAll(`"${ids.user}"`, '"?"').replaceAll(`"${ids.project}"`, '"?"');
    },
    async freshRoom(name) {
      const project = await world.project(`project ${name}`);
      const [owner, other] = [
        await world.person(`owner ${name}`, project),
        await world.person(`other ${name}`, project),
      ];
      const fresh = await world.group(project, owner, other);
      return { owner, other, ids: await idsOf(graph, fresh, { author: owner, user: other, project: project.hostId }) };
    },
  };
}

async function revokedToken({ server, world }: GraphqlWorld, user: User): Promise<string> {
  const token = await server.token(user);
  await revokeTokens(world.host(), { revocations: [{ tokenId: String(decodeJwt(token).jti) }] });
  return token;
}

interface Named {
  readonly author: User;
  readonly user: User;
  readonly project: string;
}

async function idsOf({ world }: GraphqlWorld, room: Room, { author, user, project }: Named): Promise<Ids> {
  const message = await sendMessage(world.as(author), { roomId: room.id, content: "hidden words" });
  const { reaction } = await addReaction(world.as(author), { messageId: message.id, emoji: "👍" });
  const participants = await participantsOf(world.database.fork(), [room.id]);
  const head = await headOf(world.database.fork(), roomStream(room.id));
  return {
    room: String(room.id),
    message: String(message.id),
    reaction: String(reaction.id),
    participant: String(participants[0]?.id),
    user: user.hostId,
    project,
    cursor: head === undefined ? "" : formatCursor({ ...head, seq: 1 }),
  };
}

async function snapshotOf(graph: GraphqlWorld, owner: User, id: string): Promise<unknown> {
  const { data } = await graph.ask(
    owner,
    "query ($id: ID!) { chatRoom(id: $id) { name headSeq updatedAt participants { id lastReadAt } messages { nodes { content reactions { emoji } } } } }",
    { id },
  );
  return data;
}

/** What a subscription says first, on a socket of its own: an event, or why there is none. */
export async function followed(
  graph: GraphqlWorld,
  token: string,
  { document }: Row,
  variables: Readonly<Record<string, unknown>>,
) {
  const client = graph.server.socket(token);
  const heard = graph.listen(client, document, variables);
  await until(() => heard.done || heard.events.length > 0, "the first event or a refusal");
  const { events, errors } = heard;
  heard.stop();
  await client.dispose();
  return { events, errors };
}
