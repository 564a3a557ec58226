import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import type { Identify } from "../authenticate.js";
import { statusOfRequestFault } from "../http.js";
import { GraphqlOperation, type GraphqlServices } from "./context.js";
import { MAX_TOKENS } from "./documents.js";
import { codeOfRequestFault, createErrorFormatter, toGraphqlError } from "./errors.js";

const TOO_LARGE =
  "A GraphQL request can have at most 256 KiB. The host product sends larger lists to /api/chat/admin/.";

/** Apollo would run a subscription like a query: once, and without an event. */
const refuseSubscriptions: ApolloServerPlugin<GraphqlOperation> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== "subscription") return;
        throw new GraphQLError("Subscribe over WebSocket (graphql-transport-ws).", {
          extensions: { code: "BAD_USER_INPUT", http: { status: 400 } },
        });
      },
    };
  },
};

/** GraphQL over HTTP: queries and mutations, GET and POST, on `/graphql`. */
export async function mountGraphqlHttp(
  app: FastifyInstance,
  schema: GraphQLSchema,
  identify: Identify,
  process: GraphqlServices,
): Promise<void> {
  const format = createErrorFormatter(process.services.logger);
  const apollo = new ApolloServer<GraphqlOperation>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: (formatted, error) => (error instanceof GraphQLError ? format(error) : formatted),
    plugins: [
      refuseSubscriptions,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  app.addHook("onClose", () => apollo.stop());
  app.route({
    url: "/graphql",
    method: ["GET", "POST"],
    errorHandler(error, _request, reply) {
      const status = statusOfRequestFault(error);
      if (status === undefined) throw error;
      const message = status === 413 ? TOO_LARGE : error.message;
      return reply.code(status).send({ errors: [{ message, extensions: { code: codeOfRequestFault(status) } }] });
    },
    handler: fastifyApolloHandler(apollo, {
      async context(request) {
        const caller = await identify(request.headers.authorization).catch((error: unknown) => {
          throw toGraphqlError(error, process.services.logger);
        });
        return new GraphqlOperation(caller === "host" ? caller : caller.actor, process);
      },
    }),
  });
}
