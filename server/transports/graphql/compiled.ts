import {
  BREAK,
  getVariableValues,
  Kind,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { compileQuery, isCompiledQuery, type CompiledQuery } from "graphql-jit";
import type { GraphqlOperation } from "./context.js";

/** An operation of a valid document. The same one comes again while its document is remembered. */
export interface KnownOperation {
  readonly document: DocumentNode;
  /** Undefined where a request does not say which one of several it means, whatever Apollo's types say. */
  readonly operation: OperationDefinitionNode | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Executes the queries that come often as code that was made of them. */
export interface CompiledQueries {
  /**
   * The answer, as graphql-js would give it; undefined where that has to give it itself: for what is no query or has not
   * come often, for variables that are at fault, and for answers with several errors or one of our making.
   */
  execute(asked: KnownOperation, context: GraphqlOperation): Promise<ExecutionResult | undefined>;
}

/** Making code of a document takes as long as executing it some times. */
const COMPILED_FROM = 20;
/** A web client has some tens. */
const MAX_COMPILED = 100;

/** @param from at which time that it comes a query is compiled */
export function createCompiledQueries(schema: GraphQLSchema, from = COMPILED_FROM): CompiledQueries {
  const times = new WeakMap<OperationDefinitionNode, number>();
  /** Undefined: it can't be compiled. The one that was asked for last comes last. */
  const compiled = new Map<OperationDefinitionNode, CompiledQuery | undefined>();

  function codeOf(document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | undefined {
    const seen = (times.get(operation) ?? 0) + 1;
    times.set(operation, seen);
    if (operation.operation !== "query" || seen < from) return undefined;
    const code = compiled.has(operation) ? compiled.get(operation) : compile(schema, document, operation);
    compiled.delete(operation);
    compiled.set(operation, code);
    const [oldest] = compiled.keys();
    if (compiled.size > MAX_COMPILED && oldest !== undefined) {
      compiled.delete(oldest);
      // It has to come often again: else those who send too many by turns would have each compiled each time.
      times.delete(oldest);
    }
    return code;
  }

  return {
    async execute({ document, operation, variables }, context) {
      const code = operation && codeOf(document, operation);
      if (code === undefined) return undefined;
      // The fields of our errors are read from graphql-js's words for a variable that it refuses.
      const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], variables);
      if (errors !== undefined) return undefined;
      const result = await code.query(undefined, context, variables);
      // One that no resolver threw is a fault in us, and of several graphql-js leaves out those under what is null already.
      const [error, ...others] = result.errors ?? [];
      const isAsEver = others.length === 0 && (error === undefined || error.originalError !== undefined);
      return result.data === undefined || !isAsEver ? undefined : result;
    },
  };
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  { name }: OperationDefinitionNode,
): CompiledQuery | undefined {
  if (hasVariableInValue(document)) return undefined;
  const code = compileQuery(schema, document, name?.value);
  return isCompiledQuery(code) ? code : undefined;
}

/** A variable that is a part of a value: graphql-js puts it into what is given to a scalar (`_Any`), graphql-jit does not. */
function hasVariableInValue(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Variable(_node, _key, parent) {
      if (parent === undefined || !("kind" in parent) || parent.kind === Kind.OBJECT_FIELD) isFound = true;
      return isFound ? BREAK : undefined;
    },
  });
  return isFound;
}
