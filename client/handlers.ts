import type { ChatSocketEvent, ChatSocketEventOf } from "./web-socket-events.ts";

type EventType = ChatSocketEvent["type"];

/** Who is called with which events. */
export class Handlers {
  readonly #handlers = new Set<(event: ChatSocketEvent, roomId: number) => void>();

  /** Returns how to end it. */
  add<Type extends EventType>(
    type: Type,
    handler: (event: ChatSocketEventOf<Type>, roomId: number) => void,
  ): () => void {
    const call = (event: ChatSocketEvent, roomId: number): void => {
      if (isOf(type, event)) handler(event, roomId);
    };
    this.#handlers.add(call);
    return () => void this.#handlers.delete(call);
  }

  call(event: ChatSocketEvent, roomId: number): void {
    for (const handler of [...this.#handlers]) {
      try {
        handler(event, roomId);
      } catch (error) {
        // As with any event: it is the app's, is reported like what nobody caught, and keeps nothing from the others.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function isOf<Type extends EventType>(type: Type, event: ChatSocketEvent): event is ChatSocketEventOf<Type> {
  return event.type === type;
}
