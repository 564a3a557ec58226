import { describe, expect, test } from "@jest/globals";
import { startTestServer } from "./server.js";
import { keepOutOfLogs, requireNoSecrets, watchLog } from "./watched-log.js";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl";

describe("a log that holds what none may is found:", () => {
  test.each([
    ["a secret", "a secret that was handed out"],
    ["what somebody wrote, as JSON has it", 'two\nlines of "somebody"'],
  ])("%s", (_what, secret) => {
    const line = `${JSON.stringify({ level: 30, note: secret })}\n`;
    expect(() => requireNoSecrets(line)).not.toThrow();
    keepOutOfLogs(secret);
    expect(() => requireNoSecrets(line)).toThrow("A log holds what none may");
  });

  test("a token, whosever it is", () => {
    expect(() => requireNoSecrets(`{"note":"${TOKEN}"}`)).toThrow(TOKEN);
  });

  test("and the logger that leaves them out is not", () => {
    const log = watchLog();
    log.logger.info({ token: keepOutOfLogs("a token that is no JWT"), note: `Bearer ${TOKEN}` }, "did it");
    expect(log.check).not.toThrow();
    log.logger.info({ note: "a token that is no JWT" }, "did it");
    expect(log.check).toThrow("did it");
  });
});

test("a server whose log holds one does not end well", async () => {
  const log = watchLog();
  const server = await startTestServer({ webRoot: import.meta.dirname }, {}, log);
  const person = { hostId: "john" };
  log.logger.info({ note: (await server.token(person)).split(".")[2] }, "let in");
  await expect(server.close()).rejects.toThrow("let in");
});
