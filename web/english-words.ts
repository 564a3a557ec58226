import type { Plugin } from "vite";

interface Catalogue {
  readonly messages: Readonly<Record<string, unknown>>;
}

const parseCatalogue = (json: string): Catalogue => JSON.parse(json) as Catalogue;

/** Whether a compiled text says no more than its id does, which is the English text itself. */
const isItsId = ([id, compiled]: readonly [string, unknown]): boolean =>
  Array.isArray(compiled) && compiled.length === 1 && compiled[0] === id;

/** Takes out of the English catalogue what stands in the code already: all but numbers, plurals and names. */
export function englishWords(): Plugin {
  return {
    name: "english-words",
    apply: "build",
    enforce: "pre",
    transform: {
      filter: { id: /\/words\/en\.json$/ },
      handler(code) {
        const entries = Object.entries(parseCatalogue(code).messages).filter((entry) => !isItsId(entry));
        return { code: JSON.stringify({ messages: Object.fromEntries(entries) }), map: null };
      },
    },
  };
}
