import { expect, test } from "@jest/globals";
import { animation, picture } from "../../server/test/files.js";
import { until } from "../../server/test/until.js";
import type { Visitor } from "./browser.js";
import { choose, composer, stored, tray } from "./giving-files.js";
import { meet } from "./pair.js";

let john: Visitor;
let jane: Visitor;

meet(async (pair) => {
  ({ john, jane } = pair);
  await jane.page.emulateMedia({ reducedMotion: "no-preference" });
});

/** The picture in Jane's feed, and what it shows now: the still thumbnail, or the file that moves. */
const inFeed = (name: string) => stored(jane, name).getByRole("img", { name });
const isMoving = async (name: string): Promise<boolean> =>
  !((await inFeed(name).getAttribute("src")) ?? "").includes(".thumb");
const moves = (name: string) => until(() => isMoving(name), `${name} to move`);
const stands = (name: string) => until(async () => !(await isMoving(name)), `${name} to stand still`);

test("one goes from a picture to the room's others by keys and by buttons, and hears which one it is", async () => {
  const still = (name: string, bytes: Buffer) => ({ name, type: "image/png", bytes });
  await choose(john, [
    still("one.png", await picture("png", { width: 640, height: 480 })),
    still("two.png", await picture("png", { width: 480, height: 640 })),
    { name: "three.gif", type: "image/gif", bytes: await animation(320, 200) },
  ]);
  await tray(john).getByText("three.gif").waitFor();
  await composer(john).press("Enter");
  await stored(jane, "three.gif").waitFor();
  await stored(jane, "one.png").getByRole("button", { name: "one.png" }).click();
  const dialog = jane.page.getByRole("dialog");
  const shows = async (name: string): Promise<void> => {
    await dialog.locator("img.lightbox-picture").and(dialog.getByRole("img", { name })).waitFor();
    await dialog.getByRole("status").filter({ hasText: name }).waitFor();
  };
  await shows("one.png");
  await jane.page.keyboard.press("ArrowRight");
  await shows("two.png");
  await jane.page.keyboard.press("ArrowLeft");
  await shows("one.png");
  await jane.page.keyboard.press("ArrowRight");
  await shows("two.png");
  const next = dialog.getByRole("button", { name: "Next picture" });
  await next.focus();
  await jane.page.keyboard.press("Enter");
  await shows("three.gif");
  expect(await dialog.getByRole("status").innerText()).toMatch(/(\d+) of \1$/u);
  expect(await next.getAttribute("aria-disabled")).toBe("true");
  expect(await next.evaluate((button) => button === document.activeElement)).toBe(true);
  await jane.page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Previous picture" }).click();
  await shows("two.png");
  await jane.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("a picture that moves does so while it is pointed at or has the focus, and then stands still again", async () => {
  await stands("three.gif");
  await inFeed("three.gif").hover();
  await moves("three.gif");
  await jane.page.mouse.move(0, 0);
  await stands("three.gif");
  await stored(jane, "three.gif").getByRole("button", { name: "three.gif", exact: true }).focus();
  await moves("three.gif");
  await composer(jane).focus();
  await stands("three.gif");
});

test("who wants less motion sees it move only when they ask for it", async () => {
  await jane.page.emulateMedia({ reducedMotion: "reduce" });
  await inFeed("three.gif").hover();
  const play = stored(jane, "three.gif").getByRole("button", { name: "Play three.gif" });
  expect([await isMoving("three.gif"), await play.getAttribute("aria-pressed")]).toEqual([false, "false"]);
  await play.click();
  await moves("three.gif");
  await jane.page.mouse.move(0, 0);
  await composer(jane).focus();
  expect([await isMoving("three.gif"), await play.getAttribute("aria-pressed")]).toEqual([true, "true"]);
  await play.click();
  await stands("three.gif");
});

test("nothing went wrong in either browser", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
