import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { PAGE_MAX } from "../../platform/paging.js";

/** What one operation may ask for at most, whichever way it comes; a client's own stay far below. */
export const LIMITS = {
  depth: 12,
  aliases: 15,
  directives: 5,
  rootFields: 10,
  /** Objects that the answer may have, by the sizes of its lists. */
  objects: 20_000,
  /** UTF-16 code units of the variables as JSON. */
  variables: 128 * 1024,
  /** How long it may take, from when it is known who asks; what it changes is finished nevertheless. */
  timeMs: 5_000,
} as const;

/** A page whose size is not given has this many. */
const USUAL_PAGE = 50;
/** Lists without pages have no size in the document: participants, reactions, mentions. */
const USUAL_LIST = 10;

/** What the schema says of itself counts as so many, however much of it is asked for: once it may be. */
const INTROSPECTION: ReadonlyMap<string, number> = new Map([
  ["__schema", 15_000],
  ["__type", 1_500],
]);

type Type = GraphQLNamedType | undefined;
type Variables = Readonly<Record<string, unknown>>;
type Sum = Readonly<Record<"depth" | "aliases" | "directives" | "rootFields" | "objects", number>>;

const NOTHING: Sum = { depth: 0, aliases: 0, directives: 0, rootFields: 0, objects: 0 };

const WORDS = [
  ["depth", "levels of fields"],
  ["aliases", "aliases"],
  ["directives", "directives"],
  ["rootFields", "root fields"],
  ["objects", "objects, by the sizes of its lists: ask for smaller pages"],
] as const;

/** An operation as it came: parsed, but whether it is valid is not known yet. */
export interface Asked {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Variables | null | undefined;
}

/**
 * Why an operation is refused, if it asks for too much. That takes a time that grows with the length of its document
 * alone: a fragment is measured once, however often it is spread.
 */
export function excessOf(schema: GraphQLSchema, { document, operationName, variables }: Asked): string | undefined {
  if (variables && JSON.stringify(variables).length > LIMITS.variables)
    return `Variables can have at most ${LIMITS.variables} characters of JSON.`;
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    if (operationName && operation.name?.value !== operationName) continue;
    const sum = new Meter(schema, document, variables ?? {}).operation(operation);
    const excess = WORDS.find(([what]) => sum[what] > LIMITS[what]);
    if (excess !== undefined) return `An operation can have at most ${LIMITS[excess[0]]} ${excess[1]}.`;
  }
  return undefined;
}

/** Adds up what the selections of one operation ask for. */
class Meter {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** A fragment's sum; that of one that spreads itself, which validation refuses, is nothing while it is being made. */
  readonly #sums = new Map<string, Sum>();

  /** What variables are when they are not given. */
  #presets: ReadonlyMap<string, ValueNode> = new Map();

  constructor(
    private readonly schema: GraphQLSchema,
    { definitions }: DocumentNode,
    private readonly variables: Variables,
  ) {
    this.#fragments = new Map(
      definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
    );
  }

  operation({ operation, selectionSet, directives = [], variableDefinitions = [] }: OperationDefinitionNode): Sum {
    this.#presets = new Map(
      variableDefinitions.flatMap(({ variable, defaultValue }) =>
        defaultValue === undefined ? [] : [[variable.name.value, defaultValue] as const],
      ),
    );
    const sum = this.#selections(selectionSet, this.schema.getRootType(operation) ?? undefined);
    const written = [...directives, ...variableDefinitions.flatMap((node) => node.directives ?? [])];
    return { ...sum, directives: sum.directives + written.length };
  }

  /** @param page how many the lists of this selection have, if it is that of a page */
  #selections({ selections }: SelectionSetNode, type: Type, page?: number): Sum {
    let sum = NOTHING;
    // An object is of one type: of what is asked of several, it has one.
    const ofTypes = new Map<string, number>();
    for (const node of selections) {
      const part = this.#selection(node, type, page);
      const narrowed = this.#narrowedBy(node);
      const isOfAnother = narrowed !== undefined && narrowed !== type && isObjectType(narrowed);
      if (isOfAnother) ofTypes.set(narrowed.name, (ofTypes.get(narrowed.name) ?? 0) + part.objects);
      sum = add(sum, isOfAnother ? { ...part, objects: 0 } : part);
    }
    return { ...sum, objects: sum.objects + Math.max(0, ...ofTypes.values()) };
  }

  /** The type that a fragment is for. */
  #narrowedBy(node: SelectionNode): Type {
    if (node.kind === Kind.FIELD) return undefined;
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
    const condition = fragment?.typeCondition?.name.value;
    return condition === undefined ? undefined : this.schema.getType(condition);
  }

  #selection(node: SelectionNode, type: Type, page: number | undefined): Sum {
    const sum = this.#below(node, type, page);
    return { ...sum, directives: sum.directives + (node.directives?.length ?? 0) };
  }

  #below(node: SelectionNode, type: Type, page: number | undefined): Sum {
    if (node.kind === Kind.FIELD) return this.#field(node, type, page);
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(node.name.value, page);
    return this.#selections(node.selectionSet, this.#narrowedBy(node) ?? type, page);
  }

  #fragment(name: string, page: number | undefined): Sum {
    const key = `${name} ${page}`;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    this.#sums.set(key, NOTHING);
    const fragment = this.#fragments.get(name);
    if (fragment === undefined) return NOTHING;
    const type = this.schema.getType(fragment.typeCondition.name.value);
    const sum = this.#selections(fragment.selectionSet, type, page);
    this.#sums.set(key, sum);
    return sum;
  }

  #field(node: FieldNode, parent: Type, page: number | undefined): Sum {
    const own = { ...NOTHING, depth: 1, rootFields: 1, aliases: node.alias === undefined ? 0 : 1 };
    if (node.selectionSet === undefined) return own;
    // What the schema says of itself is small, and as deep as GraphiQL asks for it; GraphQL limits its lists in lists.
    const introspected = INTROSPECTION.get(node.name.value);
    if (introspected !== undefined) {
      const { aliases, directives } = this.#selections(node.selectionSet, undefined);
      return { ...own, aliases: own.aliases + aliases, directives, objects: introspected };
    }
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const ownPage = field && this.#pageOf(node, field);
    const isList = field !== undefined && isListType(getNullableType(field.type));
    const size = isList ? (ownPage ?? page ?? USUAL_LIST) : 1;
    const type = field && getNamedType(field.type);
    const below = this.#selections(node.selectionSet, type, isList ? undefined : ownPage);
    return {
      ...own,
      depth: own.depth + below.depth,
      aliases: own.aliases + below.aliases,
      directives: below.directives,
      objects: size * (1 + below.objects),
    };
  }

  /** How many a field's page has at most, or how many it is asked for one by one; undefined for one without pages. */
  #pageOf(node: FieldNode, { args }: GraphQLField<unknown, unknown>): number | undefined {
    const given = new Map(node.arguments?.map(({ name, value }) => [name.value, this.#valueOf(value)]));
    if (given.has("representations")) return lengthOf(given.get("representations"));
    if (!args.some(({ name }) => name === "first")) return undefined;
    const sizes = ["first", "last"]
      .map((name) => given.get(name))
      .filter((size) => size !== undefined && size !== null);
    return sizes.length === 0 ? USUAL_PAGE : Math.max(...sizes.map(pageSizeOf));
  }

  /** What a resolver will be given, as far as sizes go. */
  #valueOf(node: ValueNode): unknown {
    if (node.kind === Kind.NULL) return null;
    if (node.kind === Kind.INT) return Number(node.value);
    if (node.kind === Kind.LIST) return node.values;
    if (node.kind !== Kind.VARIABLE) return NaN;
    const value = this.variables[node.name.value];
    const preset = this.#presets.get(node.name.value);
    return value === undefined && preset !== undefined ? this.#valueOf(preset) : value;
  }
}

/** A single one is taken for a list of one. */
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 1);

/** A size that no page can have is refused where it is used, by a better word. */
const pageSizeOf = (value: unknown): number =>
  typeof value === "number" && value >= 0 && value <= PAGE_MAX ? value : PAGE_MAX;

function add(left: Sum, right: Sum): Sum {
  return {
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    rootFields: left.rootFields + right.rootFields,
    objects: left.objects + right.objects,
  };
}
