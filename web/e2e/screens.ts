import type { Page } from "playwright-core";
import { ROOM } from "./browser.js";

/** Who looks at a screen: nobody is logged in, John has rooms, Dee has left the only one that she had. */
export type Viewer = "nobody" | "john" | "dee";

/** Something of the client that one can look at. */
export interface Screen {
  readonly name: string;
  readonly viewer: Viewer;
  readonly path: string;
  /** What leads there once the page is open, and waits until it is there. */
  readonly reach: (page: Page) => Promise<void>;
}

const composer = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });
const roomList = (page: Page) => page.getByRole("navigation", { name: "Rooms" });
/** The newest message of the open room. */
const newest = (page: Page) => page.locator("article[data-message-id]").last();

async function inRoom(page: Page): Promise<void> {
  await page.getByRole("heading", { name: ROOM, level: 1 }).waitFor();
  await composer(page).waitFor();
  await newest(page).waitFor();
  // Until then the feed stands at its top, with rows that go away when it opens.
  await page.waitForFunction(() => {
    const feed = document.querySelector(".feed");
    return feed !== null && feed.scrollTop > 0 && feed.scrollHeight - feed.scrollTop - feed.clientHeight < 40;
  });
  // Drafts stay.
  await composer(page).fill("");
}

const heading = (name: string) => async (page: Page) => page.getByRole("heading", { name }).waitFor();

/** In a room, and then this. */
const inRoomThen = (then: (page: Page) => Promise<void>) => async (page: Page) => {
  await inRoom(page);
  await then(page);
};

async function openMenuOfNewest(page: Page): Promise<void> {
  await newest(page).focus();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menu").waitFor();
}

async function openPicker(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await page.getByRole("dialog", { name: "Emoji" }).getByText("Smileys & emotion").first().waitFor();
}

async function openSettings(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Settings and log out" }).click();
  await page.getByRole("button", { name: "Log out", exact: true }).waitFor();
}

async function openLightbox(page: Page): Promise<void> {
  await page
    .getByRole("region", { name: "Files" })
    .getByRole("button", { name: /^Open / })
    .first()
    .click();
  await page.waitForFunction(() => document.querySelector<HTMLImageElement>("img.lightbox-picture")?.complete);
}

async function openDialog(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").waitFor();
}

const ROOM_PATH = "/rooms/1";

/** Every screen of the client, in the order in which one comes to know them. */
export const SCREENS: readonly Screen[] = [
  {
    name: "log-in",
    viewer: "nobody",
    path: "/",
    reach: (page) => page.getByRole("button", { name: "Jane" }).waitFor(),
  },
  {
    name: "first-run",
    viewer: "dee",
    path: "/",
    reach: (page) => page.getByRole("button", { name: "See the keys" }).waitFor(),
  },
  { name: "room-list", viewer: "john", path: "/", reach: (page) => roomList(page).getByText(ROOM).waitFor() },
  { name: "room", viewer: "john", path: ROOM_PATH, reach: inRoom },
  { name: "message-menu", viewer: "john", path: ROOM_PATH, reach: inRoomThen(openMenuOfNewest) },
  { name: "emoji-picker", viewer: "john", path: ROOM_PATH, reach: inRoomThen(openPicker) },
  {
    name: "suggestions",
    viewer: "john",
    path: ROOM_PATH,
    reach: inRoomThen(async (page) => {
      await composer(page).fill("Thanks, ");
      await composer(page).pressSequentially("@");
      await page.getByRole("option").first().waitFor();
    }),
  },
  {
    name: "editor",
    viewer: "john",
    path: ROOM_PATH,
    reach: inRoomThen(async (page) => {
      await composer(page).press("ArrowUp");
      await page.getByRole("textbox", { name: "Edit message" }).waitFor();
    }),
  },
  {
    name: "delete",
    viewer: "john",
    path: ROOM_PATH,
    reach: inRoomThen(async (page) => {
      await page.locator("article[aria-label^='John Doe'][data-message-id]").last().focus();
      await page.keyboard.press("Delete");
      await page.getByRole("dialog").waitFor();
    }),
  },
  { name: "members", viewer: "john", path: `${ROOM_PATH}?panel=members`, reach: heading("Members") },
  {
    name: "files",
    viewer: "john",
    path: `${ROOM_PATH}?panel=files`,
    reach: (page) => page.locator(".file-row").first().waitFor(),
  },
  {
    name: "search-panel",
    viewer: "john",
    path: `${ROOM_PATH}?panel=search&q=import`,
    reach: (page) => page.getByRole("list", { name: "Results" }).getByRole("link").first().waitFor(),
  },
  {
    name: "lightbox",
    viewer: "john",
    path: `${ROOM_PATH}?panel=files`,
    reach: openLightbox,
  },
  {
    name: "search",
    viewer: "john",
    path: "/search?q=workshop",
    reach: (page) => page.getByRole("list", { name: "Results" }).getByRole("link").nth(5).waitFor(),
  },
  {
    name: "search-nothing",
    viewer: "john",
    path: "/search?q=xylophone",
    reach: (page) => page.getByRole("heading", { name: /^No/ }).first().waitFor(),
  },
  {
    name: "switcher",
    viewer: "john",
    path: ROOM_PATH,
    reach: inRoomThen(async (page) => {
      await page.keyboard.press("Control+K");
      await page.getByRole("option").first().waitFor();
    }),
  },
  {
    name: "keys",
    viewer: "john",
    path: ROOM_PATH,
    reach: inRoomThen(async (page) => {
      await page.keyboard.press("Control+/");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
    }),
  },
  { name: "settings", viewer: "john", path: "/", reach: openSettings },
  { name: "new-room", viewer: "john", path: "/", reach: (page) => openDialog(page, "New room") },
  { name: "new-direct", viewer: "john", path: "/", reach: (page) => openDialog(page, "New direct message") },
  { name: "no-access", viewer: "john", path: "/rooms/5", reach: heading("No access") },
  { name: "not-found", viewer: "john", path: "/no/such/page", reach: heading("Page not found") },
];

/** Waits until nothing is on its way to its place or its colour. */
export async function untilStill(page: Page): Promise<void> {
  const opening = ':is([class*="-appear"], [class*="-enter"], [class*="-leave"])';
  await page.waitForFunction(
    (selector) =>
      document.querySelector(selector) === null &&
      document.getAnimations().every(({ effect }) => effect?.getTiming().iterations === Infinity),
    opening,
  );
}

/** Leads to a screen, from wherever the page is. */
export async function goToScreen(page: Page, url: string, { path, reach }: Screen): Promise<void> {
  await page.goto(url + path);
  await reach(page);
  // Pictures have their place before they are there.
  await page.waitForFunction(() =>
    [...document.images].every(({ complete, y }) => complete || y < 0 || y > window.innerHeight),
  );
  await untilStill(page);
}
