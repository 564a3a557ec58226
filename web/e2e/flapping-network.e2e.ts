import { expect, test } from "@jest/globals";
import { picture } from "../../server/test/files.js";
import { until } from "../../server/test/until.js";
import { countOf, HIGH, openTab, ROOM, roomInList, type Visitor } from "./browser.js";
import type { TcpProxy } from "../../server/test/tcp-proxy.js";
import { choose, composer, stored, tray } from "./giving-files.js";
import { nothingWaits } from "./messages.js";
import { meet } from "./pair.js";
import { noteWhatIsSaid, whatWasSaid } from "./said.js";

let cable: TcpProxy;
let john: Visitor;
let jane: Visitor;

meet((pair) => {
  ({ cable, john, jane } = pair);
});

const OTHER_ROOM = "Releases";
/** Fixed: the same breaks in the same order each time. */
const SEED = 20_260_301;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The network is there again, and the system tells the browser so. */
async function mend(): Promise<void> {
  cable.mend();
  await john.page.evaluate(() => void window.dispatchEvent(new Event("online")));
}

/** Both have each of these once, and in the same order. */
async function expectSameTalk(texts: readonly string[]): Promise<void> {
  for (const person of [john, jane]) for (const text of texts) await person.sees(text);
  for (const person of [john, jane]) await nothingWaits(person);
  const [onJohns, onJanes] = [await john.messages(), await jane.messages()];
  expect(countOf(onJohns, texts)).toEqual(texts.map(() => 1));
  const ours = (all: readonly string[]): readonly string[] => all.filter((text) => texts.includes(text));
  expect(ours(onJanes)).toEqual(ours(onJohns));
}

test("the network goes and comes many times: what both write meanwhile is there once, in order, and nobody is told of trouble", async () => {
  for (const { page } of [john, jane]) await page.setViewportSize(HIGH);
  await john.mark();
  await noteWhatIsSaid(john.page);
  const random = randomFrom(SEED);
  const texts: string[] = [];
  for (let round = 0; round < 9; round++) {
    const [own, others] = [`John in round ${round}`, `Jane in round ${round}`];
    const isLost = ["the message", "the answer", "neither"][Math.floor(random() * 3)];
    // An answer that is lost holds up what waits behind it.
    if (isLost === "the answer") await nothingWaits(john);
    if (isLost === "the message") cable.cut();
    else if (isLost === "the answer") cable.mute();
    await john.send(own);
    await jane.send(others);
    if (isLost !== "the message") await jane.sees(own);
    cable.cut();
    await mend();
    texts.push(own, others);
    if (random() < 0.3) await john.sees(others);
  }
  await expectSameTalk(texts);
  expect((await whatWasSaid(john.page)).filter((text) => !text.startsWith("Reconnecting"))).toEqual([]);
});

test("a picture whose upload breaks off in the middle is sent by itself when the network is back, once", async () => {
  const bytes = await picture("png", { width: 640, height: 480 });
  await choose(john, [{ name: "board.png", type: "image/png", bytes }]);
  await tray(john).getByText("board.png").waitFor();
  await composer(john).fill("As discussed");
  cable.cutAfter(bytes.length / 2);
  await composer(john).press("Enter");
  await john.page.locator("article[data-state='waiting']").getByText("As discussed").waitFor();
  await mend();
  for (const person of [john, jane]) await stored(person, "board.png").waitFor();
  await nothingWaits(john);
  for (const person of [john, jane]) expect(await stored(person, "board.png").count()).toBe(1);
});

test("a network that swallows everything is noticed by the page itself, and said; what was written meanwhile arrives", async () => {
  await john.page.clock.install();
  // What watches over a connection goes by the clock that the page had when it was made.
  cable.cut();
  await mend();
  await jane.send("All is well");
  await john.sees("All is well");
  cable.stall();
  await jane.send("Into the black hole");
  const banner = john.page.getByRole("status").getByText(/^Reconnecting/);
  // A ping after 15 s, 10 s for its answer, 2 s until it is said.
  await john.page.clock.fastForward(15_000);
  await john.page.clock.fastForward(10_000);
  expect(await banner.count()).toBe(0);
  await john.page.clock.fastForward(2_000);
  await banner.waitFor();
  await john.send("Out of the black hole");
  cable.mend();
  // What was begun in it is given up after 10 s, and begun again.
  await john.page.clock.fastForward(10_000);
  await john.page.clock.fastForward(10_000);
  await john.sees("Into the black hole");
  cable.cut();
  await mend();
  await expectSameTalk(["All is well", "Into the black hole", "Out of the black hole"]);
  await john.page.clock.fastForward(1_000);
  await banner.waitFor({ state: "detached" });
});

test("a room that was opened while the network was away opens by itself when it is back", async () => {
  cable.cut();
  await roomInList(john.page, OTHER_ROOM).click();
  const problem = john.page.getByText("This could not be loaded");
  // Until the last of its tries has failed.
  await until(async () => {
    await john.page.clock.fastForward(2_000);
    return problem.isVisible();
  }, "the word that it could not be loaded");
  await mend();
  await john.inRoom(OTHER_ROOM);
  await john.page.getByRole("article").first().waitFor();
});

test("what is unread is counted right through breaks, and read in all tabs when it was seen in one", async () => {
  const tab = await openTab(john, "John Doe", OTHER_ROOM);
  for (let round = 0; round < 5; round++) {
    cable.cut();
    await jane.send(`Unread in round ${round}`);
    await mend();
    if (round % 2 === 0) await roomInList(john.page, ROOM).getByText(`Unread in round ${round}`).waitFor();
  }
  for (const page of [john.page, tab])
    await roomInList(page, ROOM).getByText("5 unread").waitFor({ state: "attached" });
  await john.openRoom(ROOM);
  await john.hasInView("Unread in round 4");
  // The word of it is lost, and said again.
  cable.cut();
  await mend();
  await john.page.clock.fastForward(5_000);
  for (const page of [john.page, tab]) await roomInList(page, ROOM).locator(".badge").waitFor({ state: "detached" });
  const later = await openTab(john, "John Doe", OTHER_ROOM);
  expect(await roomInList(later, ROOM).locator(".badge").count()).toBe(0);
});

test("nothing went wrong in either browser, and none was reloaded", async () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
  expect(await john.wasReloaded()).toBe(false);
});
