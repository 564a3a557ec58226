import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../demo/demo-random.js";
import type { Sent, Transport } from "./history.js";
import { openLine, type Answer, type Dial, type Line, type Send } from "./lines.js";

/** Somebody who writes into a room, one message after the other. */
export interface SenderPlan {
  readonly user: number;
  readonly room: number;
  readonly transport: Transport;
  readonly sends: number;
  /** From one send to the next one, unless that took longer. */
  readonly everyMs: number;
  /** This share of what was not answered is given up instead of tried again, as by a client that dies; 0 when absent. */
  readonly abandonShare?: number;
  /** This share of what was acknowledged is sent once more under its key, as by a client that lost the answer; 0 when absent. */
  readonly repeatShare?: number;
  /** Goes on at this pace after that, until `finish` is called. */
  readonly goesOn?: boolean;
}

/** What the clients of one process have in common. */
export interface Clients {
  /** The nodes' addresses, to choose from. */
  readonly urls: readonly string[];
  readonly random: Random;
  readonly token: (user: number) => Promise<string>;
  readonly newKey: () => string;
  /** Ends everything that goes on. */
  readonly signal: AbortSignal;
  /** Those who would go on have done enough. */
  readonly enough: AbortSignal;
  /** Something that no run may bring. */
  fault(what: string): void;
  count(what: "tries" | "acknowledged" | "resumes" | "delivered"): void;
}

const TIMEOUT_MS = 5_000;
const MIN_WAIT_MS = 50;
const MAX_WAIT_MS = 1_000;

/** One clock for all processes of this machine, which never goes back. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Full jitter, as clients of Parley wait before they try again. */
export function backoff(clients: Clients, attempt: number): Promise<void> {
  const most = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** attempt);
  return pause(MIN_WAIT_MS + clients.random.next() * most, undefined, { signal: clients.signal }).catch(() => {});
}

/** Sends what the plan says, each until it is answered; a node that does not answer is left for another one. */
export async function runSender(plan: SenderPlan, clients: Clients, done: (sent: Sent) => void): Promise<void> {
  const { random, signal } = clients;
  const dial: Omit<Dial, "url"> = { token: await clients.token(plan.user), timeoutMs: TIMEOUT_MS };
  const phone = new Phone(plan, clients, dial);
  const startMs = performance.now() + random.next() * plan.everyMs;
  const goesOn = (index: number): boolean => index < plan.sends || (plan.goesOn === true && !clients.enough.aborted);
  for (let index = 0; goesOn(index) && !signal.aborted; index += 1) {
    const earlyMs = startMs + index * plan.everyMs - performance.now();
    if (earlyMs > 0) await pause(earlyMs, undefined, { signal }).catch(() => {});
    const key = clients.newKey();
    done(await sendOnce({ room: plan.room, key, content: key }, { plan, clients, phone }));
  }
  phone.hangUp();
}

interface Sending {
  readonly plan: SenderPlan;
  readonly clients: Clients;
  readonly phone: Phone;
}

/** Everything that is tried under one key. */
async function sendOnce(send: Send, { plan, clients, phone }: Sending): Promise<Sent> {
  const { user, room, transport, abandonShare = 0, repeatShare = 0 } = plan;
  const common = { key: send.key, user, room, transport, invokedMs: nowMs() };
  const messageIds: number[] = [];
  let tries = 0;
  let okMs: number | undefined;
  let trouble: string | undefined;
  while (!clients.signal.aborted) {
    tries += 1;
    const answer = await phone.send(send);
    if (answer.kind === "ok") {
      okMs ??= nowMs();
      messageIds.push(answer.messageId);
      if (clients.random.next() < repeatShare) phone.moveOn();
      else break;
    } else if (answer.kind === "refused") {
      trouble = answer.code;
      if (tries === 1) return { ...common, outcome: "refused", messageIds, tries, trouble };
      break;
    } else {
      trouble = answer.trouble;
      if (trouble === "INTERNAL_SERVER_ERROR") clients.fault(`${transport}: ${send.key} of ${user}: ${trouble}`);
      phone.moveOn();
      if (okMs === undefined && clients.random.next() < abandonShare) break;
      await backoff(clients, tries);
    }
  }
  const more = { messageIds, tries, ...(trouble === undefined ? {} : { trouble }) };
  if (okMs === undefined) return { ...common, ...more, outcome: "unknown" };
  clients.count("acknowledged");
  return { ...common, ...more, outcome: "ok", okMs };
}

/** A line to some node, for as long as it holds. */
class Phone {
  private line: Line | undefined;

  constructor(
    private readonly plan: SenderPlan,
    private readonly clients: Clients,
    private readonly dial: Omit<Dial, "url">,
  ) {}

  send(send: Send): Promise<Answer> {
    const { transport, room } = this.plan;
    this.line ??= openLine[transport]({ ...this.dial, url: this.clients.random.pick(this.clients.urls) }, room);
    this.clients.count("tries");
    return this.line.send(send);
  }

  /** The next try goes to another node, or the same one by chance. */
  moveOn(): void {
    this.hangUp();
  }

  hangUp(): void {
    this.line?.close();
    this.line = undefined;
  }
}
