import sharp from "sharp";
import { photographThatSays } from "./files.js";
import type { HostileFile } from "./hostile-files.js";

// Pictures that are scripts from their first byte to their last: their sizes open a comment or a text, or give a value.

/** What ends a comment, and makes one of all that is left on its line. */
const TO_THE_END = "*///";
const SOLID = { create: { width: 64, height: 48, channels: 3, background: "#336699" } } as const;

/** A comment in a GIF. */
const comment = (words: string): Buffer =>
  Buffer.concat([Buffer.from([0x21, 0xfe, words.length]), Buffer.from(words), Buffer.from([0])]);

/** A GIF whose width and height are `opened`, and which goes on with a script behind `closed`. */
const gif = (opened: string, closed: string) => async (): Promise<Buffer> => {
  const bytes = await sharp(SOLID).gif().toBuffer();
  bytes.write(opened, "GIF89a".length, "latin1");
  const colours = 2 ** ((bytes.readUInt8(10) & 7) + 1);
  const behind = 13 + 3 * colours;
  const body = bytes.subarray(behind, -1);
  return Buffer.concat([
    ...[bytes.subarray(0, behind), comment(`${closed};alert(1)/*`), body, comment(TO_THE_END)],
    bytes.subarray(-1),
  ]);
};

const jpeg = (length: number, words: string) => async (): Promise<Buffer> =>
  Buffer.concat([await photographThatSays(`${words};alert(1)/*`, length), Buffer.from(TO_THE_END)]);

/** A WebP that is as long as `opened` says, and is a script behind `closed`. */
const webp = (opened: string, closed: string) => async (): Promise<Buffer> => {
  const bytes = await sharp(SOLID).webp().toBuffer();
  bytes.write(opened, "RIFF".length, "latin1");
  const size = bytes.readUInt32LE(4) + 8 - bytes.length;
  const more = Buffer.alloc(size, " ");
  more.write("MORE");
  more.writeUInt32LE(size - 8, 4);
  more.write(`${closed};alert(1)//`, 8);
  return Buffer.concat([bytes, more]);
};

export const scriptedPictures: readonly HostileFile[] = [
  ["a picture whose size opens a comment of a script", "a.gif", gif("/*", "*/=1")],
  ["a picture whose size opens a line of it", "a.gif", gif("//", "\n=1")],
  ["a picture whose size hides a line of it", "a.gif", gif("<!--", "\n=1")],
  ["a picture whose size hides a line behind another", "a.gif", gif("\n-->", "\n=1")],
  ["a picture that is given a value", "a.gif", gif("=1/*", "*/")],
  ["a picture that is a label", "a.gif", gif(":'", String.raw`\'\\'`)],
  ["a picture that is given a text", "a.gif", gif('="', '"')],
  ["a picture that is given a text of several lines", "a.gif", gif('="\\\r', '\\\r\n"')],
  ["a picture that is the tag of a template", "a.gif", gif("`", "\n`")],
  ["a picture that is given an expression", "a.gif", gif("=/", String.raw`\//`)],
  ["a picture that is divided", "a.gif", gif("/1/*", "*/")],
  ["a photograph whose length opens a comment of a script", "a.jpg", jpeg(0x2f_2a, "JFIF\0*/=1")],
  ["a photograph whose length opens a line of it", "a.jpg", jpeg(0x2f_2f, "Exif\0\0\n=1")],
  ["a photograph that is given a value", "a.jpg", jpeg(0x3d_31, "")],
  ["a photograph that is given a text", "a.jpg", jpeg(0x3d_27, "Exif\0\0'")],
  ["a photograph whose namespace is a label", "a.jpg", jpeg(0x0a_0a, "http://ns.adobe.com/xap/1.0/\0\n")],
  ["a WebP whose length opens a comment of a script", "a.webp", webp("/*\0\0", "*/=1")],
  ["a WebP that is a label", "a.webp", webp(":/*\0", "*/1")],
  ["a WebP that is the tag of a template", "a.webp", webp("`(\0\0", "`")],
];
