import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from "graphql";
import type { Loaders } from "./loaders.js";

type Fragments = GraphQLResolveInfo["fragments"];

/** What a document asks for below a field, by the names of fields, whatever they are called in the answer. */
export class Selection {
  private readonly fields = new Map<string, FieldNode[]>();
  /** A fragment says the same however often it is spread. */
  private readonly spread = new Set<string>();

  constructor(
    nodes: readonly FieldNode[],
    private readonly fragments: Fragments,
  ) {
    for (const { selectionSet } of nodes) if (selectionSet !== undefined) this.collect(selectionSet);
  }

  /** Undefined when the field is not asked for. */
  below(field: string): Selection | undefined {
    const nodes = this.fields.get(field);
    return nodes && new Selection(nodes, this.fragments);
  }

  private collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { value } = selection.name;
        this.fields.set(value, [...(this.fields.get(value) ?? []), selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.collect(selection.selectionSet);
      } else if (!this.spread.has(selection.name.value)) {
        this.spread.add(selection.name.value);
        const fragment = this.fragments[selection.name.value];
        if (fragment !== undefined) this.collect(fragment.selectionSet);
      }
    }
  }
}

/** What is asked for of the items of the connection that is just being resolved. */
export function selectionsOfItems({ fieldNodes, fragments }: GraphQLResolveInfo): readonly Selection[] {
  const connection = new Selection(fieldNodes, fragments);
  return [connection.below("nodes"), connection.below("edges")?.below("node")].filter((items) => items !== undefined);
}

/** Reads for many items what one of their fields will ask its loader for. */
type ReadField<Item> = (loaders: Loaders, items: readonly Item[], below: Selection) => unknown;

/**
 * What the fields of a type will ask for, to be read for all items of a list before the first one is shown. Then fields
 * find it at once: with a promise for each of its items, and for all that they are in, a list costs twice as much.
 */
export class ReadAhead<Item> {
  private readonly fields = new Map<string, ReadField<Item>>();

  /** Says how a field reads. Later features say so for the fields that they add. */
  field(name: string, read: ReadField<Item>): this {
    this.fields.set(name, read);
    return this;
  }

  /** Reads what is selected. What fails is for the fields to say. */
  async read(loaders: Loaders, items: readonly Item[], selections: readonly Selection[]): Promise<void> {
    const reads: Promise<unknown>[] = [];
    for (const selection of items.length === 0 ? [] : selections) {
      for (const [name, read] of this.fields) {
        const below = selection.below(name);
        if (below !== undefined) reads.push(Promise.resolve(read(loaders, items, below)));
      }
    }
    await Promise.allSettled(reads);
  }
}
