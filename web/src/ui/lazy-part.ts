import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { backOff } from "../lib/backoff.js";

const TRIES = 4;
/** For browsers that do not tell when they are idle. */
const IDLE_AFTER_MS = 3_000;

type Load<T> = () => Promise<T>;

async function loadPatiently<T>(load: Load<T>, tries: number): Promise<T> {
  for (let attempt = 0; attempt < tries - 1; attempt++) {
    try {
      return await load();
    } catch {
      await backOff(attempt);
    }
  }
  return load();
}

/** What is loaded ahead of its use; null as soon as there is time for it. */
let waiting: Load<unknown>[] | null = [];

function ignore(): void {
  // What could not be loaded ahead is loaded when it is used.
}

/**
 * A component whose code the first screen does without. It comes when the browser is idle, or when it is used, whichever
 * is first, and a network that fails is tried again; after `tries` the error goes to the boundary around it.
 */
export function lazyPart<Props>(
  load: Load<ComponentType<Props>>,
  tries = TRIES,
): LazyExoticComponent<ComponentType<Props>> {
  if (waiting) waiting.push(load);
  else load().catch(ignore);
  return lazy(async () => ({ default: await loadPatiently(load, tries) }));
}

async function loadWaiting(): Promise<void> {
  const loads = waiting ?? [];
  waiting = null;
  // One after the other: whatever is asked for meanwhile has the network for itself.
  for (const load of loads) await load().catch(ignore);
}

/** Loads all parts once the browser has nothing better to do. From then on they are there at once, without a network too. */
export function loadPartsWhenIdle(): void {
  const start = (): void => void loadWaiting();
  if ("requestIdleCallback" in window) window.requestIdleCallback(start, { timeout: IDLE_AFTER_MS });
  else setTimeout(start, IDLE_AFTER_MS);
}
