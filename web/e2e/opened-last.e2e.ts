import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Locator } from "playwright-core";
import { pdf, picture } from "../../server/test/files.js";
import { until } from "../../server/test/until.js";
import { launchBrowser, ROOM, visit, type Visitor } from "./browser.js";
import { choose, composer, stored, tray } from "./giving-files.js";
import { editNewest } from "./messages.js";
import { startServer, type ServerProcess } from "./server.js";

jest.setTimeout(120_000);

let server: ServerProcess;
let browser: Browser;
let john: Visitor;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  john = await visit(browser, server.url, "John Doe");
  await john.openRoom(ROOM);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
});

const panel = (): Locator => john.page.getByRole("region", { name: "Files" });
const newest = (): Locator => john.page.locator("article[data-message-id]").last();

/** Escape closes this, and leaves the panel open. */
async function escapeClosesOnly(what: Locator): Promise<void> {
  await what.waitFor();
  await john.page.keyboard.press("Escape");
  await what.waitFor({ state: "hidden" });
  expect(await panel().isVisible()).toBe(true);
}

test("a room's files open from its panel as from its messages: pictures large, documents as a download", async () => {
  const { page } = john;
  await choose(john, [
    { name: "seen.png", type: "image/png", bytes: await picture("png", { width: 640, height: 480 }) },
    { name: "read.pdf", type: "application/pdf", bytes: pdf() },
  ]);
  await tray(john).getByText("read.pdf").waitFor();
  await composer(john).press("Enter");
  await stored(john, "read.pdf").waitFor();
  await page.getByRole("button", { name: "Files", exact: true }).click();
  const download = page.waitForEvent("download");
  await panel().getByRole("button", { name: "Download read.pdf" }).click();
  expect((await download).suggestedFilename()).toBe("read.pdf");
  const opener = panel().getByRole("button", { name: "Open seen.png" });
  await opener.click();
  await page.getByRole("dialog").getByText("640 × 480").waitFor();
  await escapeClosesOnly(page.getByRole("dialog"));
  await until(() => opener.evaluate((element) => element === document.activeElement), "the focus back in the panel");
  await stored(john, "seen.png").getByRole("button", { name: "seen.png" }).click();
  await escapeClosesOnly(page.getByRole("dialog"));
});

test("Escape closes suggestions before the editor, the editor before the panel, and the panel last", async () => {
  const { page } = john;
  await john.send("About to be edited");
  await composer(john).pressSequentially("Ask @ja");
  await escapeClosesOnly(page.getByRole("option").first());
  expect(await composer(john).inputValue()).toBe("Ask @ja");
  await page.getByRole("button", { name: "Emoji", exact: true }).click();
  await escapeClosesOnly(page.getByRole("dialog", { name: "Emoji" }));
  await composer(john).fill("");
  const editor = await editNewest(john);
  await editor.pressSequentially(" @ja");
  await escapeClosesOnly(page.getByRole("option").first());
  expect(await editor.inputValue()).toBe("About to be edited @ja");
  await escapeClosesOnly(editor);
  await page.keyboard.press("Escape");
  await panel().waitFor({ state: "hidden" });
  await page.getByRole("log").evaluate((feed) => feed.scrollTo(0, 0));
  await page.getByRole("button", { name: "Jump to newest" }).waitFor();
  await page.keyboard.press("Escape");
  await john.hasInView("About to be edited");
});

test("a message's emoji are opened by its button, by a key and from its menu, and give the focus back", async () => {
  const { page } = john;
  const picker = page.getByRole("dialog", { name: "Add reaction" });
  const button = newest().getByRole("button", { name: "Add reaction" });
  const ways: readonly (readonly [open: () => Promise<void>, back: Locator])[] = [
    [() => button.click(), button],
    [() => page.keyboard.press("+"), newest()],
    [
      async () => {
        await page.keyboard.press("Shift+F10");
        await page.getByRole("menuitem", { name: "Add reaction" }).click();
      },
      newest(),
    ],
  ];
  for (const [open, back] of ways) {
    await newest().focus();
    await open();
    await picker.waitFor();
    await page.keyboard.press("Escape");
    await picker.waitFor({ state: "hidden" });
    await until(() => back.evaluate((element) => element === document.activeElement), "the focus back where it was");
  }
});

test("files that are dragged over a room are shown where to go, until they leave it", async () => {
  const overlay = john.page.locator(".drop-overlay");
  for (const [type, state] of [
    ["dragenter", "visible"],
    ["dragleave", "detached"],
  ] as const) {
    await john.page.getByRole("log").evaluate((feed, kind) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], "x.txt", { type: "text/plain" }));
      feed.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
    }, type);
    await overlay.waitFor({ state });
  }
});

test("nothing went wrong in the browser", () => {
  expect(john.faults).toEqual([]);
});
