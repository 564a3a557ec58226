import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { GraphQLError } from "graphql";
import { createClient } from "graphql-ws";
import { env, webSocketUrl } from "../lib/env.js";

/** What stands in the headers editor, as far as it is about the token. */
export function parseAuthorization(headers: Readonly<Record<string, unknown>> | null | undefined): string | null {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (name.toLowerCase() === "authorization" && typeof value === "string" && value !== "") return value;
  }
  return null;
}

/** What GraphiQL calls its question for the schema. */
const INTROSPECTION = "IntrospectionQuery";
const WHO_ARE_YOU =
  "The schema is shown to people who are known. In demo mode choose a user above; else put a token into the Headers tab and fetch the schema again, by the button at the lower left.";

/**
 * GraphiQL's way to this server. HTTP takes the headers as they are; a WebSocket can't carry headers, so
 * the token goes into connection_init. Each subscription has a socket of its own: the token may change.
 */
export function createFetcher(): Fetcher {
  const overHttp = createGraphiQLFetcher({ url: env.graphqlUrl });
  return (params, options) => {
    const authorization = parseAuthorization(options?.headers);
    // GraphiQL asks for the schema as soon as it is there, before anyone could say who they are.
    if (params.operationName === INTROSPECTION && authorization === null)
      return { errors: [new GraphQLError(WHO_ARE_YOU)] };
    const wsClient = createClient({
      url: webSocketUrl(env.graphqlUrl),
      connectionParams: authorization ? { authorization } : {},
    });
    const isSubscription = options?.documentAST?.definitions.some(
      (definition) =>
        definition.kind === "OperationDefinition" &&
        definition.operation === "subscription" &&
        (!params.operationName || definition.name?.value === params.operationName),
    );
    return isSubscription
      ? createGraphiQLFetcher({ url: env.graphqlUrl, wsClient })(params, options)
      : overHttp(params, options);
  };
}
