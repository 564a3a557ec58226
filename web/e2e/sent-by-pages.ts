import type { Browser, Page } from "playwright-core";
import { keepRequestOutOfLogs, keepSentOutOfLogs, keepToldFilesOutOfLogs } from "../../server/test/sent-secrets.js";

/** Keeps out of servers' logs what the pages of a browser send, as `server/test/watch-all.ts` does for the tests' own clients. */
export function keepSentByPages(browser: Browser): Browser {
  browser.on("context", (context) => {
    context.on("page", listen);
    context.on("request", (request) => {
      keepRequestOutOfLogs(request.url(), Object.entries(request.headers()));
      keepSentOutOfLogs(request.postDataBuffer()?.toString() ?? "");
    });
  });
  return browser;
}

function listen(page: Page): void {
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => keepSentOutOfLogs(payload.toString()));
    // Chromium does not say what is in a form that has a file: it is known once the room is told of it.
    socket.on("framereceived", ({ payload }) => keepToldFilesOutOfLogs(payload.toString()));
  });
}
