import { Redis, type RedisOptions } from "ioredis";
import type { Logger } from "../logger.js";
import { Outage } from "../outage.js";
import { errorCode } from "../system-error.js";
import type { Clock } from "../time.js";
import { TimedOut, within } from "../within.js";
import { Listener } from "./listener.js";

/** This node's two connections to Redis, and whether they can be used. They are made again for as long as it takes. */
export interface RedisConnection {
  /** For everything but listening. Its commands fail at once while Redis is away: they never wait for it. */
  readonly commands: Redis;
  readonly listener: Listener;
  /** True while Redis answers and every channel that is wanted is heard. */
  readonly isConnected: boolean;
  /** Calls back each time it is connected again. The answer ends it. */
  onReturn(callback: () => void): () => void;
  /** An answer is late: Redis counts as away until it gives one, here or on another connection. */
  doubt(): void;
  close(): Promise<void>;
}

export interface RedisSettings {
  readonly url: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

const CONNECT_TIMEOUT_MS = 2_000;
const MAX_RETRY_MS = 1_000;
const RETRY_STEP_MS = 50;
/** What takes a connection and says nothing shall not keep the server from starting. */
const START_WITHIN_MS = 3_000;
/** A connection whose other end is gone without a word, or has said none yet, is given up after at most two of these. */
const PING_EVERY_MS = 5_000;
/** What answers nothing for so long after it was late already is given up. */
const GIVE_UP_MS = 2_000;
/** How long a connection that is given up may take to say farewell. */
const FAREWELL_MS = 200;

/** Nothing is kept for later: a command that can't be sent now fails now, and one without an answer with its connection. */
const options: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  disconnectTimeout: FAREWELL_MS,
  retryStrategy: (attempt) => Math.min(attempt * RETRY_STEP_MS, MAX_RETRY_MS),
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
};

/** Connects to Redis. Resolves when it is known whether it answers, and does not fail if it doesn't: it goes on trying. */
export async function connectRedis(settings: RedisSettings): Promise<RedisConnection> {
  const connection = new Connection(settings);
  await connection.started;
  return connection;
}

class Connection implements RedisConnection {
  readonly commands: Redis;
  readonly listener: Listener;
  readonly started: Promise<void>;
  private state: "starting" | "connected" | "away" | "closed" = "starting";
  private isDoubted = false;
  private readonly outage: Outage;
  private lastError: unknown;
  private readonly returns = new Set<() => void>();
  private readonly stopPinging: readonly (() => void)[];
  private start = (): void => {};

  constructor(private readonly settings: RedisSettings) {
    const away = "Redis is away; events are found in the log, typing and presence pause";
    this.outage = new Outage({ clock: settings.clock, logger: settings.logger, away, back: "Redis is back" });
    const stopWaiting = settings.clock.after(START_WITHIN_MS, () => this.fail(new Error("no answer")));
    this.started = new Promise((resolve) => {
      this.start = () => {
        stopWaiting();
        resolve();
      };
    });
    this.commands = new Redis(settings.url, options);
    this.listener = new Listener(settings.url, options, {
      listening: () => this.check(),
      refused: (error) => this.fail(error),
    });
    // The next connection is another one.
    this.commands.on("close", () => (this.isDoubted = false));
    for (const client of [this.commands, this.listener]) {
      client.on("ready", () => this.check());
      client.on("close", () => this.fail(this.lastError));
      // Once an attempt: what is said of it is said once an outage.
      client.on("error", (error) => (this.lastError = error));
    }
    this.stopPinging = [this.commands, this.listener].map((client) => keepPinging(client, settings.clock));
  }

  get isConnected(): boolean {
    return this.state === "connected" && this.commands.status === "ready" && this.listener.isListening;
  }

  onReturn(callback: () => void): () => void {
    this.returns.add(callback);
    return () => this.returns.delete(callback);
  }

  doubt(): void {
    if (this.isDoubted || this.state !== "connected") return;
    this.isDoubted = true;
    this.fail(new Error("an answer is late"));
    within(this.settings.clock, GIVE_UP_MS, this.commands.ping()).then(
      () => {
        this.isDoubted = false;
        this.check();
      },
      (error: unknown) => {
        if (error instanceof TimedOut) this.commands.disconnect(true);
      },
    );
  }

  async close(): Promise<void> {
    this.state = "closed";
    this.outage.forget();
    for (const stop of this.stopPinging) stop();
    this.commands.disconnect();
    this.listener.disconnect();
  }

  private check(): void {
    const wasAway = this.state === "away";
    if (this.state === "closed" || this.state === "connected" || this.isDoubted) return;
    if (this.commands.status !== "ready" || !this.listener.isListening) return;
    this.state = "connected";
    this.lastError = undefined;
    this.start();
    if (!wasAway) return;
    this.outage.end();
    for (const callback of this.returns) callback();
  }

  private fail(error: unknown): void {
    if (this.state === "closed" || this.state === "away") return;
    this.state = "away";
    this.outage.begin(describeReason(error));
    this.start();
  }
}

/** Only code and message: on an error of its own, ioredis hangs the command, and with it the password or a message. */
function describeReason(error: unknown): string {
  // Its own words ask to be reported to the makers of the parser.
  if (error instanceof Error && error.name === "ParserError") return "what answers there does not speak as Redis does";
  const message = error instanceof Error ? error.message : "";
  return message || (errorCode(error) ?? "the connection was closed");
}

function keepPinging(client: Redis, clock: Clock): () => void {
  let isWaiting = false;
  let cancel = (): void => {};
  const answered = (): void => {
    isWaiting = false;
  };
  client.on("ready", answered).on("close", answered);
  const arm = (): void => {
    cancel = clock.after(PING_EVERY_MS, () => {
      if (isWaiting) client.disconnect(true);
      else if (client.status === "ready") {
        isWaiting = true;
        client.ping().then(answered, answered);
      } else if (client.status === "connect") isWaiting = true;
      arm();
    });
  };
  arm();
  return () => cancel();
}
