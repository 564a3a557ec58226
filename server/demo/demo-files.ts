import sharp from "sharp";
import type { FindFile } from "../import/files.js";
import { badInput } from "../platform/errors.js";
import { demoPdf } from "./demo-pdf.js";

/** The files of the demo's talks, made when they are asked for: the same every time, and nothing that has to be shipped. */
const demoFiles: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
  "sidebar-on-a-phone.png": () => draw(760, 620, `${phone(60, 24, 300)}${phone(410, 60, 260)}`),
  "activity-feed.png": () => draw(960, 540, `${feed(40, 180)}${feed(250, 290)}${feed(570, 350)}`),
  "cake.png": () => draw(720, 480, cake()),
  "feeds-opened.png": () => draw(960, 360, bars(960, 360)),
  "import-measured.txt": () =>
    Buffer.from(
      [
        "Import of 100,000 entries, on a copy of production",
        "",
        "step     seconds   entries a second",
        "read         3.1             32,258",
        "check        1.4             71,429",
        "write       22.8              4,386",
        "all         27.3              3,663",
        "",
        "Nobody was locked out meanwhile: the longest a save took was 140 ms.",
        "",
      ].join("\n"),
    ),
  "offer-brightwater.pdf": () =>
    demoPdf("Offer for Brightwater", [
      "1. All projects move over in one night in December.",
      "2. People can work meanwhile: an import of 100,000 entries takes half a minute.",
      "3. Guests see the projects that they were invited to, and nothing else.",
      "4. Two workshops, of half a day each.",
      "",
      "A draft by John Doe. Figures of the import are still to come from Bob.",
    ]),
};

/** Finds a file that a demo message carries. */
export const findDemoFile: FindFile = async (name) => {
  const make = Object.hasOwn(demoFiles, name) ? demoFiles[name] : undefined;
  if (make === undefined) throw badInput("attachment", "The demo has no such file.");
  return {
    name,
    async *read() {
      yield await make();
    },
  };
};

// Shapes alone: which fonts there are differs from machine to machine.

async function draw(width: number, height: number, shapes: string): Promise<Buffer> {
  const page = `<rect width="100%" height="100%" fill="#f3f4f8"/>${shapes}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${page}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

const INK = "#2b3350";
const PALE = "#c9cee0";
const ACCENT = "#5b6cf0";

function box(x: number, y: number, [width, height]: readonly [number, number], fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}"/>`;
}

/** A phone whose sidebar is open; its project switcher does not quite fit. */
function phone(x: number, y: number, width: number): string {
  const sidebar = width * 0.7;
  const rows = Array.from({ length: 9 }, (_, row) => {
    const length = sidebar * (0.45 + ((row * 5) % 4) * 0.08);
    return box(x + 24, y + 120 + row * 44, [length, 14], row === 2 ? ACCENT : PALE);
  });
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="540" rx="28" fill="#ffffff" stroke="${INK}" stroke-width="4"/>`,
    box(x + 2, y + 30, [sidebar, 480], "#e7eafb"),
    box(x + 24, y + 56, [sidebar + 18, 34], INK),
    ...rows,
    box(x + sidebar + 20, y + 130, [width - sidebar - 40, 90], PALE),
    box(x + sidebar + 20, y + 240, [width - sidebar - 40, 150], PALE),
  ].join("");
}

/** The activity feed in one of its sizes: a column of times, and what happened then. */
function feed(x: number, width: number): string {
  const rows = Array.from({ length: 8 }, (_, row) => {
    const y = 90 + row * 52;
    const dot = `<circle cx="${x + 24}" cy="${y + 9}" r="7" fill="${row < 3 ? ACCENT : PALE}"/>`;
    return `${dot}${box(x + 44, y, [width * (0.4 + ((row * 7) % 5) * 0.06), 16], row < 3 ? INK : PALE)}`;
  });
  const frame = `<rect x="${x}" y="40" width="${width}" height="460" rx="12" fill="#ffffff" stroke="${INK}" stroke-width="3"/>`;
  return `${frame}${box(x + 16, 56, [width * 0.35, 18], INK)}${rows.join("")}`;
}

/** How much was done in each hour of a day; the last ones are what it is about. */
function bars(width: number, height: number): string {
  const hours = [4, 5, 9, 14, 12, 10, 15, 18, 16, 13, 24, 38, 57, 71, 66, 78];
  const [left, bottom, step] = [48, height - 56, (width - 96) / hours.length];
  const lines = [0, 1, 2, 3].map((line) => box(left, bottom - line * 78, [width - 96, 2], "#e4e7f0"));
  const columns = hours.map((value, hour) => {
    const tall = value * 3.1;
    return box(left + hour * step + 8, bottom - tall, [step - 16, tall], hour < 10 ? PALE : ACCENT);
  });
  const labels = hours.map((_, hour) => box(left + hour * step + step / 2 - 9, bottom + 16, [18, 8], PALE));
  const page = `<rect x="12" y="12" width="${width - 24}" height="${height - 24}" rx="12" fill="#ffffff"/>`;
  return [page, ...lines, ...columns, ...labels].join("");
}

/** A cake with as many candles as there were weeks of work. */
function cake(): string {
  const candles = [270, 330, 390, 450].map(
    (x) => `${box(x - 7, 128, [14, 64], ACCENT)}<ellipse cx="${x}" cy="108" rx="10" ry="17" fill="#ffb545"/>`,
  );
  const drops = [0, 1, 2, 3, 4, 5].map((drop) => {
    const length = 34 + ((drop * 5) % 3) * 16;
    return `<rect x="${192 + drop * 58}" y="196" width="46" height="${length}" rx="23" fill="#ff8fa8"/>`;
  });
  return [
    '<rect width="100%" height="100%" fill="#fdf0e2"/><rect y="392" width="100%" height="88" fill="#e9c9a4"/>',
    '<ellipse cx="360" cy="400" rx="250" ry="30" fill="#ffffff"/><ellipse cx="360" cy="394" rx="212" ry="20" fill="#e4e7f0"/>',
    '<rect x="184" y="186" width="352" height="208" rx="22" fill="#7a4a2c"/>',
    '<rect x="184" y="288" width="352" height="26" fill="#fdf0e2"/>',
    '<rect x="184" y="178" width="352" height="44" rx="22" fill="#ff8fa8"/>',
    ...drops,
    ...candles,
  ].join("");
}
