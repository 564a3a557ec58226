import { expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { countOf, ROOM, visit, type Visitor } from "./browser.js";
import type { TcpProxy } from "../../server/test/tcp-proxy.js";
import type { ServerProcess } from "./server.js";
import { meet } from "./pair.js";

let server: ServerProcess;
let cable: TcpProxy;
let browser: Browser;
let john: Visitor;
let jane: Visitor;

meet((pair) => {
  ({ server, cable, browser, john, jane } = pair);
});

test("what happened while the network was away is there afterwards, once and in order, without a reload", async () => {
  await john.mark();
  await jane.send("before the break");
  await john.sees("before the break");
  cable.cut();
  await john.page.getByText(/Reconnecting/).waitFor();
  await john.hasInView("before the break");
  await jane.send("missed one");
  await jane.send("missed two");
  await jane.sees("missed two");
  await john.send("written without a network");
  cable.mend();
  for (const text of ["missed one", "missed two"]) await john.sees(text);
  await jane.sees("written without a network");
  const expected = ["before the break", "missed one", "missed two", "written without a network"];
  for (const person of [john, jane]) {
    const messages = await person.messages();
    expect(messages.filter((text) => expected.includes(text))).toEqual(expected);
  }
  await john.page.getByText(/Reconnecting/).waitFor({ state: "detached" });
  expect(await john.wasReloaded()).toBe(false);
});

test("a server that is killed and started again has lost nothing, and nothing is shown twice", async () => {
  await jane.mark();
  const texts = ["one before the kill", "two before the kill", "three while it is dead"];
  await john.send(texts[0] ?? "");
  await john.send(texts[1] ?? "");
  await jane.sees(texts[1] ?? "");
  await server.kill();
  await john.send(texts[2] ?? "");
  await server.restart();
  for (const person of [john, jane]) {
    await person.sees(texts[2] ?? "");
    expect(countOf(await person.messages(), texts)).toEqual([1, 1, 1]);
  }
  expect(await jane.wasReloaded()).toBe(false);
  const newcomer = await visit(browser, server.url, "Bob Stone");
  await newcomer.openRoom(ROOM);
  await newcomer.sees(texts[2] ?? "");
  expect(countOf(await newcomer.messages(), texts)).toEqual([1, 1, 1]);
});

test("nothing went wrong in either browser", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
