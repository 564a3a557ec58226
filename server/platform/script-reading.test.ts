import { Script } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { picture } from "../test/files.js";
import { scriptedPictures } from "../test/scripted-pictures.js";
import { readsAsScript } from "./script-reading.js";

const LENGTHS = 0x1_00_00;

describe("a photograph is no script, whatever the length of its first segment:", () => {
  test.each([
    ["Exif", "Exif\0\0MM\0*\0\0\0\b"],
    ["JFIF", "JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0"],
    ["XMP", 'http://ns.adobe.com/xap/1.0/\0<?xpacket begin=""?>\n<x:xmpmeta>It\'s "one" `of` // 2 /* </x:xmpmeta>\n'],
    ["more of its XMP", "http://ns.adobe.com/xmp/extension/\0"],
    ["a profile of colours", "ICC_PROFILE\0\u0001\u0001"],
  ])("%s", async (_what, words) => {
    const rest = (await picture("jpeg")).subarray(2);
    const bytes = Buffer.concat([Buffer.from("ffd8ffe10000", "hex"), Buffer.from(words, "latin1"), rest]);
    const taken: number[] = [];
    for (let length = 0; length < LENGTHS; length += 1) {
      bytes.writeUInt16BE(length, 4);
      if (await readsAsScript([bytes])) taken.push(length);
    }
    expect(taken).toEqual([]);
  });
});

test("a GIF is no script, whatever its width", async () => {
  const bytes = await picture("gif");
  const taken: number[] = [];
  for (let width = 0; width < LENGTHS; width += 1) {
    bytes.writeUInt16LE(width, 6);
    if (await readsAsScript([bytes])) taken.push(width);
  }
  expect(taken).toEqual([]);
});

test("what opens a comment and never ends it is no script", async () => {
  await expect(readsAsScript([Buffer.from("GIF89a/*\0\0 and so on")])).resolves.toBe(false);
});

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 101) yield bytes.subarray(at, at + 101);
}

describe("is a script from its first byte to its last, in whichever pieces it is read:", () => {
  test.each(scriptedPictures)("%s", async (_what, _name, make) => {
    const bytes = await make();
    await expect(readsAsScript([bytes])).resolves.toBe(true);
    await expect(readsAsScript(piecesOf(bytes))).resolves.toBe(true);
    expect(() => new Script(bytes.toString("latin1"))).not.toThrow();
  });
});

test("no more is read than it takes to know", async () => {
  function* pieces(): Generator<Buffer> {
    yield Buffer.from("GIF89a\u0001\0");
    throw new Error("read on");
  }
  await expect(readsAsScript(pieces())).resolves.toBe(false);
});
