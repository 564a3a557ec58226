import type fc from "fast-check";
import type { Target } from "./target.js";

/** One way into the server, and what is sent by it. */
export interface Entry {
  readonly name: string;
  /** What it sends; it is told what there is. */
  prepare(target: Target): Promise<Prepared>;
}

export interface Prepared<Input = unknown> {
  readonly inputs: fc.Arbitrary<Input>;
  /** Sends one, and throws when the answer is not one that the entry's documentation has. */
  send(input: Input): Promise<void>;
  /** Looks, after all were sent, at what they have left. */
  end?(): Promise<void>;
}

/** An entry whose inputs are of one type, which nobody else needs to know. */
export function entry<Input>(name: string, prepare: (target: Target) => Promise<Prepared<Input>>): Entry {
  return {
    name,
    async prepare(target) {
      const { inputs, send, end } = await prepare(target);
      return { inputs, send: (input) => send(input as Input), ...(end === undefined ? {} : { end }) };
    },
  };
}
