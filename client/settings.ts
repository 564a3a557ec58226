import { ChatError } from "./errors.ts";
import { ownOrigin } from "./page.ts";

/** Which server, and who calls. */
export interface ChatOptions {
  /** The server's address, such as `https://chat.example`. Left out: that of the page. */
  readonly baseUrl?: string;
  /**
   * The caller's token now. It is asked for each request and connection, so keep it cheap; it is handed the token that
   * was just refused, if one was, and then has one chance to bring a newer one.
   */
  readonly token: (refused?: string) => string | Promise<string>;
}

let current: ChatOptions | undefined;

/** Says once, before `chatService` and `webSocketService` are used, which server they speak to and as whom. */
export function configureChat(options: ChatOptions): void {
  current = options;
}

function configuration(): ChatOptions {
  if (current !== undefined) return current;
  throw new ChatError({ code: "BAD_USER_INPUT", detail: "Call configureChat({ baseUrl, token }) first." });
}

/** The options that were last configured, whenever they are read. */
export const configured: ChatOptions = {
  get baseUrl() {
    return addressOf(configuration());
  },
  token: (refused) => configuration().token(refused),
};

/** The server's address without a last slash. */
export function addressOf({ baseUrl = ownOrigin() }: ChatOptions): string {
  return baseUrl.replace(/\/+$/, "");
}
