import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import type { Identify } from "../authenticate.js";
import { toDomainError } from "../../platform/errors.js";
import { httpStatus, statusOfRequestFault } from "../http.js";
import type { UploadsUnderWay } from "../uploads.js";
import { GraphqlOperation, type GraphqlServices } from "./context.js";
import { MAX_TOKENS } from "./documents.js";
import { codeOfRequestFault, createErrorFormatter, toGraphqlError } from "./errors.js";
import { readMultipart, type Gate } from "./multipart.js";

/** What the process has for every request. */
interface GraphqlHttpServices extends GraphqlServices {
  readonly uploads: UploadsUnderWay;
}

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
  process: GraphqlHttpServices,
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
  await app.register(async (scope) => mountOperations(scope, apollo, identify, process));
}

/** Encapsulated: a multipart body means something else elsewhere. */
function mountOperations(
  app: FastifyInstance,
  apollo: ApolloServer<GraphqlOperation>,
  identify: Identify,
  process: GraphqlHttpServices,
): void {
  const { logger, files } = process.services;
  const { uploads } = process;
  const gates = new WeakMap<FastifyRequest, Gate>();
  // Marked only: it is read below, once it is known who sends it.
  app.addContentTypeParser("multipart/form-data", async () => undefined);
  app.route({
    url: "/graphql",
    method: ["GET", "POST"],
    async preValidation(request, reply) {
      if (!isMultipart(request)) return;
      const caller = await identify(request.headers.authorization);
      const begin = (): void => void (caller !== "host" && uploads.begin(caller.actor.id, reply.raw));
      gates.set(request, await readMultipart(request, reply, { maxBytes: files.maxBytes, begin }));
    },
    errorHandler(error, _request, reply) {
      const status = statusOfRequestFault(error);
      if (status !== undefined) {
        const words = status === 413 ? TOO_LARGE : error.message;
        return sendRefusal(reply, status, words, { code: codeOfRequestFault(status) });
      }
      const { code, message, details } = toDomainError(error);
      if (code === "INTERNAL_SERVER_ERROR") logger.error({ err: error }, "a request failed before its operation");
      return sendRefusal(reply, httpStatus[code], message, { code, ...details });
    },
    handler: fastifyApolloHandler(apollo, {
      async context(request) {
        const caller = await identify(request.headers.authorization).catch((error: unknown) => {
          throw toGraphqlError(error, logger);
        });
        const beginUpload = (): void => gates.get(request)?.open();
        return new GraphqlOperation(caller === "host" ? caller : caller.actor, process, beginUpload);
      },
    }),
  });
}

function isMultipart({ headers }: FastifyRequest): boolean {
  return headers["content-type"]?.toLowerCase().startsWith("multipart/form-data") === true;
}

/** What is refused before GraphQL sees it, in GraphQL's shape. */
function sendRefusal(reply: FastifyReply, status: number, message: string, extensions: object): FastifyReply {
  return reply.code(status).send({ errors: [{ message, extensions }] });
}
