import { existsSync } from "node:fs";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from "playwright-core";
import { until } from "../../server/test/until.js";
import { watchForFailures } from "./failures.js";
import { keepSentByPages } from "./sent-by-pages.js";

const SYSTEM_CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The demo's room that John, Jane and Bob are in. */
export const ROOM = "Project Discussion";
export const DESKTOP = { width: 1280, height: 800 };
/** So high that all of a test's messages stand on it. */
export const HIGH = { width: 1280, height: 2_400 };
/** What is promised for who was on a node that died is 45 s; only a broken test waits until here. */
const PRESENCE_WITHIN_MS = 90_000;
export const PHONE = { width: 390, height: 844 };

/** A real Chromium: the machine's own, or the one that comes out of an npm package. */
export async function launchBrowser(): Promise<Browser> {
  return watchForFailures(keepSentByPages(await launch()));
}

async function launch(): Promise<Browser> {
  if (existsSync(SYSTEM_CHROMIUM)) return chromium.launch({ executablePath: SYSTEM_CHROMIUM, args: FLAGS });
  const { default: packaged } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packaged.executablePath(), args: [...packaged.args, ...FLAGS] });
}

/** The same, with a process for each page as on a desk, instead of one for all: for measuring. */
export async function launchDesktopBrowser(): Promise<Browser> {
  if (existsSync(SYSTEM_CHROMIUM)) return launchBrowser();
  const { default: packaged } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packaged.executablePath(), args: FLAGS });
}

/**
 * The browser of somebody who wants nothing to move: a layer that grows as it opens can move away under a press that is as
 * quick as a test's, and nobody's finger is. Tests of what moves ask for `reducedMotion: "no-preference"`.
 */
export function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport: DESKTOP, reducedMotion: "reduce", ...options });
}

/** A room in the list, by its name alone: others may show the same name for whoever said something last. */
export function roomInList(page: Page, room: string): Locator {
  const name = page.locator(".room-item-name").getByText(room, { exact: true });
  return page.getByRole("navigation", { name: "Rooms" }).getByRole("link").filter({ has: name });
}

/** One person in a browser of their own, with what went wrong in it. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Uncaught errors and requests to other hosts: a test ends with none. */
  readonly faults: readonly string[];
  /** The texts of the messages on the screen, in order. */
  messages(): Promise<readonly string[]>;
  send(text: string): Promise<void>;
  /** Waits until a message with this text is there. */
  sees(text: string): Promise<void>;
  /** Waits until the message with this text is whole in the visible part of the room. */
  hasInView(text: string): Promise<void>;
  /** Types, until the other one is shown that this person does: one word about it may get lost. */
  typesUntilSeenBy(other: Visitor, name: string): Promise<void>;
  openRoom(name: string): Promise<void>;
  /** Waits until the room is the one on the screen. */
  inRoom(name: string): Promise<void>;
  /** Waits until the members of the room on the screen, which are shown for it, have this person as such. */
  seesMember(name: string, presence: "online" | "offline"): Promise<void>;
  /** Puts a mark on the page that a reload would wipe out. */
  mark(): Promise<void>;
  wasReloaded(): Promise<boolean>;
}

/** Opens the page and logs in as one of the demo's people. */
export async function visit(browser: Browser, url: string, name: string, viewport = DESKTOP): Promise<Visitor> {
  const context = await openContext(browser, { viewport });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(url).host) faults.push(`a request to ${host}`);
  });
  await page.goto(url);
  await page.getByRole("button", { name: `${name} @` }).click();
  const texts = page.locator("article .text");
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  const inRoom = async (room: string): Promise<void> => {
    await page.getByRole("heading", { name: room, level: 1 }).waitFor();
    await composer.waitFor();
  };
  return {
    page,
    context,
    faults,
    messages: () => texts.allInnerTexts(),
    async send(text) {
      await composer.fill(text);
      await composer.press("Enter");
    },
    sees: (text) => page.locator("article .text", { hasText: text }).first().waitFor(),
    async hasInView(text) {
      const [feed, message] = [page.getByRole("log"), page.locator("article .text", { hasText: text }).last()];
      await until(async () => {
        const [around, box] = [await feed.boundingBox(), await message.boundingBox()];
        return around && box && box.y >= around.y && box.y + box.height <= around.y + around.height;
      }, `"${text}" in view`);
    },
    async typesUntilSeenBy(other, own) {
      const line = other.page.getByText(`${own} is typing`).first();
      await until(async () => {
        await composer.press("h");
        return line.isVisible();
      }, `${own} to be seen typing`);
    },
    async openRoom(room) {
      await roomInList(page, room).click();
      await inRoom(room);
    },
    inRoom,
    async seesMember(member, presence) {
      const panel = page.getByRole("region", { name: "Members" });
      if (!(await panel.isVisible())) await page.getByRole("button", { name: /^Members/ }).click();
      const row = panel.getByRole("listitem").filter({ hasText: member });
      await row.getByRole("img", { name: presence, exact: true }).waitFor({ timeout: PRESENCE_WITHIN_MS });
    },
    mark: () => page.evaluate(() => document.body.setAttribute("data-not-reloaded", "true")),
    wasReloaded: async () => (await page.locator("body[data-not-reloaded]").count()) === 0,
  };
}

/** A further tab of the same browser, in which one of the demo's people is logged in and in a room. */
export async function openTab({ page, context }: Visitor, name: string, room = ROOM): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(new URL("/", page.url()).href);
  await tab.getByRole("button", { name: `${name} @` }).click();
  await roomInList(tab, room).click();
  await tab.getByRole("textbox", { name: "Message", exact: true }).waitFor();
  return tab;
}

/** How often each of the texts is among the messages. */
export function countOf(messages: readonly string[], texts: readonly string[]): readonly number[] {
  return texts.map((text) => messages.filter((message) => message === text).length);
}
