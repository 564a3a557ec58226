import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Project, User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";
import { pdf, picture, type TestFile } from "../../test/files.js";
import { enter, hangUp } from "../../test/raw-socket.js";
import { startRestWorld, type Json, type RestAnswer, type RestCaller, type RestWorld } from "../../test/rest-world.js";
import { until } from "../../test/until.js";
import { filesIn, formOf, requestBytes, sendAndBreakOff } from "../../test/uploads.js";

const MIB = 1024 * 1024;
const MESSAGES = "/api/chat/messages/";
const ABORTS = 40;

let rest: RestWorld;
let project: Project;
let john: User;
let jane: User;
let dee: User;
let room: Room;
beforeAll(async () => {
  rest = await startRestWorld();
  project = await rest.world.project("apollo");
  john = await rest.world.person("john", project);
  jane = await rest.world.person("jane", project);
  dee = await rest.world.person("dee", project);
});
afterEach(hangUp);
afterAll(() => rest.close());
beforeEach(async () => {
  room = await rest.world.group(project, john, jane);
});

const REPORT: TestFile = { name: "größe.pdf", bytes: pdf(), contentType: "application/pdf" };
const text = (bytes: Buffer, name = "notes.txt"): TestFile => ({ name, bytes, contentType: "text/plain" });

const withFile = (file: TestFile): FormData => formOf(["room", room.id], ["content", "words"], ["attachment", file]);
const send = (body: unknown, headers: Record<string, string> = {}, caller: RestCaller = john) =>
  rest.call(caller, MESSAGES, { method: "POST", body, headers });
const bodyOf = ({ body }: RestAnswer): Json => body as Json;
const sentTo = async (caller: User = john) => (await rest.call(caller, `${MESSAGES}?room=${room.id}`)).body;
/** Everything that an upload may leave: stored, or coming in. */
const left = () => filesIn(rest.world.dataDir);
const settled = (before: readonly string[]) =>
  until(async () => JSON.stringify(await left()) === JSON.stringify(before), "all to be gone");

describe("a file in a form is a message with an attachment", () => {
  test("for everybody in the room, over REST and over the raw WebSocket", async () => {
    const line = await enter(rest.server.url, room.id, { token: await rest.server.token(jane) });
    const form = formOf(["room", room.id], ["content", "Check this out"], ["type", "file"], ["attachment", REPORT]);
    const answer = await send(form);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        room: room.id,
        user: { id: john.id },
        content: "Check this out",
        type: "file",
        attachment_url: expect.stringContaining(`${rest.server.url}/media/chat_attachments/`),
        attachment_name: "größe.pdf",
        attachment_size: REPORT.bytes.length,
      },
    });
    expect(await sentTo(jane)).toEqual([answer.body]);
    const { message } = await line.hears("message_new");
    const url = String(bodyOf(answer).attachment_url);
    expect(message).toEqual({ ...bodyOf(answer), attachment_url: url.slice(rest.server.url.length) });
    const path = `${MESSAGES}${String(bodyOf(answer).id)}/`;
    const edited = await rest.call(john, path, { method: "PATCH", body: { content: "" } });
    expect(edited).toMatchObject({ status: 200, body: { content: "", attachment_url: url } });
    expect((await line.hears("message_edited")).message).toMatchObject({
      content: "",
      attachment_url: url.slice(rest.server.url.length),
      attachment_name: "größe.pdf",
    });
  });

  test("whose address works by itself, and without its signature for participants alone", async () => {
    const url = String(bodyOf(await send(withFile(REPORT))).attachment_url);
    const got = await fetch(url);
    expect([got.status, got.headers.get("content-type")]).toEqual([200, "application/pdf"]);
    expect(Buffer.from(await got.arrayBuffer()).equals(REPORT.bytes)).toBe(true);
    const status = async (caller?: User) => {
      const headers = caller === undefined ? {} : { authorization: `Bearer ${await rest.server.token(caller)}` };
      return (await fetch(url.split("?")[0] ?? "", { headers, method: "HEAD" })).status;
    };
    expect([await status(jane), await status(dee), await status()]).toEqual([200, 404, 401]);
  });

  test("without words, and of the type that the file says", async () => {
    const png = { name: "a.png", bytes: await picture("png"), contentType: "image/png" };
    expect(await send(formOf(["room", room.id], ["attachment", png]))).toMatchObject({
      status: 201,
      body: { content: "", type: "image", attachment_name: "a.png" },
    });
    const asFile = formOf(["room", room.id], ["type", "file"], ["attachment", png]);
    expect(await send(asFile)).toMatchObject({ status: 201, body: { type: "file" } });
  });

  test.each<[string, (file: [string, TestFile], fields: [string, string | number][]) => FormData]>([
    ["first", (file, fields) => formOf(file, ...fields)],
    ["in the middle", (file, [one, ...others]) => formOf(one ?? ["", ""], file, ...others)],
    ["last", (file, fields) => formOf(...fields, file)],
  ])("wherever in the form it stands: %s", async (_where, build) => {
    const fields: [string, string | number][] = [
      ["room", room.id],
      ["content", "words"],
      ["type", "file"],
    ];
    const answer = await send(build(["attachment", REPORT], fields));
    expect(answer).toMatchObject({ status: 201, body: { content: "words", attachment_name: "größe.pdf" } });
    expect(await filesIn(`${rest.world.dataDir}/incoming`)).toEqual([]);
  });

  test("from a client that declares no type", async () => {
    const part = `Content-Disposition: form-data; name="attachment"; filename="a.pdf"\r\n\r\n${pdf().toString("latin1")}`;
    const words = `--b\r\nContent-Disposition: form-data; name="room"\r\n\r\n${room.id}\r\n--b\r\n${part}\r\n--b--\r\n`;
    const answer = await send(Buffer.from(words, "latin1"), { "content-type": "multipart/form-data; boundary=b" });
    expect(answer).toMatchObject({ status: 201, body: { attachment_name: "a.pdf" } });
  });

  test("once, however often it is sent under one key", async () => {
    const headers = { "idempotency-key": "5f1c2d3e-7a8b-4c9d-8e0f-a1b2c3d4e5f6" };
    const first = await send(withFile(REPORT), headers);
    const before = await left();
    expect(await send(withFile(REPORT), headers)).toMatchObject({ status: 201, body: first.body });
    expect((await send(withFile(text(Buffer.from("other"))), headers)).status).toBe(422);
    expect(await sentTo()).toEqual([first.body]);
    await settled(before);
  });

  test("of exactly the size that is allowed", async () => {
    const answer = await send(withFile(text(Buffer.alloc(10 * MIB, "a"))));
    expect(answer).toMatchObject({ status: 201, body: { attachment_size: 10 * MIB } });
  });
});

test("a page's form for which no file was chosen is a message without one", async () => {
  const none = { name: "", bytes: Buffer.alloc(0), contentType: "application/octet-stream" };
  expect(await send(withFile(none))).toMatchObject({ status: 201, body: { attachment_url: null, content: "words" } });
  const nothing = formOf(["room", room.id], ["content", ""], ["attachment", none]);
  expect(await send(nothing)).toMatchObject({ status: 400, body: { content: [expect.any(String)] } });
});

describe("what is no good is refused in Django's words, nothing is sent and nothing stays:", () => {
  const program = Buffer.concat([Buffer.from("MZ"), Buffer.alloc(2_000, 0x90)]);
  const allowed = expect.stringContaining("jpg, jpeg, png, gif, webp, pdf, doc, docx, txt");
  const tooLarge = { detail: "A file can have at most 10 MB." };
  test.each<[string, () => unknown, number, Json]>([
    ["11 MB", () => withFile(text(Buffer.alloc(11 * MIB, "a"))), 413, tooLarge],
    ["a byte too many", () => withFile(text(Buffer.alloc(10 * MIB + 1, "a"))), 413, tooLarge],
    ["far too much", () => withFile(text(Buffer.alloc(24 * MIB, "a"))), 413, tooLarge],
    ["a program", () => withFile({ name: "setup.exe", bytes: program }), 415, { detail: allowed }],
    ["a program called .png", () => withFile({ name: "a.png", bytes: program }), 415, { detail: allowed }],
    ["an empty file", () => withFile(text(Buffer.alloc(0))), 400, { attachment: ["The file is empty."] }],
    [
      "two files",
      () => formOf(["room", room.id], ["attachment", REPORT], ["attachment", REPORT]),
      400,
      { attachment: ["Send one file at a time."] },
    ],
    [
      "a file by another name",
      () => formOf(["room", room.id], ["photo", REPORT]),
      400,
      { photo: ['Send the file as "attachment".'] },
    ],
    [
      "words in the place of the file",
      () => formOf(["room", room.id], ["attachment", "words"]),
      400,
      { attachment: ["Send the file as a part of multipart/form-data."] },
    ],
    [
      "a file in JSON",
      () => ({ room: room.id, attachment: "JVBERi0xLjQ=" }),
      400,
      { attachment: ["Send the file as a part of multipart/form-data."] },
    ],
    [
      "a text with a file",
      () => formOf(["room", room.id], ["type", "text"], ["attachment", REPORT]),
      400,
      { type: [expect.any(String)] },
    ],
    [
      "a PDF as a picture",
      () => formOf(["room", room.id], ["type", "image"], ["attachment", REPORT]),
      400,
      { type: ["Only a picture can be sent as an image."] },
    ],
    ["no room", () => formOf(["attachment", REPORT]), 400, { room: ["This field is required."] }],
    [
      "a room that is none",
      () => formOf(["room", "one"], ["attachment", REPORT]),
      400,
      { room: ["A valid integer is required."] },
    ],
    [
      "a field that is too long",
      () => formOf(["attachment", REPORT], ["content", "x".repeat(65 * 1024)]),
      413,
      {
        detail: "The field content is too long.",
      },
    ],
  ])("%s", async (_what, body, status, answer) => {
    const before = await left();
    expect(await send(body())).toMatchObject({ status, body: answer });
    expect(await sentTo()).toEqual([]);
    await settled(before);
    // Whatever was refused, the same client goes on.
    expect((await send({ room: room.id, content: "next" })).status).toBe(201);
  });

  test("more than is allowed from who does not say how long it is", async () => {
    const before = await left();
    const request = new Request(rest.server.url, { method: "POST", body: withFile(text(Buffer.alloc(11 * MIB, "a"))) });
    const response = await fetch(`${rest.server.url}${MESSAGES}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await rest.server.token(john)}`,
        "content-type": request.headers.get("content-type") ?? "",
      },
      body: request.body,
      duplex: "half",
    });
    expect([response.status, await response.json()]).toEqual([413, tooLarge]);
    await settled(before);
  });

  test("a form that ends in the middle of its file", async () => {
    const before = await left();
    const head = `--b\r\nContent-Disposition: form-data; name="attachment"; filename="a.txt"\r\n\r\nwords`;
    const answer = await send(Buffer.from(head), { "content-type": "multipart/form-data; boundary=b" });
    expect(answer.status).toBe(400);
    await settled(before);
  });
});

test(`an upload that is broken off leaves nothing, wherever it broke: ${ABORTS} times`, async () => {
  const url = `${rest.server.url}${MESSAGES}`;
  const before = await left();
  for (const order of ["last", "first"]) {
    const file = ["attachment", text(Buffer.alloc(2 * MIB, "a"))] as const;
    const form = order === "last" ? formOf(["room", room.id], file) : formOf(file, ["room", room.id]);
    const whole = await requestBytes(url, form, { Authorization: `Bearer ${await rest.server.token(john)}` });
    for (let count = 0; count < ABORTS / 2; count += 1) {
      // Spread over the whole request, denser in its head and fields.
      const share = count / (ABORTS / 2);
      await sendAndBreakOff(url, whole.subarray(0, Math.floor((whole.length - 1) * share ** 3)));
    }
  }
  await settled(before);
  expect(await sentTo()).toEqual([]);
});
