import {
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from "graphql";

type Field = GraphQLField<unknown, unknown>;

/** How far in: from the field of an operation, so many fields that lead to a thing, the first one counted. */
export const DEPTH = 4;
/** What only stands between a field and its things. */
const BETWEEN = /(Connection|Edge)$/;
const PAGE = 3;

/** Whether a field leads on to an object; where a page stands in its list is said beside the things, and is none. */
const leadsOn = ({ type }: Field): boolean => !isLeafType(getNamedType(type)) && getNamedType(type).name !== "PageInfo";

/** The object types of which what stands there may be. */
const typesOf = (schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];

const argumentsOf = ({ args }: Field): string => (args.some(({ name }) => name === "first") ? `(first: ${PAGE})` : "");

/** What is asked of a thing by the way: all that is neither a thing nor in need of an argument. */
const leavesOf = (type: GraphQLObjectType): string => {
  const fields = Object.values(type.getFields()).filter((field) => !field.args.some(isRequiredArgument));
  return ["__typename", ...fields.filter(({ type: of }) => isLeafType(getNamedType(of))).map(({ name }) => name)].join(
    " ",
  );
};

/** What is asked of a thing: its leaves, and these fields of it. */
const asked = (type: GraphQLNamedType, one: GraphQLObjectType, fields: string): string =>
  isAbstractType(type) ? `... on ${one.name} { ${leavesOf(one)} ${fields} }` : `${leavesOf(one)} ${fields}`;

/** The fields of a type that lead on as far as the depth allows, with the depth of what they lead to. */
function branches(type: GraphQLObjectType, depth: number) {
  return Object.values(type.getFields())
    .filter(leadsOn)
    .map((field) => ({ field, of: getNamedType(field.type), args: argumentsOf(field) }))
    .map((branch) => ({ ...branch, below: BETWEEN.test(branch.of.name) ? depth : depth + 1 }))
    .filter(({ below }) => below <= DEPTH);
}

/** All ways from things of a type in one selection. */
function whole(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): string {
  const all = typesOf(schema, type).map((one) => {
    const fields = branches(one, depth).map(
      ({ field, args, of, below }) => `${field.name}${args} ${whole(schema, of, below)}`,
    );
    return asked(type, one, fields.join(" "));
  });
  return `{ ${all.join(" ")} }`;
}

/**
 * Every way through the graph from things of a type: each as a selection that goes down one branch, takes along whatever
 * lies beside it, and spreads at its end.
 */
export function* pathsFrom(schema: GraphQLSchema, type: GraphQLNamedType, depth = 1): Generator<string> {
  if (depth >= DEPTH - 1) return yield whole(schema, type, depth);
  for (const one of typesOf(schema, type)) {
    const fields = branches(one, depth);
    if (fields.length === 0) yield `{ ${asked(type, one, "")} }`;
    for (const { field, args, of, below } of fields)
      for (const path of pathsFrom(schema, of, below)) yield `{ ${asked(type, one, `${field.name}${args} ${path}`)} }`;
  }
}

/** The fields of these types and of those that they lead to that lead on, as `Type.field`: what paths have to go through. */
export function steps(schema: GraphQLSchema, types: readonly GraphQLNamedType[]): ReadonlySet<string> {
  const found = new Set<string>();
  const reach = (type: GraphQLNamedType): void => {
    for (const one of typesOf(schema, type)) {
      for (const field of Object.values(one.getFields()).filter(leadsOn)) {
        const name = `${one.name}.${field.name}`;
        if (found.has(name)) continue;
        found.add(name);
        reach(getNamedType(field.type));
      }
    }
  };
  for (const type of types) reach(type);
  return found;
}

/** A thing in an answer, with the name of its type. */
export interface Shown {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

/** All things in an answer, however deep. */
export function* thingsIn(value: unknown): Generator<Shown> {
  if (typeof value !== "object" || value === null) return;
  if ("__typename" in value && typeof value.__typename === "string") yield { ...value, __typename: value.__typename };
  for (const below of Object.values(value)) yield* thingsIn(below);
}
