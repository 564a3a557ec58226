import type { ChatEvent, Delivery } from "../../features/feed/room-event.js";
import { DomainError } from "../../platform/errors.js";
import { patiently } from "../../platform/wait.js";
import { noteRefusal } from "../../platform/refusals.js";
import type { Arrival } from "../http.js";
import { admit, type Admission, type Asked, type SocketServices } from "./admission.js";
import { carryOut } from "./commands.js";
import { answerTo, closingFor } from "./errors.js";
import { Outbox, type Wire } from "../outbox.js";
import {
  closeCodes,
  receive,
  type Closing,
  type Command,
  type FrameOfConnection,
  type FrameOfSpec,
} from "./protocol.js";
import { RefusedFrames } from "./refused-frames.js";

/** Who does not say by then who they are is not waited for. */
const LOG_IN_WITHIN_MS = 5_000;
/** A frame begins with nothing of its socket's own. */
const NOTHING = "";
/** Commands that wait for their turn; with more, the socket is not read until some are done. */
const MAX_WAITING = 32;

/**
 * One raw socket's conversation: commands are carried out one at a time in their order, and what happens in the room is
 * sent as fast as it is read and no faster. It knows no socket library.
 */
export class Session {
  private readonly inbox: string[] = [];
  private readonly following = new AbortController();
  private admission: Admission | undefined;
  private wire: Wire | undefined;
  private outbox: Outbox | undefined;
  private closing: Closing | undefined;
  private ended = false;
  private readonly refused = new RefusedFrames();
  private isTyping = false;
  private isPaused = false;
  /** The answer to the frame by which somebody logged in: it is given when the room is followed. */
  private welcome: FrameOfConnection | undefined;
  private stopWaiting = (): void => {};
  private working: Promise<void> | undefined;
  private pumping: Promise<void> | undefined;

  constructor(
    private readonly process: SocketServices,
    private readonly asked: Asked,
    /** How it came in, and whom to tell when somebody is let in. */
    private readonly arrival: Arrival,
  ) {}

  /** Waiting for its reader, or for its own work: no sign of life is to be expected meanwhile. */
  get isHeldUp(): boolean {
    return this.isPaused || this.outbox?.isBehind === true;
  }

  /** A command is not answered yet. */
  get isBusy(): boolean {
    return this.working !== undefined;
  }

  /** Lets somebody in. It may come before the socket is there, so that who gets one is in the room already. */
  async logIn(authorization: string): Promise<void> {
    // From here on it is not the client who is waited for.
    this.stopWaiting();
    const onEnd = (reason: string): void => this.close({ code: closeCodes.UNAUTHENTICATED, reason });
    const send = (frame: Buffer): boolean => this.push(frame);
    const admission = await admit(this.process, this.asked, { authorization, via: this.arrival.via, onEnd, send });
    if ("code" in admission) return this.close(admission);
    if (this.ended || this.closing !== undefined) return admission.end();
    this.admission = admission;
    this.arrival.known();
    this.pump();
  }

  /** The socket is there. */
  open(wire: Wire): void {
    const { clock } = this.process.services;
    this.wire = wire;
    this.outbox = new Outbox(wire, clock, () =>
      this.close({ code: closeCodes.SLOW_CONSUMER, reason: "What was sent was not read. Connect again and resume." }),
    );
    if (this.closing !== undefined) return wire.close(this.closing.code, this.closing.reason);
    if (this.admission !== undefined) return this.pump();
    this.stopWaiting = clock.after(LOG_IN_WITHIN_MS, () =>
      this.close({ code: closeCodes.UNAUTHENTICATED, reason: "Log in first: send a bearer token." }),
    );
  }

  /** A text frame has come. */
  receive(frame: string): void {
    if (this.closing !== undefined || this.ended) return;
    this.inbox.push(frame);
    if (this.inbox.length >= MAX_WAITING && !this.isPaused) {
      this.isPaused = true;
      this.wire?.pause();
    }
    this.working ??= this.work();
  }

  /** Ends the conversation from this side; the first reason counts. */
  close(closing: Closing): void {
    if (this.closing !== undefined || this.ended) return;
    this.closing = closing;
    this.letGo();
    this.wire?.close(closing.code, closing.reason);
  }

  /** The socket is gone. Resolves when nothing of this session runs any more. */
  async end(): Promise<void> {
    this.ended = true;
    this.letGo();
    await Promise.all([this.working, this.pumping]);
    await this.stopTyping();
  }

  private letGo(): void {
    this.stopWaiting();
    this.inbox.length = 0;
    this.outbox?.close();
    this.following.abort();
    this.admission?.end();
    if (!this.isPaused) return;
    // A socket that is not read does not hear the other side's goodbye.
    this.isPaused = false;
    this.wire?.resume();
  }

  /** What a socket said of its person's typing ends with it. */
  private async stopTyping(): Promise<void> {
    if (!this.isTyping || this.admission === undefined) return;
    this.isTyping = false;
    const { roomId } = this.admission;
    await carryOut(this.scopeOf(this.admission), roomId, { type: "typing", is_typing: false }).catch((error: unknown) =>
      this.process.services.logger.debug({ err: error }, "the end of somebody's typing was not told"),
    );
  }

  private async work(): Promise<void> {
    for (let frame = this.inbox.shift(); frame !== undefined; frame = this.inbox.shift()) {
      await this.handle(frame);
      await this.outbox?.room();
      if (this.isPaused && this.inbox.length < MAX_WAITING / 2) {
        this.isPaused = false;
        this.wire?.resume();
      }
    }
    // At once after the last look: the next frame begins anew.
    this.working = undefined;
  }

  private async handle(frame: string): Promise<void> {
    let key: string | undefined;
    try {
      const received = receive(frame);
      key = received.key;
      if ("fault" in received) throw this.admission === undefined ? notLoggedIn() : received.fault;
      await this.obey(received.command);
      this.refused.clear();
    } catch (error) {
      if (this.admission !== undefined) this.noteRefused(this.admission, error);
      const answer = answerTo(error, key, this.process.services.logger);
      if ("closing" in answer) this.close(answer.closing);
      else this.refuse(answer.frame);
    }
  }

  private refuse(answer: FrameOfConnection): void {
    this.say(answer);
    // What can't be done just now is not its sender's fault: it may be all that is sent while the database is away.
    if (answer.type === "error" && answer.code === "UNAVAILABLE") return;
    if (!this.refused.add(this.process.services.clock.now().getTime())) return;
    this.close({
      code: closeCodes.TOO_MANY,
      reason: "Too many frames were refused. Wait, and send what can be taken.",
    });
  }

  private async obey(command: Command): Promise<void> {
    if (command.type === "authenticate") return this.authenticate(command);
    if (this.admission === undefined) throw notLoggedIn();
    const { roomId } = this.admission;
    const answer = await carryOut(this.scopeOf(this.admission), roomId, command);
    if (command.type === "typing") this.isTyping = command.is_typing;
    const key = command.client_mutation_id;
    // Who did not ask under a key knows no answer by it.
    if (answer !== undefined && key !== undefined) this.say({ ...answer, client_mutation_id: key });
  }

  private async authenticate({
    token,
    client_mutation_id: key,
  }: Extract<Command, { type: "authenticate" }>): Promise<void> {
    const authorization = `Bearer ${token}`;
    const answer = { type: "authenticated", ...(key === undefined ? {} : { client_mutation_id: key }) } as const;
    if (this.admission === undefined) {
      this.welcome = answer;
      return this.logIn(authorization);
    }
    await this.admission.seat.renew(authorization);
    this.say(answer);
  }

  private scopeOf({ seat }: Admission) {
    const { database, services } = this.process;
    return { actor: seat.actor, via: this.arrival.via, em: database.fork(), services };
  }

  private noteRefused({ seat }: Admission, error: unknown): void {
    const who = { actorId: seat.actor.id, isHost: false, via: this.arrival.via };
    noteRefusal(this.process.services.refusals, who, error);
  }

  private say(frame: FrameOfConnection | (FrameOfSpec & { readonly client_mutation_id: string })): void {
    this.outbox?.send(JSON.stringify(frame));
  }

  /** Sends a frame that was made for everybody in the room, if its reader takes it. */
  private push(frame: Buffer): boolean {
    return this.closing === undefined && this.outbox?.offer({ start: NOTHING, rest: frame }) === true;
  }

  /** Sends what happens, once somebody is let in and the socket is there. */
  private pump(): void {
    if (this.admission === undefined || this.outbox === undefined || this.pumping !== undefined) return;
    this.pumping = this.follow(this.admission, this.outbox).catch((error: unknown) =>
      this.close(closingFor(error, this.process.services.logger)),
    );
  }

  private async follow({ deliveries, seat }: Admission, outbox: Outbox): Promise<void> {
    const reader = { userId: seat.actor.id, resumes: this.asked.after !== undefined };
    let last: ChatEvent | undefined;
    for await (const delivery of deliveries) {
      last = delivery.event;
      if (last.kind === "ready") this.greet(delivery);
      // An event of which something can't be read just now is sent when it can: it comes only once.
      const frame = await patiently(this.process.services.clock, this.following.signal, () =>
        this.process.frames(delivery),
      );
      const bytes = frame?.(reader);
      if (bytes !== undefined) outbox.send(bytes);
      await outbox.room();
    }
    if (last?.kind === "participant_removed")
      this.close({ code: closeCodes.REMOVED, reason: "You are no longer in this room." });
    if (last?.kind === "room_deleted") this.close({ code: closeCodes.NOT_FOUND, reason: "This room was deleted." });
  }

  /** The first words: where a resumed stream starts, then the answer to who logged in by a frame. */
  private greet({ event }: Delivery): void {
    const [head] = event.kind === "ready" ? event.heads : [];
    if (head !== undefined && this.asked.after !== undefined)
      this.say({ type: "ready", epoch: head.epoch, after: head.seq, seq: head.headSeq });
    if (this.welcome !== undefined) this.say(this.welcome);
  }
}

function notLoggedIn(): DomainError {
  return new DomainError("UNAUTHENTICATED", 'Log in first: send {"type": "authenticate", "token": "..."}.');
}
