import {
  execute,
  getOperationAST,
  getVariableValues,
  Kind,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type OperationDefinitionNode,
} from "graphql";
import type { View } from "../../features/feed/feed.offer.js";
import { createView } from "../../features/feed/feed.share.js";
import { keepableBytes } from "../shared-frame.js";
import { GraphqlOperation, nobody, type GraphqlServices } from "./context.js";
import { toGraphEvent } from "./event.js";
import { isShareable } from "./sharing.fields.js";
import { unavailable } from "./subscribe.js";

/** A result as it goes out. */
export type ToPayload = (result: {
  readonly data?: ExecutionResult["data"] | undefined;
  readonly errors?: ExecutionResult["errors"] | undefined;
}) => FormattedExecutionResult;

/** The view of a subscription whose events everybody in a room gets alike; undefined for any other operation. */
export type ViewOf = (args: ExecutionArgs) => View | undefined;

/**
 * Executes the shareable subscriptions of this node once for each event of a room, as nobody: what is read for who asks
 * has nothing for nobody, so that a field which is taken for the same by mistake shows nothing of anybody's. Two people
 * share when they sent the same document and operation; where they follow from does not matter to any of its events.
 */
export function createSharing(process: GraphqlServices, toPayload: ToPayload): ViewOf {
  const views = new WeakMap<OperationDefinitionNode, View>();
  const alone = new WeakSet<OperationDefinitionNode>();
  return (args) => {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== "subscription" || alone.has(operation)) return undefined;
    const known = views.get(operation);
    if (known !== undefined) return known;
    if (!isShareable(args.schema, args.document, operation)) {
      alone.add(operation);
      return undefined;
    }
    const variableValues = requiredOf(args, operation);
    if (variableValues === undefined) return undefined;
    const view = createView(process.feed, async (delivery) => {
      const contextValue = new GraphqlOperation(nobody, process);
      contextValue.renewFor(delivery);
      const rootValue = await toGraphEvent(delivery, contextValue.loaders);
      if (rootValue === undefined) return undefined;
      const result = await execute({ ...args, variableValues, rootValue, contextValue });
      const away = unavailable(result);
      // Then each reads it by themselves, and waits until it can be shown.
      if (away !== undefined) throw away;
      return restOfMessage(toPayload(result));
    });
    views.set(operation, view);
    return view;
  };
}

/** How the message begins that brings a result to a subscription: the only part that is each subscriber's own. */
export function nextMessage(id: string): string {
  return `{"id":${JSON.stringify(id)},"type":"next","payload":`;
}

function restOfMessage(payload: FormattedExecutionResult): Buffer {
  return keepableBytes(`${JSON.stringify(payload)}}`);
}

/** Values that the operation can be executed with at all; undefined when these can't be. */
function requiredOf(
  { schema, variableValues: given }: ExecutionArgs,
  { variableDefinitions = [] }: OperationDefinitionNode,
): Readonly<Record<string, unknown>> | undefined {
  const required = variableDefinitions.filter(({ type }) => type.kind === Kind.NON_NULL_TYPE);
  const values = Object.fromEntries(
    required.flatMap(({ variable: { name } }) => {
      const value = given?.[name.value];
      return value === undefined ? [] : [[name.value, value]];
    }),
  );
  return "errors" in getVariableValues(schema, variableDefinitions, values) ? undefined : values;
}
