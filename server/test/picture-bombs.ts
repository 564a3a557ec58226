import { bomb, picture } from "./files.js";
import type { HostileFile, Make } from "./hostile-files.js";

const MANY = 16_000;
/** A picture that says of so many pixels, behind these bytes, that they are its width and its height. */
const enlarged = async (make: Make, behind: string, write: "writeUInt16LE" | "writeUInt16BE") => {
  const bytes = Buffer.from(await make());
  const at = bytes.indexOf(behind, "hex") + behind.length / 2;
  bytes[write](MANY, at);
  bytes[write](MANY, at + 2);
  return bytes;
};

/** Pictures of some kilobytes that stand for gigabytes. */
export const bombs: readonly HostileFile[] = [
  ["a picture of nothing but one colour", "a.png", bomb],
  ["a photograph", "a.jpg", () => enlarged(() => picture("jpeg"), "ffc0001108", "writeUInt16BE")],
  ["a moving picture", "a.gif", () => enlarged(() => picture("gif"), "2c00000000", "writeUInt16LE")],
  ["a WebP", "a.webp", () => enlarged(() => picture("webp"), "9d012a", "writeUInt16LE")],
];
