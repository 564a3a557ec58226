import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UNLIMITED } from "../../server/test/unlimited.js";

const MAIN = join(import.meta.dirname, "../../dist/server/main.js");

/** The built server as a process of its own, in demo mode, with a folder of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly dataDir: string;
  /** What it has printed since it was started the last time. */
  readonly output: string;
  /** Kills it without a warning (SIGKILL). */
  kill(): Promise<void>;
  /** Lets it hang (SIGSTOP): its connections stay, and more are taken, but it answers none. */
  freeze(): void;
  thaw(): void;
  /** Asks it to end, as a deployment does (SIGTERM), and waits until it has. */
  terminate(): Promise<void>;
  /** Starts it again, on the same data and the same port. */
  restart(): Promise<void>;
  /** Stops it as Ctrl-C does, and removes its folder. */
  stop(): Promise<void>;
}

/** @param settings environment variables besides its own port and folder */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "parley-e2e-"));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: "warn",
    ...UNLIMITED,
    ...settings,
  };
  let running = await launch(env);
  const end = async (signal: "SIGKILL" | "SIGTERM" | "SIGINT"): Promise<void> => {
    const { child, closed } = running;
    child.kill(signal);
    // One that hangs would not hear of it.
    child.kill("SIGCONT");
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    get output() {
      return running.output();
    },
    kill: () => end("SIGKILL"),
    freeze: () => void running.child.kill("SIGSTOP"),
    thaw: () => void running.child.kill("SIGCONT"),
    terminate: () => end("SIGTERM"),
    async restart() {
      running = await launch(env);
    },
    async stop() {
      await end("SIGINT");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  /** Not before everything that it has said is here. */
  readonly closed: Promise<unknown>;
  output(): string;
}

async function launch(env: NodeJS.ProcessEnv): Promise<Running> {
  const child = spawn(process.execPath, ["--liftoff-only", MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes("Parley is ready")) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("close", (code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  return { child, closed, output: () => output };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = parseAddress(server.address());
  server.close();
  await once(server, "close");
  return port;
}

export function parseAddress(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("This is not the address of a TCP server.");
  return address;
}
