import { fork } from "node:child_process";
import { join } from "node:path";

/** What one process may ask of another: each call takes and returns plain data. */
export type Calls = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A process of the benchmark, as the one that started it sees it. */
export interface Worker<Table extends Calls> {
  call<Name extends keyof Table & string>(
    name: Name,
    ...args: Parameters<Table[Name]>
  ): Promise<Awaited<ReturnType<Table[Name]>>>;
  /** Lets it end by itself, so that it can write its profile, and waits for that. */
  stop(): Promise<void>;
}

/** Starts `server/bench/<file>.ts` as a process of its own. */
export function startWorker<Table extends Calls>(file: string, execArgv: readonly string[] = []): Worker<Table> {
  const env = { ...process.env, NODE_ENV: "production" };
  const child = fork(join(import.meta.dirname, `${file}.js`), [], { execArgv: [...execArgv], env });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let calls = 0;
  child.on("message", (message) => {
    const { id, result, error } = parseAnswer(message);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error));
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`The process ${file} ended with ${code}.`));
      resolve();
    });
  });
  return {
    call<Name extends keyof Table & string>(name: Name, ...args: Parameters<Table[Name]>) {
      calls += 1;
      const id = calls;
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
      child.send({ id, name, args });
      return answer.then((result) => parseResult<Awaited<ReturnType<Table[Name]>>>(result));
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Answers the calls of the process that started this one; ends when that one lets go. */
export function serveCalls(calls: Calls, stop: () => Promise<unknown>): void {
  process.on("message", (message) => {
    const { id, name, args } = parseRequest(message);
    const run = async (): Promise<unknown> => {
      const call = calls[name];
      if (call === undefined) throw new Error(`There is no call ${name}.`);
      return Reflect.apply(call, undefined, args);
    };
    run().then(
      (result) => process.send?.({ id, result }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? (error.stack ?? "") : String(error) }),
    );
  });
  process.on("disconnect", () => {
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

function parseAnswer(message: unknown): { id: number; result: unknown; error: string | undefined } {
  return message as { id: number; result: unknown; error: string | undefined };
}

function parseRequest(message: unknown): { id: number; name: string; args: unknown[] } {
  return message as { id: number; name: string; args: unknown[] };
}

/** Both ends are of one build, and what travels is plain. */
function parseResult<Result>(result: unknown): Result {
  return result as Result;
}
