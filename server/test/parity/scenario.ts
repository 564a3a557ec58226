import type { ErrorCode } from "../../platform/errors.js";
import type { World } from "../world.js";
import type { Fields, Input, Transport, Verb } from "./client.js";
import type { Stage, Who } from "./stage.js";

/** One thing that somebody does, and what comes of it, whatever it is done with. */
export interface Scenario {
  readonly verb: Verb;
  readonly name: string;
  readonly input: (stage: Stage) => Input;
  /** John, unless it says so. */
  readonly who?: Who;
  /** What happened before, with which it is another stage than the common one. */
  readonly before?: (world: World, stage: Stage) => Promise<unknown>;
  /** Where it is not for every transport that has the verb. */
  readonly over?: readonly Transport[];
  readonly ends: Success | Failure;
}

export interface Success {
  /** What the result has at least. Everything else of it is the same over all transports. */
  readonly gives: Fields;
  /** REST's status, where it is not the one that the verb usually has. */
  readonly status?: number;
}

export interface Failure {
  readonly code: ErrorCode;
  readonly field?: string;
  /** Each transport says it in its own words, because it is about what only that transport has. */
  readonly ownWords?: true;
}

/** What scenarios are told apart by. */
export const titleOf = ({ verb, name }: Scenario): string => `${verb}: ${name}`;

type More = Partial<Pick<Scenario, "who" | "before" | "over"> & Pick<Success, "status">>;

/** The scenarios of one verb. */
export function of(verb: Verb) {
  return {
    does(name: string, input: Scenario["input"], gives: Fields = {}, more: More = {}): Scenario {
      const { status, ...where } = more;
      return { verb, name, input, ...where, ends: { gives, ...(status === undefined ? {} : { status }) } };
    },
    refuses(
      name: string,
      input: Scenario["input"],
      ends: ErrorCode | Failure,
      more: Omit<More, "status"> = {},
    ): Scenario {
      return { verb, name, input, ...more, ends: typeof ends === "string" ? { code: ends } : ends };
    },
  };
}

export const bad = (field: string): Failure => ({ code: "BAD_USER_INPUT", field });
