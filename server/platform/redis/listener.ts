import { Redis, type RedisOptions } from "ioredis";

type SubscribeArgument = string | Buffer | ((error: Error | null, result?: unknown) => void) | undefined;

/** What a listener tells besides what every client of ioredis does. */
export interface ListenerEvents {
  /** Every channel that is wanted has been confirmed by Redis, on this connection. */
  listening(): void;
  /** Redis would not listen to a channel, though it answers. */
  refused(error: unknown): void;
}

/**
 * The connection that hears messages, made so that graphql-redis-subscriptions can't trip: that library keeps its caller
 * waiting while Redis is away, and of a subscription that failed it rejects a promise that nobody listens to, which ends
 * a Node process. So here subscribing succeeds at once. Which channels are wanted is kept here, and they are asked for
 * whenever the connection is ready.
 */
export class Listener extends Redis {
  private readonly wanted = new Set<string>();
  /** Asked for on this connection: when Redis has answered, whatever it said. */
  private readonly asked = new Map<string, Promise<void>>();
  private readonly confirmed = new Set<string>();

  constructor(
    url: string,
    options: RedisOptions,
    private readonly events: ListenerEvents,
  ) {
    super(url, options);
    this.on("ready", () => this.askForAll());
    this.on("close", () => {
      this.asked.clear();
      this.confirmed.clear();
    });
  }

  /** Whether every message on the wanted channels is heard just now. */
  get isListening(): boolean {
    return this.status === "ready" && this.confirmed.size === this.wanted.size;
  }

  /** Resolves once Redis has answered for this channel; at once while it is away. */
  async settled(channel: string): Promise<void> {
    await this.asked.get(channel);
  }

  override async subscribe(...args: SubscribeArgument[]): Promise<void> {
    for (const argument of args) {
      if (typeof argument === "string") this.want(argument);
      if (typeof argument === "function") argument(null);
    }
  }

  override async unsubscribe(...args: SubscribeArgument[]): Promise<void> {
    for (const channel of args) {
      if (typeof channel !== "string" || !this.wanted.delete(channel)) continue;
      this.confirmed.delete(channel);
      // A connection that breaks before Redis answers has ended the subscription as well.
      if (this.asked.delete(channel)) super.unsubscribe(channel).catch(() => {});
    }
  }

  /** The library ends every subscription both ways; patterns are not used here. */
  override async punsubscribe(): Promise<void> {}

  private want(channel: string): void {
    if (this.wanted.has(channel)) return;
    this.wanted.add(channel);
    if (this.status === "ready") this.ask([channel]);
  }

  private askForAll(): void {
    const missing = [...this.wanted].filter((channel) => !this.asked.has(channel));
    if (missing.length > 0) this.ask(missing);
    else this.tell();
  }

  private ask(channels: readonly string[]): void {
    const answer: Promise<void> = super.subscribe(...channels).then(
      () => this.confirm(channels, answer),
      (error: unknown) => {
        if (this.status === "ready") this.events.refused(error);
      },
    );
    for (const channel of channels) this.asked.set(channel, answer);
  }

  /** Only what is still asked for by this very request: it may have been given up, or asked for again since. */
  private confirm(channels: readonly string[], answer: Promise<void>): void {
    for (const channel of channels) if (this.asked.get(channel) === answer) this.confirmed.add(channel);
    this.tell();
  }

  private tell(): void {
    if (this.isListening) this.events.listening();
  }
}
