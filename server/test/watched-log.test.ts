import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { variables } from "../config.js";
import { speakWith } from "./graphql-world.js";
import { bringTogether } from "./main-world.js";
import { kinds, newSecret, type Planting } from "./planted-secrets.js";
import { hangUp } from "./raw-socket.js";
import { keepSentOutOfLogs, keepSettingsOutOfLogs } from "./sent-secrets.js";
import { startTestServer, type TestServer } from "./server.js";
import { keepOutOfLogs, leaksIn, requireCleanLogs, watchLog } from "./watched-log.js";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl";
function verdictOf(judge: () => void): string {
  try {
    judge();
    return "";
  } catch (error) {
    return String(error);
  }
}
const lineWith = (note: string): string => `${JSON.stringify({ level: 30, note })}\n`;

describe("a log that holds what none may is found:", () => {
  test.each([
    ["a secret", "a secret that was handed out"],
    ["what somebody wrote, as JSON has it", 'two\nlines of "somebody"'],
  ])("%s", (_what, text) => {
    const line = lineWith(text);
    expect(leaksIn(line)).toEqual([]);
    keepOutOfLogs(text);
    expect(leaksIn(line)).toHaveLength(1);
  });

  test("a token, whosever it is", () => {
    expect(leaksIn(lineWith(TOKEN))).toEqual([TOKEN]);
  });

  test("and the logger that leaves them out is not", () => {
    const logger = watchLog();
    logger.info({ token: keepOutOfLogs("a token that is no JWT"), note: `Bearer ${TOKEN}` }, "did it");
    expect(requireCleanLogs).not.toThrow();
    logger.info({ note: "a token that is no JWT" }, "did it");
    expect(requireCleanLogs).toThrow("did it");
  });
});

describe("what is sent to a server is known without anybody saying so:", () => {
  let server: TestServer;
  let at: Planting;
  beforeAll(async () => {
    server = await startTestServer({ webRoot: import.meta.dirname });
    const graph = speakWith(server);
    at = { ...graph, roomId: await bringTogether(graph) };
  });
  afterAll(async () => {
    hangUp();
    await server.close();
  });

  test.each(Object.entries(kinds))("%s", async (_what, plantOne) => {
    const planted: string[] = [];
    await plantOne(at, (own = newSecret()) => {
      planted.push(own);
      return own;
    });
    expect(planted).toHaveLength(1);
    for (const text of planted) expect(leaksIn(lineWith(text))).toContain(text);
  });
});

test("what is imported is known, line by line", () => {
  const planted = [newSecret(), newSecret()];
  const lines = planted.map((content, id) => JSON.stringify({ kind: "message", id, content }));
  keepSentOutOfLogs(lines.join("\n"));
  for (const text of planted) expect(leaksIn(lineWith(text))).toEqual([text]);
});

describe("what is set is known, too:", () => {
  const secrets = Object.entries(variables).filter(([, variable]) => variable.secret);

  test.each(secrets.map(([name]) => name))("%s", (name) => {
    const planted = newSecret();
    keepSettingsOutOfLogs({ [name]: name.endsWith("_URL") ? `redis://parley:${planted}@localhost` : planted });
    expect(leaksIn(lineWith(planted))).toEqual([planted]);
  });

  test("and so none is forgotten", () => {
    expect(secrets.length).toBeGreaterThan(5);
  });
});

describe("what a process says is seen, however it was started:", () => {
  const run = async (stream: "stdout" | "stderr", stdio: "pipe" | "inherit" | "ignore" = "pipe"): Promise<string> => {
    const SERVICE_TOKEN = newSecret();
    const program = `process.${stream}.write(${stdio === "pipe" ? "process.env.SERVICE_TOKEN" : '""'})`;
    await once(spawn(process.execPath, ["-e", program], { env: { SERVICE_TOKEN }, stdio }), "close");
    return SERVICE_TOKEN;
  };

  test.each(["stdout", "stderr"] as const)("on %s", async (stream) => {
    const said = await run(stream);
    expect(requireCleanLogs).toThrow(said);
  });

  test.each(["inherit", "ignore"] as const)("and one whose output nobody can see is refused: %s", async (stdio) => {
    await run("stdout", stdio);
    expect(requireCleanLogs).toThrow("nobody sees what it holds");
    expect(requireCleanLogs).not.toThrow();
  });

  test("but not one that says what it is asked for", async () => {
    await once(spawn(process.execPath, ["--version"], { stdio: "ignore" }), "close");
    expect(requireCleanLogs).not.toThrow();
  });

  test("and what an argument says besides the program's name changes nothing", async () => {
    const said = newSecret();
    const program = "process.stdout.write(process.argv.at(-1))";
    await once(spawn(process.execPath, ["-e", program, "/server/cli/", keepOutOfLogs(said)]), "close");
    expect(requireCleanLogs).toThrow(said);
  });

  test("all of it, and by which program", async () => {
    const said = [await run("stdout"), await run("stderr")];
    await run("stdout", "inherit");
    watchLog().info({ note: said[0] }, "did it");
    const verdict = verdictOf(requireCleanLogs);
    for (const text of said) expect(verdict).toContain(`holds what none may: ${text}`);
    expect(verdict).toContain("The stderr of process.stderr.write");
    expect(verdict).toContain("The log of a server in the test's own process");
    expect(verdict).toContain("nobody sees what it holds");
  });
});
