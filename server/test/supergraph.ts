import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { SECRET } from "./server.js";

/** What a subgraph brings to a composition. */
export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** Something that fits, but perhaps not as it was meant. */
export interface Hint {
  readonly message: string;
  readonly definition: { readonly code: string };
}

/** Who and what there is in the host product that the stub subgraphs stand for; the demo's when left out. */
export interface HostProduct {
  readonly people: readonly { readonly id: string; readonly name: string; readonly email: string }[];
  readonly projects: readonly { readonly id: string; readonly title: string; readonly members: readonly string[] }[];
}

export interface Supergraph {
  readonly url: string;
  readonly hints: readonly Hint[];
  close(): Promise<void>;
}

interface Programs {
  startSupergraph(options: { readonly parleyUrl: string; readonly secret: string } & HostProduct): Promise<Supergraph>;
  compose(subgraphs: readonly Subgraph[]): { readonly supergraphSdl: string; readonly hints: readonly Hint[] };
}

const folder = join(import.meta.dirname, "../../examples/supergraph");

/** Starts the programs of `examples/supergraph`, as they are, over a server that runs. */
export async function startTestSupergraph(parleyUrl: string, product: HostProduct): Promise<Supergraph> {
  const { startSupergraph } = await load("supergraph.mjs");
  return startSupergraph({ parleyUrl, secret: SECRET, ...product });
}

export interface RunningSupergraph {
  readonly url: string;
  close(): Promise<void>;
}

/** Runs `examples/supergraph/start.mjs` as a person would, until it says where it is ready. */
export async function runSupergraph(env: Readonly<Record<string, string>>): Promise<RunningSupergraph> {
  const child = spawn(process.execPath, [join(folder, "start.mjs")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.pipe(process.stderr);
  const ended = once(child, "exit");
  const close = async () => {
    child.kill();
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ready at (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { url, close };
  }
  throw new Error("The supergraph ended before it was ready.");
}

/** Composes subgraphs as the example's gateway does. Throws with what does not fit. */
export async function compose(subgraphs: readonly Subgraph[]): Promise<readonly Hint[]> {
  const programs = await load("gateway.mjs");
  return programs.compose(subgraphs).hints;
}

async function load(name: string): Promise<Programs> {
  return parsePrograms(await import(pathToFileURL(join(folder, name)).href));
}

/** The programs are plain JavaScript, to be copied; what they take and give is said above. */
function parsePrograms(module: unknown): Programs {
  return module as Programs;
}
