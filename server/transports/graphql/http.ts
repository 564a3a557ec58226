import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled, ApolloServerPluginSchemaReportingDisabled, ApolloServerPluginUsageReportingDisabled } from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import type { Authenticate } from "../authenticate.js";
import { GraphqlOperation, type GraphqlServices } from "./context.js";
import { MAX_TOKENS } from "./documents.js";
import { createErrorFormatter, toGraphqlError } from "./errors.js";

/** GraphQL over HTTP: queries and mutations, GET and POST, on `/graphql`. */
export async function mountGraphqlHttp(app: FastifyInstance, schema: GraphQLSchema, authenticate: Authenticate, process: GraphqlServices): Promise<void> {
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
    handler: fastifyApolloHandler(apollo, {
      async context(request) {
        const session = await authenticate(request.headers.authorization).catch((error: unknown) => {
          throw toGraphqlError(error);
        });
        return new GraphqlOperation(session.actor, process);
      },
    }),
  });
}
