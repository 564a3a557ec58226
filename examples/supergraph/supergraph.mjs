// The whole: two stub subgraphs of a host product and Parley, behind one gateway.
import { compose, startGateway } from "./gateway.mjs";
import { startProjects } from "./projects.mjs";
import { startUsers } from "./users.mjs";

/**
 * Starts it over a Parley that runs at `parleyUrl`, whose tokens are signed with `secret`. `port` is the gateway's; the
 * stubs take any free one. What the stubs know (`people`, `projects`) is the demo's, unless you say something else.
 */
export async function startSupergraph({ parleyUrl, secret, port, people, projects }) {
  const chat = await chatSubgraph(parleyUrl);
  const stubs = await Promise.all([startUsers({ people, secret }), startProjects({ projects, secret })]);
  const { supergraphSdl, hints } = compose([...stubs, chat]);
  const gateway = await startGateway({ supergraphSdl, port });
  return {
    url: gateway.url,
    hints,
    async close() {
      await gateway.close();
      for (const stub of stubs) await stub.close();
    },
  };
}

/** Parley's schema needs no token at this address, so whoever composes needs none. */
async function chatSubgraph(parleyUrl) {
  const response = await fetch(`${parleyUrl}/schema.graphql`).catch(() => undefined);
  if (!response?.ok) throw new Error(`Parley does not answer at ${parleyUrl}: npm start, or set PARLEY_URL.`);
  return { name: "chat", url: `${parleyUrl}/graphql`, sdl: await response.text() };
}
