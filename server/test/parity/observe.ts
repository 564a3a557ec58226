import { headOf } from "../../features/feed/feed.queries.js";
import { roomStream } from "../../features/feed/stream.js";
import type { GraphqlServer } from "../graphql-world.js";
import { enter } from "../raw-socket.js";
import { until } from "../until.js";
import type { World } from "../world.js";
import { parseFields, parseList, type Fields } from "./client.js";
import { EVENT, MESSAGE, ROOM, toEvent as toGraphqlEvent, toMessage, toRoom } from "./graphql-client.js";
import { toEvent as toSocketEvent } from "./socket-client.js";
import type { Name, Stage } from "./stage.js";

const FOLLOW = `subscription ($roomId: ID!, $after: String) { chatRoomEvents(roomId: $roomId, after: $after) { ${EVENT} } }`;
const VIEW = `query ($id: ID!) { chatRoom(id: $id) { ${ROOM} headSeq owner { chatUsername } unreadMentionCount
  messages(last: 100) { nodes { ${MESSAGE} mentions { chatUsername } } } } }`;

export interface Observer {
  /** What has been heard when all is said that was: by who subscribes with GraphQL, and by who is on a raw socket. */
  heard(what?: { readonly typing: boolean }): Promise<{ readonly graphql: unknown; readonly socket: unknown }>;
}

/** Jane, who looks on over both kinds of socket from where the room stands when a scenario begins. */
export async function observe(world: World, graph: GraphqlServer, stage: Stage): Promise<Observer> {
  const { people, room, head, headSeq } = stage;
  const client = await graph.connect(people.jane);
  const heard = await graph.follow(client, FOLLOW, { roomId: room.id, after: head });
  const [, epoch = ""] = Buffer.from(head, "base64url").toString().split(":");
  const query = `?${new URLSearchParams({ after: String(headSeq), epoch }).toString()}`;
  const line = await enter(graph.server.url, room.id, { token: await graph.token(people.jane), query });
  const known = Object.values(people);
  const events = (): { readonly graphql: readonly Fields[]; readonly socket: readonly Fields[] } => ({
    graphql: heard.events.map((event) => toGraphqlEvent(event)).filter((event) => event !== undefined),
    socket: line.frames.map((frame) => toSocketEvent(frame, known)).filter((event) => event !== undefined),
  });
  const durable = (found: readonly Fields[]) => found.filter(({ seq }) => seq !== null);
  return {
    async heard({ typing } = { typing: false }) {
      const now = await headOf(world.database.fork(), roomStream(room.id));
      const isAll = (found: readonly Fields[]): boolean =>
        (now === undefined || durable(found).length >= now.seq - headSeq) &&
        (!typing || found.some(({ kind }) => kind === "typing"));
      await until(() => isAll(events().graphql) || heard.done, "all events over GraphQL");
      await until(() => isAll(events().socket) || line.closed.code !== undefined, "all events over the raw socket");
      const { graphql, socket } = events();
      heard.stop();
      await client.dispose();
      line.socket.close();
      // A socket that goes stops typing, too, and perhaps before one has looked.
      const shown = (found: readonly Fields[]) =>
        typing ? [...durable(found), found.find(({ kind }) => kind === "typing")] : durable(found);
      return { graphql: shown(graphql), socket: shown(socket) };
    },
  };
}

/** What John and Jane see of a room, over GraphQL. */
export async function seen(graph: GraphqlServer, stage: Stage, roomId: unknown): Promise<unknown> {
  const views: unknown[] = [];
  for (const name of ["john", "jane"] as const) views.push([name, await view(graph, stage, { name, roomId })]);
  return views;
}

async function view(
  graph: GraphqlServer,
  { people, project, other }: Stage,
  { name, roomId }: { readonly name: Name; readonly roomId: unknown },
): Promise<unknown> {
  const { data, errors } = await graph.ask(people[name], VIEW, { id: roomId });
  if (errors.length > 0) throw new Error(`${name} can't look: ${JSON.stringify(errors)}`);
  const found = data?.["chatRoom"];
  if (found === null || found === undefined) return null;
  const room = parseFields(found);
  const { headSeq, owner, unreadMentionCount, messages } = room;
  const written = parseList(parseFields(messages)["nodes"]).map((message) => {
    return { ...toMessage(message), mentions: message["mentions"] };
  });
  return { ...toRoom(room, [project, other]), headSeq, owner, unreadMentionCount, messages: written };
}
