import { speakWith, type GraphqlServer, type Person } from "./graphql-world.js";
import { startMain, type MainProcess } from "./main-process.js";
import { postGraphql, reach, SECRET, SERVICE_TOKEN, type Reachable } from "./server.js";

export const john: Person = { hostId: "host-john", username: "john", displayName: "John" };
export const jane: Person = { hostId: "host-jane", username: "jane", displayName: "Jane" };

/** The built server as a process of its own, with John and Jane in a new room. */
export interface MainWorld extends GraphqlServer<Reachable> {
  readonly main: MainProcess;
  readonly roomId: string;
}

/** @param settings what it stands on, besides its secrets */
export async function startMainWorld(settings: Readonly<Record<string, string>>): Promise<MainWorld> {
  const main = startMain({ JWT_SECRET: SECRET, SERVICE_TOKEN, ...settings });
  const graph = speakWith(reach(await main.ready(), () => new Date()));
  return { ...graph, main, roomId: await bringTogether(graph) };
}

/** Brings John and Jane to a server, as the host product does, and into a room; its id. */
export async function bringTogether(graph: GraphqlServer<Reachable>): Promise<string> {
  const asHost = async (name: string, input: object): Promise<void> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { created } }`;
    const { errors } = await postGraphql(`${graph.server.url}/graphql`, {
      token: SERVICE_TOKEN,
      document,
      variables: { input },
    });
    if (errors.length > 0) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  };
  const people = [john, jane];
  await asHost("upsertChatUsers", {
    users: people.map(({ hostId: id, username, displayName }) => ({ id, username, displayName })),
  });
  const memberIds = people.map(({ hostId }) => hostId);
  await asHost("upsertChatProjects", { projects: [{ id: "apollo", name: "Apollo", memberIds }] });
  const input = { type: "GROUP", name: "Group", projectId: "apollo", participantIds: [jane.hostId] };
  const { room } = await graph.mutate(john, "createChatRoom", input, "room { id }");
  return String(Object(room).id);
}
