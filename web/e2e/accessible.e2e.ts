import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { pdf, picture } from "../../server/test/files.js";
import { DESKTOP, launchBrowser, PHONE, ROOM, visit } from "./browser.js";
import { startTcpProxy, type TcpProxy } from "../../server/test/tcp-proxy.js";
import { choose, composer, stored, tray } from "./giving-files.js";
import { goToScreen, SCREENS, untilStill } from "./screens.js";
import { startServer, type ServerProcess } from "./server.js";
import { missedByFingers } from "./targets.js";
import { openViewers, type Viewers } from "./viewers.js";

jest.setTimeout(120_000);

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCHEMES = ["light", "dark"] as const;
/** Where a phone has other things on the screen than a desktop. */
const ON_PHONES = [
  "log-in",
  "first-run",
  "room-list",
  "room",
  "message-menu",
  "emoji-picker",
  "editor",
  "delete",
  "members",
  "files",
  "search",
  "switcher",
  "settings",
  "new-room",
  "no-access",
];
let server: ServerProcess;
let cable: TcpProxy;
let browser: Browser;
let viewers: Viewers;

beforeAll(async () => {
  server = await startServer();
  cable = await startTcpProxy(server.url);
  browser = await launchBrowser();
  viewers = await openViewers(browser, server.url);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await cable.close();
  await server.stop();
});

/** An open menu has the focus until it is closed: it needs no landmark to be found by. */
const isFloatingMenu = (rule: string, target: string): boolean => rule === "region" && target === ".ant-dropdown-menu";

function described({ violations: all }: AxeResults): readonly string[] {
  return all.flatMap(({ id, nodes }) =>
    nodes
      .map(({ target, failureSummary = "" }) => ({ target: target.join(" "), failureSummary }))
      .filter(({ target }) => !isFloatingMenu(id, target))
      .map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`),
  );
}

/** What axe finds wrong with the page as it is, in light and in dark. */
async function violations(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    await untilStill(page);
    const results = await page.evaluate(
      (values): Promise<AxeResults> => Reflect.get(window, "axe").run({ runOnly: { type: "tag", values } }),
      RULES,
    );
    found.push(...described(results).map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}

describe("nothing is wrong for assistive technology, in light and dark", () => {
  test.each(SCREENS)("on a desktop: $name", async (screen) => {
    const page = viewers[screen.viewer];
    await page.setViewportSize(DESKTOP);
    await goToScreen(page, server.url, screen);
    expect(await violations(page)).toEqual([]);
  });

  test.each(SCREENS.filter(({ name }) => ON_PHONES.includes(name)))("on a phone: $name", async (screen) => {
    const page = viewers[screen.viewer];
    await page.setViewportSize(PHONE);
    await goToScreen(page, server.url, screen);
    expect(await violations(page)).toEqual([]);
    expect(await missedByFingers(page)).toEqual([]);
  });

  test("in a room with all kinds of messages, one that was refused, and more than can be sent", async () => {
    const john = await visit(browser, cable.url, "John Doe");
    await john.openRoom(ROOM);
    await john.send("**Bold**, *italic*, ~~struck~~, `code`, @jane, https://example.com\n- one\n- two\n\n> quoted");
    await john.send("```ts\nconst answer: number = 42; // to everything\n```");
    await choose(john, [
      { name: "seen.png", type: "image/png", bytes: await picture("png", { width: 200, height: 80 }) },
      { name: "read.pdf", type: "application/pdf", bytes: pdf() },
    ]);
    await tray(john).getByText("read.pdf").waitFor();
    await composer(john).press("Enter");
    await stored(john, "read.pdf").waitFor();
    await choose(john, [{ name: "not-a-picture.png", type: "image/png", bytes: Buffer.from("This is text.") }]);
    await tray(john).getByText("not-a-picture.png").waitFor();
    await composer(john).press("Enter");
    await john.page.getByRole("alert").filter({ hasText: "Not sent." }).waitFor();
    await choose(john, [{ name: "waits.pdf", type: "application/pdf", bytes: pdf() }]);
    await tray(john).getByText("waits.pdf").waitFor();
    await composer(john).fill("too long ".repeat(1_200));
    expect(await violations(john.page)).toEqual([]);
  });

  test("while there is no connection, with a message that waits for it", async () => {
    const john = await visit(browser, cable.url, "John Doe");
    await john.openRoom("Design");
    cable.cut();
    await john.page.getByText(/Reconnecting/).waitFor();
    await john.send("Waits for the network");
    await john.sees("Waits for the network");
    expect(await violations(john.page)).toEqual([]);
    cable.mend();
  });
});
