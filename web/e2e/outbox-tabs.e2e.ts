import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { openTab, type Visitor } from "./browser.js";
import type { TcpProxy } from "../../server/test/tcp-proxy.js";
import { meet } from "./pair.js";

let cable: TcpProxy;
let john: Visitor;
let jane: Visitor;

meet((pair) => {
  ({ cable, john, jane } = pair);
});

async function write(page: Page, text: string): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill(text);
  await composer.press("Enter");
}

const pending = (page: Page) => page.locator("article[data-state] .text");

test("what waits is shown in all tabs of its author, and sent once and in order when the one that sends is closed", async () => {
  const second = await openTab(john, "John Doe");
  const other = await openTab(john, "Bob Stone");
  cable.cut();
  await second.getByText(/Reconnecting/).waitFor();
  await write(john.page, "one, in the first tab");
  await pending(second).getByText("one, in the first tab").waitFor();
  await write(second, "two, in the second tab");
  await pending(john.page).getByText("two, in the second tab").waitFor();
  expect(await pending(other).count()).toBe(0);
  await john.page.close();
  cable.mend();
  await jane.sees("two, in the second tab");
  const texts = ["one, in the first tab", "two, in the second tab"];
  expect((await jane.messages()).filter((text) => texts.includes(text))).toEqual(texts);
  await pending(second).first().waitFor({ state: "detached" });
  expect((await second.locator("article .text").allInnerTexts()).filter((text) => texts.includes(text))).toEqual(texts);
});

test("nothing went wrong in either browser", () => {
  expect([...john.faults, ...jane.faults]).toEqual([]);
});
