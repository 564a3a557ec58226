import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { pdf, picture, type TestFile } from "../../test/files.js";
import { startGraphqlWorld, type GraphqlWorld } from "../../test/graphql-world.js";
import { openParserFolder, type ParserFolder } from "../../test/parser-folder.js";
import { until } from "../../test/until.js";
import { connectAndSend, filesIn, requestBytes, sendAndBreakOff, uploadForm } from "../../test/uploads.js";
import type { Project, User } from "../../features/directory/directory.js";
import type { Room } from "../../features/rooms/room.js";

const MIB = 1024 * 1024;
const ABORTS = 60;

let graph: GraphqlWorld;
let project: Project;
let john: User;
let room: Room;
let parser: ParserFolder;
beforeAll(async () => {
  graph = await startGraphqlWorld();
  project = await graph.world.project("apollo");
  john = await graph.world.person("john", project);
  parser = await openParserFolder();
});
afterAll(async () => {
  await graph.close();
  await parser.close();
});
beforeEach(async () => {
  room = await graph.world.group(project, john);
});

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).default([]),
});

async function post(
  body: FormData | string | undefined,
  headers: Record<string, string> = {},
  user: User | null = john,
) {
  const response = await fetch(`${graph.server.url}/graphql`, {
    method: "POST",
    headers: {
      "apollo-require-preflight": "true",
      ...(user === null ? {} : { authorization: `Bearer ${await graph.token(user)}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const { data, errors } = answer.parse(await response.json());
  return { status: response.status, data, codes: errors.map(({ extensions }) => extensions.code), errors };
}

const file = (bytes: Buffer, name = "notes.txt"): TestFile => ({ name, bytes });
const upload = (given: TestFile, headers?: Record<string, string>, user?: User | null) =>
  post(uploadForm({ roomId: room.id }, given), headers, user);
/** Everything that an upload may leave: stored, coming in, or in the parser's hands. */
const left = async () => [...(await filesIn(graph.world.dataDir)), ...(await filesIn(parser.path))];
const settled = (before: readonly string[]) =>
  until(async () => JSON.stringify(await left()) === JSON.stringify(before), "all to be gone");

describe("a file sent by the GraphQL multipart request specification", () => {
  test("is a message with an attachment, for everybody who asks for it", async () => {
    const bytes = await picture("png");
    const { status, data, codes } = await upload({ name: "größe.png", bytes, contentType: "image/png" });
    expect([status, codes]).toEqual([200, []]);
    expect(data).toMatchObject({
      sendChatMessage: {
        message: {
          type: "IMAGE",
          content: "",
          attachment: { name: "größe.png", size: bytes.length, width: 64, height: 48, contentType: "image/png" },
        },
      },
    });
    await until(async () => (await filesIn(parser.path)).length === 0, "the parser to let go");
    expect(await filesIn(join(graph.world.dataDir, "incoming"))).toEqual([]);
  });

  test("is what its name and its content say where its part declares no type", async () => {
    const form = await new Response(uploadForm({ roomId: room.id }, file(pdf(), "report.pdf"))).text();
    const undeclared = form.replace(/(filename="report.pdf")\r\nContent-Type: [^\r]*/i, "$1");
    expect(undeclared).not.toBe(form);
    const boundary = /^--([^\r]+)/.exec(undeclared)?.[1] ?? "";
    const { data, codes } = await post(undeclared, { "content-type": `multipart/form-data; boundary=${boundary}` });
    expect([codes, data]).toMatchObject([
      [],
      { sendChatMessage: { message: { type: "FILE", attachment: { contentType: "application/pdf" } } } },
    ]);
  });

  test("has exactly the size that is allowed, and not a byte more", async () => {
    expect((await upload(file(Buffer.alloc(10 * MIB, "a")))).codes).toEqual([]);
    const before = await left();
    expect((await upload(file(Buffer.alloc(10 * MIB + 1, "a")))).codes).toEqual(["PAYLOAD_TOO_LARGE"]);
    await settled(before);
  });

  test("that is too large by its own account is refused with 413 before it is read, and the connection goes on", async () => {
    const before = await left();
    const { status, codes } = await upload(file(Buffer.alloc(11 * MIB, "a")));
    expect([status, codes]).toEqual([413, ["PAYLOAD_TOO_LARGE"]]);
    expect((await upload(file(Buffer.from("words")))).codes).toEqual([]);
    expect((await left()).length).toBe(before.length + 1);
  });

  test("is not read from somebody who is not in the room", async () => {
    const before = await left();
    const dee = await graph.world.person(`dee${room.id}`, project);
    expect((await upload(file(Buffer.alloc(9 * MIB, "a")), {}, dee)).codes).toEqual(["NOT_FOUND"]);
    await settled(before);
  });

  test.each<[string, () => ReturnType<typeof upload>, number, string]>([
    ["nobody", () => upload(file(Buffer.from("words")), {}, null), 401, "UNAUTHENTICATED"],
    [
      "a page of another origin",
      () => upload(file(Buffer.from("words")), { "apollo-require-preflight": "" }),
      400,
      "BAD_USER_INPUT",
    ],
    ["a kind that is not allowed", () => upload(file(Buffer.from("MZ"), "setup.exe")), 200, "UNSUPPORTED_MEDIA_TYPE"],
    ["nothing in the file", () => upload(file(Buffer.alloc(0))), 200, "BAD_USER_INPUT"],
    [
      "no multipart at all",
      () => post("words", { "content-type": "multipart/form-data; boundary=x" }),
      400,
      "BAD_USER_INPUT",
    ],
    ["no boundary", () => post("words", { "content-type": "multipart/form-data" }), 400, "BAD_USER_INPUT"],
    ["no operations", () => post(new FormData()), 400, "BAD_USER_INPUT"],
    ["two files", () => post(withFiles(2)), 413, "PAYLOAD_TOO_LARGE"],
    ["a file that does not come", () => post(withFiles(0, 1)), 200, "BAD_USER_INPUT"],
  ])("is refused in GraphQL's own shape: %s", async (_what, ask, status, code) => {
    const before = await left();
    const refused = await ask();
    expect([refused.status, refused.codes]).toEqual([status, [code]]);
    await settled(before);
  });

  test("is read to its end where it is refused on the way, so that what follows on its connection is answered", async () => {
    const form = withFiles(2);
    form.append("more", new Blob([Buffer.alloc(4 * MIB)]));
    const headers = { Authorization: `Bearer ${await graph.token(john)}`, "apollo-require-preflight": "true" };
    const refused = await requestBytes(`${graph.server.url}/graphql`, form, headers);
    const next = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let heard = "";
    const behind = refused.length - 4 * MIB;
    const socket = await connectAndSend(graph.server.url, refused.subarray(0, behind));
    socket.on("data", (chunk) => (heard += String(chunk)));
    await until(() => heard.includes("PAYLOAD_TOO_LARGE"), "a refusal");
    // The parser's words: by its length alone it would have been taken.
    expect(heard).toContain("1 max file uploads exceeded.");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(Buffer.concat([refused.subarray(behind), Buffer.from(next)]));
    await closed;
    expect(heard.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 200"]);
  });
});

function withFiles(count: number, mapped = count): FormData {
  const form = uploadForm({ roomId: room.id }, file(Buffer.from("words")));
  form.delete("0");
  const names = Array.from({ length: mapped }, (_, index) => [String(index), ["variables.input.attachment"]]);
  form.set("map", JSON.stringify(Object.fromEntries(names)));
  for (let index = 0; index < count; index += 1) form.append(String(index), new Blob(["words"]), "a.txt");
  return form;
}

async function wholeUpload(): Promise<Buffer> {
  const form = uploadForm({ roomId: room.id }, file(Buffer.alloc(2 * MIB, "a")));
  const headers = { Authorization: `Bearer ${await graph.token(john)}`, "apollo-require-preflight": "true" };
  return requestBytes(`${graph.server.url}/graphql`, form, headers);
}

describe("an upload that is broken off", () => {
  test("is in the parser's hands until then, and leaves nothing", async () => {
    const whole = await wholeUpload();
    const before = await left();
    expect(await filesIn(parser.path)).toEqual([]);
    const socket = await connectAndSend(graph.server.url, whole.subarray(0, -MIB));
    await until(async () => (await filesIn(parser.path)).length === 1, "the parser to begin");
    socket.destroy();
    await settled(before);
  });

  test(`leaves nothing, wherever it broke: ${ABORTS} times`, async () => {
    const whole = await wholeUpload();
    const before = await left();
    const statement = "query ($id: ID!) { chatRoom(id: $id) { messages { nodes { id } } } }";
    for (let count = 0; count < ABORTS; count += 1) {
      // Spread over the whole request, denser in its head and fields.
      const share = count / ABORTS;
      await sendAndBreakOff(graph.server.url, whole.subarray(0, Math.floor((whole.length - 1) * share ** 3)));
    }
    await settled(before);
    expect((await graph.ask(john, statement, { id: room.id })).data).toEqual({ chatRoom: { messages: { nodes: [] } } });
  });
});
