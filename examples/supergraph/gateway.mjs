// A gateway: one graph out of several, and every subgraph hears who is asking.
import { composeServices } from "@apollo/composition";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { GraphQLError, parse } from "graphql";

// Apollo's gateway reports what machine it runs on to its maker, unless it is told not to.
process.env.APOLLO_TELEMETRY_DISABLED ??= "true";

/**
 * Composes subgraphs, each `{ name, url, sdl }`. Throws with everything that does not fit together; hints are what fits,
 * but perhaps not as it was meant. Do this when you deploy, not when you start: then a gateway starts without its
 * subgraphs, and a schema that does not fit never gets that far.
 */
export function compose(subgraphs) {
  const { errors, supergraphSdl, hints } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join("\n"));
  return { supergraphSdl, hints };
}

export async function startGateway({ supergraphSdl, port = 0 }) {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource({
        url,
        // Without a request of somebody's there is no context: the gateway's own requests have no token.
        willSendRequest({ request, context: { authorization } }) {
          if (authorization !== undefined) request.http.headers.set("authorization", authorization);
        },
      }),
  });
  const server = new ApolloServer({
    gateway,
    plugins: [refuseSubscriptions],
    formatError,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { port, host: "127.0.0.1" },
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
  });
  return { url, close: () => server.stop() };
}

/** This gateway runs none, and by itself would call that a fault of its own. */
const refuseSubscriptions = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation }) {
      if (operation?.operation !== "subscription") return;
      throw new GraphQLError("Subscribe at the chat service itself, over WebSocket (graphql-transport-ws).", {
        extensions: { code: "BAD_USER_INPUT", http: { status: 400 } },
      });
    },
  }),
};

/** Which subgraph an error came from, and where that runs, is nobody's business outside. */
const INTERNAL = ["response", "serviceName"];

/**
 * What the caller sees of an error. A subgraph that refuses a whole request, for want of a token, does so by its HTTP
 * status: what it says is in the body.
 */
function formatError({ extensions = {}, ...error }) {
  const said = extensions.response?.body?.errors?.[0];
  const shown = Object.entries(extensions).filter(([name]) => !INTERNAL.includes(name));
  return {
    ...error,
    message: said?.message ?? error.message,
    extensions: { ...Object.fromEntries(shown), ...said?.extensions },
  };
}
