import { parseArgs, type ParseArgsConfig } from "node:util";
import { isNativeError } from "node:util/types";
import { ConfigError, describeFaults } from "../config.js";

/** The command can't do what it was asked to. The message is one line that says what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/**
 * Reads a command's arguments.
 * @throws CommandError for anything but the documented ones; `example` is how it is written
 */
export function readArguments<const Config extends ParseArgsConfig>(config: Config, example: string) {
  try {
    return parseArgs(config);
  } catch (error) {
    const reason = isNativeError(error) ? error.message.split(/\. |\n/)[0] : "The arguments are not understood";
    throw new CommandError(`${reason}. Try: ${example}`);
  }
}

/** Does a command's work; what goes wrong is said on standard error, in a line, and the process ends with status 1. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${describeProblem(error)}\n`);
  }
}

function describeProblem(error: unknown): string {
  if (error instanceof ConfigError) return describeFaults(error);
  return isNativeError(error) ? (error.message.split("\n")[0] ?? error.name) : String(error);
}
