import { sendMessage } from "../../features/messages/message.actions.js";
import { docx, pdf, picture, type TestFile } from "../files.js";
import { incoming } from "../uploads.js";
import type { World } from "../world.js";
import { bad, of, type Scenario } from "./scenario.js";
import type { Stage } from "./stage.js";

const send = of("send");

const KEY = "0b5f6d1e-4a37-4a0e-9c55-3e1f0d9a7c21";
const MIB = 1024 * 1024;
const PHOTO: TestFile = { name: "größe 👍.png", bytes: await picture("png"), contentType: "image/png" };
const OTHER_PHOTO: TestFile = { ...PHOTO, bytes: await picture("png", { width: 65 }) };
const REPORT: TestFile = { name: "report.pdf", bytes: pdf(), contentType: "application/pdf" };
const PROGRAM: TestFile = { name: "setup.exe", bytes: Buffer.from("MZ"), contentType: "application/octet-stream" };
const textOf = (size: number): TestFile => ({ name: "long.txt", bytes: Buffer.alloc(size, "a") });

/** The raw WebSocket has no way to send a file; who is on it sees what the others send. */
const OVER_HTTP = { over: ["graphql", "rest"] } as const;

const withFile =
  (attachment: TestFile, more: object = {}): Scenario["input"] =>
  ({ room }) => ({ roomId: room.id, content: "Look at this.", attachment, ...more });

/** The same message was sent before, under the key. */
const sentBefore = {
  ...OVER_HTTP,
  before: (world: World, { room, people }: Stage) =>
    sendMessage(world.as(people.john), {
      roomId: room.id,
      content: "Look at this.",
      attachment: incoming(PHOTO),
      clientMutationId: KEY,
    }),
};

/** What can be sent along with a message, and what can't. */
export const fileScenarios: readonly Scenario[] = [
  send.does(
    "a picture",
    withFile(PHOTO),
    { type: "image", content: "Look at this.", attachment: { name: PHOTO.name, size: PHOTO.bytes.length } },
    OVER_HTTP,
  ),
  send.does("a picture as a file", withFile(PHOTO, { type: "file" }), { type: "file" }, OVER_HTTP),
  send.does(
    "a document without words",
    withFile(REPORT, { content: "" }),
    { type: "file", content: "", attachment: { name: "report.pdf", size: REPORT.bytes.length } },
    OVER_HTTP,
  ),
  send.does(
    "a document that nobody says the type of",
    withFile({ name: "a.docx", bytes: docx() }),
    { type: "file", attachment: { name: "a.docx" } },
    OVER_HTTP,
  ),
  send.does("a file of exactly the size that is allowed", withFile(textOf(10 * MIB)), { type: "file" }, OVER_HTTP),
  send.does("the same file under its key", withFile(PHOTO, { clientMutationId: KEY }), { type: "image" }, sentBefore),

  send.refuses(
    "another file under a key",
    withFile(OTHER_PHOTO, { clientMutationId: KEY }),
    "IDEMPOTENCY_KEY_REUSED",
    sentBefore,
  ),
  send.refuses(
    "the words without the file under its key",
    ({ room }) => ({ roomId: room.id, content: "Look at this.", clientMutationId: KEY }),
    "IDEMPOTENCY_KEY_REUSED",
    { before: sentBefore.before },
  ),
  send.refuses("a byte too many", withFile(textOf(10 * MIB + 1)), "PAYLOAD_TOO_LARGE", OVER_HTTP),
  send.refuses("a megabyte too many", withFile(textOf(11 * MIB)), "PAYLOAD_TOO_LARGE", OVER_HTTP),
  send.refuses("a program", withFile(PROGRAM), "UNSUPPORTED_MEDIA_TYPE", OVER_HTTP),
  send.refuses("a program called .png", withFile({ ...PROGRAM, name: "a.png" }), "UNSUPPORTED_MEDIA_TYPE", OVER_HTTP),
  send.refuses(
    "a picture declared as a page",
    withFile({ ...PHOTO, contentType: "text/html" }),
    "UNSUPPORTED_MEDIA_TYPE",
    OVER_HTTP,
  ),
  send.refuses("an empty file", withFile(textOf(0)), bad("attachment"), OVER_HTTP),
  send.refuses("a text with a file", withFile(PHOTO, { type: "text" }), bad("type"), OVER_HTTP),
  send.refuses("a document as an image", withFile(REPORT, { type: "image" }), bad("type"), OVER_HTTP),
  send.refuses(
    "a file under a key that is none",
    withFile(PHOTO, { clientMutationId: "again" }),
    bad("clientMutationId"),
    OVER_HTTP,
  ),
  send.refuses("a file by who was removed", withFile(PHOTO), "NOT_FOUND", { ...OVER_HTTP, who: "gone" }),
];
