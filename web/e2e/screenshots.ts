import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { DESKTOP, launchBrowser, PHONE, visit } from "./browser.js";
import { goToScreen, SCREENS } from "./screens.js";
import { openViewers, type Viewers } from "./viewers.js";
import { startServer } from "./server.js";

type Scheme = "light" | "dark";
type Device = keyof typeof VIEWPORTS;

const VIEWPORTS = { desktop: DESKTOP, phone: PHONE } as const;
const DOCS = join(import.meta.dirname, "../../docs/screenshots");
const QUALITY = 95;

interface Shot {
  readonly screen: string;
  readonly device: Device;
  readonly scheme: Scheme;
}

/** What the documentation shows. */
const SHOWN: readonly Shot[] = [
  { screen: "room", device: "desktop", scheme: "light" },
  { screen: "room", device: "desktop", scheme: "dark" },
  { screen: "files", device: "desktop", scheme: "light" },
  { screen: "search", device: "desktop", scheme: "light" },
  { screen: "switcher", device: "desktop", scheme: "dark" },
  { screen: "emoji-picker", device: "desktop", scheme: "light" },
  { screen: "lightbox", device: "desktop", scheme: "dark" },
  { screen: "keys", device: "desktop", scheme: "light" },
  { screen: "room-list", device: "phone", scheme: "light" },
  { screen: "room", device: "phone", scheme: "light" },
  { screen: "room", device: "phone", scheme: "dark" },
];

const EVERY: readonly Shot[] = SCREENS.flatMap(({ name }) =>
  (["desktop", "phone"] as const).flatMap((device) =>
    (["light", "dark"] as const).map((scheme) => ({ screen: name, device, scheme })),
  ),
);

/** `room.png` is the room on a desktop in light, `room-phone-dark.png` the other extreme. */
function fileName({ screen, device, scheme }: Shot): string {
  return `${[screen, ...(device === "phone" ? [device] : []), ...(scheme === "dark" ? [scheme] : [])].join("-")}.png`;
}

async function take(viewers: Viewers, url: string, shot: Shot): Promise<Buffer> {
  const screen = SCREENS.find(({ name }) => name === shot.screen);
  if (!screen) throw new Error(`There is no screen "${shot.screen}".`);
  const page = viewers[screen.viewer];
  await page.setViewportSize(VIEWPORTS[shot.device]);
  await page.emulateMedia({ colorScheme: shot.scheme });
  await goToScreen(page, url, screen);
  return sharp(await page.screenshot())
    .png({ palette: true, quality: QUALITY, effort: 10 })
    .toBuffer();
}

async function takeAll(browser: Browser, url: string, shots: readonly Shot[], folder: string): Promise<void> {
  const viewers = await openViewers(browser, url);
  // So that somebody is there besides.
  await visit(browser, url, "Jane Smith");
  for (const shot of shots) {
    await writeFile(join(folder, fileName(shot)), await take(viewers, url, shot));
  }
}

/** Makes the pictures of the documentation or, into a folder of one's own, of every screen. */
export async function makeScreenshots(folder?: string): Promise<void> {
  if (folder === undefined) await rm(DOCS, { recursive: true, force: true });
  await mkdir(folder ?? DOCS, { recursive: true });
  const server = await startServer();
  const browser = await launchBrowser();
  try {
    await takeAll(browser, server.url, folder === undefined ? SHOWN : EVERY, folder ?? DOCS);
  } finally {
    await browser.close();
    await server.stop();
  }
}
