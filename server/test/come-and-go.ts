import type { User } from "../features/directory/directory.js";
import type { GraphqlWorld, Heard } from "./graphql-world.js";
import { until } from "./until.js";

/** How long somebody's last connection must be closed before they are gone. */
const GRACE_MS = 5_000;

/** Somebody connects twice, leaves for good and comes back, as a listener hears of it: three changes. */
export async function comeAndGo(graph: GraphqlWorld, user: User, heard: Heard): Promise<void> {
  const changes = (): number => heard.events.filter(({ __typename }) => __typename === "ChatPresenceChanged").length;
  const come = async (): Promise<{ dispose(): void | Promise<void> }> => {
    const client = await graph.connect(user);
    const first = graph.listen(client, "{ chatViewer { id } }");
    await until(() => first.done, "a connection");
    return client;
  };
  const connections = [await come(), await come()];
  await until(() => changes() >= 1, "the arrival");
  for (const connection of connections) await connection.dispose();
  await until(() => {
    graph.world.clock.advance(GRACE_MS);
    return changes() >= 2;
  }, "the departure");
  await come();
  await until(() => changes() >= 3, "the return");
}
