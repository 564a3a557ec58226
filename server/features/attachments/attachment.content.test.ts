import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import sharp from "sharp";
import {
  animation,
  bomb,
  compound,
  doc,
  docx,
  noisyPicture,
  pdf,
  picture,
  storedPicture,
  withChance,
  zip,
  type TestFile,
} from "../../test/files.js";
import { filesIn, incoming } from "../../test/uploads.js";
import { createWorld, type World } from "../../test/world.js";
import { withReceived, type ReceivedFile } from "./attachment.upload.js";

let world: World;
let scratch: string;
beforeAll(async () => {
  world = await createWorld();
  scratch = await mkdtemp(join(tmpdir(), "parley-content-"));
});
afterAll(async () => {
  await world.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Receives a file, and lets it go again. */
function receive(file: TestFile, chunkBytes?: number): Promise<ReceivedFile> {
  return withReceived(world.services, incoming(file, chunkBytes), async (received) => received);
}

const ALLOWED = "jpg, jpeg, png, gif, webp, pdf, doc, docx, txt";
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

describe("what is not what it says is refused, with what is allowed:", () => {
  const exe = () => Buffer.concat([Buffer.from("MZ\u0090\u0000\u0003", "latin1"), Buffer.alloc(2_000, 0x90)]);
  const svg = () => text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  const html = () => text("\n <!doctype html><html><script>alert(1)</script></html>");
  const appended = (make: Make, more: Make) => async () => Buffer.concat([await make(), await more()]);
  const archive = () => zip({ "a.txt": "a" });
  const PAGE = text("<html><body onload=alert(1)><script>alert(1)</script>");
  const comment = (words: Buffer) => Buffer.concat([Buffer.from([0xff, 0xfe]), sized(words.length + 2), words]);
  const sized = (length: number) => Buffer.from([length >> 8, length & 0xff]);
  test.each<[string, string, Make, string?]>([
    ["a program", "setup.exe", exe],
    ["a page", "index.html", html],
    ["a drawing that can run scripts", "a.svg", svg, "image/svg+xml"],
    ["no extension", "README", () => text("words")],
    ["an extension that objects have by themselves", "a.constructor", () => text("words")],
    ["a program called .png", "a.png", exe, "image/png"],
    ["a program called .txt", "a.txt", exe, "text/plain"],
    ["a program called .doc", "a.doc", exe],
    ["a drawing called .png", "a.png", svg, "image/png"],
    ["a drawing called .txt", "a.txt", svg, "text/plain"],
    ["a page called .txt", "a.txt", html, "text/plain"],
    ["a page called .jpg", "a.jpg", html],
    ["XML called .txt", "a.txt", () => text('<?xml version="1.0"?><a/>')],
    ["a PDF called .txt", "a.txt", pdf],
    ["a text that is not UTF-8", "a.txt", () => Buffer.from("gr\u00fc\u00dfe", "latin1")],
    ["a text with NUL", "a.txt", () => text("a\0b")],
    ["a text that breaks off in a character", "a.txt", () => text("ü").subarray(0, 1)],
    ["one kind of picture called as another", "a.png", jpeg],
    ["a picture called as one of the kind that does not say where it ends", "a.jpg", png],
    ["another type declared", "a.png", png, "image/jpeg"],
    ["a page declared", "a.txt", () => text("words"), "text/html"],
    ["a picture that is also a page", "a.gif", appended(gif, () => text("<script>alert(1)</script>;"))],
    [
      "a page in the comment of a picture",
      "a.jpg",
      appended(
        () => Buffer.from("ffd8fffe001a3c68746d6c3e3c7363726970743e616c6572742831293c2f", "hex"),
        async () => (await jpeg()).subarray(2),
      ),
    ],
    [
      "a tag alone where a picture begins",
      "a.jpg",
      appended(
        () => Buffer.from("ffd8fffe00073c68746d6c", "hex"),
        async () => (await jpeg()).subarray(2),
      ),
    ],
    [
      "a page in the comment of a picture, far behind its beginning",
      "a.jpg",
      appended(
        () => Buffer.concat([Buffer.from("ffd8", "hex"), comment(Buffer.alloc(60_000)), comment(PAGE)]),
        async () => (await jpeg()).subarray(2),
      ),
    ],
    ["a photograph with a page behind it", "a.jpg", appended(jpeg, () => Buffer.concat([Buffer.alloc(90_000), PAGE]))],
    [
      "a photograph with a script of the server behind it",
      "a.jpg",
      appended(jpeg, () => text("<?php system($_GET[0]);")),
    ],
    ["a page in the pixels of a picture", "a.png", () => storedPicture(300, PAGE)],
    [
      "a page in what a WebP says of itself",
      "a.webp",
      async () =>
        sharp(await png())
          .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${String(PAGE)}</x:xmpmeta>`)
          .webp()
          .toBuffer(),
    ],
    [
      "a picture whose header opens a script",
      "a.gif",
      async () => Buffer.concat([text("GIF89a/*"), (await gif()).subarray(8)]),
    ],
    ["a picture with an archive behind it", "a.png", appended(png, archive)],
    ["a photograph with an archive behind it", "a.jpg", appended(jpeg, archive)],
    ["a picture with something behind it", "a.png", appended(png, () => text("hello"))],
    ["a moving picture with something behind it", "a.gif", appended(gif, () => text("hello"))],
    [
      "a WebP with something behind it",
      "a.webp",
      appended(
        () => picture("webp"),
        () => text("hello"),
      ),
    ],
    ["a PDF with something before it", "a.pdf", appended(() => text("GIF89a"), pdf)],
    ["a PDF with an archive behind it", "a.pdf", appended(pdf, archive)],
    ["a PDF that breaks off", "a.pdf", () => pdf().subarray(0, 40)],
    ["an archive called .docx", "a.docx", archive],
    ["a document without words", "a.docx", () => zip({ "[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>" })],
    ["a document with macros", "a.docx", () => docx({ "word/vbaProject.bin": "x" })],
    ["a document that leads out of its folder", "a.docx", () => docx({ "../../etc/passwd": "x" })],
    ["a document with something before it", "a.docx", appended(() => text("#!/bin/sh\n"), docx)],
    ["a document with something behind it", "a.docx", appended(docx, () => text("more"))],
    [
      "a document whose directory lies",
      "a.docx",
      () => Buffer.from(docx()).fill(9, docx().length - 12, docx().length - 11),
    ],
    ["an installer called .doc", "a.doc", () => compound("SummaryInformation", "Binary.Icon")],
    ["a compound file that breaks off", "a.doc", () => doc().subarray(0, 600)],
    ["a script of a shell", "a.sh", () => text("#!/bin/sh\nrm -rf /\n")],
    ["a script called .pdf", "a.pdf", () => text("#!/bin/sh\nrm -rf /\n")],
    ["a script of the server called .jpg", "a.jpg", () => text("<?php system($_GET[0]);")],
    ["a page by its second extension", "a.png.html", png],
    ["a page with a space behind its extension", "a.html ", html],
    ["a drawing that is packed", "a.svgz", svg],
    ["a drawing called .gif", "a.gif", svg],
    ["a drawing called .webp", "a.webp", svg],
    ["a drawing called .pdf", "a.pdf", svg],
    ["a page called .pdf", "a.pdf", html],
    ["a page called .docx", "a.docx", html],
    ["a program called .pdf", "a.pdf", exe],
    ["a program called .docx", "a.docx", exe],
    ["a program of Linux called .png", "a.png", () => Buffer.concat([text("\u007fELF"), Buffer.alloc(500)])],
    ["a feed called .txt", "a.txt", () => text('\ufeff  <?xml version="1.0"?><rss/>')],
    ["a text of two bytes a sign", "a.txt", () => Buffer.from("\ufeffwords", "utf16le")],
    ["a PDF called .docx", "a.docx", pdf],
    ["a PDF called .png", "a.png", pdf],
    ["a document called .doc", "a.doc", docx],
    ["an old document called .docx", "a.docx", doc],
    [
      "a sheet called .docx",
      "a.docx",
      () => zip({ "[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>", "word/a": "" }),
    ],
    ["a program in an archive called .docx", "a.docx", () => zip({ "a.exe": "MZ" })],
    ["a picture that says it is text", "a.png", png, "text/html"],
    ["an icon", "a.ico", () => Buffer.from("00000100", "hex")],
    ["a page of styles", "a.css", () => text("body { background: url(//evil.example) }")],
    ["a library called .jpg", "a.jpg", () => Buffer.concat([Buffer.from("cafebabe", "hex"), Buffer.alloc(500)])],
    ["an archive called .txt", "a.txt", archive],
    ["a picture of one kind that goes on as another", "a.gif", appended(gif, png)],
    ["a film called .gif", "a.gif", () => Buffer.concat([Buffer.alloc(4), text("ftypisom"), Buffer.alloc(500)])],
    ["a sound called .webp", "a.webp", () => text("RIFF\u0024\u0000\u0000\u0000WAVEfmt ")],
    ["a picture that breaks off", "a.png", async () => (await png()).subarray(0, 200)],
    [
      "a photograph that breaks off",
      "a.jpg",
      async () => (await picture("jpeg", { width: 400, height: 400 })).subarray(0, 3_000),
    ],
    ["a picture of nothing but its first bytes", "a.png", () => Buffer.from("89504e470d0a1a0a", "hex")],
    ["a picture with a hole", "a.png", async () => Buffer.from(await png()).fill(0, 60, 400)],
  ])("%s", async (_what, name, make, contentType = "") => {
    const refused = receive({ name, bytes: await make(), contentType });
    await expect(refused).rejects.toMatchObject({
      code: "UNSUPPORTED_MEDIA_TYPE",
      details: { field: "attachment" },
      message: expect.stringContaining(ALLOWED),
    });
  });

  test("a picture of a few kilobytes that stands for gigabytes is refused before it is decoded", async () => {
    const bytes = bomb();
    expect(bytes.length).toBeLessThan(1_000_000);
    await expect(receive({ name: "a.png", bytes })).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  });

  test("and nothing of any of them stays", async () => {
    expect(await filesIn(world.dataDir)).toEqual([]);
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
