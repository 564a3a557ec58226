/** A list in pieces of at most `size`, in order: so that one statement or message never carries it all. */
export function batchesOf<Item>(list: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_each, index) => list.slice(index * size, (index + 1) * size));
}
