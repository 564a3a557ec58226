// What the stub subgraphs have in common: a server, and who is asking.
import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginInlineTraceDisabled } from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { GraphQLError, parse } from "graphql";
import { jwtVerify } from "jose";

/** Starts one subgraph; `secret` is what the tokens of people are signed with, the same as Parley's `JWT_SECRET`. */
export async function startSubgraph({ name, sdl, resolvers, secret, port = 0 }) {
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { port, host: "127.0.0.1" },
    context: async ({ req }) => ({ viewerId: await viewerOf(req.headers.authorization, secret) }),
  });
  return { name, url, sdl, close: () => server.stop() };
}

/**
 * The id of the person whom the token names; undefined without a token. A subgraph verifies the token itself, as Parley
 * does: who reaches it past the gateway gets no more than through it.
 */
async function viewerOf(authorization, secret) {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ["HS256"],
      requiredClaims: ["sub", "exp"],
    });
    return payload.sub;
  } catch {
    throw new GraphQLError("The token is not valid: log in again.", {
      extensions: { code: "UNAUTHENTICATED", http: { status: 401 } },
    });
  }
}
