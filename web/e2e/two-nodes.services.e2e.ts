import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { countOf, launchBrowser, PHONE, ROOM, visit, type Visitor } from "./browser.js";
import { startTcpProxy, type TcpProxy } from "../../server/test/tcp-proxy.js";
import { conversation } from "./conversation.js";
import { startTwoNodes, type TwoNodes } from "./two-nodes.js";

// John is on the first node. Jane comes through a load balancer, which leads to the second node while that is there. Bob
// knows the second node only.

jest.setTimeout(240_000);

let nodes: TwoNodes;
let balancer: TcpProxy;
let browser: Browser;
let john: Visitor;
let jane: Visitor;
let bob: Visitor;

beforeAll(async () => {
  nodes = await startTwoNodes();
  balancer = await startTcpProxy([nodes.second.url, nodes.first.url]);
  browser = await launchBrowser();
  john = await visit(browser, nodes.first.url, "John Doe");
  jane = await visit(browser, balancer.url, "Jane Smith", PHONE);
  bob = await visit(browser, nodes.second.url, "Bob Stone");
  for (const person of [john, jane, bob]) await person.mark();
  await john.openRoom(ROOM);
}, 240_000);

afterAll(async () => {
  await browser.close();
  await balancer.close();
  await nodes.stop();
});

/** Both have each of these once, and all of them in the same order. */
async function expectSameTalk(texts: readonly string[]): Promise<void> {
  for (const person of [john, jane]) for (const text of texts) await person.sees(text);
  const [onJohns, onJanes] = [await john.messages(), await jane.messages()];
  expect(countOf(onJohns, texts)).toEqual(texts.map(() => 1));
  const ours = (all: readonly string[]): readonly string[] => all.filter((text) => texts.includes(text));
  expect(ours(onJanes)).toEqual(ours(onJohns));
}

/** Cuts Jane's connections, for so long that her page says so. */
async function loseJane(): Promise<void> {
  balancer.cut();
  await jane.page.getByText(/Reconnecting/).waitFor();
}

async function findJane(): Promise<void> {
  balancer.mend();
  await jane.page.getByText(/Reconnecting/).waitFor({ state: "detached" });
}

conversation(() => [john, jane]);

test("who is online is known on the other node", async () => {
  await jane.page.getByRole("link", { name: "Back to rooms" }).click();
  await jane.openRoom(ROOM);
  await john.openRoom(ROOM);
  for (const name of ["Jane Smith", "Bob Stone"]) await john.seesMember(name, "online");
});

test("when a node is killed, who was on it goes on at the other: nothing is lost, doubled or out of order", async () => {
  const texts = ["1 all is well", "2 on its way", "3 while she is away", "4 while she is away", "5 from who is away"];
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = texts;
  await john.send(first);
  await jane.sees(first);
  await john.send(second);
  await nodes.second.kill();
  await loseJane();
  // The banner takes room, and not from what was said last.
  await jane.hasInView(first);
  await john.send(third);
  await john.send(fourth);
  await jane.send(fifth);
  await findJane();
  await expectSameTalk(texts);
  await jane.typesUntilSeenBy(john, "Jane Smith");
  await jane.send("6 written on the other node");
  await john.send("7 and its answer");
  await expectSameTalk([...texts, "6 written on the other node", "7 and its answer"]);
  for (const person of [john, jane]) await person.hasInView("7 and its answer");
});

test("who was on the dead node alone is soon known to be away, and who went on at the other is not", async () => {
  await john.seesMember("Bob Stone", "offline");
  await john.seesMember("Jane Smith", "online");
});

test("a node that is started again has its people back", async () => {
  await nodes.second.restart();
  await john.seesMember("Bob Stone", "online");
  await loseJane();
  await findJane();
  await john.send("8 to both nodes again");
  await jane.send("9 from the second one");
  await expectSameTalk(["8 to both nodes again", "9 from the second one"]);
});

test("while Redis is away messages arrive by the log, once and in order; at its return typing does too", async () => {
  await nodes.loseRedis();
  const texts = ["10 without Redis", "11 without Redis", "12 without Redis", "13 without Redis"];
  for (const [index, text] of texts.entries()) await (index % 2 === 0 ? john : jane).send(text);
  await expectSameTalk(texts);
  await john.send("14 found at its return");
  await nodes.findRedis();
  await jane.typesUntilSeenBy(john, "Jane Smith");
  await jane.send("15 by Redis");
  await expectSameTalk([...texts, "14 found at its return", "15 by Redis"]);
  for (const name of ["Jane Smith", "Bob Stone"]) await john.seesMember(name, "online");
});

test("nothing went wrong in any of the browsers, and none was reloaded", async () => {
  for (const person of [john, jane, bob]) {
    expect(person.faults).toEqual([]);
    expect(await person.wasReloaded()).toBe(false);
  }
});
