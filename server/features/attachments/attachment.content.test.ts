import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  animation,
  doc,
  docx,
  noisyPicture,
  pdf,
  photographThatSays,
  picture,
  storedPicture,
  withChance,
  type TestFile,
} from "../../test/files.js";
import { incoming } from "../../test/uploads.js";
import { createWorld, type World } from "../../test/world.js";
import { withReceived, type ReceivedFile } from "./attachment.upload.js";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Receives a file, and lets it go again. */
function receive(file: TestFile, chunkBytes?: number): Promise<ReceivedFile> {
  return withReceived(world.services, incoming(file, chunkBytes), async (received) => received);
}

const text = (content: string): Buffer => Buffer.from(content);
const png = () => picture("png");
const jpeg = () => picture("jpeg");
const gif = () => picture("gif");
let photo: Promise<Buffer>;
let drawing: Promise<Buffer>;
beforeAll(() => {
  photo = noisyPicture("jpeg", 1_700);
  drawing = noisyPicture("webp", 1_500);
});
type Make = () => Buffer | Promise<Buffer>;

describe("what is sent every day is taken:", () => {
  test.each<[string, Make, string, string | undefined]>([
    ["a.png", png, "image/png", "image/png"],
    ["a.jpg", jpeg, "image/jpeg", "image/jpeg"],
    ["a.jpeg", jpeg, "image/jpeg", "image/jpg"],
    ["a.JPG", jpeg, "image/jpeg", "IMAGE/JPEG; x=y"],
    ["a.gif", gif, "image/gif", "application/octet-stream"],
    ["moving.gif", animation, "image/gif", undefined],
    ["317 wide.gif", () => picture("gif", { width: 317 }), "image/gif", undefined],
    ["96 wide.gif", () => picture("gif", { width: 96 }), "image/gif", undefined],
    ["much of its camera.jpg", () => photographThatSays("Exif\u0000\u0000II*\u0000", 0x3d_22), "image/jpeg", undefined],
    ["a comment by its length.jpg", () => photographThatSays("Exif\u0000\u0000MM", 0x2f_2a), "image/jpeg", undefined],
    [
      "XMP first.jpg",
      () => photographThatSays("http://ns.adobe.com/xap/1.0/\u0000<x/>", 0x09_20),
      "image/jpeg",
      undefined,
    ],
    ["a.webp", () => picture("webp"), "image/webp", ""],
    ["a.pdf", pdf, "application/pdf", "application/pdf"],
    ["undeclared.pdf", pdf, "application/pdf", "text/plain"],
    ["a.doc", doc, "application/msword", "application/msword"],
    [
      "a.docx",
      docx,
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
    ["a.txt", () => text("words, für 👍\r\n\t<3 and a < b\n"), "text/plain", "text/plain; charset=utf-8"],
    ["bmw.txt", () => text("BMW <b>is</b> a car, ID3 is none"), "text/plain", "text/plain"],
    ["bom.txt", () => text("\ufeffwords"), "text/plain", "text/plain"],
  ])("%s", async (name, make, contentType, declared) => {
    const bytes = await make();
    const { attachment } = await receive({ name, bytes, contentType: declared });
    expect(attachment).toMatchObject({ name, size: bytes.length, contentType });
    expect(attachment.key).toMatch(/^chat_attachments\/\d{4}\/\d\d\/\d\d\/[0-9a-f]{36}\.[a-z]+$/);
  });

  test("a film that a telephone keeps behind its photograph is nobody's business", async () => {
    const bytes = Buffer.concat([await jpeg(), Buffer.from("....ftypmp42"), Buffer.alloc(5_000, 7)]);
    await expect(receive({ name: "a.jpg", bytes })).resolves.toBeDefined();
  });

  test.each<[string, (tag: string) => Promise<Buffer>]>([
    ["a.jpg", async (tag) => withChance(await photo, tag)],
    ["a.webp", async (tag) => withChance(await drawing, tag)],
    ["a.png", (tag) => storedPicture(1_800, Buffer.from(`${tag}\u0000\u0001`))],
  ])("a large picture whose compressed data has a tag by chance: %s", async (name, make) => {
    for (const tag of ["<html", "<SCRIPT", "<Body", "<?php", "<svg ", "<iframe"]) {
      const bytes = await make(tag);
      expect([tag, bytes.includes(tag), bytes.length > 2_000_000]).toEqual([tag, true, true]);
      await expect(receive({ name, bytes })).resolves.toBeDefined();
    }
  });

  test("a long text whose characters lie across the pieces in which it is read", async () => {
    const bytes = text(`x${"ü👍".repeat(60_000)}`);
    await expect(receive({ name: "a.txt", bytes }, 7)).resolves.toBeDefined();
  });
});

describe("names", () => {
  test.each([
    ["../../etc/passwd.txt", "passwd.txt"],
    ["C:\\Users\\john\\notes.txt", "notes.txt"],
    ["photo\u202egnp.txt", "photognp.txt"],
    ["a\u0000b\u0007.txt", "ab.txt"],
    ["  many   spaces .txt ", "many spaces.txt"],
    ["a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt"],
    [".txt", "file.txt"],
    ["größe 👍.txt", "größe 👍.txt"],
    [`${"👍".repeat(300)}.txt`, `${"👍".repeat(251)}.txt`],
    ['"><script>.txt', '"><script>.txt'],
    ["lone\ud83d.txt", "lone\ufffd.txt"],
  ])("%j are kept as %j", async (given, kept) => {
    expect((await receive({ name: given, bytes: text("words") })).attachment.name).toBe(kept);
  });
});
