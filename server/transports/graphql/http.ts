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
import { GraphQLError } from "graphql";
import type { Caller, Identify } from "../authenticate.js";
import { Deadline } from "../../platform/deadline.js";
import { DomainError, toDomainError } from "../../platform/errors.js";
import { httpStatus, statusOfRequestFault, viaOf } from "../http.js";
import type { UploadsUnderWay } from "../uploads.js";
import { GraphqlOperation, type GraphqlServices } from "./context.js";
import { MAX_TOKENS, type Documents } from "./documents.js";
import { codeOfRequestFault, createErrorFormatter, toGraphqlError } from "./errors.js";
import { LIMITS } from "./limits.js";
import { readMultipart, type Gate } from "./multipart.js";
import { operationIn, putText } from "./request.js";
import { GATEWAY_HEADER, type TrustedDocuments } from "./trusted.js";

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

const noteRefusals: ApolloServerPlugin<GraphqlOperation> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ contextValue, errors }) {
        contextValue.noteRefusals(errors);
      },
    };
  },
};

/** GraphQL over HTTP: queries and mutations, GET and POST, on `/graphql`. */
export async function mountGraphqlHttp(
  app: FastifyInstance,
  documents: Documents & WithTrust,
  identify: Identify,
  process: GraphqlHttpServices,
): Promise<void> {
  const format = createErrorFormatter(process.services.logger);
  const apollo = new ApolloServer<GraphqlOperation>({
    schema: documents.schema,
    documentStore: documents.store,
    // Ids are ours to look up: Apollo's own would bring documents that nobody has measured.
    persistedQueries: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: (formatted, error) => (error instanceof GraphQLError ? format(error) : formatted),
    plugins: [
      refuseSubscriptions,
      noteRefusals,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  app.addHook("onClose", () => apollo.stop());
  await app.register(async (scope) => mountOperations(scope, { apollo, documents, identify, process }));
}

interface WithTrust {
  readonly trusted: TrustedDocuments;
}

interface OperationParts {
  readonly apollo: ApolloServer<GraphqlOperation>;
  readonly documents: Documents & WithTrust;
  readonly identify: Identify;
  readonly process: GraphqlHttpServices;
}

/** Encapsulated: a multipart body means something else elsewhere. */
function mountOperations(app: FastifyInstance, { apollo, documents, identify, process }: OperationParts): void {
  const { uploads, services } = process;
  const { logger, files } = services;
  const { trusted } = documents;
  const gates = new WeakMap<FastifyRequest, Gate>();
  const callers = new WeakMap<FastifyRequest, Caller>();
  // Marked only: it is read below, once it is known who sends it.
  app.addContentTypeParser("multipart/form-data", async () => undefined);
  app.route({
    url: "/graphql",
    method: ["GET", "POST"],
    async preValidation(request, reply) {
      // Before anything is said of a document, or a file is read.
      const caller = await identify(request.headers.authorization, viaOf(request, "graphql"));
      callers.set(request, caller);
      if (!isMultipart(request)) return;
      const begin = (): void => void (caller !== "host" && uploads.begin(caller.actor.id, reply.raw));
      gates.set(request, await readMultipart(request, reply, { maxBytes: files.maxBytes, begin }));
    },
    async preHandler(request) {
      const isExempt = callers.get(request) === "host" || trusted.isGateway(request.headers[GATEWAY_HEADER]);
      putText(request, (named) => trusted.textOf(named, isExempt));
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
        const via = viaOf(request, "graphql");
        const caller = callers.get(request);
        if (caller === undefined) throw toGraphqlError(new DomainError("UNAUTHENTICATED", "Log in first."), logger);
        const operation = operationIn(request);
        const excess = operation && documents.excessOf(operation);
        if (excess !== undefined) throw excess;
        const beginUpload = (): void => gates.get(request)?.open();
        const deadline = new Deadline(services.clock, LIMITS.timeMs);
        return new GraphqlOperation(caller === "host" ? caller : caller.actor, process, { via, beginUpload, deadline });
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
