import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser, Page, WebSocket } from "playwright-core";
import { HIGH, launchBrowser, openTab, ROOM, roomInList, visit, type Visitor } from "./browser.js";
import { startTcpProxy, type TcpProxy } from "../../server/test/tcp-proxy.js";
import { edit, messageWith, react, remove } from "./messages.js";
import { noteWhatIsSaid, whatWasSaid } from "./said.js";
import { startTwoNodes, type TwoNodes } from "./two-nodes.js";

// Both nodes stand behind John's address, and behind Jane's in the other order. John has a second tab.

jest.setTimeout(240_000);

let nodes: TwoNodes;
let johns: TcpProxy;
let janes: TcpProxy;
let browser: Browser;
let john: Visitor;
let jane: Visitor;
let secondTab: Page;

beforeAll(async () => {
  nodes = await startTwoNodes();
  johns = await startTcpProxy([nodes.first.url, nodes.second.url]);
  janes = await startTcpProxy([nodes.second.url, nodes.first.url]);
  browser = await launchBrowser();
  john = await visit(browser, johns.url, "John Doe", HIGH);
  jane = await visit(browser, janes.url, "Jane Smith", HIGH);
  secondTab = await openTab(john, "John Doe", "Releases");
  for (const { page } of [john, jane]) await noteWhatIsSaid(page);
  for (const person of [john, jane]) {
    await person.mark();
    await person.openRoom(ROOM);
  }
}, 240_000);

afterAll(async () => {
  await browser.close();
  await johns.close();
  await janes.close();
  await nodes.stop();
});

const everywhere = (): readonly Page[] => [john.page, jane.page, secondTab];

/** The texts of John's, Jane's, and the second tab's feeds, without what stood there before. */
async function feeds(): Promise<readonly (readonly string[])[]> {
  const all = await Promise.all(everywhere().map((page) => page.locator("article .text").allInnerTexts()));
  return all.map((texts) =>
    texts.map((text) => text.split("\n")[0] ?? "").filter((text) => /^(John|Jane) /.test(text)),
  );
}

/** The page's next connection, once it is told of events by it. */
function nextSocket(page: Page): Promise<WebSocket> {
  return new Promise((resolve) => {
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (String(payload).includes("ChatSubscriptionReady")) resolve(socket);
      }),
    );
  });
}

const badge = (page: Page) => roomInList(page, ROOM).locator(".badge");

test("while nodes are killed in turn, two people write, edit, react and delete: both see the same, once and in order", async () => {
  const expected: string[] = [];
  for (const [round, node] of [nodes.first, nodes.second, nodes.first, nodes.second].entries()) {
    const johns = `John says ${round}`;
    const [janes, error, more] = [`Jane says ${round}`, `John errs ${round}`, `Jane adds ${round}`];
    await john.send(johns);
    await jane.send(janes);
    await john.send(error);
    await Promise.all([john.sees(janes), jane.sees(error)]);
    await Promise.all([
      node.kill(),
      edit(john, johns, `${johns} better`),
      react(jane, johns).then(() => jane.send(more)),
    ]);
    await Promise.all([node.restart(), remove(john, error)]);
    await john.sees(more);
    expected.push(`${johns} better`, janes, more);
  }
  await john.send("John ends it");
  await roomInList(secondTab, ROOM).getByText("You: John ends it").waitFor();
  for (const page of everywhere()) await badge(page).waitFor({ state: "detached" });
  await roomInList(secondTab, ROOM).click();
  for (const page of everywhere())
    await page.locator("article[data-message-id]", { hasText: "John ends it" }).waitFor();
  const [onJohns, ...others] = await feeds();
  expect(onJohns?.toSorted()).toEqual([...expected, "John ends it"].toSorted());
  for (const other of others) expect(other).toEqual(onJohns);
  for (const person of [john, jane])
    for (const text of expected.filter((each) => each.endsWith("better")))
      await messageWith(person, text)
        .getByRole("button", { name: /^👍 1, / })
        .waitFor();
});

test("a node that hangs is noticed, and left for the other; what it holds of a message is stored once", async () => {
  await john.page.clock.install();
  // What watches over a connection goes by the clock that the page had when it was made.
  johns.cut();
  johns.mend();
  await jane.send("Jane says all is well");
  await john.sees("Jane says all is well");
  nodes.first.freeze();
  johns.leadTo(nodes.second.url);
  await john.send("John says this to a node that hangs");
  await jane.send("Jane says this while it hangs");
  // A ping after 15 s, and 10 s for its answer.
  await john.page.clock.fastForward(15_000);
  await john.page.clock.fastForward(10_000);
  await john.page.clock.fastForward(1_000);
  await john.sees("Jane says this while it hangs");
  nodes.first.thaw();
  await jane.sees("John says this to a node that hangs");
  johns.leadTo(nodes.first.url, nodes.second.url);
});

test("a node that is stopped for a new version hands its people over before they notice", async () => {
  const { clock } = john.page;
  const [toStopped, closed] = [nextSocket(john.page), Promise.withResolvers<void>()];
  johns.cut();
  johns.mend();
  (await toStopped).on("close", () => closed.resolve());
  await jane.send("Jane says it will be stopped");
  await john.sees("Jane says it will be stopped");
  await noteWhatIsSaid(john.page);
  // Nothing is said for two seconds; these are counted out, however long the machine takes.
  await clock.pauseAt((await john.page.evaluate(() => Date.now())) + 10_000);
  await nodes.first.terminate();
  await closed.promise;
  const next = nextSocket(john.page);
  await clock.runFor(1_000);
  await next;
  await clock.resume();
  await jane.send("Jane says it has stopped");
  await john.sees("Jane says it has stopped");
  await john.send("John says he has not noticed");
  await jane.sees("John says he has not noticed");
  expect(await whatWasSaid(john.page)).toEqual([]);
});

test("nothing went wrong in either browser, and none was reloaded", async () => {
  for (const person of [john, jane]) {
    expect(person.faults).toEqual([]);
    expect(await person.wasReloaded()).toBe(false);
  }
  expect((await feeds())[0]?.filter((text) => text.includes("hangs"))).toHaveLength(2);
});
