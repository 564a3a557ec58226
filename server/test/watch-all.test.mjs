import { hasSubscribers } from "node:diagnostics_channel";
import { once } from "node:events";
import { request } from "node:http";
import { expect, test } from "@jest/globals";
import WatchedEnvironment from "../../scripts/jest-environment.mjs";

test("a test may put something in the place of how a request is sent", async () => {
  const asked = request("http://127.0.0.1:1");
  const failed = once(asked, "error");
  asked.end = asked.end.bind(asked);
  asked.end();
  await failed;
});

// The last one: afterwards nothing of this file is watched.
test("a file leaves nothing behind that listens, also when nothing of it could be run", async () => {
  const environment = new WatchedEnvironment(
    { globalConfig: {}, projectConfig: { globals: {}, testEnvironmentOptions: {} } },
    {},
  );
  environment.global.endWatch = globalThis.endWatch;
  const channels = ["tracing:child_process.spawn:start", "undici:request:create", "http.client.request.created"];
  expect(channels.map(hasSubscribers)).toEqual([true, true, true]);
  await environment.teardown();
  expect(channels.map(hasSubscribers)).toEqual([false, false, false]);
});
