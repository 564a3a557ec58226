import WebSocket from "ws";

/** Only how long a server that does not answer is waited for. */
const GIVE_UP_MS = 20_000;

/** What a server has said on one socket, and with which code it ended, if it did. */
export interface Line {
  readonly frames: readonly string[];
  send(data: string | Buffer): void;
  /** Waits for a frame that is this, or for the end of the socket. */
  hears(what: string, isIt: (frame: string) => boolean): Promise<void>;
  readonly code: () => number | undefined;
  /** The status by which the upgrade was refused. */
  readonly refused: () => number | undefined;
  /** Waits until it is open, or is not going to be. */
  opened(): Promise<void>;
  close(): Promise<void>;
}

export interface DialOptions {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function dialLine(url: string, { protocols = [], headers = {} }: DialOptions): Line {
  const socket = new WebSocket(url.replace("http", "ws"), [...protocols], { headers });
  const frames: string[] = [];
  const changes = new Changes();
  let code: number | undefined;
  let refused: number | undefined;
  socket.on("open", () => changes.tell());
  socket.on("message", (data: Buffer) => {
    frames.push(data.toString());
    changes.tell();
  });
  socket.on("close", (closing) => {
    code = closing;
    changes.tell();
  });
  socket.on("unexpected-response", (_request, response) => {
    refused = response.resume().statusCode;
    socket.terminate();
    changes.tell();
  });
  // The library's word for what `code` and `refused` say, too.
  socket.on("error", () => {});
  const isOver = (): boolean => code !== undefined || refused !== undefined;
  return {
    frames,
    code: () => code,
    refused: () => refused,
    send: (data) => void (socket.readyState === socket.OPEN && socket.send(data)),
    hears: (what, isIt) => changes.until(() => isOver() || frames.some(isIt), what),
    opened: () => changes.until(() => isOver() || socket.readyState === socket.OPEN, "the socket to open"),
    async close() {
      socket.close();
      await changes.until(isOver, "the end of a socket");
    },
  };
}

/** Who waits for something to become true looks again at every change: asking from time to time costs most of the time. */
class Changes {
  private readonly looking = new Set<() => void>();

  tell(): void {
    for (const look of this.looking) look();
  }

  async until(isSo: () => boolean, what: string): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error(`Waited in vain for ${what}.`)), GIVE_UP_MS);
      const look = (): void => {
        if (!isSo()) return;
        clearTimeout(giveUp);
        this.looking.delete(look);
        resolve();
      };
      this.looking.add(look);
    });
  }
}
