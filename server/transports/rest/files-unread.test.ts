import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Project, User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";
import { pdf, type TestFile } from "../../test/files.js";
import { startRestWorld, type RestCaller, type RestWorld } from "../../test/rest-world.js";
import { until } from "../../test/until.js";
import { connectAndSend, filesIn, formOf, requestBytes } from "../../test/uploads.js";

const MIB = 1024 * 1024;
const MESSAGES = "/api/chat/messages/";
const REPORT: TestFile = { name: "report.pdf", bytes: pdf(), contentType: "application/pdf" };

let rest: RestWorld;
let project: Project;
let john: User;
let dee: User;
let room: Room;
beforeAll(async () => {
  rest = await startRestWorld();
  project = await rest.world.project("apollo");
  john = await rest.world.person("john", project);
  dee = await rest.world.person("dee", project);
  room = await rest.world.group(project, john);
});
afterAll(() => rest.close());

const send = (body: unknown, headers: Record<string, string> = {}, caller: RestCaller = john) =>
  rest.call(caller, MESSAGES, { method: "POST", body, headers });
/** Everything that an upload may leave: stored, or coming in. */
const left = () => filesIn(rest.world.dataDir);
const settled = (before: readonly string[]) =>
  until(async () => JSON.stringify(await left()) === JSON.stringify(before), "all to be gone");

describe("a file is not read", () => {
  /** What is answered to the first half of a request, which never goes on. */
  async function answerToHalf(form: FormData, authorization: string, more: object = {}): Promise<string> {
    const url = `${rest.server.url}${MESSAGES}`;
    const whole = await requestBytes(url, form, { Authorization: authorization, ...more });
    const socket: Socket = await connectAndSend(url, whole.subarray(0, whole.length / 2));
    let heard = "";
    socket.on("data", (chunk) => (heard += String(chunk)));
    await until(() => heard.includes("\r\n\r\n"), "an answer");
    socket.destroy();
    return heard;
  }
  const large = () => formOf(["room", room.id], ["attachment", { name: "a.txt", bytes: Buffer.alloc(4 * MIB, "a") }]);
  const largeFirst = (name: string, contentType = "", size = 4 * MIB) =>
    formOf(["attachment", { name, contentType, bytes: Buffer.alloc(size, "a") }], ["room", room.id]);

  test("from somebody who is not in the room: as if there were none", async () => {
    const before = await left();
    expect(await answerToHalf(large(), `Bearer ${await rest.server.token(dee)}`)).toMatch(/^HTTP\/1.1 404 /);
    await settled(before);
    const hidden = await send(large(), {}, dee);
    const absent = await send(formOf(["room", 888_888], ["attachment", REPORT]), {}, dee);
    expect([hidden.status, hidden.body]).toEqual([absent.status, absent.body]);
    const first = formOf(["attachment", REPORT], ["room", room.id]);
    expect(await send(first, {}, dee)).toMatchObject({ status: 404, body: hidden.body });
    await settled(before);
  });

  test.each<[string, RegExp, () => FormData, object?]>([
    ["under a key that is none", /^400 .*idempotency-key/, () => largeFirst("a.txt"), { "Idempotency-Key": "again" }],
    ["of a kind that is not taken", /^415 .*can't be sent.*docx/, () => largeFirst("setup.exe")],
    ["declared as something else", /^415 .*declared/, () => largeFirst("a.png", "text/html")],
    ["that is too large by its own account", /^413 .*at most 10 MB/, () => largeFirst("a.txt", "", 11 * MIB)],
  ])("%s, also where its room comes after it", async (_what, answer, make, headers = {}) => {
    const before = await left();
    const heard = await answerToHalf(make(), `Bearer ${await rest.server.token(john)}`, headers);
    expect(heard.replace("HTTP/1.1 ", "").replaceAll(/\s+/g, " ")).toMatch(answer);
    expect(await left()).toEqual(before);
  });

  test("from nobody", async () => {
    const before = await left();
    expect(await answerToHalf(large(), "Bearer x.y.z")).toMatch(/^HTTP\/1.1 401 /);
    expect((await send(large(), {}, null)).status).toBe(401);
    await settled(before);
  });
});

test("four files of one person are on their way at once and no more; another's are, and so are theirs when those have ended", async () => {
  const jane = await rest.world.person("jane", project);
  const shared = await rest.world.group(project, john, jane);
  const form = () => formOf(["room", shared.id], ["attachment", { name: "a.txt", bytes: Buffer.alloc(MIB, "a") }]);
  const headers = { Authorization: `Bearer ${await rest.server.token(john)}` };
  const whole = await requestBytes(`${rest.server.url}${MESSAGES}`, form(), headers);
  const answers: string[] = [];
  const sockets = await Promise.all(
    Array.from({ length: 5 }, () => connectAndSend(rest.server.url, whole.subarray(0, MIB / 2))),
  );
  for (const socket of sockets) socket.once("data", (head) => answers.push(String(head)));
  await until(() => answers.length > 0, "an answer to the one too many");
  expect(answers).toEqual([expect.stringMatching(/^HTTP\/1.1 429 [^]*retry-after: 2/i)]);
  expect((await send(form(), {}, jane)).status).toBe(201);
  for (const socket of sockets) socket.destroy();
  await until(async () => (await send(form())).status === 201, "a place");
});
